//! The addresses of interactions: `/v1beta/interactions` at the Gemini API, and below a project and a
//! location at Vertex AI.

use crate::call::facts::Facts;

pub(in crate::dialect) fn path(path: &str) -> bool {
    path.ends_with("/interactions")
}

/// A model or an agent, and something for it to do: what was said before will do.
pub(in crate::dialect) fn fits(facts: &Facts) -> bool {
    facts.model && facts.input
}
