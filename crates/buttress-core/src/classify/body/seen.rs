//! What the members of a body say, before anything is concluded from it.

use super::pairs::{Pair, Value, elements, pairs};
use super::{code, finish, number};
use crate::classify::Classification;
use http::header::HeaderName;
use http::{HeaderMap, StatusCode};

/// Where AWS names the exception of an answer.
const AMAZON_ERROR: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// What the pairs of a body say.
#[derive(Debug, Default)]
pub(super) struct Seen<'a> {
    /// Names that say what failed.
    pub(super) codes: Vec<&'a str>,
    /// A status.
    pub(super) number: Option<i64>,
    /// What a vendor's number means.
    pub(super) own: Option<Classification>,
    /// That number has five digits or more, which nobody else's number has.
    pub(super) is_long: bool,
    /// Why an answer ended, if that was a failure.
    pub(super) finish: Option<Classification>,
    /// A filter stopped the input.
    pub(super) blocked: bool,
    pub(super) retryable: Option<bool>,
    /// It has members, so its words alone do not count.
    pub(super) structured: bool,
    pub(super) page: bool,
    /// Words quote it, as a client does that reports what it was told.
    pub(super) quoted: bool,
    /// The body itself says that something failed.
    pub(super) failed: bool,
    /// What it says in sentences.
    pub(super) messages: String,
    /// The reason phrase of a status, which counts where no other message stands beside it.
    reason: Option<&'a str>,
    /// A member names or numbers a failure.
    named: bool,
    /// Another one holds an answer.
    answer: bool,
}

// The names of members are compared without their marks and in small letters: `error_code`,
// `errorCode` and `ErrorCode` are one.

/// Members whose values are codes.
const CODES: &[&str] = &[
    "code",
    "type",
    "status",
    "reason",
    "error",
    "errorcode",
    "errcode",
    "errortype",
    "errorname",
    "exceptiontype",
    "statusname",
    "kind",
    "quotaid",
];
/// Members whose values are statuses.
const NUMBERS: &[&str] = &[
    "code",
    "status",
    "statuscode",
    "errorcode",
    "errcode",
    "httpstatuscode",
    "httpstatus",
    "httpcode",
    "type",
];
/// What the names of members end with whose values are sentences.
const MESSAGES: &[&str] = &[
    "message",
    "msg",
    "detail",
    "details",
    "description",
    "title",
    "error",
    "errortext",
    "raw",
    "reason",
    "cause",
    "faultstring",
    "exception",
];
/// Members that hold an answer.
const ANSWERS: &[&str] = &[
    "candidates",
    "choices",
    "content",
    "data",
    "embeddings",
    "output",
    "outputs",
    "result",
    "results",
];

impl<'a> Seen<'a> {
    pub(super) fn of(words: &'a str, headers: &'a HeaderMap) -> Self {
        let mut seen = Seen::default();
        for label in bracketed(words) {
            match label.parse() {
                Ok(number) => seen.own = seen.own.or(number::of("code", number)),
                Err(_) => seen.codes.push(label),
            }
        }
        let start = words.trim_start().trim_start_matches('\u{feff}');
        seen.page = start.starts_with('<');
        for pair in pairs(words) {
            seen.structured |= pair.outer;
            seen.add(&pair);
        }
        if seen.page {
            let coded = elements(words).filter(|pair| CODES.contains(&&*plain(pair.key)));
            coded.for_each(|pair| seen.add(&pair));
        }
        if seen.messages.is_empty() {
            seen.messages.push_str(seen.reason.unwrap_or_default());
        }
        seen.quoted = seen.structured && begins_in_words(words);
        // Words alone: there is nothing they could be but an error.
        seen.failed |= !seen.structured || seen.page || seen.quoted;
        seen.failed |= seen.named && !seen.answer && !seen.messages.is_empty();
        seen.read_event(words);
        seen.read_header(headers);
        seen
    }

    /// What an event of an event stream says beside its data: its name, and a status that DashScope
    /// puts into a comment.
    fn read_event(&mut self, words: &str) {
        for line in words.lines().take_while(|line| !line.starts_with("data:")) {
            let (field, value) = line.split_once(':').unwrap_or_default();
            self.failed |= field == "event" && value.trim() == "error";
            if field.is_empty() {
                let status = value.strip_prefix("HTTP_STATUS/");
                self.number = self.number.or(status.and_then(|it| it.trim().parse().ok()));
            }
        }
    }

    /// The name of an exception that the whole begins with.
    pub(super) fn read_name(&mut self, words: &'a str) {
        self.codes.extend(name_of_exception(words));
        self.codes.extend(name_in_brackets(words));
    }

    fn read_header(&mut self, headers: &'a HeaderMap) {
        let name = headers
            .get(AMAZON_ERROR)
            .and_then(|name| name.to_str().ok())
            .and_then(|name| name.split([':', ',']).next());
        self.codes.extend(name);
    }

    fn tell(&mut self, said: &str) {
        let said = said.trim();
        // The name of a field or a member, whose value follows.
        let label = said.ends_with("data:") || said.ends_with("\":");
        if !said.is_empty() && !label {
            self.messages.push_str(said);
            // No phrase reaches from one message into the next.
            self.messages.push_str(" | ");
        }
    }

    fn add(&mut self, pair: &Pair<'a>) {
        let key = &*plain(pair.key);
        // In an event stream AWS names the member by the exception.
        if pair.outer && pair.key.ends_with("Exception") {
            self.codes.push(pair.key);
            self.failed = true;
        }
        match pair.value {
            Value::Text(text) if !text.contains(char::is_whitespace) && CODES.contains(&key) => {
                self.codes.push(text);
            }
            Value::Text(text) => {
                let sentence = MESSAGES.iter().any(|end| key.ends_with(end)) && !is_end(key);
                // A document in a string is read member by member.
                if is_reason(text) {
                    self.reason = Some(text);
                } else if sentence {
                    self.tell(before_document(text));
                }
            }
            Value::Number(number) if NUMBERS.contains(&key) => {
                // The innermost document of several knows best, and comes last.
                if let Some(class) = number::of(key, number) {
                    self.own = Some(class);
                    self.is_long = number >= 10_000;
                }
                if (400..=599).contains(&number) {
                    self.number = Some(number);
                }
            }
            _ => {}
        }
        if matches!(key, "retryable" | "shouldretry" | "isretryable") {
            self.retryable = match pair.value {
                Value::Nothing => Some(false),
                Value::Other => Some(true),
                _ => self.retryable,
            };
        }
        if let Value::Text(reason) = pair.value {
            self.finish = self.finish.or(finish::of(reason).filter(|_| is_end(key)));
        }
        self.blocked |= key == "blockreason" && matches!(pair.value, Value::Text(_));
        if pair.outer {
            self.failed |= failed(key, pair.value);
            self.named |= names_failure(key, pair.value);
            self.answer |= pair.value == Value::Other && ANSWERS.contains(&key);
        }
    }
}

/// Whether a sentence stands before the members, or a name for what failed, and no field of an event
/// stream.
fn begins_in_words(text: &str) -> bool {
    let text = text.trim_start();
    let before = text.split(['{', '[']).next().unwrap_or_default();
    let fields = ["data:", "event:", "id:", "retry:"];
    before.starts_with(char::is_alphanumeric)
        && (before.trim_end().contains(' ') || matches!(before.trim_end(), "error" | "exception"))
        // A field that nobody knows may stand before those of an event stream.
        && !before
            .lines()
            .any(|line| fields.iter().any(|field| line.starts_with(field)))
}

/// The words of a message before the document in it, which is read member by member.
fn before_document(text: &str) -> &str {
    let mut brackets = text.match_indices(['{', '[']);
    let document = brackets.find(|(at, _)| {
        // Strings in strings escape their quotes and the ends of their lines.
        let inside = text.get(*at..).unwrap_or_default();
        let inside = inside.trim_start_matches(['{', '[', ' ', '\n', '\\', 'n', 'r']);
        inside.starts_with(['"', '\''])
    });
    document.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// Whether a text only spells out a status, such as `Service Unavailable`.
fn is_reason(text: &str) -> bool {
    (400..=599)
        .filter_map(|code| StatusCode::from_u16(code).ok()?.canonical_reason())
        .any(|reason| text.eq_ignore_ascii_case(reason))
}

/// A name without its marks, in small letters.
fn plain(key: &str) -> String {
    let letters = key.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

/// Codes between brackets: `Upstream request failed: [server_error] ...`, and Zhipu's
/// `[1308][Usage limit reached][...]`. Elsewhere a name between brackets is the label of a log, or a member.
fn bracketed(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('[').take(4).filter_map(|(at, _)| {
        let (before, part) = (text.get(..at)?, text.get(at + 1..)?);
        let (label, rest) = part.split_once(']')?;
        let of = |name: fn(&u8) -> bool| label.bytes().all(|byte| name(&byte));
        let is_told = ["failed: ", "Error: ", "error: "];
        let is_told = is_told.iter().any(|told| before.ends_with(told)) && rest.starts_with(' ');
        let code = is_told && of(|b| b.is_ascii_lowercase() || *b == b'_') && label.contains('_');
        let is_last = rest.is_empty() || rest.starts_with('[');
        let number = is_last && label.len() == 4 && of(u8::is_ascii_digit);
        (code || number).then_some(label)
    })
}

/// What the names of Java's and .NET's own exceptions begin with, which no answer has: what they mean
/// is in the words behind them.
const OF_CONNECTIONS: [&str; 8] = [
    "Socket",
    "Connect",
    "SSL",
    "IO",
    "EOF",
    "Http",
    "UnknownHost",
    "NoRouteToHost",
];

/// The name of an error that a text begins with, or of an exception that it consists of: AWS names
/// what it throws. The names of clients' classes end in `Error` and say less; what begins small, such
/// as `rateLimiter: connection lost`, is a part of a program.
fn name_of_exception(text: &str) -> Option<&str> {
    let text = text.trim();
    let (name, rest) = text.split_at_checked(
        text.find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(text.len()),
    )?;
    let named = if rest.is_empty() {
        name.ends_with("Exception")
    } else {
        let words = name.trim_start_matches(|c: char| c.is_ascii_uppercase());
        name.len() > words.len()
            && words.contains(|c: char| c.is_ascii_uppercase())
            && !name.ends_with("Error")
            && rest.starts_with(": ")
    };
    let theirs =
        name.ends_with("Exception") && OF_CONNECTIONS.iter().any(|of| name.starts_with(of));
    (named && !theirs).then_some(name)
}

/// The name that AWS's clients for Python put between brackets: `An error occurred (Name) when calling`.
fn name_in_brackets(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("An error occurred (")?;
    let (name, rest) = rest.split_once(')')?;
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_name && rest.trim_start().starts_with("when calling")).then_some(name)
}

/// Whether a member says why an answer ended.
fn is_end(key: &str) -> bool {
    matches!(key, "finishreason" | "stopreason")
}

/// Whether a member says that the whole is an error.
fn failed(key: &str, value: Value<'_>) -> bool {
    match (key, value) {
        ("error" | "errors", value) => value != Value::Nothing,
        ("object" | "type" | "event", Value::Text(text)) => {
            text == "error" || text.ends_with(".failed") || text.ends_with("_error")
        }
        (key, Value::Text(text)) if is_end(key) => text == "error" || finish::of(text).is_some(),
        ("reason", Value::Text(text)) => text == "content_filter",
        ("blockreason" | "errormessage" | "errormsg" | "errorcode" | "exceptiontype", value) => {
            !matches!(value, Value::Nothing | Value::Number(0))
        }
        _ => false,
    }
}

/// Whether a member numbers or names a failure, where there is a message beside it and no answer:
/// `{"code":336501,"msg":"..."}`. Zero, a status of success and what is built of one are no
/// failures.
fn names_failure(key: &str, value: Value<'_>) -> bool {
    let code = matches!(key, "code" | "errcode" | "retcode" | "statuscode");
    match value {
        Value::Number(number) => {
            let fails = (400..=599).contains(&number) || !(0..1_000).contains(&number);
            fails && number % 10_000 != 0 && (code || key == "status")
        }
        Value::Text(text) => code && code::of([text].into_iter()).is_some(),
        _ => false,
    }
}
