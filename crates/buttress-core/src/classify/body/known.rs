//! What is known of a body before its words are read, and which words are believed beside it.

use super::LONG_WAIT;
use super::code::Said;
use crate::classify::Classification;
use crate::classify::text::{alone, beside_status};
use crate::classify::trust::{allows, allows_in_stream, lost_beyond, sharpens};
use crate::hint;
use crate::{Delivery, FailureKind};

/// What shows that who asks is known, and may not.
const MAY_NOT: &[&str] = &["permission", "scope", "not allowed to", "lacks"];
/// What is said of a rate and of nothing else.
const RATES: &[&str] = &[
    "rate limit",
    "rate-limit",
    "too many requests",
    "too quickly",
    "too frequent",
    "throttl",
    "频率",
    "限流",
];
/// What a server says of itself and of no request.
const INTERNAL: &[&str] = &[
    "internal server error",
    "internal error",
    "something went wrong",
    "unexpected error",
];
/// What is said to who may not and to nobody else.
const FORBIDDEN: &[&str] = &[
    "not authorized to perform",
    "permission denied on resource",
    "access is denied",
    "not have access",
];
/// What is said of an account that is empty and of nothing else.
const MONEY: &[&str] = &[
    "credit",
    "balance is",
    "balance too",
    "insufficient balance",
    "your balance",
    "billing",
];
/// What a limit is counted over, in words and in the names that Google gives to its limits.
const OF_MOMENTS: &[&str] = &["per minute", "per second", "perminute", "persecond"];
const OF_DAYS: &[&str] = &["per day", "perday", "daily", "month"];
/// What no wait of moments brings back, even if one is named.
const FOR_LONG: &[&str] = &["day", "limit: 0", "credit", "balance"];
/// What a server does not recognise.
const CREDENTIALS: &[&str] = &[
    "authorization header",
    "invalid authorization",
    "key",
    "token",
    "credential",
    "log",
    "sign",
    "session",
];

#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'a> {
    said: Option<Said>,
    /// What the status of the response says.
    head: Option<Classification>,
    /// The same, or what a number in the body says.
    status: Option<Classification>,
    sentences: &'a str,
    /// It asks to come back within the hour.
    soon: bool,
}

impl<'a> Known<'a> {
    pub(super) fn new(
        said: Option<Said>,
        head: Option<Classification>,
        status: Option<Classification>,
        sentences: &'a str,
        words: &str,
    ) -> Self {
        Known {
            said,
            head,
            status,
            sentences,
            soon: hint::in_text(words).is_some_and(|wait| wait <= LONG_WAIT)
                || speaks_of(words, OF_MOMENTS) && !speaks_of(words, OF_DAYS),
        }
    }

    /// What the sentences say that `fits`.
    pub(super) fn told(&self, fits: impl Fn(FailureKind) -> bool) -> Option<Classification> {
        match (self.said, self.status) {
            (None, None) => alone(self.sentences),
            _ => beside_status(self.sentences, fits),
        }
    }

    /// Whether words are believed beside a code that is plain.
    pub(super) fn fits_code(&self, code: FailureKind, words: FailureKind) -> bool {
        use FailureKind as K;
        let by_status = self.status.is_some_and(|status| status.kind == words);
        match (code, words) {
            _ if code == words => true,
            // A limit that is over in minutes is no quota, whatever it is called.
            (_, K::QuotaExhausted) if self.soon => false,
            // What one may not see does not exist for him, unless he is told why he may not.
            (K::NotFound, K::Permission) => by_status || self.speaks_of(&["must be verified"]),
            // Who is known and may not is often told as one who is unknown.
            (K::Auth, K::Permission) => by_status || self.speaks_of(MAY_NOT),
            (K::Permission, K::Auth) => self.speaks_of(CREDENTIALS),
            (K::Permission, K::RateLimited) => self.is_too_often(),
            // Some call every 429 a rate.
            (K::RateLimited, K::Overloaded) => {
                self.speaks_of(&["overloaded", "high demand", "peak load"])
            }
            // Some call every limit a quota.
            (K::QuotaExhausted, K::RateLimited) => {
                // A rate is told by its own status, if by one.
                let by_another = self.status.is_some_and(|status| match status.kind {
                    K::BadRequest => true,
                    // Google tells rates so, too.
                    K::Permission => self.speaks_of(&["limit of 0", "payment method"]),
                    _ => false,
                });
                !by_another && self.speaks_of(&["per minute", "per second"])
            }
            // Why it was closed.
            (K::ConnectionClosed, K::QuotaExhausted | K::RateLimited) => true,
            _ => sharpens(code, words),
        }
    }

    /// Whether words are believed beside a status, or beside a code that is vague.
    pub(super) fn fits_status(&self, base: FailureKind, words: FailureKind) -> bool {
        use FailureKind as K;
        words == base
            || (allows(base, words) && !self.repeats(base, words))
            || lost_beyond(base, words)
            || (self.status.is_none() && allows_in_stream(base, words))
            || ((base, words) == (K::BadRequest, K::ServerError)
                && self.status.is_none()
                && self.speaks_of(INTERNAL))
            || ((base, words) == (K::BadRequest, K::RateLimited) && self.speaks_of(RATES))
            // Gateways fail over what somebody behind them forbids.
            || (matches!(base, K::ServerError | K::BadGateway)
                && words == K::Permission
                && self.speaks_of(FORBIDDEN))
            // What one has not paid for does not exist for him.
            || ((base, words) == (K::NotFound, K::QuotaExhausted) && self.speaks_of(MONEY))
    }

    /// Whether words only repeat what is known in words of less meaning.
    fn repeats(&self, base: FailureKind, words: FailureKind) -> bool {
        use FailureKind as K;
        let vague = match self.said {
            Some(Said::Vaguely(class)) => Some(class.kind),
            _ => None,
        };
        match (base, words) {
            // A 529 has no other meaning; a 503 has.
            (K::Overloaded, K::ServerError | K::BadGateway) => {
                vague == Some(base) || self.status.is_some_and(|status| answered(status, 529))
            }
            // Who got nothing whole from upstream saw it break off, unless it was a stream.
            (K::BadGateway, K::StreamTruncated) => {
                vague.is_none() && self.head.is_some() && !self.speaks_of(&[" stream "])
            }
            // A rate, too, is often told as a quota, with the delay beside it.
            (K::RateLimited, K::QuotaExhausted) => self.soon && !self.speaks_of(FOR_LONG),
            // What a wait of moments or a throttle stands beside is no length of one request.
            (K::RateLimited, K::ContextLength) => self.soon,
            (K::BadRequest, K::ContextLength) => self.speaks_of(&["throttl"]),
            // An answer that never began was not interrupted, unless it is said to have been idle.
            (K::TimeoutHead, K::TimeoutIdle) => self.head.is_some() && !self.speaks_of(&["idle"]),
            // Most that forbid with a 401 do so because they do not know who asks, and with a 403
            // because they do.
            (K::Auth, K::Permission) => !self.speaks_of(MAY_NOT),
            (K::Permission, K::Auth) => !self.speaks_of(CREDENTIALS),
            _ => false,
        }
    }

    /// Whether it says that nothing of an answer came.
    pub(super) fn says_nothing_came(&self) -> bool {
        self.speaks_of(&["first", "headers", "no response", "no token", "not respond"])
    }

    /// Whether it says that somebody calls too often, and nothing that lasts.
    pub(super) fn is_too_often(&self) -> bool {
        // The names of hosts and paths say nothing, which the words are asked without.
        let rate = |kind| kind == FailureKind::RateLimited;
        self.speaks_of(RATES)
            && !self.speaks_of(&["disabled", "limit of 0", "set to 0"])
            && beside_status(self.sentences, rate).is_some()
    }

    fn speaks_of(&self, any: &[&str]) -> bool {
        speaks_of(self.sentences, any)
    }
}

fn answered(class: Classification, with: u16) -> bool {
    matches!(class.delivery, Delivery::Answered(status) if status.as_u16() == with)
}

fn speaks_of(sentences: &str, any: &[&str]) -> bool {
    let sentences = sentences.to_ascii_lowercase();
    any.iter().any(|phrase| sentences.contains(phrase))
}
