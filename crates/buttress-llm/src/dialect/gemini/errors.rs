//! Errors of Gemini: [google.rpc.Status](https://cloud.google.com/apis/design/errors#error_model).

use crate::errors::{Told, string};

fn name(status: u16) -> &'static str {
    match status {
        400 | 413 | 422 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        402 | 429 => "RESOURCE_EXHAUSTED",
        499 => "CANCELLED",
        502 | 503 | 529 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        _ => "INTERNAL",
    }
}

pub(in crate::dialect) fn document(told: &Told<'_>) -> String {
    let status = told.status.as_u16();
    format!(
        r#"{{"error":{{"code":{status},"message":{},"status":{}}}}}"#,
        string(told.message),
        string(name(status)),
    )
}

pub(in crate::dialect) fn event(told: &Told<'_>) -> String {
    format!("data: {}\n\n", document(told))
}
