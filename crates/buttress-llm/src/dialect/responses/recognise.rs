//! The addresses of responses.

use crate::call::facts::Facts;

pub(in crate::dialect) fn path(path: &str) -> bool {
    path.ends_with("/responses")
}

/// Whether a `GET` reads the events of a response that was begun before.
pub(in crate::dialect) fn reading(path: &str, query: Option<&str>) -> bool {
    let of_one = path
        .rsplit_once('/')
        .is_some_and(|(before, id)| before.ends_with("/responses") && !id.is_empty());
    of_one && query.is_some_and(|query| query.split('&').any(|part| part == "stream=true"))
}

pub(in crate::dialect) fn fits(facts: &Facts) -> bool {
    facts.input || facts.prompt || facts.model
}
