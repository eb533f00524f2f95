//! A response and what is there of its body: the code in the body first, then the status, then the
//! words.

mod code;
mod finish;
mod known;
mod number;
mod pairs;
mod seen;

use self::code::Said;
use self::known::Known;
use self::pairs::CAP;
use self::seen::Seen;
use super::text;
use super::text::normal::boundary;
use super::text::rule::{FILTERED, GATEWAY, PORTAL, RATE, SERVER, uncertain};
use super::trust::{allows_number, contradicts, lost_beyond};
use super::{Classification, response};
use crate::hint::{self, Hint};
use crate::{Delivery, FailureKind, Phase, Side};
use http::{HeaderMap, StatusCode};
use std::time::Duration;

/// Who is asked to wait longer than this has used up more than a rate.
const LONG_WAIT: Duration = Duration::from_secs(60 * 60);

/// Classifies a response that failed, or an error event in a stream, by all that is known of it.
///
/// `body` is what is there of the body: JSON in one piece or cut off, an event of an event stream
/// with its `data:` or without, a line of NDJSON, a page, or words. `status` is that of the
/// response; without one, or with one below 400, the body has to say itself that something failed:
/// by an `error` member that is not null, by a `type` of `error` or one that ends in `.failed`,
/// by a `finish_reason` of a failure or of a filter, by a code or a number of a failure beside a
/// message where no member holds an answer, by the name of its event, by being a page, or, when it
/// is no JSON at all or words stand before the JSON, in words. Names of members count in any
/// spelling, XML's as well. A body that says nothing of the kind is `None`. Ask only about events
/// that look like errors: what a model wrote can look like anything.
///
/// The evidence, best first:
///
/// 1. codes of one meaning, such as `insufficient_quota` or `overloaded_error`, in `code`, `type`,
///    `status`, `reason` and their like, wherever they stand, also in documents in strings, and between
///    brackets: `[insufficient_quota]`;
/// 2. the status: a number from 400 to 599 in the body, else that of the response; a vague code,
///    such as `server_error` or `invalid_request_error`, only where it contradicts the status;
/// 3. the words, those of its messages if it has some, within what the status allows: those of a
///    400 may say that the input is too long or the account empty, never that a connection broke.
///
/// Quota is not rate: a 429 whose body or headers ask to wait for more than an hour is
/// [`QuotaExhausted`](FailureKind::QuotaExhausted).
///
/// The hint is that of the headers; a delay or a `retryable` in the body fills in what they leave
/// open, unless all that is known is that the network failed. `x-should-retry: true` does not make a
/// code that means something lasting transient.
///
/// At most 16 KiB of the body are read, without parsing it, in one pass for each step above.
///
/// ```
/// use buttress_core::{FailureKind, classify};
/// use http::{HeaderMap, StatusCode};
/// use std::time::Duration;
///
/// let none = HeaderMap::new();
/// let spent = br#"{"error":{"message":"...","type":"insufficient_quota"}}"#;
/// let class = classify::body(Some(StatusCode::TOO_MANY_REQUESTS), &none, spent).expect("failed");
/// assert_eq!(class.kind, FailureKind::QuotaExhausted);
/// assert!(!class.transient);
///
/// let event = br#"data: {"error":{"code":429,"message":"Please try again in 20s."}}"#;
/// let class = classify::body(Some(StatusCode::OK), &none, event).expect("failed");
/// assert_eq!(class.kind, FailureKind::RateLimited);
/// assert_eq!(class.hint.and_then(|hint| hint.after()), Some(Duration::from_secs(20)));
///
/// let answer = br#"{"choices":[{"message":{"content":"rate limit exceeded"}}]}"#;
/// assert_eq!(classify::body(Some(StatusCode::OK), &none, answer), None);
/// ```
#[must_use]
pub fn body(
    status: Option<StatusCode>,
    headers: &HeaderMap,
    body: &[u8],
) -> Option<Classification> {
    let body = body.get(..CAP).unwrap_or(body);
    let words = String::from_utf8_lossy(body);
    let head = status.and_then(|status| response::head(status, headers));
    let mut seen = Seen::of(&words, headers);
    seen.read_name(&words);
    if head.is_none() && !seen.failed {
        return None;
    }
    let verdict = seen.verdict(head, &words)?;
    // Where the network failed nobody asked for anything: a delay in the words is the client's own.
    let unanswered = head.is_none() && verdict.class.kind.side() == Side::Network;
    let said = if unanswered { "" } else { &words };
    let hint = hint_of(head.and_then(|head| head.hint), &seen, said);
    Some(finish(verdict, status, head, hint))
}

/// What the body of an answer says that a text quotes, if it names a code or a status.
pub(super) fn within(text: &str) -> Option<Classification> {
    let text = text.get(..boundary(text, CAP)).unwrap_or(text);
    // Who could not be reached has not answered: what is quoted then is a request, or a configuration.
    if !text.contains(['{', '[']) || ERRNOS.iter().any(|name| text.contains(name)) {
        return None;
    }
    let headers = HeaderMap::new();
    let seen = Seen::of(text, &headers);
    if !seen.structured && seen.own.is_none() && seen.codes.is_empty() {
        return None;
    }
    let numbered = seen.number.is_some();
    let told = !seen.structured || !seen.messages.is_empty();
    let named = told && code::of(seen.codes.iter().copied()).is_some();
    let verdict = seen.verdict(None, text)?;
    // A vague code says no more than a status beside it, nor whether the answer had begun.
    let begun = verdict.class.kind == FailureKind::TimeoutIdle;
    (verdict.coded || numbered || named && !begun && !text::has_status(text))
        .then_some(uncertain(verdict.class))
}

/// What the names of the errors of connections begin with.
const ERRNOS: [&str; 8] = [
    "ECONN",
    "ETIMEDOUT",
    "ENOTFOUND",
    "EAI_",
    "EPIPE",
    "EHOST",
    "ENET",
    "EADDR",
];

/// What a verdict stands on.
#[derive(Clone, Copy, Debug)]
struct Verdict {
    class: Classification,
    /// A code said so, and not only a status or words.
    coded: bool,
}

impl Seen<'_> {
    fn verdict(&self, head: Option<Classification>, words: &str) -> Option<Verdict> {
        let coded = |class| Verdict { class, coded: true };
        let open = |class| Verdict {
            class,
            coded: false,
        };
        if self.blocked {
            return Some(coded(FILTERED));
        }
        let said = code::of(self.codes.iter().copied())
            .filter(|said| head.is_none() || said.kind() != FailureKind::ConnectionClosed);
        // A vendor that numbers its errors does not name them as well.
        let named = said.is_some_and(|said| said.kind() == FailureKind::ServerError);
        let own = self.own.filter(|own| {
            let is_lasting = matches!(
                own.kind,
                FailureKind::QuotaExhausted | FailureKind::ContentFiltered
            );
            (!named || is_lasting)
                && (self.is_long || !is_servers(head))
                && head.is_none_or(|head| allows_number(head.kind, own.kind))
        });
        let vague = |class: &Classification| {
            matches!(
                class.kind,
                FailureKind::BadRequest | FailureKind::ServerError
            )
        };
        if let Some(class) = own.filter(|own| !vague(own)) {
            return Some(coded(class));
        }
        let inner = self
            .number
            .and_then(|number| StatusCode::from_u16(u16::try_from(number).ok()?).ok())
            .map(response::of)
            .or(own);
        let status = inner.or(head);
        // Of an answer that ended so, nothing else says more.
        if let Some(class) = self.finish.filter(|_| said.is_none() && status.is_none()) {
            return Some(coded(class));
        }
        let known = Known::new(said, head, status, self.sentences(words), words);
        let base = match (said, status) {
            // Who asks for money forbids the rest.
            (Some(Said::Plainly(class)), Some(status))
                if class.kind == FailureKind::Permission
                    && status.kind == FailureKind::QuotaExhausted =>
            {
                return Some(open(status));
            }
            (Some(Said::Plainly(class)), _) => {
                let told = known.told(|words| known.fits_code(class.kind, words));
                return Some(coded(told.map_or(class, |told| sum(class, told))));
            }
            (Some(Said::Vaguely(class)), Some(status)) => {
                // Gateways repeat the status beside their own name.
                let numbered = inner.is_some() && class.kind != FailureKind::BadGateway;
                if !numbered && contradicts(class.kind, status.kind) {
                    class
                } else {
                    status
                }
            }
            (Some(Said::Vaguely(class)), None) => match class.kind {
                // The answer had begun.
                FailureKind::TimeoutHead => {
                    Classification::new(FailureKind::TimeoutIdle, Phase::Body)
                }
                _ => class,
            },
            (None, Some(status)) => status,
            (None, None) => {
                // An event that tells of a wait is one of an answer that had begun.
                let in_stream = |told: Classification| match told.kind {
                    FailureKind::TimeoutHead
                        if self.structured && !self.quoted && !known.says_nothing_came() =>
                    {
                        Classification::new(FailureKind::TimeoutIdle, Phase::Body)
                    }
                    _ => told,
                };
                let default = match (self.page, self.structured) {
                    (true, _) => Some(PORTAL),
                    (_, true) if !self.quoted => Some(SERVER),
                    _ => None,
                };
                return known.told(|_| true).map(in_stream).or(default).map(open);
            }
        };
        if base.kind == FailureKind::BadRequest && text::blames_server(words) {
            return Some(open(SERVER));
        }
        let words_of = |kind| known.told(|words| known.fits_status(kind, words));
        // Who names it as what may be at fault does not forbid for good.
        if base.kind == FailureKind::Permission
            && known.is_too_often()
            && words_of(base.kind).is_none_or(|told| told.kind == base.kind)
        {
            return Some(open(RATE));
        }
        Some(open(
            match words_of(base.kind)
                // On a page of a gateway that is the whole that it says.
                .filter(|told| !(self.page && told.kind == FailureKind::ServerError))
            {
                // The server that answered could not reach the next one.
                Some(told) if lost_beyond(base.kind, told.kind) => GATEWAY,
                Some(told) => sum(base, told),
                // APIs say so themselves when they are overloaded; pages are made by who could not
                // reach them.
                None if base.kind == FailureKind::Overloaded && self.page => GATEWAY,
                None => base,
            },
        ))
    }

    /// What is said in sentences, if there are some: names of members and codes are none.
    fn sentences<'a>(&'a self, words: &'a str) -> &'a str {
        match self.messages.as_str() {
            "" => words,
            messages => messages,
        }
    }
}

/// What a code or a status and the words beside it say together: the words know better, but not
/// whether something lasting passes.
fn sum(base: Classification, told: Classification) -> Classification {
    if base.kind == told.kind {
        base.with_transient(base.transient && told.transient)
    } else {
        told
    }
}

fn is_servers(head: Option<Classification>) -> bool {
    head.is_some_and(
        |head| matches!(head.delivery, Delivery::Answered(status) if status.is_server_error()),
    )
}

fn hint_of(head: Option<Hint>, seen: &Seen<'_>, words: &str) -> Option<Hint> {
    let after = head
        .and_then(Hint::after)
        .or_else(|| hint::in_text(words))
        .map(Hint::after_delay);
    let retry = head
        .and_then(Hint::retry)
        .or(seen.retryable)
        .map(Hint::with_retry);
    match (after, retry) {
        (Some(after), Some(retry)) => Some(after.and(retry)),
        (after, retry) => after.or(retry),
    }
}

fn finish(
    verdict: Verdict,
    status: Option<StatusCode>,
    head: Option<Classification>,
    hint: Option<Hint>,
) -> Classification {
    let mut class = verdict.class;
    let long = hint
        .and_then(Hint::after)
        .is_some_and(|wait| wait > LONG_WAIT);
    if class.kind == FailureKind::RateLimited && long {
        class = Classification::new(FailureKind::QuotaExhausted, class.phase);
    }
    class.transient = match hint.and_then(Hint::retry) {
        Some(true) if verdict.coded => class.transient,
        Some(wanted) => wanted,
        None => class.transient,
    };
    class.hint = hint;
    class.is_phase_known |= head.is_some() || status.is_some();
    (class.phase, class.delivery) = match (head, status) {
        (Some(head), _) => (Phase::Head, head.delivery),
        (None, Some(_)) => (Phase::Body, Delivery::Unknown),
        (None, None) => (class.phase, class.delivery),
    };
    class
}

#[cfg(test)]
mod tests;
