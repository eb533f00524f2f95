//! What a rule is, and the verdicts that rules give.

use super::find::Words;
use crate::classify::Classification;
use crate::{Delivery, FailureKind, Phase};

/// If any of these phrases occurs, and none of those, then this is what happened.
#[derive(Clone, Copy, Debug)]
pub(in crate::classify) struct Rule {
    any: &'static [&'static str],
    with: &'static [&'static str],
    then: &'static [&'static str],
    none: &'static [&'static str],
    unless: &'static [&'static str],
    pub(in crate::classify) class: Classification,
}

/// A rule that holds where any of the phrases occurs.
pub(in crate::classify) const fn rule(any: &'static [&'static str], class: Classification) -> Rule {
    Rule {
        any,
        with: &[],
        then: &[],
        none: &[],
        unless: &[],
        class,
    }
}

impl Rule {
    /// One of these must occur as well.
    pub(in crate::classify) const fn with(mut self, with: &'static [&'static str]) -> Self {
        self.with = with;
        self
    }

    /// One of these must occur soon after.
    pub(in crate::classify) const fn then(mut self, then: &'static [&'static str]) -> Self {
        self.then = then;
        self
    }

    /// Nor any of these.
    pub(in crate::classify) const fn none_of(mut self, unless: &'static [&'static str]) -> Self {
        self.unless = unless;
        self
    }

    /// None of these may occur.
    pub(in crate::classify) const fn none(mut self, none: &'static [&'static str]) -> Self {
        self.none = none;
        self
    }

    #[cfg(test)]
    fn lists(&self) -> [&'static [&'static str]; 5] {
        [self.any, self.with, self.then, self.none, self.unless]
    }

    #[cfg(test)]
    pub(in crate::classify) fn patterns(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.lists().into_iter().flatten().copied()
    }

    /// A pattern that is found only where another one of its list is found as well, and that one.
    #[cfg(test)]
    pub(in crate::classify) fn repeated(&self) -> Option<[&'static str; 2]> {
        self.lists().into_iter().find_map(|list| {
            list.iter().enumerate().find_map(|(at, pattern)| {
                let text = pattern.replace('*', "x").replace(" .. ", " - ");
                let pairs = &super::find::Pairs::of(&text);
                let words = Words { text: &text, pairs };
                let mut others = list.iter().enumerate().filter(|(other, _)| *other != at);
                let (_, known) = others.find(|(_, other)| words.has(other))?;
                Some([*pattern, *known])
            })
        })
    }

    pub(in crate::classify) fn holds(&self, words: Words<'_>) -> bool {
        words.has_any(self.any)
            && (self.with.is_empty() || words.has_any(self.with))
            && (self.then.is_empty() || words.has_in_turn(self.any, self.then))
            && !words.has_any(self.none)
            && !words.has_any(self.unless)
    }
}

/// The verdict of the first rule that holds, of those that fit.
pub(in crate::classify) fn first(
    rules: &[Rule],
    words: Words<'_>,
    fits: impl Fn(FailureKind) -> bool,
) -> Option<Classification> {
    rules
        .iter()
        .find(|rule| fits(rule.class.kind) && rule.holds(words))
        .map(|rule| rule.class)
}

/// A failure of which the text does not say more than that no answer came.
pub(in crate::classify) const fn head(kind: FailureKind) -> Classification {
    Classification::new(kind, Phase::Head)
}

/// A failure of which it is certain that it came before anything of the request was sent.
pub(in crate::classify) const fn connect(class: Classification) -> Classification {
    Classification {
        phase: Phase::Connect,
        delivery: Delivery::NotSent,
        ..class
    }
}

/// The same without a claim about what was sent.
pub(in crate::classify) const fn uncertain(class: Classification) -> Classification {
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
pub(in crate::classify) const fn passing(class: Classification) -> Classification {
    class.with_transient(true)
}

/// Trying again does not help, although with failures of its kind it does as a rule.
pub(in crate::classify) const fn lasting(class: Classification) -> Classification {
    class.with_transient(false)
}

pub(in crate::classify) const CLOSED: Classification = head(FailureKind::ConnectionClosed);
/// Something broke, and nothing says whether an answer had come.
pub(in crate::classify) const BROKEN: Classification = CLOSED.without_phase();
pub(in crate::classify) const RESET: Classification = head(FailureKind::ConnectionReset);
pub(in crate::classify) const REFUSED: Classification =
    connect(head(FailureKind::ConnectionRefused));
/// A route can also be lost in the middle of a call.
pub(in crate::classify) const UNREACHABLE: Classification = head(FailureKind::Unreachable);
pub(in crate::classify) const DNS: Classification = connect(head(FailureKind::Dns));
pub(in crate::classify) const TLS_UNTRUSTED: Classification =
    connect(head(FailureKind::TlsUntrusted));
pub(in crate::classify) const TLS_EXPIRED: Classification = connect(head(FailureKind::TlsExpired));
pub(in crate::classify) const TLS_NAME: Classification = connect(head(FailureKind::TlsName));
/// Alerts can come at any time, so this one does not claim that nothing was sent.
pub(in crate::classify) const TLS_OTHER: Classification = head(FailureKind::TlsOther);
pub(in crate::classify) const TIMEOUT_CONNECT: Classification =
    connect(head(FailureKind::TimeoutConnect));
/// The system gave up on a connection, most often a new one.
pub(in crate::classify) const TIMEOUT_SYSTEM: Classification = head(FailureKind::TimeoutConnect);
pub(in crate::classify) const TIMEOUT_HEAD: Classification = head(FailureKind::TimeoutHead);
pub(in crate::classify) const TIMEOUT_FIRST_EVENT: Classification =
    body(FailureKind::TimeoutFirstEvent);
pub(in crate::classify) const TIMEOUT_IDLE: Classification = body(FailureKind::TimeoutIdle);
pub(in crate::classify) const TRUNCATED: Classification = body(FailureKind::StreamTruncated);
pub(in crate::classify) const PROTOCOL: Classification = head(FailureKind::Protocol);
pub(in crate::classify) const DECODE: Classification = body(FailureKind::Decode);
pub(in crate::classify) const PROXY: Classification = connect(head(FailureKind::Proxy));
/// Something between answered in the server's place.
pub(in crate::classify) const BLOCKED: Classification = head(FailureKind::Proxy);
pub(in crate::classify) const PORTAL: Classification = body(FailureKind::CaptivePortal);
pub(in crate::classify) const RATE: Classification = head(FailureKind::RateLimited);
pub(in crate::classify) const QUOTA: Classification = head(FailureKind::QuotaExhausted);
pub(in crate::classify) const OVERLOADED: Classification = head(FailureKind::Overloaded);
pub(in crate::classify) const SERVER: Classification = head(FailureKind::ServerError);
pub(in crate::classify) const GATEWAY: Classification = head(FailureKind::BadGateway);
pub(in crate::classify) const AUTH: Classification = head(FailureKind::Auth);
pub(in crate::classify) const PERMISSION: Classification = head(FailureKind::Permission);
pub(in crate::classify) const NOT_FOUND: Classification = head(FailureKind::NotFound);
pub(in crate::classify) const BAD_REQUEST: Classification = head(FailureKind::BadRequest);
pub(in crate::classify) const CONTEXT: Classification = head(FailureKind::ContextLength);
pub(in crate::classify) const FILTERED: Classification = head(FailureKind::ContentFiltered);
pub(in crate::classify) const TOO_LARGE: Classification = head(FailureKind::PayloadTooLarge);
pub(in crate::classify) const CANCELLED: Classification = head(FailureKind::Cancelled);
