//! What is kept of a request in case it fails, and what is made of it then.

use crate::host::Host;
use crate::in_band::InBand;
use crate::words::Words;
use crate::{Call, Catalog, Explanation, Language};
use buttress_core::Failure;
use http::Request;
use http::uri::Authority;
use std::fmt;
use std::mem;
use std::sync::Arc;

/// The wording and the host, kept beside a call and later its body. The host is looked for only
/// after a failure.
pub(crate) struct Explainer(Kind);

enum Kind {
    /// The built-in wording in English, and a host that is not long: what nearly every call needs.
    /// Making, moving and dropping it touches no memory but its own.
    Plain(Host),
    Other(Other),
    /// Handed over: cheaper to write than an empty host.
    Gone,
}

/// `None` only while it is dropped.
struct Other(Option<Own>);

enum Own {
    Full {
        authority: Option<Authority>,
        words: Option<Arc<Words>>,
        language: Language,
    },
    InBand(Box<InBand>),
}

/// Out of line, so that dropping a plain one is one comparison.
impl Drop for Other {
    #[cold]
    #[inline(never)]
    fn drop(&mut self) {
        self.0 = None;
    }
}

impl Kind {
    const fn own(own: Own) -> Self {
        Kind::Other(Other(Some(own)))
    }
}

impl Explainer {
    /// Explains failures of calls to this host in English, in the built-in wording.
    #[inline(always)]
    pub(crate) const fn plain(host: Host) -> Self {
        Explainer(Kind::Plain(host))
    }

    pub(crate) fn new<B>(words: Option<&Arc<Words>>, request: &Request<B>) -> Self {
        let host = match words {
            None => Host::of(request.uri()),
            Some(_) => None,
        };
        Explainer(match host {
            Some(host) => Kind::Plain(host),
            None => Kind::own(Own::Full {
                authority: request.uri().authority().cloned(),
                words: words.cloned(),
                language: words
                    .map(|words| words.language(request.headers()))
                    .unwrap_or_default(),
            }),
        })
    }

    pub(crate) fn without_request(words: Option<&Arc<Words>>) -> Self {
        Explainer(Kind::own(Own::Full {
            authority: None,
            words: words.cloned(),
            language: Language::English,
        }))
    }

    /// The explainer of a body that ends in words.
    pub(crate) const fn speaking(in_band: Box<InBand>) -> Self {
        Explainer(Kind::own(Own::InBand(in_band)))
    }

    /// What ends the body in words if it breaks.
    #[inline]
    pub(crate) const fn in_band(&self) -> Option<&InBand> {
        match &self.0 {
            Kind::Other(Other(Some(Own::InBand(in_band)))) => Some(in_band),
            _ => None,
        }
    }

    #[inline]
    pub(crate) const fn in_band_mut(&mut self) -> Option<&mut InBand> {
        match &mut self.0 {
            Kind::Other(Other(Some(Own::InBand(in_band)))) => Some(in_band),
            _ => None,
        }
    }

    /// What is here, for the body: a future that is done needs it no more.
    #[inline(always)]
    pub(crate) const fn hand_over(&mut self) -> Self {
        mem::replace(self, Explainer(Kind::Gone))
    }

    /// Explains the failure: its words, and the explanation among its details.
    #[cold]
    #[inline(never)]
    pub(crate) fn tell(&self, failure: Failure) -> (Failure, Arc<Explanation>) {
        let (authority, words, language) = match &self.0 {
            Kind::Plain(host) => (host.authority(), None, Language::English),
            Kind::Gone | Kind::Other(Other(None)) => (None, None, Language::English),
            Kind::Other(Other(Some(Own::Full {
                authority,
                words,
                language,
            }))) => {
                let authority = authority.as_ref().map(Authority::to_string);
                (authority, words.as_ref(), *language)
            }
            Kind::Other(Other(Some(Own::InBand(in_band)))) => {
                return in_band.explainer().tell(failure);
            }
        };
        // What stands before the `@` are credentials.
        let host = authority.as_deref().and_then(|all| all.rsplit('@').next());
        let call = host.map_or_else(Call::unknown, Call::to);
        let call = call.in_language(language);
        let explanation = Arc::new(match words.and_then(|words| words.catalog.as_ref()) {
            Some(catalog) => catalog.explain(&failure, &call),
            None => language.explain(&failure, &call),
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

#[cfg(test)]
mod tests {
    use super::*;
    use buttress_core::FailureKind;

    fn told(uri: &str) -> String {
        let request = Request::get(uri).body(()).unwrap();
        let explainer = Explainer::new(None, &request);
        explainer.tell(Failure::new(FailureKind::Dns)).0.to_string()
    }

    #[test]
    fn the_host_is_named_without_credentials() {
        let long = format!("{}.example:8443", "a".repeat(200));
        for host in ["h.example", "[::1]:8080", "h.example:81", &long] {
            let host_alone = host.rsplit_once(':').map_or(host, |(host, _port)| host);
            for authority in [host.to_owned(), format!("u:hunter2@{host}")] {
                let words = told(&format!("http://{authority}/v1?k=s"));
                assert!(words.contains(host_alone), "{words}");
                assert!(!words.contains("hunter2"), "{words}");
            }
        }
        assert!(!told("/only/a/path").contains("path"));
    }

    #[test]
    fn debug_shows_nothing_of_the_request() {
        let request = Request::get("http://user:hunter2@h.example/")
            .body(())
            .unwrap();
        let explainer = Explainer::new(None, &request);
        assert_eq!(format!("{explainer:?}"), "Explainer { .. }");
    }
}
