//! Text, the last resort: errors of other runtimes arrive as nothing else.
//!
//! A text is brought into a [normal form](normal) once. Then tables of rules are asked one after
//! another, and the first that knows the text decides. Their order is the precedence:
//!
//! 1. somebody between who speaks for himself: proxies, gateways, filters;
//! 2. what APIs say in words or codes, because a status or a wrapper beside it says less;
//! 3. statuses, because then there was an answer, whatever words stand in it;
//! 4. certificates and handshakes, and waits that name what they waited for;
//! 5. error numbers and their names, on whatever system, because words are localised;
//! 6. what words and close codes tell of names, connections, HTTP/2, streams, and the protocol;
//! 7. bare numbers, names of classes, and last the wrappers that only say that something broke.
//!
//! A body that the text quotes is read before its words, as [`body`](super::body()) reads it, where it
//! names a code or a status: names of members and codes are no sentences.
//!
//! Two things are read apart: [advice], which names what may be at fault and nothing that happened,
//! and the [cause] that stands behind what was tried, where it tells of the connection.
//!
//! A status that the text mentions for certain has a veto on what was found before it: words that
//! cannot stand beside it were about something else. Where the status is known from the response
//! itself, [`body`](super::body()) asks for the words alone.
//!
//! Each table lives in the file of its topic. A list of words with another list beside it knows
//! sentences that nobody has written down yet; such rules are called ideas and are asked late, but
//! those of the APIs before everything about connections where a status is known.
//!
//! Phrases and ideas need each other. Of strings that came after the rows, phrases alone know 3 to 5 %
//! fewer of what APIs say, and so do ideas alone; to ask the ideas first gains nothing. Without those
//! phrases that no known string needs, a third of all, 2 % fewer are known of what transports say.

mod advice;
mod cancel;
mod cause;
mod closed;
mod code;
mod connect;
mod curl;
mod decode;
mod dns;
pub(super) mod find;
mod gateway;
mod generic;
mod grpc;
mod http2;
mod llm;
mod localised;
mod mask;
pub(super) mod normal;
mod protocol;
mod proxy;
pub(super) mod rule;
mod server;
mod status;
mod stream;
mod timeout;
mod tls;
mod trace;
mod websocket;

use self::find::{Pairs, Words};
use self::rule::{Rule, first, uncertain};
use super::trust::allows;
use super::{Classification, body};
use crate::{FailureKind, Phase};

/// One source of verdicts.
enum Step {
    Table(&'static [Rule]),
    /// One that only tells what was tried: what stands behind it says more.
    Tried(&'static [Rule]),
    Ask(fn(Words<'_>) -> Option<Classification>),
    /// One that is asked only where nothing is known but the text: what it reads, a status says better.
    Alone(fn(Words<'_>) -> Option<Classification>),
    /// A table that is asked only where a status is known: then no connection broke, and no rule
    /// about one needs to be asked before it.
    Beside(&'static [Rule]),
}

use Step::{Alone, Ask, Beside, Table, Tried};

static STEPS: &[Step] = &[
    Table(grpc::CERTAIN),
    Table(proxy::RULES),
    Table(localised::PROXIES),
    Table(gateway::RULES),
    Table(llm::size::RULES),
    Table(llm::limit::RULES),
    Table(llm::content::RULES),
    Table(llm::access::RULES),
    Table(server::OF_MODELS),
    Table(llm::request::RULES),
    Beside(llm::ideas::RULES),
    Table(gateway::UNAVAILABLE),
    Beside(gateway::NAMED),
    Table(dns::RULES),
    Table(tls::CERTAIN),
    Alone(status::certain),
    Table(decode::CERTAIN),
    Ask(code::numbered),
    Table(timeout::CERTAIN),
    Ask(code::named),
    Table(connect::RULES),
    Table(cancel::RULES),
    Ask(http2::numbered),
    Table(http2::RULES),
    Ask(websocket::closed),
    Table(websocket::RULES),
    Table(localised::RULES),
    Table(stream::RULES),
    Table(closed::RULES),
    Table(protocol::RULES),
    Table(decode::RULES),
    Ask(timeout::rest),
    Tried(connect::REST),
    Table(tls::REST),
    Alone(status::likely),
    Table(llm::chinese::RULES),
    Table(generic::UNANSWERED),
    Table(server::RULES),
    Table(llm::rest::RULES),
    Alone(llm::rest::later),
    Ask(curl::exit),
    Table(closed::REST),
    Table(grpc::RULES),
    Table(protocol::REST),
    Table(gateway::NAMED),
    Table(gateway::REST),
    Alone(gateway::page),
    Table(proxy::REST),
    Table(dns::REST),
    Table(localised::IDEAS),
    Table(closed::IDEAS),
    Table(decode::IDEAS),
    Table(llm::ideas::RULES),
    Table(cancel::REST),
    Alone(llm::request::wrong),
];
/// The last, which only say that something broke.
static WRAPPERS: &[Step] = &[Table(generic::RULES), Table(closed::LAST)];

/// Classifies the text of an error, or says nothing about one it does not know.
///
/// At most 20 KiB of the text are read: its beginning and its end. JSON in it is read as the body of
/// an answer if it names a code or a status. `delivery` is
/// [`NotSent`](crate::Delivery::NotSent) or [`Refused`](crate::Delivery::Refused) only where the
/// text leaves no doubt; a status that it mentions is not taken for an answer of ours.
///
/// ```
/// use buttress_core::{Delivery, FailureKind, classify};
///
/// // Another runtime, another system, another language: the number decides.
/// let class = classify::text("写入失败：远程主机强迫关闭了一个现有的连接。 (os error 10054)").unwrap();
/// assert_eq!(class.kind, FailureKind::ConnectionReset);
///
/// let class = classify::text("FetchError: connect ECONNREFUSED 127.0.0.1:11434").unwrap();
/// assert_eq!(class.delivery, Delivery::NotSent);
///
/// // Quota is not rate, whatever the status says.
/// let class = classify::text("429 You exceeded your current quota, please check your plan").unwrap();
/// assert_eq!(class.kind, FailureKind::QuotaExhausted);
/// assert!(!class.transient);
///
/// // The code in a body that the text quotes beats the words around it.
/// let text = r#"Error: 500 {"error":{"type":"overloaded_error","message":"Internal error"}}"#;
/// assert_eq!(classify::text(text).unwrap().kind, FailureKind::Overloaded);
///
/// assert_eq!(classify::text("the cat sat on the mat"), None);
/// ```
#[must_use]
pub fn text(text: &str) -> Option<Classification> {
    body::within(text).or_else(|| alone(text))
}

/// What a text says in words.
pub(super) fn alone(text: &str) -> Option<Classification> {
    let said = |words: Words<'_>| {
        cause::within(words)
            .filter(|_| status::certain(words).is_none())
            .and_then(|inner| decide(inner, true, |kind| !blames(kind)))
            .or_else(|| decide(words, true, |_| true))
    };
    normal::facts(text)
        .and_then(|facts| with_normal(&facts, said))
        .or_else(|| with_words(text, said))
}

/// What a text says beside the statuses that it mentions, for those who know the status: the first
/// of its rules that `fits` what they know.
pub(super) fn beside_status(
    text: &str,
    fits: impl Fn(FailureKind) -> bool,
) -> Option<Classification> {
    let said = |words: Words<'_>| decide(words, false, &fits);
    normal::facts(text)
        .and_then(|facts| with_normal(&facts, said))
        .or_else(|| with_words(text, said))
}

/// Whether a text says of a request that was refused that the server is at fault.
pub(super) fn blames_server(text: &str) -> bool {
    with_words(text, llm::rest::blames_server)
}

/// Whether it is the request that was wrong, which is nothing internal.
fn blames(kind: FailureKind) -> bool {
    use FailureKind::{BadRequest, NotFound, Permission};
    matches!(kind, BadRequest | NotFound | Permission)
}

/// Whether it says no more than that it was not the client.
fn blames_somebody(kind: FailureKind) -> bool {
    matches!(kind, FailureKind::BadGateway | FailureKind::ServerError)
}

/// Whether a text mentions a status.
pub(super) fn has_status(text: &str) -> bool {
    with_words(text, |words| {
        status::certain(words)
            .or_else(|| status::likely(words))
            .is_some()
    })
}

fn with_words<T>(text: &str, then: impl FnOnce(Words<'_>) -> T) -> T {
    with_normal(&normal::normal(text), then)
}

fn with_normal<T>(text: &str, then: impl FnOnce(Words<'_>) -> T) -> T {
    let pairs = Pairs::of(text);
    then(Words {
        text,
        pairs: &pairs,
    })
}

fn decide(
    words: Words<'_>,
    statuses: bool,
    fits: impl Fn(FailureKind) -> bool,
) -> Option<Classification> {
    let named = statuses && gateway::is_named(words);
    let fits = |kind| fits(kind) && (!named || gateway::is_reason(kind));
    let (said, tried) = first_of(STEPS.iter().chain(WRAPPERS), words, statuses, fits)?;
    let status = statuses.then(|| status::certain(words)).flatten();
    let class = match status {
        // Words that a status beside them rules out were about something else.
        Some(status) if status.kind != said.kind && !allows(status.kind, said.kind) => status,
        // One that says who is at fault needs no gateway that says less.
        Some(status) if status.kind == FailureKind::Overloaded && blames_somebody(said.kind) => {
            status
        }
        None if statuses && (tried || speaks(said.kind)) => {
            let reason = reason(words, tried).filter(|class| fits(class.kind));
            // What cannot be read may be the request that was refused.
            let refused = said.kind == FailureKind::BadRequest;
            let reason = reason.filter(|class| !(refused && class.kind == FailureKind::Decode));
            reason.unwrap_or(said)
        }
        _ => said,
    };
    Some(if named || words.has_any(REPEATED) {
        uncertain(class)
    } else {
        class
    })
}

/// What the first step says that knows the text, and whether it only tells what was tried.
fn first_of<'a>(
    mut steps: impl Iterator<Item = &'a Step>,
    words: Words<'_>,
    statuses: bool,
    fits: impl Fn(FailureKind) -> bool,
) -> Option<(Classification, bool)> {
    steps.find_map(|step| {
        let said = match step {
            Table(rules) | Tried(rules) => first(rules, words, &fits),
            Ask(ask) => ask(words).filter(|class| fits(class.kind)),
            Alone(ask) if statuses => ask(words).filter(|class| fits(class.kind)),
            Beside(rules) if !statuses => first(rules, words, &fits),
            Alone(_) | Beside(_) => None,
        };
        said.map(|class| (class, matches!(step, Tried(_))))
    })
}

/// Whether it is what a server says, in words and not by what becomes of the connection.
fn speaks(kind: FailureKind) -> bool {
    use FailureKind::*;
    matches!(
        kind,
        Auth | Permission
            | NotFound
            | BadRequest
            | RateLimited
            | QuotaExhausted
            | Overloaded
            | ContextLength
            | ContentFiltered
            | PayloadTooLarge
            | ServerError
    )
}

/// How many errands within one another are looked through.
const ERRANDS: usize = 4;

/// What became of the connection on the errand that `words` name; if `strong`, no wrapper counts.
fn reason(words: Words<'_>, strong: bool) -> Option<Classification> {
    let wrappers = if strong { &[] } else { WRAPPERS };
    let steps = || STEPS.iter().chain(wrappers);
    std::iter::successors(cause::behind(words), |words| cause::behind(*words))
        .take(ERRANDS)
        .filter_map(|reason| first_of(steps(), reason, true, |_| true))
        .find(|(class, tried)| !(strong && *tried || speaks(class.kind)))
        .map(|(class, _)| match class.phase {
            // Nothing can be cut that has not begun.
            Phase::Body if strong => rule::CLOSED,
            _ => class,
        })
}

/// What shows that the error is the last of several: what became of the others nobody knows.
const REPEATED: &[&str] = &[
    "last error",
    "max retries exceeded*",
    "retries exhausted",
    "after .. attempts",
    "after .. retries",
    "attempt .. of",
    "(attempt*",
];

#[cfg(test)]
mod tests;
