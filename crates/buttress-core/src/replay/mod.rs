//! Request bodies that can be sent again.
use http_body::Body;
/// A request body that can be sent again.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent a second time, so the request cannot be retried or resumed",
    label = "this request body is not a `ReplayableBody`",
    note = "add `ReplayBodyLayer` above the layer that needs it: it wraps any body into a `ReplayBody`, which keeps up to a limit of what was sent"
)]
pub trait ReplayableBody: Body + Sized {
    /// A body that starts from the beginning, or `None` if it can't.
    fn try_clone(&self) -> Option<Self>;
}
/// x
#[derive(Debug)]
pub struct ReplayBody<B> {
    b: B,
}
/// x
#[derive(Debug)]
pub struct ReplayBodyLayer;
impl<B> ReplayBody<B> {
    /// x
    pub fn inner(&self) -> &B {
        &self.b
    }
}
