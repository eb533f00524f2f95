//! Layers around a tonic channel: [`greeter`] has them.

pub mod greeter;

use buttress::Failure;
use std::error::Error;
use tonic::Status;

/// What to tell a person: the failure's explanation if no answer came, else the server's message.
#[must_use]
pub fn words(status: &Status) -> String {
    let mut source = status.source();
    while let Some(error) = source {
        if let Some(failure) = error.downcast_ref::<Failure>() {
            return format!("{failure:#}");
        }
        source = error.source();
    }
    format!("the server said: {} ({})", status.message(), status.code())
}
