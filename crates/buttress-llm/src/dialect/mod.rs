//! The APIs, and what is different about each.

mod chat;
mod gemini;
mod interactions;
mod messages;
pub(crate) mod plain;
mod recognise;
mod responses;

use crate::errors::Told;
use crate::piece::{Lane, Piece};
use std::ops::Range;

/// An API of language models, by the shape of its requests, events and errors.
///
/// Servers that follow OpenAI (SGLang, vLLM, llama.cpp, Ollama's compatible API, OpenRouter, Azure
/// and many more) are [`ChatCompletions`](Dialect::ChatCompletions) and
/// [`Completions`](Dialect::Completions) like OpenAI itself: what they add is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// `POST …/chat/completions`, as OpenAI and all who follow it.
    ChatCompletions,
    /// `POST …/completions`, the older one.
    Completions,
    /// `POST …/responses`, OpenAI's newer one.
    Responses,
    /// `POST …/messages`, Anthropic's.
    Messages,
    /// `POST …:generateContent` and `…:streamGenerateContent`, Gemini's.
    Gemini,
    /// `POST …/interactions`, Gemini's newer one.
    Interactions,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: &'static [Dialect] = &[
        Dialect::ChatCompletions,
        Dialect::Completions,
        Dialect::Responses,
        Dialect::Messages,
        Dialect::Gemini,
        Dialect::Interactions,
    ];

    /// A stable name, in `snake_case`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Dialect::ChatCompletions => "chat_completions",
            Dialect::Completions => "completions",
            Dialect::Responses => "responses",
            Dialect::Messages => "messages",
            Dialect::Gemini => "gemini",
            Dialect::Interactions => "interactions",
        }
    }

    /// Shows `see` everything an event says, in order. `false` when its data can't be read.
    pub(crate) fn read<'a>(self, data: &'a [u8], see: &mut impl FnMut(Piece<'a>)) -> bool {
        match self {
            Dialect::ChatCompletions | Dialect::Completions => chat::events::read(data, see),
            Dialect::Responses => responses::events::read(data, see),
            Dialect::Messages => messages::events::read(data, see),
            Dialect::Gemini => gemini::events::read(data, see),
            Dialect::Interactions => interactions::events::read(data, see),
        }
    }

    /// Whether its documents can say that an answer in them was broken off.
    pub(crate) const fn tells_a_break(self) -> bool {
        matches!(self, Dialect::ChatCompletions | Dialect::Completions)
    }

    /// Whether a document with answers says so of one of them, and where the error is that it tells of it:
    /// nowhere, if there is none.
    pub(crate) fn broken_off(self, document: &[u8]) -> Option<Range<usize>> {
        chat::events::broken_off(document).filter(|_| self.tells_a_break())
    }

    /// An error as the body of a response.
    pub(crate) fn error_document(self, told: &Told<'_>) -> String {
        match self {
            Dialect::ChatCompletions | Dialect::Completions => chat::errors::document(told),
            Dialect::Responses => responses::errors::document(told),
            Dialect::Messages => messages::errors::document(told),
            Dialect::Gemini => gemini::errors::document(told),
            Dialect::Interactions => interactions::errors::document(told),
        }
    }

    /// An error as the last events of a stream.
    pub(crate) fn error_event(self, told: &Told<'_>) -> String {
        match self {
            Dialect::ChatCompletions | Dialect::Completions => chat::errors::event(told),
            Dialect::Responses => responses::errors::event(told),
            Dialect::Messages => messages::errors::event(told),
            Dialect::Gemini => gemini::errors::event(told),
            Dialect::Interactions => interactions::errors::event(told),
        }
    }

    /// Events that say more of these texts, escaped as they are, where the beginning of each was said
    /// by the event that started it. Only interactions begin a text so.
    pub(crate) fn more(self, said: &[(Lane, u64, Vec<u8>)]) -> String {
        match self {
            Dialect::Interactions => interactions::events::more(said),
            _ => String::new(),
        }
    }

    /// What keeps a connection alive in this API's streams, which have begun or not: an event where
    /// there is one for it, because clients such as Codex count events and not comments. The SDKs
    /// for responses take no event before the first one; and Google's for Python takes a comment for
    /// JSON, but passes over an empty line.
    pub(crate) const fn keep_alive(self, begun: bool) -> &'static [u8] {
        match self {
            Dialect::Messages => b"event: ping\ndata: {\"type\": \"ping\"}\n\n",
            Dialect::Responses if begun => b"event: keepalive\ndata: {\"type\":\"keepalive\"}\n\n",
            Dialect::Gemini => b"\n",
            _ => b": keep-alive\n\n",
        }
    }

    /// The marker that ends a stream whose output is whole.
    pub(crate) const fn end(self) -> &'static [u8] {
        match self {
            Dialect::ChatCompletions | Dialect::Completions => b"data: [DONE]\n\n",
            Dialect::Messages => b"event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
            Dialect::Responses | Dialect::Gemini | Dialect::Interactions => b"",
        }
    }
}

#[cfg(test)]
mod tests;
