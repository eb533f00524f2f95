//! The addresses of chat completions and completions, as OpenAI has them and all who follow it.

use crate::Dialect;
use crate::call::facts::Facts;

pub(in crate::dialect) fn path(path: &str) -> Option<Dialect> {
    if path.ends_with("/chat/completions") {
        return Some(Dialect::ChatCompletions);
    }
    path.ends_with("/completions")
        .then_some(Dialect::Completions)
}

pub(in crate::dialect) fn fits(dialect: Dialect, facts: &Facts) -> bool {
    match dialect {
        Dialect::ChatCompletions => facts.messages,
        _ => facts.prompt,
    }
}
