//! Errors of Anthropic: [errors](https://docs.anthropic.com/en/api/errors).

use crate::errors::{Told, object};
use buttress_core::FailureKind;

fn of_type(told: &Told<'_>) -> &'static str {
    match told.kind {
        // Claude Code tries again for minutes after this one, whatever `x-should-retry` says.
        FailureKind::Overloaded if told.exhausted => "api_error",
        FailureKind::RateLimited => "rate_limit_error",
        FailureKind::QuotaExhausted => "billing_error",
        FailureKind::Auth => "authentication_error",
        FailureKind::Permission => "permission_error",
        FailureKind::NotFound => "not_found_error",
        FailureKind::PayloadTooLarge => "request_too_large",
        FailureKind::Overloaded => "overloaded_error",
        FailureKind::BadRequest
        | FailureKind::ContextLength
        | FailureKind::ContentFiltered
        | FailureKind::Cancelled => "invalid_request_error",
        FailureKind::TimeoutConnect
        | FailureKind::TimeoutHead
        | FailureKind::TimeoutFirstEvent
        | FailureKind::TimeoutIdle
        | FailureKind::TimeoutRate
        | FailureKind::TimeoutTotal => "timeout_error",
        _ => "api_error",
    }
}

pub(in crate::dialect) fn document(told: &Told<'_>) -> String {
    let error = object(&[
        ("type", Some(of_type(told))),
        ("message", Some(told.message)),
    ]);
    format!(r#"{{"type":"error","error":{error},"request_id":null}}"#)
}

pub(in crate::dialect) fn event(told: &Told<'_>) -> String {
    format!("event: error\ndata: {}\n\n", document(told))
}
