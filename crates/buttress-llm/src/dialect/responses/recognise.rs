//! The addresses of responses.

use crate::call::facts::Facts;

pub(in crate::dialect) fn path(path: &str) -> bool {
    path.ends_with("/responses")
}

pub(in crate::dialect) fn fits(facts: &Facts) -> bool {
    facts.input || facts.prompt || facts.model
}
