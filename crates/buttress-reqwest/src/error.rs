use buttress_core::{Delivery, Failure, FailureKind, Phase};
use std::error::Error;
use std::fmt;

/// What a [`ReqwestService`](crate::ReqwestService) fails with: reqwest's own error, or what was
/// wrong with the request.
#[derive(Debug)]
pub struct ServiceError(Repr);

#[derive(Debug)]
enum Repr {
    Reqwest(reqwest::Error),
    Request(Failure),
}

impl ServiceError {
    /// The request's URI does not say where to go.
    pub(crate) fn relative() -> Self {
        let failure = Failure::new(FailureKind::BadRequest)
            .with_phase(Phase::Send)
            .with_delivery(Delivery::NotSent)
            .with_source("the request's URI has no scheme or no host");
        ServiceError(Repr::Request(failure))
    }
}

impl From<reqwest::Error> for ServiceError {
    fn from(error: reqwest::Error) -> Self {
        ServiceError(Repr::Reqwest(error))
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Reqwest(_) => f.write_str("the client failed"),
            Repr::Request(_) => f.write_str("the request cannot be sent"),
        }
    }
}

impl Error for ServiceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(match &self.0 {
            Repr::Reqwest(error) => error,
            Repr::Request(failure) => failure,
        })
    }
}
