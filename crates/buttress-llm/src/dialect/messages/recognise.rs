//! The addresses of messages: Anthropic's own, and Vertex AI's for its models.

use crate::call::facts::Facts;

pub(in crate::dialect) fn path(path: &str) -> bool {
    let raw = path.ends_with(":rawPredict") || path.ends_with(":streamRawPredict");
    if raw {
        return path.contains("/publishers/anthropic/");
    }
    // OpenAI's assistants have messages too, in threads.
    path.ends_with("/messages") && !path.contains("/threads/")
}

pub(in crate::dialect) fn fits(facts: &Facts) -> bool {
    facts.messages && facts.max_tokens
}
