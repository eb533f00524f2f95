//! What is kept of a request for a second attempt.
/// Kept
#[derive(Debug)]
pub struct Snapshot<B> {
    body: B,
}
impl<B> Snapshot<B> {
    /// body
    pub fn body(&self) -> &B {
        &self.body
    }
}
