//! Keeping the caller's connection alive while nothing comes.

mod body;
mod future;
mod layer;

pub use self::body::KeepAliveBody;
pub use self::future::KeepAliveFuture;
pub use self::layer::{KeepAlive, KeepAliveLayer};

#[cfg(test)]
mod tests;
