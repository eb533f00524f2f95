//! What is kept of a request so that it can be sent again.

mod head;
mod names;
mod packed;
mod pool;
mod writer;

use self::head::{Head, Lent};
use crate::ReplayableBody;
use http::{Method, Request};
use std::fmt;

/// What a layer keeps of a request so that it can send it again.
///
/// A `Request` that is cloned allocates a few times, whether the copy is needed or not. A snapshot
/// writes the head into one buffer that was used before, and is turned back into a request only
/// when one is needed: exactly the one that was taken, with the order, the duplicates and the
/// sensitive marks of its headers. Only the [`Deadline`](crate::Deadline) of the scope that it was
/// taken in, and what the call is [about](crate::About), which the next attempt may run outside of,
/// are found among its extensions then.
///
/// ```
/// use buttress_core::Snapshot;
/// use http::Request;
///
/// let request = Request::post("https://api.example.com/v1/items")
///     .header("idempotency-key", "7f3c")
///     .body("hello".to_owned())?;
/// let snapshot = Snapshot::take(&request).expect("a body in memory can be sent again");
/// drop(request);
///
/// assert_eq!(snapshot.method(), http::Method::POST);
/// assert_eq!(snapshot.header("Idempotency-Key"), Some(&b"7f3c"[..]));
/// let again = snapshot.rebuild().expect("still replayable");
/// assert_eq!(again.uri(), "https://api.example.com/v1/items");
/// let last = snapshot.into_request().expect("still replayable");
/// assert_eq!(last.body(), "hello");
/// # Ok::<(), http::Error>(())
/// ```
///
/// # Memory bound
///
/// A snapshot holds one copy of the head, its body's clone, and a clone of the extensions if there
/// are any. The memory of heads that are gone waits for the next ones: at most 16 of at most 64 KiB
/// in each thread.
pub struct Snapshot<B> {
    head: Lent,
    body: B,
}

impl<B: ReplayableBody> Snapshot<B> {
    /// Keeps what it takes to send this request again; `None` if its body cannot be.
    #[must_use]
    pub fn take(request: &Request<B>) -> Option<Self> {
        let body = request.body().try_clone()?;
        Some(Snapshot {
            head: Lent::keep(
                request.method(),
                request.uri(),
                request.version(),
                request.headers(),
                request.extensions(),
            ),
            body,
        })
    }

    /// The request once more; `None` if its body cannot be replayed any longer.
    #[must_use]
    pub fn rebuild(&self) -> Option<Request<B>> {
        let body = self.body.try_clone()?;
        Some(self.head()?.map(|()| body))
    }

    /// The request for the last time, without another clone of the body; `None` if its body cannot
    /// be replayed any longer.
    #[must_use]
    pub fn into_request(self) -> Option<Request<B>> {
        if !self.body.is_replayable() {
            return None;
        }
        let mut request = Request::new(self.body);
        self.head.get()?.unpack_into(&mut request)?;
        Some(request)
    }
}

impl<B> Snapshot<B> {
    /// The request's method.
    #[must_use]
    pub fn method(&self) -> &Method {
        self.head.get().map_or(&Method::GET, Head::method)
    }

    /// The request without its body, which may be gone.
    #[must_use]
    pub fn head(&self) -> Option<Request<()>> {
        let mut request = Request::new(());
        self.head.get()?.unpack_into(&mut request)?;
        Some(request)
    }

    /// The first value of the header with this name, in any case.
    #[must_use]
    pub fn header(&self, name: impl AsRef<str>) -> Option<&[u8]> {
        self.head.get()?.header(name.as_ref())
    }

    /// The clone of the request's body that further ones are made from.
    #[must_use]
    pub fn body(&self) -> &B {
        &self.body
    }
}

impl<B> fmt::Debug for Snapshot<B> {
    /// Without address and headers: they may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("method", self.method())
            .field("version", &self.head.get().map(Head::version))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
