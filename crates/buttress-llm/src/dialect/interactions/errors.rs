//! Errors of interactions: [codes](https://ai.google.dev/gemini-api/docs/api-errors) that are words,
//! unlike elsewhere at Gemini. Google's SDKs take no numbers for them. That page names none for a
//! server in trouble that could be checked, so those are this project's own.

use crate::errors::{Told, object};
use buttress_core::FailureKind;

fn code(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::RateLimited => "rate_limit_exceeded",
        FailureKind::QuotaExhausted => "quota_exceeded",
        FailureKind::Auth => "authentication",
        FailureKind::Permission => "permission_denied",
        FailureKind::ContentFiltered => "prohibited_content",
        FailureKind::BadRequest | FailureKind::PayloadTooLarge | FailureKind::ContextLength => {
            "invalid_request"
        }
        _ => kind.code(),
    }
}

fn error(told: &Told<'_>) -> String {
    object(&[
        ("code", Some(code(told.kind))),
        ("message", Some(told.message)),
    ])
}

pub(in crate::dialect) fn document(told: &Told<'_>) -> String {
    format!(r#"{{"error":{}}}"#, error(told))
}

pub(in crate::dialect) fn event(told: &Told<'_>) -> String {
    let error = error(told);
    format!("event: error\ndata: {{\"error\":{error},\"event_type\":\"error\"}}\n\n")
}
