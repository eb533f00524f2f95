//! The APIs, and what is different about each.

mod chat;
mod gemini;
mod messages;
mod responses;

use crate::piece::Piece;

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
}

impl Dialect {
    /// Every dialect.
    pub const ALL: &'static [Dialect] = &[
        Dialect::ChatCompletions,
        Dialect::Completions,
        Dialect::Responses,
        Dialect::Messages,
        Dialect::Gemini,
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
        }
    }

    /// Shows `see` everything an event says, in order. `false` when its data can't be read.
    pub(crate) fn read<'a>(self, data: &'a [u8], see: &mut impl FnMut(Piece<'a>)) -> bool {
        match self {
            Dialect::ChatCompletions | Dialect::Completions => chat::events::read(data, see),
            Dialect::Responses => responses::events::read(data, see),
            Dialect::Messages => messages::events::read(data, see),
            Dialect::Gemini => gemini::events::read(data, see),
        }
    }
}
