//! The addresses of Gemini, at the Gemini API and at Vertex AI.

use crate::call::facts::Facts;

/// Whether it is one, and then whether it asks for an event stream. Without `alt=sse` a stream is
/// one JSON array that grows.
pub(in crate::dialect) fn path(path: &str, query: Option<&str>) -> Option<bool> {
    if path.ends_with(":generateContent") {
        return Some(false);
    }
    let events = || query.is_some_and(|query| query.split('&').any(|part| part == "alt=sse"));
    path.ends_with(":streamGenerateContent").then(events)
}

pub(in crate::dialect) fn fits(facts: &Facts) -> bool {
    facts.contents
}
