//! Who puts a failure into words.

use crate::{Explanation, Language};
use buttress_core::Failure;

/// Puts failures into words. Replace it to change or translate the wording.
///
/// It is called only when a call has failed. What it returns is made
/// [plain](Explanation#what-it-keeps-out) and every renderer escapes it, but it goes to whoever
/// sees the failure: do not put texts of the failure's sources into it.
///
/// ```
/// use buttress_core::{Failure, FailureKind};
/// use buttress_humanize::{Call, Catalog, Explanation};
///
/// /// The built-in wording, but our help desk is the last step.
/// struct HelpDesk;
///
/// impl Catalog for HelpDesk {
///     fn explain(&self, failure: &Failure, call: &Call<'_>) -> Explanation {
///         call.language()
///             .explain(failure, call)
///             .with_step("Still stuck? The help desk is at extension 42.")
///     }
/// }
///
/// let explanation = HelpDesk.explain(&Failure::new(FailureKind::Dns), &Call::unknown());
/// let last = explanation.next_steps().last().expect("there are steps");
/// assert!(last.ends_with("extension 42."));
/// ```
pub trait Catalog: Send + Sync + 'static {
    /// Explains a failure of this call.
    fn explain(&self, failure: &Failure, call: &Call<'_>) -> Explanation;
}

/// What an explanation may know of a call, beside its failure: the host, and the language that is
/// preferred.
///
/// ```
/// use buttress_humanize::Call;
///
/// assert_eq!(Call::to("api.example.com:8443").host(), Some("api.example.com:8443"));
/// assert_eq!(Call::to("user:secret@api.example.com").host(), None);
/// assert_eq!(Call::unknown().host(), None);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Call<'a> {
    host: Option<&'a str>,
    language: Language,
}

impl<'a> Call<'a> {
    /// A call of which nothing is known.
    #[must_use]
    pub const fn unknown() -> Self {
        Call {
            host: None,
            language: Language::English,
        }
    }

    /// A call to this host, with or without a port.
    ///
    /// A host is named only when it looks like one: at most 255 ASCII letters, digits and
    /// `-` `.` `_` `:` `[` `]`. Anything else is treated as unknown.
    #[must_use]
    pub fn to(host: &'a str) -> Self {
        let host_like = |b: u8| {
            b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b':' | b'[' | b']')
        };
        let named = (1..=255).contains(&host.len()) && host.bytes().all(host_like);
        Call {
            host: named.then_some(host),
            language: Language::English,
        }
    }

    /// Sets the language that is preferred. The default is English.
    #[must_use]
    pub const fn in_language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// The language that is preferred, among those of the built-in wording.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The host the request went to, without credentials.
    #[must_use]
    pub const fn host(&self) -> Option<&'a str> {
        self.host
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_host_is_named() {
        for good in [
            "a",
            "localhost:11434",
            "[::1]:80",
            "my_host",
            "xn--bcher-kva.example",
        ] {
            assert_eq!(Call::to(good).host(), Some(good));
        }
        let long = "a".repeat(256);
        for bad in ["", "a b", "a\r\nb", "u@h", "<b>", "\"", "a/b", "ü", &long] {
            assert_eq!(Call::to(bad).host(), None, "{bad:?}");
        }
    }

    #[test]
    fn a_catalog_can_be_shared_as_an_object() {
        fn object(_: &dyn Catalog) {}
        object(&crate::English);
    }
}
