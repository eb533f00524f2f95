//! A response and what is there of its body: the code in the body first, then the status, then the
//! words.

mod code;
mod pairs;
mod trust;

use self::code::Said;
use self::pairs::{CAP, Pair, Value, pairs};
pub(super) use self::trust::allows;
use self::trust::{contradicts, sharpens};
use super::text::beside_status;
use super::text::rule::{FILTERED, GATEWAY, PORTAL, SERVER};
use super::{Classification, response, text};
use crate::hint::{self, Hint};
use crate::{Delivery, FailureKind, Phase};
use http::header::HeaderName;
use http::{HeaderMap, StatusCode};
use std::time::Duration;

/// Where AWS names the exception of an answer.
const AMAZON_ERROR: HeaderName = HeaderName::from_static("x-amzn-errortype");
/// Who is asked to wait longer than this has used up more than a rate.
const LONG_WAIT: Duration = Duration::from_secs(60 * 60);

/// Classifies a response that failed, or an error event in a stream, by all that is known of it.
///
/// `body` is what is there of the body: JSON in one piece or cut off, an event of an event stream
/// with its `data:` or without, a line of NDJSON, a page, or words. `status` is that of the
/// response; without one, or with one below 400, the body has to say itself that something failed:
/// by an `error` member that is not null, by a `type` of `error` or one that ends in `.failed`,
/// by a `finish_reason` of `error` or of a filter, by being a page, or, when it is no JSON at all, in words.
/// A body that says nothing of the kind is `None`. Ask only about events that look like errors: what
/// a model wrote can look like anything.
///
/// The evidence, best first:
///
/// 1. codes of one meaning, such as `insufficient_quota` or `overloaded_error`, in `code`, `type`,
///    `status`, `reason` and their like, wherever they stand, also in documents in strings;
/// 2. the status: a number from 400 to 599 in the body, else that of the response; a vague code,
///    such as `server_error` or `invalid_request_error`, only where it contradicts the status;
/// 3. the words, within what the status allows: those of a 400 may say that the input is too long
///    or the account empty, never that a connection broke.
///
/// Quota is not rate: a 429 whose body or headers ask to wait for more than an hour is
/// [`QuotaExhausted`](FailureKind::QuotaExhausted).
///
/// The hint is that of the headers; a delay or a `retryable` in the body fills in what they leave
/// open. `x-should-retry: true` does not make a code that means something lasting transient.
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
    let mut seen = Seen::of(&words);
    seen.read_header(headers);
    if head.is_none() && !seen.failed {
        return None;
    }
    let verdict = seen.verdict(head, &words)?;
    let hint = hint_of(head.and_then(|head| head.hint), &seen, &words);
    Some(finish(verdict, status, head, hint))
}

/// What a verdict stands on.
#[derive(Clone, Copy, Debug)]
struct Verdict {
    class: Classification,
    /// A code said so, and not only a status or words.
    coded: bool,
}

/// What the pairs of a body say.
#[derive(Debug, Default)]
struct Seen<'a> {
    codes: Vec<&'a str>,
    /// A status or a vendor's number.
    number: Option<i64>,
    blocked: bool,
    retryable: Option<bool>,
    /// It has members, so its words alone do not count.
    structured: bool,
    page: bool,
    /// The body itself says that something failed.
    failed: bool,
}

/// Members whose values are codes.
const CODES: &[&str] = &[
    "code",
    "type",
    "status",
    "reason",
    "error",
    "error_code",
    "errorCode",
    "error_type",
    "errorType",
    "__type",
    "kind",
    "quotaId",
    "finish_reason",
    "finishReason",
];
/// Members whose values are statuses.
const NUMBERS: &[&str] = &[
    "code",
    "status",
    "statusCode",
    "status_code",
    "error_code",
    "errorCode",
    "httpStatusCode",
    "http_status",
    "type",
];

impl<'a> Seen<'a> {
    fn of(words: &'a str) -> Self {
        let mut seen = Seen::default();
        seen.codes.extend(name_of_exception(words));
        let start = words.trim_start().trim_start_matches('\u{feff}');
        seen.page = start.starts_with('<');
        for pair in pairs(words) {
            seen.structured |= pair.outer;
            seen.add(&pair);
        }
        // Words alone: there is nothing they could be but an error.
        seen.failed |= !seen.structured || seen.page;
        seen
    }

    fn read_header(&mut self, headers: &'a HeaderMap) {
        let name = headers
            .get(AMAZON_ERROR)
            .and_then(|name| name.to_str().ok());
        self.codes.extend(name.and_then(name_of_exception));
    }

    fn add(&mut self, pair: &Pair<'a>) {
        // In an event stream AWS names the member by the exception.
        if pair.outer && pair.key.ends_with("Exception") {
            self.codes.push(pair.key);
            self.failed = true;
        }
        match pair.value {
            Value::Text(text) => {
                let code = !text.contains(char::is_whitespace) && CODES.contains(&pair.key);
                if code {
                    self.codes.push(text);
                }
                self.blocked |= pair.key == "blockReason";
            }
            Value::Number(number) if NUMBERS.contains(&pair.key) => {
                let status = (400..=599).contains(&number);
                let own = matches!(pair.key, "code" | "type") && code::of_number(number).is_some();
                // The innermost document of several knows best, and comes last.
                if status || own {
                    self.number = Some(number);
                }
            }
            _ => {}
        }
        if matches!(pair.key, "retryable" | "should_retry" | "is_retryable") {
            self.retryable = match pair.value {
                Value::Nothing => Some(false),
                Value::Other => Some(true),
                _ => self.retryable,
            };
        }
        self.failed |= pair.outer && failed(pair);
    }

    fn verdict(&self, head: Option<Classification>, words: &str) -> Option<Verdict> {
        let coded = |class| Verdict { class, coded: true };
        let open = |class| Verdict {
            class,
            coded: false,
        };
        if self.blocked {
            return Some(coded(FILTERED));
        }
        let said = code::of(self.codes.iter().copied());
        let own = self.number.and_then(code::of_number);
        if let Some(class) = own.filter(|_| !is_servers(head)) {
            return Some(coded(class));
        }
        let inner = self
            .number
            .and_then(|number| StatusCode::from_u16(u16::try_from(number).ok()?).ok())
            .map(response::of);
        let status = inner.or(head);
        // Words that only repeat a code say nothing beside it.
        let repeats = |base: FailureKind, words: FailureKind| {
            base == FailureKind::Overloaded
                && matches!(words, FailureKind::ServerError | FailureKind::BadGateway)
                && matches!(said, Some(Said::Vaguely(_)))
        };
        let told = match status {
            Some(_) => beside_status(words),
            None => text(words),
        };
        let base = match (said, status) {
            (Some(Said::Plainly(class)), _) => {
                let base = coded(class);
                // A limit that is over in minutes is no quota, whatever it is called.
                let soon = hint::in_text(words).is_some_and(|wait| wait <= LONG_WAIT);
                return Some(match told {
                    Some(told) if soon && told.kind == FailureKind::QuotaExhausted => base,
                    Some(told) if sharpens(class.kind, told.kind) => coded(told),
                    _ => base,
                });
            }
            (Some(Said::Vaguely(class)), Some(status)) => {
                if inner.is_none() && contradicts(class.kind, status.kind) {
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
                let default = match (self.page, self.structured) {
                    (true, _) => Some(PORTAL),
                    (_, true) => Some(SERVER),
                    _ => None,
                };
                return told.or(default).map(open);
            }
        };
        Some(open(match told {
            Some(told) if allows(base.kind, told.kind) && !repeats(base.kind, told.kind) => told,
            // APIs say so themselves when they are overloaded; pages are made by who could not
            // reach them.
            _ if base.kind == FailureKind::Overloaded && self.page => GATEWAY,
            _ => base,
        }))
    }
}

/// The name of an exception that a text begins with or consists of: AWS names what it throws.
fn name_of_exception(text: &str) -> Option<&str> {
    let text = text.trim();
    let (name, rest) = text.split_at_checked(
        text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(text.len()),
    )?;
    let named = name.ends_with("Exception") && (rest.is_empty() || rest.starts_with(':'));
    named.then_some(name)
}

/// Whether a member says that the whole is an error.
fn failed(pair: &Pair<'_>) -> bool {
    match (pair.key, pair.value) {
        ("error" | "errors", value) => value != Value::Nothing,
        ("object" | "type" | "event", Value::Text(text)) => {
            text == "error" || text.ends_with(".failed") || text.ends_with("_error")
        }
        ("finish_reason" | "finishReason", Value::Text(text)) => matches!(
            text,
            "error"
                | "content_filter"
                // Gemini's (`FinishReason`), where its filters stopped the model.
                | "SAFETY"
                | "RECITATION"
                | "BLOCKLIST"
                | "PROHIBITED_CONTENT"
                | "SPII"
                | "IMAGE_SAFETY"
        ),
        ("reason", Value::Text(text)) => text == "content_filter",
        ("blockReason" | "errorMessage" | "error_message" | "error_code", value) => {
            value != Value::Nothing
        }
        _ => false,
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
    (class.phase, class.delivery) = match (head, status) {
        (Some(head), _) => (Phase::Head, head.delivery),
        (None, Some(_)) => (Phase::Body, Delivery::Unknown),
        (None, None) => (class.phase, class.delivery),
    };
    class
}

#[cfg(test)]
mod tests;
