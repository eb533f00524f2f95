//! Where a response is from, after redirects: reqwest's responses know, and those of `http` do not.

use http::Response;
use reqwest::{ResponseBuilderExt, Url};

/// Keeps the URL among the extensions, where reqwest looks for it, unless there is one.
pub(super) fn keep<B>(response: Response<B>, url: Url) -> Response<B> {
    let (mut head, body) = response.into_parts();
    // The extension's type is reqwest's own, and its builder the one way to make it.
    if let Ok(named) = Response::builder().url(url).body(()) {
        let (named, ()) = named.into_parts();
        let own = std::mem::replace(&mut head.extensions, named.extensions);
        head.extensions.extend(own);
    }
    Response::from_parts(head, body)
}
