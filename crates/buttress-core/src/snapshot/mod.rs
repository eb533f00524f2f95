//! What is kept of a request so that it can be sent again.

mod names;
mod packed;
mod pool;
mod writer;

use self::packed::Packed;
use crate::{Deadline, ReplayableBody};
use http::{Extensions, HeaderMap, Method, Request, Uri, Version};
use std::fmt;

/// What a layer keeps of a request so that it can send it again.
///
/// A `Request` that is cloned allocates a few times, whether the copy is needed or not. A snapshot
/// writes the head into one buffer that was used before, and is turned back into a request only
/// when one is needed: exactly the one that was taken, with the order, the duplicates and the
/// sensitive marks of its headers. Only the [`Deadline`](crate::Deadline) of the scope that it was
/// taken in, which the next attempt may run outside of, is found among its extensions then.
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
/// are any. The buffers of snapshots that are gone wait for the next ones: at most 16 of at most
/// 64 KiB in each thread.
pub struct Snapshot<B> {
    method: Method,
    version: Version,
    kept: Kept,
    head: Head,
    body: B,
}

/// The extensions, and the deadline, which alone needs no map.
struct Kept {
    extensions: Extensions,
    deadline: Option<Deadline>,
}

enum Head {
    Packed(Packed),
    /// What the packed form cannot hold exactly.
    Plain(Box<(Uri, HeaderMap)>),
}

impl<B: ReplayableBody> Snapshot<B> {
    /// Keeps what it takes to send this request again; `None` if its body cannot be.
    #[must_use]
    pub fn take(request: &Request<B>) -> Option<Self> {
        let body = request.body().try_clone()?;
        Some(Snapshot {
            method: request.method().clone(),
            version: request.version(),
            kept: Kept::of(request.extensions()),
            head: match Packed::pack(request.uri(), request.headers()) {
                Some(packed) => Head::Packed(packed),
                None => Head::Plain(Box::new((request.uri().clone(), request.headers().clone()))),
            },
            body,
        })
    }

    /// The request once more; `None` if its body cannot be replayed any longer.
    #[must_use]
    pub fn rebuild(&self) -> Option<Request<B>> {
        let body = self.body.try_clone()?;
        let (uri, headers) = self.head.unpack()?;
        Some(assemble(
            self.method.clone(),
            uri,
            self.version,
            headers,
            self.kept.unpack(),
            body,
        ))
    }

    /// The request for the last time, without another clone of the body; `None` if its body cannot
    /// be replayed any longer.
    #[must_use]
    pub fn into_request(self) -> Option<Request<B>> {
        if !self.body.is_replayable() {
            return None;
        }
        let (uri, headers) = self.head.unpack()?;
        Some(assemble(
            self.method,
            uri,
            self.version,
            headers,
            self.kept.unpack(),
            self.body,
        ))
    }
}

impl<B> Snapshot<B> {
    /// The request's method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The first value of the header with this name, in any case.
    #[must_use]
    pub fn header(&self, name: impl AsRef<str>) -> Option<&[u8]> {
        let name = name.as_ref();
        match &self.head {
            Head::Packed(packed) => packed.header(name),
            Head::Plain(plain) => plain.1.get(name).map(http::HeaderValue::as_bytes),
        }
    }

    /// The clone of the request's body that further ones are made from.
    #[must_use]
    pub fn body(&self) -> &B {
        &self.body
    }
}

impl Kept {
    #[inline]
    fn of(extensions: &Extensions) -> Self {
        Kept {
            extensions: if extensions.is_empty() {
                Extensions::new()
            } else {
                others(extensions)
            },
            deadline: Deadline::of(extensions),
        }
    }

    fn unpack(&self) -> Extensions {
        let mut extensions = self.extensions.clone();
        if let Some(deadline) = self.deadline {
            deadline.tighten(&mut extensions);
        }
        extensions
    }
}

/// A clone, unless there is nothing but a deadline.
#[cold]
fn others(extensions: &Extensions) -> Extensions {
    if extensions.len() == 1 && extensions.get::<Deadline>().is_some() {
        Extensions::new()
    } else {
        extensions.clone()
    }
}

impl Head {
    fn unpack(&self) -> Option<(Uri, HeaderMap)> {
        match self {
            Head::Packed(packed) => packed.unpack(),
            Head::Plain(plain) => Some((**plain).clone()),
        }
    }
}

fn assemble<B>(
    method: Method,
    uri: Uri,
    version: Version,
    headers: HeaderMap,
    extensions: Extensions,
    body: B,
) -> Request<B> {
    let mut request = Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    *request.version_mut() = version;
    *request.headers_mut() = headers;
    *request.extensions_mut() = extensions;
    request
}

impl<B> fmt::Debug for Snapshot<B> {
    /// Without address and headers: they may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("method", &self.method)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
