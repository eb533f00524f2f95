//! When a rate limit resets: a header of its own for each limit, or all of them in `RateLimit`.

use super::{Now, value};
use http::HeaderMap;
use http::header::HeaderName;
use std::time::Duration;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Which limits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resets {
    None,
    /// Those that are used up.
    Spent,
    Any,
}

/// How long it is until those limits reset that count.
pub(super) fn after(headers: &HeaderMap, which: Resets, now: Now<'_>) -> Option<Duration> {
    if which == Resets::None {
        return None;
    }
    let mut found = Found::default();
    for (name, value) in headers {
        if let Some(remaining) = remaining_of(name.as_str()) {
            let mut left = headers.get_all(remaining.as_str()).iter();
            let spent = left.any(|left| value::is_spent(left.as_bytes().trim_ascii()));
            found.take(spent, value::reset(value.as_bytes().trim_ascii(), now));
        }
    }
    in_fields(headers, now, &mut found);
    match which {
        Resets::Any => found.latest_spent.or(found.earliest),
        Resets::Spent | Resets::None => found.latest_spent,
    }
}

#[derive(Default)]
struct Found {
    latest_spent: Option<Duration>,
    earliest: Option<Duration>,
}

impl Found {
    /// A limit, and in what time it resets if that can be read.
    fn take(&mut self, spent: bool, after: Option<Duration>) {
        let Some(after) = after else { return };
        if spent {
            self.latest_spent = self.latest_spent.max(Some(after));
        }
        self.earliest = Some(self.earliest.map_or(after, |earliest| earliest.min(after)));
    }
}

/// The `remaining` header that belongs to this reset header; `None` when it is no reset header.
///
/// `x-ratelimit-reset-tokens` leads to `x-ratelimit-remaining-tokens`,
/// `anthropic-ratelimit-tokens-reset` to `anthropic-ratelimit-tokens-remaining`, and Discord's
/// `x-ratelimit-reset-after` to `x-ratelimit-remaining`.
fn remaining_of(name: &str) -> Option<String> {
    if !name.contains("ratelimit") && !name.contains("rate-limit") {
        return None;
    }
    let (before, after) = match name.split_once("-reset-") {
        Some((before, "after")) => (before, None),
        Some((before, after)) => (before, Some(after)),
        None => (name.strip_suffix("-reset")?, None),
    };
    Some(match after {
        Some(after) => format!("{before}-remaining-{after}"),
        None => format!("{before}-remaining"),
    })
}

/// What the `RateLimit` fields say (draft-ietf-httpapi-ratelimit-headers): a list with an item for each
/// limit, named and with parameters, or, in version 07, a dictionary that is about one.
fn in_fields(headers: &HeaderMap, now: Now<'_>, found: &mut Found) {
    let mut dictionary = Limit::default();
    for field in headers.get_all(RATE_LIMIT) {
        for member in split(field.as_bytes(), b',') {
            let mut parameters = split(member, b';');
            let first = parameters.next().unwrap_or_default();
            dictionary.read(first, b"remaining", b"reset");
            let mut limit = Limit::default();
            for parameter in parameters {
                limit.read(parameter, b"r", b"t");
            }
            limit.tell(now, found);
        }
    }
    dictionary.tell(now, found);
}

/// What is said of one limit.
#[derive(Default)]
struct Limit<'a> {
    remaining: &'a [u8],
    reset: &'a [u8],
}

impl<'a> Limit<'a> {
    /// Of what is there twice, the last counts (RFC 9651, sections 4.2.2 and 4.2.3.2).
    fn read(&mut self, pair: &'a [u8], remaining: &[u8], reset: &[u8]) {
        let mut halves = pair.splitn(2, |b| *b == b'=');
        let (Some(key), Some(value)) = (halves.next(), halves.next()) else {
            return;
        };
        let (key, value) = (key.trim_ascii(), value.trim_ascii());
        if key == remaining {
            self.remaining = value;
        } else if key == reset {
            self.reset = value;
        }
    }

    fn tell(&self, now: Now<'_>, found: &mut Found) {
        let spent = value::is_spent(self.remaining);
        found.take(spent, value::reset(self.reset, now));
    }
}

/// The parts between separators that are not in a string (RFC 9651, section 3.3.3).
fn split(text: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let (mut in_string, mut escaped) = (false, false);
    text.split(move |b| {
        match b {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            _ => return !in_string && *b == separator,
        }
        false
    })
}
