use bytes::{Buf, Bytes};
use http_body::Body;
use http_body_util::combinators::{MapErr, MapFrame};
use http_body_util::{Either, Empty, Full, Limited};
use std::pin::Pin;

/// A request body that can be sent again.
///
/// Bodies that lie in memory are replayable as they are. For all others there is
/// [`ReplayBodyLayer`](crate::ReplayBodyLayer), or [`ReplayBody`](crate::ReplayBody) by hand.
///
/// Ask before the body is read: most bodies forget what was taken from them. Only
/// [`ReplayBody`](crate::ReplayBody) can be asked at any time.
///
/// ```
/// use buttress_core::ReplayableBody;
/// use bytes::Bytes;
/// use http_body::Body;
/// use http_body_util::Full;
///
/// let body = Full::new(Bytes::from_static(b"hello"));
/// assert!(body.is_replayable());
/// let clone = body.try_clone().expect("it lies in memory");
/// assert_eq!(clone.size_hint().exact(), Some(5));
/// ```
///
/// A body that cannot is turned away when the program is compiled:
///
/// ```compile_fail
/// fn resend(body: impl buttress_core::ReplayableBody) {}
/// resend(http_body_util::BodyStream::new(http_body_util::Empty::<bytes::Bytes>::new()));
/// ```
///
/// # When a method is missing
///
/// "The method `oneshot` exists, but its trait bounds were not satisfied" is all that the compiler
/// says of a client whose layers ask for something that a body, a response or the service below does
/// not have. Written as a function, `ServiceExt::oneshot(client, request)`, it says what is missing,
/// and of a body that cannot be sent again what to do about it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent a second time, so the request cannot be retried or resumed",
    label = "this request body is not a `ReplayableBody`",
    note = "add `ReplayBodyLayer` above the layer that needs it: it wraps any body into a `ReplayBody`, which keeps up to a limit of what was sent"
)]
pub trait ReplayableBody: Body + Sized {
    /// A body that starts from the beginning, or `None` if it can't.
    fn try_clone(&self) -> Option<Self>;

    /// Whether [`try_clone`](ReplayableBody::try_clone) would succeed now.
    ///
    /// Override it where a clone costs more than the answer.
    fn is_replayable(&self) -> bool {
        self.try_clone().is_some()
    }

    /// All of its bytes, where they are at hand before it is sent.
    ///
    /// For layers that look at a body to know what to do, and else would have to read along. `None`
    /// unless it is overridden: a body that lies in memory may say so where that costs no copy.
    fn in_memory(&self) -> Option<Bytes> {
        None
    }
}

/// Bodies whose `Clone` starts from the beginning, whatever they hold.
macro_rules! by_clone {
    ($($(#[$attr:meta])* [$($generics:tt)*] $body:ty $(where [$($bounds:tt)*])?;)+) => {$(
        $(#[$attr])*
        impl<$($generics)*> ReplayableBody for $body $(where $($bounds)*)? {
            fn try_clone(&self) -> Option<Self> {
                Some(self.clone())
            }

            fn is_replayable(&self) -> bool {
                true
            }
        }
    )+};
}

by_clone! {
    [D: Buf] Empty<D>;
    [D: Buf + Clone] Full<D>;
    [] String;
    [B: ReplayableBody + Clone] Limited<B> where [Limited<B>: Body];
    [B: ReplayableBody + Clone, F: Clone] MapErr<B, F> where [MapErr<B, F>: Body];
    [B: ReplayableBody + Clone, F: Clone] MapFrame<B, F> where [MapFrame<B, F>: Body];
}

impl<L, R> ReplayableBody for Either<L, R>
where
    L: ReplayableBody,
    R: ReplayableBody,
    Either<L, R>: Body,
{
    fn try_clone(&self) -> Option<Self> {
        match self {
            Either::Left(body) => body.try_clone().map(Either::Left),
            Either::Right(body) => body.try_clone().map(Either::Right),
        }
    }

    fn is_replayable(&self) -> bool {
        match self {
            Either::Left(body) => body.is_replayable(),
            Either::Right(body) => body.is_replayable(),
        }
    }
}

impl<B: ReplayableBody + Unpin> ReplayableBody for Box<B> {
    fn try_clone(&self) -> Option<Self> {
        B::try_clone(self).map(Box::new)
    }

    fn is_replayable(&self) -> bool {
        B::is_replayable(self)
    }
}

impl<B: ReplayableBody> ReplayableBody for Pin<Box<B>> {
    fn try_clone(&self) -> Option<Self> {
        B::try_clone(self).map(Box::pin)
    }

    fn is_replayable(&self) -> bool {
        B::is_replayable(self)
    }
}

/// A clone copies the bytes: `reqwest` does not hand out its own.
#[cfg(feature = "reqwest")]
impl ReplayableBody for reqwest::Body {
    fn try_clone(&self) -> Option<Self> {
        self.as_bytes()
            .map(|bytes| Bytes::copy_from_slice(bytes).into())
    }

    fn is_replayable(&self) -> bool {
        self.as_bytes().is_some()
    }
}
