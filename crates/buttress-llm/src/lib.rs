//! What only LLM APIs have.

mod dialect;
mod join;
mod json;
mod piece;
mod tape;

#[cfg(test)]
mod samples;

pub use self::dialect::Dialect;
