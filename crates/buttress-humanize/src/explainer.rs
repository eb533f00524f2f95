//! What is kept of a request in case it fails, and what is made of it then.

use crate::layer::Words;
use crate::{Call, Catalog, Explanation, Language};
use buttress_core::Failure;
use http::{Request, Uri};
use std::fmt;
use std::sync::Arc;

/// The wording and the host, kept beside a call and later its body.
///
/// Making, moving and dropping one touches no shared memory unless the wording was replaced.
pub(crate) struct Explainer {
    /// `None` is the built-in wording: the usual case has no reference count to touch.
    catalog: Option<Arc<dyn Catalog>>,
    host: Host,
}

impl Explainer {
    #[inline]
    pub(crate) fn new<B>(words: &Words, request: &Request<B>) -> Self {
        Explainer {
            catalog: words.catalog.clone(),
            host: Host::of(request.uri(), words.language(request.headers())),
        }
    }

    pub(crate) fn without_request(words: &Words) -> Self {
        Explainer {
            catalog: words.catalog.clone(),
            host: Host::NONE,
        }
    }

    /// What is here, for the body: a future that is done needs it no more.
    #[inline]
    pub(crate) fn hand_over(&mut self) -> Self {
        Explainer {
            catalog: self.catalog.take(),
            host: self.host,
        }
    }

    /// Explains the failure: its words, and the explanation among its details.
    #[cold]
    #[inline(never)]
    pub(crate) fn tell(&self, failure: Failure) -> (Failure, Arc<Explanation>) {
        let call = self.host.name().map_or_else(Call::unknown, Call::to);
        let call = call.in_language(self.host.language);
        let explanation = Arc::new(match &self.catalog {
            Some(catalog) => catalog.explain(&failure, &call),
            None => self.host.language.explain(&failure, &call),
        });
        let mut failure = failure.with_words(explanation.clone());
        failure.details_mut().insert(explanation.clone());
        (failure, explanation)
    }
}

impl fmt::Debug for Explainer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The authority may hold credentials.
        f.debug_struct("Explainer").finish_non_exhaustive()
    }
}

/// How many bytes of a request's authority are kept.
const KEPT: usize = 62;

/// The end of a request's authority, copied.
///
/// A copy of this size is cheaper than a second handle on the URI's memory: no count to raise
/// and lower, and never the allocation that the first handle on unshared memory costs. It is the
/// end, because credentials stand at the front. The host is looked for only after a failure.
#[derive(Clone, Copy)]
struct Host {
    tail: [u8; KEPT],
    len: u8,
    /// Here, so that all of it is 64 bytes.
    language: Language,
}

impl Host {
    const NONE: Host = Host {
        tail: [0; KEPT],
        len: 0,
        language: Language::English,
    };

    #[inline]
    fn of(uri: &Uri, language: Language) -> Self {
        let mut host = Host {
            language,
            ..Host::NONE
        };
        if let Some(authority) = uri.authority() {
            let whole = authority.as_str().as_bytes();
            let len = whole.len().min(KEPT);
            if let (Some(room), Some(end)) =
                (host.tail.get_mut(..len), whole.get(whole.len() - len..))
            {
                room.copy_from_slice(end);
                host.len = len as u8;
            }
        }
        host
    }

    /// The host and port, if they were kept whole.
    fn name(&self) -> Option<&str> {
        let kept = self.tail.get(..usize::from(self.len))?;
        let kept = std::str::from_utf8(kept).ok()?;
        match kept.rsplit_once('@') {
            Some((_credentials, host)) => Some(host),
            // As long as there is room for: more may have been cut off.
            None if kept.len() == KEPT => None,
            None => Some(kept),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_of(uri: &str) -> Option<String> {
        let host = Host::of(&uri.parse().unwrap(), Language::English);
        host.name().map(ToOwned::to_owned)
    }

    #[test]
    fn the_host_is_kept_without_credentials() {
        let named = |uri: &str| {
            Call::to(&name_of(uri).unwrap_or_default())
                .host()
                .map(ToOwned::to_owned)
        };
        assert_eq!(
            named("https://api.example.com/v1?k=s").as_deref(),
            Some("api.example.com")
        );
        assert_eq!(
            named("http://u:p@h.example:81/").as_deref(),
            Some("h.example:81")
        );
        assert_eq!(named("http://[::1]:8080/").as_deref(), Some("[::1]:8080"));
        assert_eq!(named("/only/a/path"), None);
        assert_eq!(named("*"), None);
    }

    #[test]
    fn a_host_that_does_not_fit_is_not_named_by_half() {
        let fits = "a".repeat(KEPT - 1);
        assert_eq!(name_of(&format!("http://{fits}/")), Some(fits.clone()));
        assert_eq!(name_of(&format!("http://u@{fits}/")), Some(fits.clone()));
        assert_eq!(name_of(&format!("http://b{fits}/")), None);
        assert_eq!(name_of(&format!("http://bc{fits}/")), None);
        let credentials = "x".repeat(500);
        assert_eq!(
            name_of(&format!("http://{credentials}@h.example/")).as_deref(),
            Some("h.example")
        );
        // The `@` itself was cut off: what is left is whole, but nothing says so.
        assert_eq!(name_of(&format!("http://u@b{fits}/")), None);
    }

    #[test]
    fn debug_shows_nothing_of_the_request() {
        let request = Request::get("http://user:hunter2@h.example/")
            .body(())
            .unwrap();
        assert_eq!(
            format!("{:?}", Explainer::new(&Words::PLAIN, &request)),
            "Explainer { .. }"
        );
    }
}
