//! What a rule is, and the verdicts that rules give.

use super::find::Words;
use crate::classify::Classification;
use crate::{Delivery, FailureKind, Phase};

/// If any of these phrases occurs, and none of those, then this is what happened.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    any: &'static [&'static str],
    with: &'static [&'static str],
    none: &'static [&'static str],
    pub(super) class: Classification,
}

/// A rule that holds where any of the phrases occurs.
pub(super) const fn rule(any: &'static [&'static str], class: Classification) -> Rule {
    Rule {
        any,
        with: &[],
        none: &[],
        class,
    }
}

impl Rule {
    /// One of these must occur as well.
    pub(super) const fn with(mut self, with: &'static [&'static str]) -> Self {
        self.with = with;
        self
    }

    /// None of these may occur.
    pub(super) const fn none(mut self, none: &'static [&'static str]) -> Self {
        self.none = none;
        self
    }

    #[cfg(test)]
    pub(super) fn patterns(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.any.iter().chain(self.with).chain(self.none).copied()
    }

    pub(super) fn holds(&self, words: Words<'_>) -> bool {
        words.has_any(self.any)
            && (self.with.is_empty() || words.has_any(self.with))
            && !words.has_any(self.none)
    }
}

/// The verdict of the first rule that holds.
pub(super) fn first(rules: &[Rule], words: Words<'_>) -> Option<Classification> {
    rules
        .iter()
        .find(|rule| rule.holds(words))
        .map(|rule| rule.class)
}

/// A failure of which the text does not say more than that no answer came.
const fn head(kind: FailureKind) -> Classification {
    Classification::new(kind, Phase::Head)
}

/// A failure of which it is certain that it came before anything of the request was sent.
pub(super) const fn connect(class: Classification) -> Classification {
    Classification {
        phase: Phase::Connect,
        delivery: Delivery::NotSent,
        ..class
    }
}

/// The same without a claim about what was sent.
pub(super) const fn uncertain(class: Classification) -> Classification {
    Classification {
        phase: match class.phase {
            Phase::Connect => Phase::Head,
            phase => phase,
        },
        delivery: Delivery::Unknown,
        ..class
    }
}

/// A failure in the body of the response.
const fn body(kind: FailureKind) -> Classification {
    Classification::new(kind, Phase::Body)
}

/// Trying again may help, although with failures of its kind it does not as a rule.
pub(super) const fn passing(class: Classification) -> Classification {
    class.with_transient(true)
}

/// Trying again does not help, although with failures of its kind it does as a rule.
pub(super) const fn lasting(class: Classification) -> Classification {
    class.with_transient(false)
}

pub(super) const CLOSED: Classification = head(FailureKind::ConnectionClosed);
pub(super) const RESET: Classification = head(FailureKind::ConnectionReset);
pub(super) const REFUSED: Classification = connect(head(FailureKind::ConnectionRefused));
/// A route can also be lost in the middle of a call.
pub(super) const UNREACHABLE: Classification = head(FailureKind::Unreachable);
pub(super) const DNS: Classification = connect(head(FailureKind::Dns));
pub(super) const TLS_UNTRUSTED: Classification = connect(head(FailureKind::TlsUntrusted));
pub(super) const TLS_EXPIRED: Classification = connect(head(FailureKind::TlsExpired));
pub(super) const TLS_NAME: Classification = connect(head(FailureKind::TlsName));
/// Alerts can come at any time, so this one does not claim that nothing was sent.
pub(super) const TLS_OTHER: Classification = head(FailureKind::TlsOther);
pub(super) const TIMEOUT_CONNECT: Classification = connect(head(FailureKind::TimeoutConnect));
/// The system gave up on a connection, most often a new one.
pub(super) const TIMEOUT_SYSTEM: Classification = head(FailureKind::TimeoutConnect);
pub(super) const TIMEOUT_HEAD: Classification = head(FailureKind::TimeoutHead);
pub(super) const TIMEOUT_FIRST_EVENT: Classification = body(FailureKind::TimeoutFirstEvent);
pub(super) const TIMEOUT_IDLE: Classification = body(FailureKind::TimeoutIdle);
pub(super) const TRUNCATED: Classification = body(FailureKind::StreamTruncated);
pub(super) const PROTOCOL: Classification = head(FailureKind::Protocol);
pub(super) const DECODE: Classification = body(FailureKind::Decode);
pub(super) const PROXY: Classification = connect(head(FailureKind::Proxy));
/// Something between answered in the server's place.
pub(super) const BLOCKED: Classification = head(FailureKind::Proxy);
pub(super) const PORTAL: Classification = body(FailureKind::CaptivePortal);
pub(super) const RATE: Classification = head(FailureKind::RateLimited);
pub(super) const QUOTA: Classification = head(FailureKind::QuotaExhausted);
pub(super) const OVERLOADED: Classification = head(FailureKind::Overloaded);
pub(super) const SERVER: Classification = head(FailureKind::ServerError);
pub(super) const GATEWAY: Classification = head(FailureKind::BadGateway);
pub(super) const AUTH: Classification = head(FailureKind::Auth);
pub(super) const PERMISSION: Classification = head(FailureKind::Permission);
pub(super) const NOT_FOUND: Classification = head(FailureKind::NotFound);
pub(super) const BAD_REQUEST: Classification = head(FailureKind::BadRequest);
pub(super) const CONTEXT: Classification = head(FailureKind::ContextLength);
pub(super) const FILTERED: Classification = head(FailureKind::ContentFiltered);
pub(super) const TOO_LARGE: Classification = head(FailureKind::PayloadTooLarge);
pub(super) const CANCELLED: Classification = head(FailureKind::Cancelled);
