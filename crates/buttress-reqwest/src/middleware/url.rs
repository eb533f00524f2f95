//! Where a request leads to and a response is from: reqwest's know the URL, and those of `http` a
//! URI, or nothing.

use http::{Extensions, Response, Uri};
use reqwest::{ResponseBuilderExt, Url};

/// Whether they are the same, but for a fragment, which a URI has none of.
pub(super) fn leads_to(url: &Url, uri: &Uri) -> bool {
    let rest = || {
        let rest = url.as_str().strip_prefix(uri.scheme_str()?)?;
        let rest = rest.strip_prefix("://")?;
        let rest = rest.strip_prefix(uri.authority()?.as_str())?;
        rest.strip_prefix(uri.path_and_query()?.as_str())
    };
    rest().is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
}

/// Keeps the URL among the extensions, where reqwest looks for it, unless there is one. `spare` has
/// nothing in it but perhaps room.
pub(super) fn keep<B>(response: Response<B>, url: Url, spare: Extensions) -> Response<B> {
    let (mut head, body) = response.into_parts();
    // The extension's type is reqwest's own, and its builder the one way to make it.
    let mut named = Response::builder();
    if let Some(extensions) = named.extensions_mut() {
        *extensions = spare;
    }
    if let Ok(named) = named.url(url).body(()) {
        let (named, ()) = named.into_parts();
        let own = std::mem::replace(&mut head.extensions, named.extensions);
        if !own.is_empty() {
            head.extensions.extend(own);
        }
    }
    Response::from_parts(head, body)
}
