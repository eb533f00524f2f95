//! Names and sentences for what a failure is.

use buttress_core::{Delivery, Failure, FailureKind, Phase, Side};
use buttress_humanize::{Catalog, English};

/// The category of a kind: the names by which people sort error reports, which are fewer.
pub(crate) fn category(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::TimeoutHead | FailureKind::TimeoutFirstEvent | FailureKind::TimeoutTotal => {
            "timeout_first_byte"
        }
        FailureKind::TimeoutRate => "timeout_idle",
        FailureKind::TlsName => "tls_untrusted",
        FailureKind::TlsOther => "protocol",
        FailureKind::Unreachable => "connection_refused",
        FailureKind::RepresentationChanged => "stream_truncated",
        other => other.code(),
    }
}

/// A stable name for a side.
pub(crate) fn side(side: Side) -> &'static str {
    match side {
        Side::Caller => "caller",
        Side::Network => "network",
        Side::Intermediary => "intermediary",
        Side::Server => "server",
        _ => "unknown",
    }
}

/// Whether trying again helps, and when it is safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Safety {
    /// It does not help.
    Useless,
    /// Nothing of the request was processed.
    Always,
    /// The server turned the request away.
    AfterPause,
    /// The request may have been carried out.
    IfRepeatable,
    /// A part of the answer may have been used.
    IfStartedOver,
}

impl Safety {
    /// What holds for a request that failed like this.
    pub(crate) fn of(failure: &Failure) -> Self {
        use FailureKind::{Overloaded, RateLimited};
        if !failure.is_transient() {
            return Safety::Useless;
        }
        match (failure.delivery(), failure.phase(), failure.kind()) {
            (Delivery::NotSent | Delivery::Refused, ..) => Safety::Always,
            (_, Phase::Body, _) => Safety::IfStartedOver,
            (.., RateLimited | Overloaded) => Safety::AfterPause,
            _ => Safety::IfRepeatable,
        }
    }

    /// A stable name for it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Safety::Useless => "never",
            Safety::Always => "always",
            Safety::AfterPause => "after_pause",
            Safety::IfRepeatable => "if_repeatable",
            Safety::IfStartedOver => "if_started_over",
        }
    }
}

/// A language of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Language(&'static Labels);

/// The language with this tag.
pub(crate) fn language(tag: &str) -> Result<Language, String> {
    let found = LANGUAGES.iter().find(|labels| {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        primary.eq_ignore_ascii_case(labels.tag)
    });
    let tags = || {
        LANGUAGES
            .iter()
            .map(|labels| labels.tag)
            .collect::<Vec<_>>()
    };
    found.map(Language).ok_or_else(|| {
        format!(
            "not a language of this program, which are: {}",
            tags().join(", ")
        )
    })
}

impl Language {
    /// Who explains failures in this language.
    pub(crate) fn catalog(self) -> &'static dyn Catalog {
        &English
    }

    /// What this program adds to an explanation.
    pub(crate) fn labels(self) -> &'static Labels {
        self.0
    }
}

/// Headings, and sentences about trying again.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Labels {
    tag: &'static str,
    pub(crate) side: &'static str,
    pub(crate) again: &'static str,
    pub(crate) steps: &'static str,
    pub(crate) category: &'static str,
    useless: &'static str,
    always: &'static str,
    after_pause: &'static str,
    if_repeatable: &'static str,
    if_started_over: &'static str,
}

impl Labels {
    /// Whether trying again helps, and when it is safe, in a sentence.
    pub(crate) fn verdict(&self, safety: Safety) -> &'static str {
        match safety {
            Safety::Useless => self.useless,
            Safety::Always => self.always,
            Safety::AfterPause => self.after_pause,
            Safety::IfRepeatable => self.if_repeatable,
            Safety::IfStartedOver => self.if_started_over,
        }
    }
}

static LANGUAGES: &[Labels] = &[Labels {
    tag: "en",
    side: "Whose side it is",
    again: "Does trying again help?",
    steps: "What to do",
    category: "Category",
    useless: "No. Something has to change first.",
    always: "Yes, and it is safe: the request was not processed.",
    after_pause: "Yes, after a pause, and it is safe: the server turned the request away.",
    if_repeatable: "Yes, if it does no harm when the request is carried out twice.",
    if_started_over: "Yes, if it does no harm when the request is carried out twice. The answer \
                      then starts from the beginning.",
}];
