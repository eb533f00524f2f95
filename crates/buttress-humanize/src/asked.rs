//! What the caller of a service in response mode asked for.

use crate::format::Accepted;
use crate::words::Words;
use crate::{Framing, Render, Rendering};
use http::{HeaderMap, Method, Request};
use std::fmt;
use std::sync::Arc;

/// What a response made here has to fit to.
pub(crate) struct Asked {
    /// The shape of the API that was called; it counts for more than the format.
    pub(crate) render: Option<Arc<dyn Render>>,
    pub(crate) accepted: Accepted,
    /// The method was HEAD: a head and no body (RFC 9110, section 9.3.2).
    pub(crate) head_only: bool,
    /// The language depends on the request.
    pub(crate) negotiates_language: bool,
}

#[cfg(test)]
impl Default for Asked {
    fn default() -> Self {
        Asked {
            render: None,
            accepted: Accepted::Line(None),
            head_only: false,
            negotiates_language: false,
        }
    }
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked")
            .field("format", &self.accepted.format())
            .field("head_only", &self.head_only)
            .finish_non_exhaustive()
    }
}

impl Asked {
    #[inline(always)]
    pub(crate) fn of<B>(request: &Request<B>, words: Option<&Words>) -> Self {
        let own = Rendering::of(request.extensions());
        Asked {
            render: own
                .map(|Rendering(own)| own)
                .or_else(|| words?.render.clone()),
            accepted: Accepted::by(request.headers()),
            head_only: request.method() == Method::HEAD,
            negotiates_language: words.is_some_and(|words| words.negotiates),
        }
    }

    /// How the stream is made up whose head this is, if something can be said in it.
    #[inline]
    pub(crate) fn framing(&self, headers: &HeaderMap) -> Option<Framing> {
        match &self.render {
            None => Framing::of(headers),
            Some(render) => render.framing(headers),
        }
    }
}
