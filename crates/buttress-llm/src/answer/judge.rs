//! What has come of a response, and what that proves.

use super::array::Array;
use super::events::Proof;
use super::held::Held;
use super::look::{Found, Look};
use crate::Dialect;
use crate::call::scan::Scan;
use crate::errors;
use buttress_core::{Delivery, Failure, FailureKind, Phase, Reference, classify};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use std::borrow::Cow;

/// A document that is longer is an error only if it has a member that says so.
const LONG: usize = 64 << 10;

impl Look {
    /// It has been proven: only what is looked at to its end is kept.
    pub(super) fn passed(&mut self) {
        match self {
            Look::Array(array) => array.passed(),
            _ => *self = Look::Anything,
        }
    }

    /// Whether something is missing that an end would pass over.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Look::Array(array) if !array.is_whole())
    }

    /// Whether it is a document of which all has come.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self, Look::Document { scan, .. } if scan.facts().whole)
    }

    /// More has come, behind what is held.
    pub(super) fn read(
        &mut self,
        data: &Bytes,
        held: &Held,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Option<Found> {
        match self {
            Look::Events(beginning) => match beginning.read(data) {
                Proof::None => None,
                Proof::Answer => Some(Found::Answer),
                Proof::Nothing => Some(Found::Fails(truncated(held.bytes + data.len()))),
                Proof::Error(event) => {
                    let failure = errors::in_band(status, headers, &event, held.bytes as u64);
                    // Words that no client reads are not better than our own.
                    if errors::is_bare(&event) {
                        return Some(Found::Fails(failure));
                    }
                    Some(stands_or_fails(failure))
                }
            },
            // An error of Google's front may be no array, and what is neither is not judged.
            Look::Array(array)
                if held.is_blank() && !data.trim_ascii().is_empty() && !Array::begins(data) =>
            {
                *self = Look::Document {
                    scan: Scan::default(),
                    judged: true,
                    dialect: Some(Dialect::Gemini),
                };
                self.read(data, held, status, headers)
            }
            Look::Array(array) => match array.read(data) {
                Proof::None => None,
                Proof::Answer => Some(Found::Answer),
                Proof::Nothing => Some(Found::Fails(truncated(held.bytes + data.len()))),
                Proof::Error(said) => {
                    let failure = errors::in_band(status, headers, &said, held.bytes as u64);
                    Some(stands_or_fails(failure))
                }
            },
            Look::Document {
                scan,
                judged,
                dialect,
            } => {
                let begins_with_tag =
                    data.trim_ascii_start().first() == Some(&b'<') && held.is_blank();
                scan.read(data);
                let facts = scan.facts();
                if facts.odd {
                    if begins_with_tag && *judged {
                        *self = Look::Page;
                        return None;
                    }
                    return Some(Found::Answer);
                }
                if !facts.whole {
                    return None;
                }
                // Errors are short: to look for one in what is long would take as much room again.
                let is_long = held.bytes + data.len() > LONG;
                if !*judged || (is_long && !facts.error) {
                    return Some(Found::Answer);
                }
                let is_answer = facts.answer && !facts.error;
                if is_answer && !dialect.is_some_and(Dialect::tells_a_break) {
                    return Some(Found::Answer);
                }
                let said = match held.bytes {
                    0 => Cow::Borrowed(&data[..]),
                    _ => Cow::Owned(held.join(data)),
                };
                let bytes = held.bytes as u64;
                let half = || {
                    let at = dialect.filter(|_| facts.answer)?.broken_off(&said)?;
                    Some(broken_off(status, headers, said.get(at)?, bytes))
                };
                if is_answer {
                    return Some(half().unwrap_or(Found::Answer));
                }
                let own = errors::own_members(&said);
                // Some errors have no member of that name.
                let is_error = errors::has_error(&said)
                    || (!facts.answer && classify::body(Some(status), headers, &own).is_some());
                if !is_error {
                    if let Some(found) = half() {
                        return Some(found);
                    }
                    let told = errors::only_words(&said).filter(|_| !facts.answer);
                    let told = told.and_then(|words| classify::text(&words));
                    return Some(told.map_or(Found::Answer, |class| {
                        let failure = Failure::from(class).with_phase(Phase::Body);
                        stands_or_fails(failure.with_delivery(Delivery::Partial { bytes }))
                    }));
                }
                let failure = errors::in_band(status, headers, &own, bytes);
                Some(stands_or_fails(failure))
            }
            Look::Anything => (!data.trim_ascii().is_empty()).then_some(Found::Answer),
            Look::Page | Look::Error { .. } => None,
        }
    }

    /// Nothing more comes.
    pub(super) fn at_end(&self, held: &Held, status: StatusCode, headers: &HeaderMap) -> Found {
        match self {
            Look::Events(beginning) if errors::is_bare(beginning.rest()) => {
                let said = beginning.rest();
                Found::Fails(errors::in_band(status, headers, said, held.bytes as u64))
            }
            Look::Events(_) | Look::Array(_) | Look::Document { .. } | Look::Anything => {
                Found::Fails(truncated(held.bytes))
            }
            Look::Page | Look::Error { .. } => self.at_limit(held, status, headers),
        }
    }

    /// No more is looked at.
    pub(super) fn at_limit(&self, held: &Held, status: StatusCode, headers: &HeaderMap) -> Found {
        match self {
            Look::Events(_) | Look::Array(_) | Look::Document { .. } | Look::Anything => {
                Found::Answer
            }
            Look::Page => {
                let class = classify::body(Some(status), headers, &held.join(b""));
                let failure = class.map_or_else(
                    || Failure::new(FailureKind::CaptivePortal).with_phase(Phase::Body),
                    Failure::from,
                );
                // It may as well be the page of a proxy in trouble: to ask again does no harm.
                let passes = failure.is_transient() || failure.kind() == FailureKind::CaptivePortal;
                let failure = failure.with_transient(passes);
                Found::Fails(failure.with_source("a page came in the place of an answer"))
            }
            Look::Error { of_call } => {
                let said = held.join(b"");
                let class = classify::body(Some(status), headers, &said);
                match class
                    .map(Failure::from)
                    .or_else(|| Failure::from_head(status, headers))
                {
                    // Nothing that a client could show: once the tries are spent, words of our own
                    // say more.
                    Some(mut failure)
                        if *of_call && failure.is_transient() && is_mute(&said, headers) =>
                    {
                        if let Some(reference) = Reference::from_headers(headers) {
                            failure.details_mut().insert(reference);
                        }
                        Found::Fails(failure.with_delivery(Delivery::Answered(status)))
                    }
                    Some(failure) => Found::Stands(failure),
                    None => Found::Answer,
                }
            }
        }
    }
}

/// Whether an error is empty, or a page: the front of a server in trouble speaks to browsers.
fn is_mute(said: &[u8], headers: &HeaderMap) -> bool {
    let said = said.trim_ascii_start();
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    said.is_empty()
        || said.starts_with(b"<")
        || kind.is_some_and(|kind| kind.starts_with(b"text/html"))
}

/// What a document is of which an answer was broken off with this error, which is empty if there is none.
fn broken_off(status: StatusCode, headers: &HeaderMap, error: &[u8], bytes: u64) -> Found {
    let said = match error {
        b"" => Vec::new(),
        error => [b"{\"error\":", error, b"}"].concat(),
    };
    let failure = errors::in_band(status, headers, &said, bytes);
    if said.is_empty() {
        return Found::Fails(failure);
    }
    stands_or_fails(failure)
}

/// What a further try may mend fails; what none would is better said in the server's own words.
fn stands_or_fails(failure: Failure) -> Found {
    if failure.is_transient() {
        Found::Fails(failure)
    } else {
        Found::Stands(failure)
    }
}

pub(super) fn truncated(bytes: usize) -> Failure {
    Failure::new(FailureKind::StreamTruncated)
        .with_phase(Phase::Body)
        .with_delivery(Delivery::Partial {
            bytes: bytes as u64,
        })
}
