//! Where a request goes to, and where a response is from after redirects: reqwest's responses know, and
//! those of `http` do not.

use http::{Extensions, Response, Uri};
use reqwest::{ResponseBuilderExt, Url};
use std::mem;

/// Whether it says where to: reqwest takes no other.
pub(crate) fn is_absolute(uri: &Uri) -> bool {
    uri.scheme().is_some() && uri.authority().is_some()
}

/// Puts the URL where reqwest looks for it when it is given the response back.
pub(crate) fn insert(extensions: &mut Extensions, url: Url) {
    // The extension's type is reqwest's own, and its builder the one way to make it.
    let mut builder = Response::builder();
    if let Some(own) = builder.extensions_mut() {
        *own = mem::take(extensions);
    }
    if let Ok(named) = builder.url(url).body(()) {
        *extensions = named.into_parts().0.extensions;
    }
}

/// A response of reqwest as one of `http` that can be made one of reqwest again.
pub(crate) fn kept(response: reqwest::Response) -> Response<reqwest::Body> {
    let url = response.url().clone();
    let mut response = Response::from(response);
    insert(response.extensions_mut(), url);
    response
}
