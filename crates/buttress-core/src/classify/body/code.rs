//! Codes that APIs put into the bodies of their errors.
//!
//! A code is a name of a few words, and vendors build theirs from the same ones: `rate_limit_error`,
//! `rate_limit_exceeded`, `RateLimitReached`. So the rules look for words in a code, like those
//! for texts, and know codes that nobody has seen yet.

use crate::classify::Classification;
use crate::classify::text::find::{Pairs, Words};
use crate::classify::text::normal::normal;
use crate::classify::text::rule::{
    AUTH, BAD_REQUEST, CANCELLED, CONTEXT, FILTERED, GATEWAY, NOT_FOUND, OVERLOADED, PERMISSION,
    QUOTA, RATE, Rule, SERVER, TIMEOUT_HEAD, TOO_LARGE, TRUNCATED, first, rule,
};

/// Codes that say what happened, whatever status or text stands beside them.
///
// Sources: the error pages of OpenAI, Anthropic, Google (google.rpc.Code, ErrorInfo), Azure OpenAI,
// AWS Bedrock, Mistral, Groq, DashScope, and the sources of vLLM, llama.cpp, LiteLLM and new-api.
static PLAIN: &[Rule] = &[
    rule(
        &[
            "too large*",
            "above max length",
            "entity too large*",
            "max length exceeded",
        ],
        TOO_LARGE,
    ),
    rule(
        &["throttl*", "per minute*", "per second*", "token quota*"],
        RATE,
    ),
    rule(
        &[
            "*quota*",
            "*balance*",
            "billing*",
            "*credit*",
            "payment required",
            "spend limit*",
            "spending limit*",
            "usage limit*",
            "budget exceeded*",
            "arrearage",
            "per day*",
            "daily limit*",
            "monthly limit*",
            "usage not included",
            "trial expired",
            "subscription*",
            "overdue*",
        ],
        QUOTA,
    ),
    rule(
        &[
            "rate limit*",
            "rate limited",
            "ratelimit*",
            "limit burst rate",
            "too many requests*",
            "concurrency*",
            "request limit*",
            "tpm*",
            "rpm*",
            "user concurrent*",
        ],
        RATE,
    ),
    rule(
        &[
            "context length*",
            "context window*",
            "context size*",
            "exceed context*",
            "prompt too long",
            "input too long",
            "token limit exceeded",
        ],
        CONTEXT,
    ),
    rule(
        &[
            "content filter*",
            "content policy*",
            "moderation*",
            "safety",
            "data inspection*",
            "responsible ai*",
            "recitation",
            "spii",
            "image safety",
            "prohibited content",
            "blocklist",
            "sensitive*",
            "content blocked",
            "invalid prompt",
            "cyber policy*",
            "policy violation*",
        ],
        FILTERED,
    ),
    rule(
        &[
            "permission*",
            "access denied*",
            "access terminated*",
            "forbidden*",
            "request forbidden",
            "unsupported country*",
            "service disabled",
            "missing scope",
            "authentication type disabled",
            "organization disabled",
            "user location*",
            "region not*",
            "not allowed*",
            "account suspended",
            "account deactivated",
        ],
        PERMISSION,
    )
    .none(&["extra forbidden"]),
    rule(
        &[
            "api key*",
            "apikey*",
            "authentication*",
            "unauthenticated",
            "unauthorized*",
            "invalid token*",
            "token expired*",
            "expired token*",
            "token revoked",
            "token invalidated",
            "unrecognized client*",
            "invalid auth*",
            "invalid signature*",
            "token not found*",
            "access token*",
            "invalid credential*",
            "invalid grant",
            "no auth*",
            "not authenticated",
            "session expired",
            "login required",
            "key disabled",
        ],
        AUTH,
    ),
    rule(
        &[
            "not found*",
            "invalid model*",
            "model not supported",
            "model not available",
            "no such*",
            "does not exist",
            "unknown model",
        ],
        NOT_FOUND,
    ),
    rule(
        &[
            "overload*",
            "overloaded*",
            "*capacity*",
            "slow down",
            "server busy",
            "engine busy",
            "model not ready*",
            "*saturated",
            "queue full",
            "service unavailable exception",
            "unavailable error",
        ],
        OVERLOADED,
    ),
    rule(&["model timeout*", "gateway timeout"], TIMEOUT_HEAD),
    rule(&["stream terminated", "stream closed*"], TRUNCATED),
    rule(&["bad gateway"], GATEWAY),
    rule(&["cancelled", "canceled", "client disconnected"], CANCELLED),
];

/// Codes of so many uses that the text beside them may know better.
static VAGUE: &[Rule] = &[
    rule(
        &["timeout*", "deadline exceeded", "request timeout"],
        TIMEOUT_HEAD,
    ),
    rule(&["resource exhausted"], RATE),
    rule(&["unavailable", "*unavailable", "maintenance"], OVERLOADED),
    rule(
        &[
            "invalid*",
            "malformed*",
            "not supported",
            "not implemented",
            "max tokens*",
            "bad request*",
            "validation*",
            "failed precondition",
            "unsupported*",
            "missing required*",
            "tool use failed",
            "unprocessable*",
        ],
        BAD_REQUEST,
    ),
    rule(
        &[
            "server error*",
            "api error",
            "internal*",
            "provider error",
            "upstream error",
            "unknown error",
            "model error*",
            "model stream error*",
            "engine error",
        ],
        SERVER,
    ),
];

/// What a code says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Said {
    Plainly(Classification),
    Vaguely(Classification),
}

/// What these codes of one error say together: the first rule that any of them fits.
pub(super) fn of<'a>(codes: impl Iterator<Item = &'a str>) -> Option<Said> {
    let mut all = String::new();
    for code in codes {
        all.push_str(normal(code).trim());
        // No phrase reaches from one code into the next.
        all.push_str(" | ");
    }
    let pairs = Pairs::of(&all);
    let words = Words {
        text: &all,
        pairs: &pairs,
    };
    first(PLAIN, words)
        .map(Said::Plainly)
        .or_else(|| first(VAGUE, words).map(Said::Vaguely))
}

/// The numbers that Zhipu's APIs use (`docs.z.ai`, "Error codes") and Mistral's.
pub(super) fn of_number(code: i64) -> Option<Classification> {
    Some(match code {
        1000..=1004 => AUTH,
        1110..=1112 | 1120 | 1121 => AUTH,
        1113 | 1304 | 1308..=1311 | 1313 | 1316 | 1317 => QUOTA,
        1210 | 1212..=1215 => BAD_REQUEST,
        1211 | 1222 => NOT_FOUND,
        1220 => PERMISSION,
        1230 | 1234 => SERVER,
        1261 => CONTEXT,
        1300 | 1302 | 1303 => RATE,
        1301 => FILTERED,
        1305 | 1312 | 3505 => OVERLOADED,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
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
            ("TooManyRequests", RateLimited),
            ("context_length_exceeded", ContextLength),
            ("exceed_context_size_error", ContextLength),
            ("content_filter", ContentFiltered),
            ("ResponsibleAIPolicyViolation", ContentFiltered),
            ("PROHIBITED_CONTENT", ContentFiltered),
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
            ("INVALID_ARGUMENT", BadRequest),
            ("server_error", ServerError),
            ("api_error", ServerError),
            ("InternalServerError", ServerError),
            ("RESOURCE_EXHAUSTED", RateLimited),
            ("UNAVAILABLE", Overloaded),
            ("timeout_error", TimeoutHead),
        ] {
            assert_eq!(kind(code), Some((expected, false)), "{code}");
        }
        for code in [
            "error",
            "tokens",
            "requests",
            "response.failed",
            "failed",
            "",
            "None",
        ] {
            assert_eq!(kind(code), None, "{code}");
        }
    }

    #[test]
    fn numbers_mean_what_their_vendors_say() {
        for (code, expected) in [
            // Zhipu: it fails to authenticate, the header is missing, the token is wrong or expired.
            (1000, Auth),
            (1001, Auth),
            (1002, Auth),
            (1003, Auth),
            (1004, Auth),
            // The account is not active, does not exist, is locked.
            (1110, Auth),
            (1111, Auth),
            (1112, Auth),
            (1120, Auth),
            (1121, Auth),
            // It is in arrears, or has had what its plan or its day allows.
            (1113, QuotaExhausted),
            (1304, QuotaExhausted),
            (1308, QuotaExhausted),
            (1309, QuotaExhausted),
            (1310, QuotaExhausted),
            (1311, QuotaExhausted),
            (1313, QuotaExhausted),
            // Parameters that are wrong, missing or exclude one another.
            (1210, BadRequest),
            (1212, BadRequest),
            (1213, BadRequest),
            (1214, BadRequest),
            (1215, BadRequest),
            // No such model, no such API, and no right to it.
            (1211, NotFound),
            (1222, NotFound),
            (1220, Permission),
            // It fails on its own side.
            (1230, ServerError),
            (1234, ServerError),
            (1261, ContextLength),
            (1301, ContentFiltered),
            // Too many at once, too many in a time; 1300 is Mistral's.
            (1300, RateLimited),
            (1302, RateLimited),
            (1303, RateLimited),
            // Too many for everybody; 3505 is Mistral's.
            (1305, Overloaded),
            (1312, Overloaded),
            (3505, Overloaded),
        ] {
            let said = of_number(code).map(|class| class.kind);
            assert_eq!(said, Some(expected), "{code}");
        }
        // Statuses, the codes of gRPC and numbers of anybody else.
        for code in [
            -1, 0, 7, 14, 429, 503, 999, 1005, 1109, 1216, 1299, 3504, 10054,
        ] {
            assert!(of_number(code).is_none(), "{code}");
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
    }
}
