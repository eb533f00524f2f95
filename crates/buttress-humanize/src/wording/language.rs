use super::fluent::{Args, Texts, Value};
use super::scene;
use crate::weights::{Split, quality};
use crate::{Call, Catalog, Explanation};
use buttress_core::Failure;
use http::header::{ACCEPT_LANGUAGE, HeaderMap};

/// One table, so that a language cannot lack a line.
macro_rules! languages {
    ($($(#[doc = $doc:literal])+ $(@$extra:ident)? $name:ident $(if $feature:literal)? = $tag:literal, $file:literal, $plural:ident, $point:literal, $gap:literal;)+) => {
        /// A language of the built-in wording.
        ///
        /// As a [`Catalog`] it explains everything in this language.
        /// [`HumanizeLayer::negotiate_language`](crate::HumanizeLayer::negotiate_language) takes the one
        /// that each request prefers.
        ///
        /// ```
        /// use buttress_core::{Failure, FailureKind};
        /// use buttress_humanize::{Call, Catalog, Language};
        ///
        /// let failure = Failure::new(FailureKind::Overloaded);
        /// let told = Language::German.explain(&failure, &Call::to("api.example.com"));
        /// assert_eq!(told.title(), "Der Server ist überlastet");
        /// assert_eq!(told.language(), "de");
        /// ```
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Language {
            $($(#[doc = $doc])+ $(#[$extra])? $(#[cfg(feature = $feature)])? $name,)+
        }

        impl Language {
            /// Every language, in the order of the enum.
            pub const ALL: &'static [Language] = &[$($(#[cfg(feature = $feature)])? Language::$name,)+];

            /// The language tag (RFC 5646).
            #[must_use]
            pub const fn tag(self) -> &'static str {
                match self { $($(#[cfg(feature = $feature)])? Language::$name => $tag,)+ }
            }

            pub(crate) const fn texts(self) -> Texts {
                match self {
                    $($(#[cfg(feature = $feature)])? Language::$name => Texts {
                        source: include_str!($file),
                        plural: Plural::$plural,
                    },)+
                }
            }

            /// What stands between whole and tenths.
            pub(crate) const fn point(self) -> char {
                match self { $($(#[cfg(feature = $feature)])? Language::$name => $point,)+ }
            }

            /// What stands between two sentences.
            pub(crate) const fn gap(self) -> &'static str {
                match self { $($(#[cfg(feature = $feature)])? Language::$name => $gap,)+ }
            }
        }
    };
}

languages! {
    /// English, `en`.
    @default English = "en", "en.ftl", one_is_one, '.', " ";
    /// German, `de`.
    German if "languages" = "de", "de.ftl", one_is_one, ',', " ";
    /// Spanish, `es`.
    Spanish if "languages" = "es", "es.ftl", one_is_one, ',', " ";
    /// French, `fr`.
    French if "languages" = "fr", "fr.ftl", none_is_one_too, ',', " ";
    /// Japanese, `ja`.
    Japanese if "languages" = "ja", "ja.ftl", no_plural, '.', "";
    /// Chinese in simplified characters, `zh-Hans`.
    SimplifiedChinese if "languages" = "zh-Hans", "zh-Hans.ftl", no_plural, '.', "";
    /// Portuguese as in Brazil, `pt-BR`.
    BrazilianPortuguese if "languages" = "pt-BR", "pt-BR.ftl", none_is_one_too, ',', " ";
}

/// The plural categories that these languages need (Unicode CLDR, plural rules).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plural {
    One,
    Other,
}

impl Plural {
    pub(crate) const fn category(self) -> &'static str {
        match self {
            Plural::One => "one",
            Plural::Other => "other",
        }
    }

    fn one_is_one(n: u64) -> Self {
        if n == 1 { Plural::One } else { Plural::Other }
    }

    #[cfg(feature = "languages")]
    fn none_is_one_too(n: u64) -> Self {
        if n <= 1 { Plural::One } else { Plural::Other }
    }

    #[cfg(feature = "languages")]
    fn no_plural(_: u64) -> Self {
        Plural::Other
    }
}

impl Language {
    /// The language that this range asks for, if there is one: the tag itself, or what is left of
    /// it when subtags are taken off its end (RFC 4647, section 3.4).
    ///
    /// Portuguese of any country gets the Brazilian one, and Chinese the simplified characters
    /// unless the traditional ones are asked for.
    ///
    /// ```
    /// use buttress_humanize::Language;
    ///
    /// assert_eq!(Language::lookup("de-CH-1996"), Some(Language::German));
    /// assert_eq!(Language::lookup("zh-TW"), None);
    /// assert_eq!(Language::lookup("tlh"), None);
    /// ```
    #[must_use]
    pub fn lookup(range: &str) -> Option<Self> {
        let mut subtags = range.trim().split(['-', '_']);
        let primary = subtags.next()?;
        let is_traditional = |tag: &str| {
            ["hant", "tw", "hk", "mo"]
                .iter()
                .any(|other| tag.eq_ignore_ascii_case(other))
        };
        if primary.eq_ignore_ascii_case("zh") && subtags.any(is_traditional) {
            return None;
        }
        Language::ALL.iter().copied().find(|language| {
            let tag = language.tag();
            let own = tag.split_once('-').map_or(tag, |(own, _)| own);
            own.eq_ignore_ascii_case(primary)
        })
    }

    /// The language these request headers prefer (RFC 9110, section 12.5.4), or English.
    ///
    /// The highest quality wins; of equal ones the one that comes first. `*` stands for English.
    /// What cannot be read, or is not wanted at all (`q=0`), is passed over.
    #[must_use]
    #[inline(never)]
    pub fn negotiate(headers: &HeaderMap) -> Self {
        let mut best = (0, Language::default());
        for value in headers.get_all(ACCEPT_LANGUAGE) {
            for member in Split::new(value.as_bytes(), b',') {
                let mut parts = Split::new(member, b';');
                let range = parts.next().unwrap_or_default().trim_ascii();
                let range = std::str::from_utf8(range).unwrap_or_default();
                let language = match range {
                    "*" => Some(Language::default()),
                    range => Language::lookup(range),
                };
                match (language, quality(parts)) {
                    (Some(language), Some(quality)) if quality > best.0 => {
                        best = (quality, language);
                    }
                    _ => {}
                }
            }
        }
        best.1
    }

    /// The language with this tag; English where there is none.
    pub(crate) fn of_tag(tag: &str) -> Self {
        Language::lookup(tag).unwrap_or_default()
    }

    /// The message, in English if this language does not have it.
    pub(crate) fn say(self, id: &str, args: &Args<'_>) -> String {
        let mut out = String::new();
        if !self.texts().write(id, args, &mut out) {
            Language::English.texts().write(id, args, &mut out);
        }
        out
    }
}

impl Catalog for Language {
    fn explain(&self, failure: &Failure, call: &Call<'_>) -> Explanation {
        scene::explain(*self, failure, call)
    }
}

/// The headings of an explanation, in its language.
pub(crate) struct Labels {
    language: Language,
    pub(crate) side: String,
    pub(crate) tried: String,
    pub(crate) come_back: String,
    pub(crate) next: String,
    pub(crate) code: String,
    pub(crate) reference: String,
}

impl Labels {
    pub(crate) fn of(told: &Explanation) -> Self {
        let language = Language::of_tag(told.language());
        Labels {
            language,
            side: language.say("label-side", &[]),
            tried: language.say("label-tried", &[]),
            come_back: language.say("label-come-back", &[]),
            next: language.say("label-next", &[]),
            code: language.say("label-code", &[]),
            reference: language.say("label-reference", &[]),
        }
    }

    /// The label before something on the same line.
    pub(crate) fn colon(&self, label: &str) -> String {
        let args = [("text", Value::Text(label))];
        self.language.say("label-colon", &args)
    }
}
