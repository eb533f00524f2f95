//! Event streams that go on after a cut.

mod config;
mod cursor;
pub(crate) mod native;
mod prefill;

pub use self::config::Streams;
pub use self::cursor::StreamCursor;

#[cfg(test)]
mod tests;
