use buttress_core::Failure;
use http::StatusCode;

/// The status that a response for this failure should have:
/// [`Failure::response_status`], which says which and why.
#[must_use]
pub fn status_for(failure: &Failure) -> StatusCode {
    failure.response_status()
}
