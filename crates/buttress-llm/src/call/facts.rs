//! What a request or an answer says about itself.

/// What is known of a JSON document's outermost members so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "a list of independent facts")]
pub(crate) struct Facts {
    /// The document has ended.
    pub(crate) whole: bool,
    /// It is none.
    pub(crate) odd: bool,
    pub(crate) stream: bool,
    pub(crate) background: bool,
    pub(crate) not_stored: bool,
    /// It names what was answered before by its id.
    pub(crate) chained: bool,
    /// How many answers are wanted, if that is said.
    pub(crate) answers: Answers,
    pub(crate) messages: bool,
    pub(crate) max_tokens: bool,
    pub(crate) prompt: bool,
    /// There are several prompts, so that nobody can tell how many answers there will be.
    pub(super) prompts: bool,
    pub(crate) input: bool,
    pub(crate) contents: bool,
    pub(crate) model: bool,
    /// It has an `error` that is not null.
    pub(crate) error: bool,
    /// It has a list of what a model says.
    pub(crate) answer: bool,
}

/// How many answers a request wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Answers {
    #[default]
    One,
    /// So many; 0 when that can't be told.
    Many(u32),
}

impl Answers {
    /// By a value of JSON.
    fn of(value: &[u8]) -> Self {
        match value {
            b"1" | b"null" => Answers::One,
            _ => {
                let text = std::str::from_utf8(value);
                Answers::Many(text.ok().and_then(|text| text.parse().ok()).unwrap_or(0))
            }
        }
    }
}

/// The members that are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Name {
    /// Not in any.
    #[default]
    None,
    Other,
    Stream,
    Background,
    Store,
    N,
    GenerationConfig,
    CandidateCount,
    Messages,
    MaxTokens,
    Prompt,
    Input,
    PreviousResponse,
    Conversation,
    Contents,
    Model,
    Error,
    Answer,
}

impl Name {
    pub(crate) fn of(name: &[u8]) -> Self {
        match name {
            b"stream" => Name::Stream,
            b"background" => Name::Background,
            b"store" => Name::Store,
            b"n" => Name::N,
            b"generationConfig" | b"generation_config" => Name::GenerationConfig,
            b"candidateCount" | b"candidate_count" => Name::CandidateCount,
            b"messages" => Name::Messages,
            b"max_tokens" | b"anthropic_version" => Name::MaxTokens,
            b"prompt" => Name::Prompt,
            b"input" | b"previous_interaction_id" => Name::Input,
            b"previous_response_id" => Name::PreviousResponse,
            b"conversation" => Name::Conversation,
            b"contents" => Name::Contents,
            b"model" | b"agent" => Name::Model,
            b"error" => Name::Error,
            b"choices" | b"output" | b"content" | b"candidates" | b"steps" | b"outputs" => {
                Name::Answer
            }
            _ => Name::Other,
        }
    }
}

impl Facts {
    /// There is a member of this name.
    pub(super) fn member(&mut self, name: Name) {
        match name {
            Name::Messages => self.messages = true,
            Name::MaxTokens => self.max_tokens = true,
            Name::Prompt => self.prompt = true,
            Name::Input | Name::PreviousResponse => self.input = true,
            Name::Contents => self.contents = true,
            Name::Model => self.model = true,
            _ => {}
        }
    }

    /// The member at this path has this value; of strings, objects and arrays the first byte.
    pub(super) fn value(&mut self, path: [Name; 2], value: &[u8]) {
        let yes = value == b"true";
        match path {
            [Name::Stream, Name::None] => self.stream = yes,
            [Name::Background, Name::None] => self.background = yes,
            [Name::Store, Name::None] => self.not_stored = value == b"false",
            [Name::PreviousResponse | Name::Conversation, Name::None] => {
                self.chained |= value != b"null";
            }
            [Name::N, Name::None] | [Name::GenerationConfig, Name::CandidateCount]
                if !self.prompts =>
            {
                self.answers = Answers::of(value);
            }
            // So many for each prompt; unless it is one, in tokens.
            [Name::Prompt, Name::None] if value == b"[" => {
                self.prompts = true;
                self.answers = Answers::Many(0);
            }
            [Name::Error, Name::None] => self.error = value != b"null",
            [Name::Answer, Name::None] => self.answer |= value == b"[",
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_every_spelling() {
        for (names, expected) in [
            (
                &["generationConfig", "generation_config"][..],
                Name::GenerationConfig,
            ),
            (&["candidateCount", "candidate_count"], Name::CandidateCount),
            (&["max_tokens", "anthropic_version"], Name::MaxTokens),
            (&["input", "previous_interaction_id"], Name::Input),
            (&["previous_response_id"], Name::PreviousResponse),
            (&["conversation"], Name::Conversation),
            (&["model", "agent"], Name::Model),
            // Interactions named them so before they were steps.
            (&["steps", "outputs"], Name::Answer),
            (&["", "N", "messages ", "stream_options"], Name::Other),
        ] {
            for name in names {
                assert_eq!(Name::of(name.as_bytes()), expected, "{name}");
            }
        }
    }
}
