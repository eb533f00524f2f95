//! Codes as vendors write them, and as nobody has written them yet.

use super::*;
use crate::FailureKind::{self, *};

fn kind(code: &str) -> Option<(FailureKind, bool)> {
    of([code].into_iter()).map(|said| match said {
        Said::Plainly(class) => (class.kind, true),
        Said::Vaguely(class) => (class.kind, false),
    })
}

#[test]
fn codes_are_read_word_by_word() {
    for (code, expected) in [
        ("insufficient_quota", QuotaExhausted),
        ("invalid_model_id", NotFound),
        ("websocket_connection_limit_reached", ConnectionClosed),
        ("connection_lost", ConnectionClosed),
        ("exceeded_current_quota_error", QuotaExhausted),
        ("billing_hard_limit_reached", QuotaExhausted),
        ("enforced_spend_limit_reached", QuotaExhausted),
        ("usage_limit_reached", QuotaExhausted),
        (
            "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
            QuotaExhausted,
        ),
        (
            "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
            RateLimited,
        ),
        ("Throttling.RateQuota", RateLimited),
        ("Throttling.AllocationQuota", RateLimited),
        ("rate_limit_exceeded", RateLimited),
        ("rateLimitExceeded", RateLimited),
        ("RATE_LIMIT_EXCEEDED", RateLimited),
        ("rate_limit_error", RateLimited),
        ("context_length_exceeded", ContextLength),
        ("context_too_large", ContextLength),
        ("exceed_context_size_error", ContextLength),
        ("content_filter", ContentFiltered),
        ("ResponsibleAIPolicyViolation", ContentFiltered),
        ("PROHIBITED_CONTENT", ContentFiltered),
        // Gemini's for interactions.
        ("quota_exceeded", QuotaExhausted),
        ("payment_required", QuotaExhausted),
        ("authentication", Auth),
        ("invalid_api_key", Auth),
        ("API_KEY_INVALID", Auth),
        ("InvalidApiKey", Auth),
        ("authentication_error", Auth),
        ("ExpiredTokenException", Auth),
        ("permission_error", Permission),
        ("PERMISSION_DENIED", Permission),
        ("unsupported_country_region_territory", Permission),
        ("model_not_found", NotFound),
        ("not_found_error", NotFound),
        ("DeploymentNotFound", NotFound),
        ("overloaded_error", Overloaded),
        ("server_is_overloaded", Overloaded),
        ("engine_overloaded_error", Overloaded),
        ("slow_down", Overloaded),
        ("service_tier_capacity_exceeded", Overloaded),
        ("request_too_large", PayloadTooLarge),
    ] {
        assert_eq!(kind(code), Some((expected, true)), "{code}");
    }
    for (code, expected) in [
        ("invalid_request_error", BadRequest),
        // A limit that was asked for wrongly.
        ("InvalidCapacity", BadRequest),
        ("invalid_quota_request", BadRequest),
        ("invalid_budget_tokens", BadRequest),
        // Something of a model that is there.
        ("InvalidModelParameters", BadRequest),
        ("UnsupportedModelInput", BadRequest),
        ("INVALID_ARGUMENT", BadRequest),
        ("parameter_unknown", BadRequest),
        ("server_error", ServerError),
        ("InternalServerError", ServerError),
        ("RESOURCE_EXHAUSTED", RateLimited),
        ("TooManyRequests", RateLimited),
        ("UNAVAILABLE", Overloaded),
        ("timeout_error", TimeoutHead),
    ] {
        assert_eq!(kind(code), Some((expected, false)), "{code}");
    }
    // Nobody has listed these: they are known by what they are about and what is the matter.
    for (code, expected) in [
        ("GeoRestricted", Permission),
        ("workspace_suspended", Permission),
        ("jwt_rejected", Auth),
        ("key_revoked", Auth),
        ("deployment_removed", NotFound),
        ("unknown_route", NotFound),
        ("prompt_characters_exceeded", ContextLength),
        ("output_flagged", ContentFiltered),
        ("gpu_busy", Overloaded),
    ] {
        assert_eq!(kind(code), Some((expected, true)), "{code}");
    }
    for (code, expected) in [
        ("upstream_failed", BadGateway),
        ("missing_messages", BadRequest),
        ("invalid_image_url", BadRequest),
    ] {
        assert_eq!(kind(code), Some((expected, false)), "{code}");
    }
    for code in [
        "error",
        "tokens",
        "requests",
        "api_error",
        "response.failed",
        "failed",
        "",
        "None",
    ] {
        assert_eq!(kind(code), None, "{code}");
    }
}

#[test]
fn a_plain_code_outweighs_a_vague_one_and_quota_outweighs_rate() {
    let said = of(["server_error", "rate_limit_error", "insufficient_quota"].into_iter());
    assert!(matches!(said, Some(Said::Plainly(class)) if class.kind == QuotaExhausted));
    let said = of(["invalid_request_error", "model_not_found"].into_iter());
    assert!(matches!(said, Some(Said::Plainly(class)) if class.kind == NotFound));
    // No phrase is made of two codes.
    assert!(of(["rate", "limit"].into_iter()).is_none());
    assert!(of(["model_problem", "disabled"].into_iter()).is_none());
}

#[test]
fn no_pattern_is_known_by_another_of_its_list() {
    let mut rules = [PLAIN, IDEAS, VAGUE].into_iter().flatten();
    // The first is to be taken out.
    assert_eq!(rules.find_map(Rule::repeated), None);
}
