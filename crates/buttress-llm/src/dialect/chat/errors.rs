//! Errors of OpenAI: [error codes](https://platform.openai.com/docs/guides/error-codes).

use crate::errors::{Told, object};
use buttress_core::FailureKind;

/// `type` and `code`.
pub(in crate::dialect) fn codes(kind: FailureKind) -> (&'static str, &'static str) {
    match kind {
        FailureKind::RateLimited => ("rate_limit_error", "rate_limit_exceeded"),
        FailureKind::QuotaExhausted => ("insufficient_quota", "insufficient_quota"),
        FailureKind::Auth => ("invalid_request_error", "invalid_api_key"),
        FailureKind::NotFound => ("invalid_request_error", "model_not_found"),
        FailureKind::ContextLength => ("invalid_request_error", "context_length_exceeded"),
        FailureKind::ContentFiltered => ("invalid_request_error", "content_filter"),
        FailureKind::BadRequest
        | FailureKind::Permission
        | FailureKind::PayloadTooLarge
        | FailureKind::Cancelled => ("invalid_request_error", kind.code()),
        _ => ("server_error", kind.code()),
    }
}

pub(in crate::dialect) fn document(told: &Told<'_>) -> String {
    format!(r#"{{"error":{}}}"#, error(told))
}

pub(in crate::dialect) fn event(told: &Told<'_>) -> String {
    format!("data: {}\n\n", document(told))
}

pub(in crate::dialect) fn error(told: &Told<'_>) -> String {
    let (of_type, code) = codes(told.kind);
    object(&[
        ("message", Some(told.message)),
        ("type", Some(of_type)),
        ("param", None),
        ("code", Some(code)),
    ])
}
