//! What is kept of a request besides its body: lent, not made.

use super::packed::Packed;
use super::pool;
use crate::{About, Deadline};
use http::{Extensions, HeaderMap, Method, Request, Uri, Version};

/// A method that is no longer than this needs no memory of its own.
const SHORT: usize = 15;

/// The head of a request.
///
/// Between two loans it has neither extensions nor a subject nor a plain form nor a long method, and its method
/// and version mean nothing.
pub(super) struct Head {
    method: Method,
    version: Version,
    /// All of them, unless there is nothing but a deadline, which alone needs no map.
    extensions: Extensions,
    deadline: Option<Deadline>,
    about: Option<About>,
    packed: Packed,
    /// What the packed form cannot hold exactly.
    plain: Option<Box<(Uri, HeaderMap)>>,
}

/// A head that goes back to the pool of the thread it is dropped on.
///
/// One word, because a snapshot is moved with every call.
pub(super) struct Lent(Option<Box<Head>>);

impl Lent {
    /// Keeps the head of this request.
    #[inline(never)] // compiled once, whatever the body
    pub(super) fn keep(
        method: &Method,
        uri: &Uri,
        version: Version,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Self {
        let mut head = pool::take().unwrap_or_else(Head::empty);
        head.method.clone_from(method);
        head.version = version;
        head.deadline = Deadline::of(extensions);
        head.about = About::current();
        if !extensions.is_empty() {
            head.keep_others(extensions);
        }
        if !head.packed.pack(uri, headers) {
            head.plain = Some(Box::new((uri.clone(), headers.clone())));
        }
        Lent(Some(head))
    }

    /// It is there until it is dropped.
    pub(super) fn get(&self) -> Option<&Head> {
        self.0.as_deref()
    }
}

impl Drop for Lent {
    #[inline]
    fn drop(&mut self) {
        if let Some(head) = self.0.take() {
            head.give_back();
        }
    }
}

impl Head {
    #[cold]
    fn empty() -> Box<Self> {
        Box::new(Head {
            method: Method::GET,
            version: Version::HTTP_11,
            extensions: Extensions::new(),
            deadline: None,
            about: None,
            packed: Packed::empty(),
            plain: None,
        })
    }

    #[cold]
    fn keep_others(&mut self, extensions: &Extensions) {
        if extensions.len() > 1 || extensions.get::<Deadline>().is_none() {
            self.extensions = extensions.clone();
        }
    }

    #[inline(never)]
    fn give_back(mut self: Box<Self>) {
        self.about = None;
        if self.plain.is_some() || !self.extensions.is_empty() {
            self.clear();
        }
        if self.method.as_str().len() > SHORT {
            self.method = Method::GET;
        }
        if self.packed.is_worth_keeping() {
            pool::give_back(self);
        }
    }

    #[cold]
    fn clear(&mut self) {
        self.plain = None;
        self.extensions = Extensions::new();
    }

    /// All but the body of this request becomes what it was.
    pub(super) fn unpack_into<B>(&self, request: &mut Request<B>) -> Option<()> {
        let (uri, headers) = match &self.plain {
            None => self.packed.unpack()?,
            Some(plain) => (**plain).clone(),
        };
        let mut extensions = self.extensions.clone();
        if let Some(deadline) = self.deadline {
            deadline.tighten(&mut extensions);
        }
        if let Some(about) = &self.about {
            extensions.get_or_insert_with(|| about.clone());
        }
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = uri;
        *request.version_mut() = self.version;
        *request.headers_mut() = headers;
        *request.extensions_mut() = extensions;
        Some(())
    }

    /// The first value of the header with this name, in any case.
    pub(super) fn header(&self, name: &str) -> Option<&[u8]> {
        match &self.plain {
            None => self.packed.header(name),
            Some(plain) => plain.1.get(name).map(http::HeaderValue::as_bytes),
        }
    }

    pub(super) const fn method(&self) -> &Method {
        &self.method
    }

    pub(super) const fn version(&self) -> Version {
        self.version
    }

    #[cfg(test)]
    pub(super) const fn is_packed(&self) -> bool {
        self.plain.is_none()
    }
}
