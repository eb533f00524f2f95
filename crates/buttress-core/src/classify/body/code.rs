//! Codes that APIs put into the bodies of their errors.
//!
//! A code is a name of a few words, and vendors build theirs from the same ones: `rate_limit_error`,
//! `rate_limit_exceeded`, `RateLimitReached`. So the rules look for words in a code, like those
//! for texts, and know codes that nobody has seen yet.

mod ideas;

use self::ideas::{IDEAS, OF_MODEL};
use crate::FailureKind;
use crate::classify::Classification;
use crate::classify::text::find::{Pairs, Words};
use crate::classify::text::normal::normal;
use crate::classify::text::rule::{
    AUTH, BAD_REQUEST, CANCELLED, CLOSED, CONTEXT, FILTERED, GATEWAY, NOT_FOUND, OVERLOADED,
    PERMISSION, QUOTA, RATE, Rule, SERVER, TIMEOUT_HEAD, TIMEOUT_IDLE, TOO_LARGE, TRUNCATED, first,
    rule,
};

/// Names of limits that were asked for wrongly, and not exceeded.
const WRONG: &[&str] = &[
    "invalid budget*",
    "invalid capacity",
    "invalid quota*",
    "invalid sku*",
    "budget tokens",
];

/// Codes that say what happened, whatever status or text stands beside them.
///
// Sources: the error pages of OpenAI, Anthropic, Google (google.rpc.Code, ErrorInfo), Azure OpenAI,
// AWS Bedrock, Mistral, Groq, DashScope, and the sources of vLLM, llama.cpp, LiteLLM and new-api.
static PLAIN: &[Rule] = &[
    rule(
        &[
            "too large*",
            "string above max length",
            "string too long",
            "max length exceeded",
            "message length exceeded",
        ],
        TOO_LARGE,
    )
    .none(&["context*"]),
    rule(
        &[
            "throttl*",
            "per minute*",
            "per second*",
            "token quota exceeded*",
        ],
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
            "budget*",
            "arrearage",
            "per day*",
            "daily limit*",
            "monthly limit*",
            "usage not included",
            "trial*",
            "*free tier only",
            "*free tier .. exceeded*",
            "*free tier .. exhausted*",
            "fund*",
            "wallet*",
            "charge*",
            "*package exhausted",
            "*pack exhausted",
            // Volcengine: what the account has set itself.
            "set limit exceeded",
            "subscription*",
            "overdue*",
            "not purchased",
        ],
        QUOTA,
    )
    .none(WRONG),
    // Google names both beside one another.
    rule(
        &[
            "model capacity exhausted*",
            "*saturated",
            // new-api: none of its channels is free.
            "get channel failed",
            "no available key",
        ],
        OVERLOADED,
    ),
    rule(
        &[
            "rate limit*",
            "ratelimit*",
            "concurrency*",
            "request limit*",
            "rate exceeded*",
            "limit requests",
            "limit tokens",
            "*tpm*",
            "*rpm*",
            "*qps*",
            "provisioned throughput exceeded*",
            "burst*",
            "slow down requests",
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
            "context too*",
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
            "prohibited content",
            "blocklist",
            "sensitive*",
            "content blocked",
            "invalid prompt",
            "cyber policy*",
            "bio policy",
            "refusal",
            "risk detection",
            "policy violation*",
            "jailbreak*",
            "guardrail*",
            "censor*",
            "harmful*",
            "unsafe*",
            "nsfw*",
        ],
        FILTERED,
    )
    .none(&["guardrail config*"]),
    rule(
        &[
            "permission*",
            "access denied*",
            "access terminated*",
            "forbidden*",
            "unsupported country*",
            "service disabled",
            "missing scope",
            "authentication type disabled",
            "organization disabled",
            "user location*",
            "region not*",
            "not allowed*",
            "not authorized*",
            "unauthorized operation*",
            "insufficient scope*",
            "operation denied*",
            "api key service blocked",
            "api key http referrer blocked",
            "api key ip address blocked",
            "restricted",
        ],
        PERMISSION,
    )
    .none(&["extra forbidden", "method not allowed*"]),
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
            "invalid client token*",
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
            "auth failure*",
            "auth failed*",
            "auth error*",
            "auth required",
            "incomplete signature*",
        ],
        AUTH,
    ),
    rule(
        &["not found*", "invalid model*", "no such*", "not exist"],
        NOT_FOUND,
    )
    .none(OF_MODEL),
    rule(
        &[
            "overload*",
            "*capacity*",
            "slow down",
            "cold start*",
            "high demand",
            "service unavailable exception",
            "unavailable error",
        ],
        OVERLOADED,
    )
    .none(WRONG),
    // Bedrock's name for a model that failed within an answer.
    rule(&["model stream error*"], SERVER),
    rule(&["model timeout*", "gateway timeout"], TIMEOUT_HEAD),
    rule(
        &[
            "stream terminated",
            "stream closed*",
            "stream interrupted",
            "stream truncated",
            "stream disconnected",
            "stream incomplete",
            "incomplete stream",
        ],
        TRUNCATED,
    ),
    rule(
        &["stream idle*", "idle timeout*", "*idle timeout"],
        TIMEOUT_IDLE,
    ),
    // Behind an answer that had begun. Before it, the server that answered lost the next one.
    rule(
        &[
            "connection limit reached",
            "websocket connection limit*",
            "connection expired",
            "connection closed",
            "connection lost",
            "websocket closed",
        ],
        CLOSED,
    ),
    rule(&["bad gateway", "target connect*"], GATEWAY),
    rule(&["cancelled", "canceled", "client disconnect*"], CANCELLED),
];

/// Codes of so many uses that the text beside them may know better.
static VAGUE: &[Rule] = &[
    rule(
        &["timeout*", "time out", "timed out", "deadline exceeded"],
        TIMEOUT_HEAD,
    ),
    // The second only spells the status.
    rule(&["resource exhausted", "too many requests*"], RATE),
    rule(&["*unavailable", "maintenance"], OVERLOADED),
    rule(
        &[
            "invalid*",
            "malformed*",
            "not supported",
            "not implemented",
            "unimplemented",
            "already exists",
            "empty file",
            "empty image*",
            "mismatch*",
            "precondition failed",
            "too short",
            "too small",
            "max tokens*",
            "bad request*",
            "validation*",
            "failed precondition",
            "unsupported*",
            "missing*",
            "unknown parameter*",
            "parameter unknown",
            "unrecognized*",
            "duplicate*",
            "conflict*",
            "out of range",
            "parse error*",
            "json parse*",
            "schema*",
            "extra forbidden",
            "method not allowed*",
            "required",
            "tool use failed",
            "unprocessable*",
        ],
        BAD_REQUEST,
    ),
    rule(
        &[
            "upstream*",
            "no healthy*",
            // new-api's names for a call that failed, and for what came back of one.
            "bad response*",
            "empty response",
            "read response body failed",
            "gateway error",
            "connect error",
            "target connection*",
            "dns*",
            "*unreachable",
        ],
        GATEWAY,
    )
    .none(&["upstream rate limit*", "err bad response"]),
    rule(
        &[
            "server error*",
            "internal*",
            "provider error",
            "model error*",
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

impl Said {
    pub(super) fn kind(self) -> FailureKind {
        match self {
            Said::Plainly(class) | Said::Vaguely(class) => class.kind,
        }
    }
}

/// What these codes of one error say together: the first rule that any of them fits.
pub(super) fn of<'a>(codes: impl Iterator<Item = &'a str>) -> Option<Said> {
    let codes: Vec<_> = codes.map(normal).collect();
    // No phrase reaches from one code into the next.
    let all = codes.join(" | ");
    let ideas = codes.iter().find_map(|code| by(IDEAS, code));
    by(PLAIN, &all)
        .or(ideas)
        .map(Said::Plainly)
        .or_else(|| by(VAGUE, &all).map(Said::Vaguely))
}

fn by(rules: &[Rule], code: &str) -> Option<Classification> {
    let pairs = Pairs::of(code);
    let words = Words {
        text: code,
        pairs: &pairs,
    };
    first(rules, words, |_| true)
}

#[cfg(test)]
mod tests;
