//! Responses that have to prove themselves before they are passed on.

mod array;
mod body;
mod events;
mod future;
mod held;
mod judge;
mod layer;
mod look;

pub use self::body::AnswerBody;
pub use self::future::AnswerFuture;
pub use self::layer::{Answer, AnswerLayer};

#[cfg(test)]
mod tests;
