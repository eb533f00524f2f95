//! What only LLM APIs have.

mod answer;
mod call;
mod dialect;
mod errors;
mod join;
mod json;
mod keep_alive;
mod piece;
mod progress;
mod render;
mod stream;
mod tape;

#[cfg(test)]
mod samples;

pub use self::answer::{Answer, AnswerBody, AnswerFuture, AnswerLayer};
pub use self::call::{Call, CallBody, CallLayer, Calls};
pub use self::dialect::Dialect;
pub use self::keep_alive::{KeepAlive, KeepAliveBody, KeepAliveFuture, KeepAliveLayer};
pub use self::progress::progress;
pub use self::render::ErrorShape;
pub use self::stream::{StreamCursor, Streams};
