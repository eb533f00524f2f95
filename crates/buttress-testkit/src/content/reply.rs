//! Answers of language models, in the shapes of the public APIs.
//!
//! Written after the vendors' references: OpenAI's chat completions and Responses, Anthropic's
//! messages, Gemini's `generateContent` and interactions.

mod chat;
mod gemini;
mod interactions;
mod messages;
mod responses;

use super::prf;
use bytes::Bytes;
use serde_json::Value;

/// What a model says: words of which every one is known, and a call of a tool when it is offered
/// some, once.
///
/// The words are a pseudo-random function of seed and version; ids and times are those of the
/// request, as they are in real life: the same words come under another id each time.
///
/// ```
/// use buttress_testkit::{Api, Reply};
///
/// let reply = Reply::new(7, 1, 12);
/// assert_eq!(reply.text().split(' ').count(), 12);
/// assert_ne!(reply.text(), reply.with_version(2).text());
///
/// let api = Api::of("/v1/chat/completions").expect("is one");
/// let events = reply.events(api, 1, false);
/// assert_eq!(events.last().expect("there are some"), "data: [DONE]\n\n");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reply {
    /// What tells one test's words from another's.
    pub seed: u64,
    /// What tells one answer from the next: a model that is asked again need not say the same.
    pub version: u64,
    /// How many words there are.
    pub words: usize,
}

/// An API of language models.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Api {
    /// OpenAI's chat completions, which many servers speak.
    Chat,
    /// OpenAI's Responses.
    Responses,
    /// Anthropic's messages.
    Messages,
    /// Gemini's `generateContent` and `streamGenerateContent`.
    Gemini,
    /// Gemini's interactions.
    Interactions,
}

impl Api {
    /// All of them.
    pub const ALL: [Api; 5] = [
        Api::Chat,
        Api::Responses,
        Api::Messages,
        Api::Gemini,
        Api::Interactions,
    ];

    /// The API that is called at this path, if it is one.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        let path = path.split('?').next().unwrap_or_default();
        [
            ("/chat/completions", Api::Chat),
            ("/responses", Api::Responses),
            ("/messages", Api::Messages),
            (":generateContent", Api::Gemini),
            (":streamGenerateContent", Api::Gemini),
            ("/interactions", Api::Interactions),
        ]
        .into_iter()
        .find_map(|(end, api)| path.ends_with(end).then_some(api))
    }

    /// A path at which it is called for an event stream.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Api::Chat => "/v1/chat/completions",
            Api::Responses => "/v1/responses",
            Api::Messages => "/v1/messages",
            Api::Gemini => "/v1beta/models/test:streamGenerateContent?alt=sse",
            Api::Interactions => "/v1beta/interactions",
        }
    }

    /// The smallest request for an event stream.
    #[must_use]
    pub fn request(self) -> Bytes {
        Bytes::from_static(match self {
            Api::Chat => {
                br#"{"model":"test","stream":true,"messages":[{"role":"user","content":"Hello"}]}"#
            }
            Api::Responses => br#"{"model":"test","stream":true,"input":"Hello"}"#,
            Api::Messages => {
                br#"{"model":"test","max_tokens":999,"stream":true,"messages":[{"role":"user","content":"Hello"}]}"#
            }
            Api::Gemini => br#"{"contents":[{"role":"user","parts":[{"text":"Hello"}]}]}"#,
            Api::Interactions => br#"{"model":"test","store":false,"stream":true,"input":"Hello"}"#,
        })
    }

    /// Whether a request asks for an event stream.
    #[must_use]
    pub fn streams(self, path: &str, body: &[u8]) -> bool {
        match self {
            Api::Gemini => path.contains(":streamGenerateContent"),
            _ => field(body, "stream").as_bool() == Some(true),
        }
    }
}

impl Reply {
    /// So many words for this seed and version.
    #[must_use]
    pub const fn new(seed: u64, version: u64, words: usize) -> Self {
        Reply {
            seed,
            version,
            words,
        }
    }

    /// The answer of another time.
    #[must_use]
    pub const fn with_version(mut self, version: u64) -> Self {
        self.version = version;
        self
    }

    /// All words.
    #[must_use]
    pub fn text(&self) -> String {
        (0..self.words).map(|n| self.word(n)).collect()
    }

    /// The arguments that the tool is called with.
    #[must_use]
    pub fn arguments(&self) -> String {
        format!(
            "{{\"query\":\"{}\",\"count\":{}}}",
            self.word(1).trim(),
            self.version
        )
    }

    /// A word, and the space after it unless it is the last.
    fn word(&self, n: usize) -> String {
        let block = prf::block(prf::key(self.seed, self.version), n as u64);
        let length = 2 + usize::from(block[0] % 7);
        let letter = |b: &u8| char::from(b'a' + b % 26);
        let mut word: String = block
            .iter()
            .cycle()
            .skip(1)
            .take(length)
            .map(letter)
            .collect();
        if n + 1 < self.words {
            word.push(' ');
        }
        word
    }

    /// The events of the answer to request `number`.
    #[must_use]
    pub fn events(&self, api: Api, number: usize, tool: bool) -> Vec<Bytes> {
        match api {
            Api::Chat => chat::events(self, number, tool),
            Api::Responses => responses::events(self, number, tool),
            Api::Messages => messages::events(self, number, tool),
            Api::Gemini => gemini::events(self, number, tool),
            Api::Interactions => interactions::events(self, number, tool),
        }
    }

    /// The answer to request `number` in one piece.
    #[must_use]
    pub fn whole(&self, api: Api, number: usize, tool: bool) -> Bytes {
        let json = match api {
            Api::Chat => chat::whole(self, number, tool),
            Api::Responses => responses::whole(self, number, tool),
            Api::Messages => messages::whole(self, number, tool),
            Api::Gemini => gemini::whole(self, number, tool),
            Api::Interactions => interactions::whole(self, number, tool),
        };
        Bytes::from(json.to_string())
    }
}

/// The name of the tool that is called when some are offered.
pub const TOOL: &str = "look_up";

/// Whether a tool is called: one is offered, and none has answered yet.
pub(crate) fn calls_tool(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    let answers = [
        "function_call_output",
        "\"tool\"",
        "tool_result",
        "functionResponse",
        "function_result",
    ];
    let offers = field(body, "tools")
        .as_array()
        .is_some_and(|tools| !tools.is_empty());
    offers && !answers.iter().any(|answer| text.contains(answer))
}

fn field(body: &[u8], name: &str) -> Value {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    body[name].clone()
}

/// An event without a name.
fn event(data: &Value) -> Bytes {
    Bytes::from(format!("data: {data}\n\n"))
}

/// An event whose name is the type that its data says.
fn named(data: &Value) -> Bytes {
    let name = data["type"].as_str().unwrap_or("message");
    Bytes::from(format!("event: {name}\ndata: {data}\n\n"))
}

/// The same, where that is a member of another name.
fn event_of(data: &Value) -> Bytes {
    let name = data["event_type"].as_str().unwrap_or("message");
    Bytes::from(format!("event: {name}\ndata: {data}\n\n"))
}

/// When the answer was made: another second for each.
fn created(number: usize) -> usize {
    1_780_000_000 + number
}

/// Text in two halves, as arguments of a tool come in pieces.
fn halves(text: &str) -> [&str; 2] {
    let (first, second) = text.split_at(text.len() / 2);
    [first, second]
}
