//! What is left: two ideas in one text, and names of errors that say little.

use crate::classify::text::rule::{
    AUTH, BAD_REQUEST, CONTEXT, FILTERED, NOT_FOUND, OVERLOADED, PERMISSION, QUOTA, RATE, Rule,
    SERVER, TOO_LARGE, TRUNCATED, lasting, rule,
};

use super::limit::SOON;
use crate::classify::Classification;
use crate::classify::text::find::Words;

/// What shows that something is used up.
const SPENT: &[&str] = &[
    "reached",
    "exceed*",
    "exhaust*",
    "used up",
    "hit your",
    "hit the",
    "over the",
    "too many",
    "depleted",
    "required",
    "upgrade*",
    "ran out",
    "run out",
    "insufficient",
    "max",
];

/// What shows that something is not accepted.
const REJECTED: &[&str] = &[
    "invalid",
    "expired",
    "missing",
    "incorrect",
    "required",
    "revoked",
    "not valid",
    "not found",
    "wrong",
    "unknown",
    "failed",
    "rejected",
    "not provided",
    "not supported",
    "not set",
    "bad",
    "denied",
    "no",
];

/// Two ideas in one text, when no phrase was known.
pub(in crate::classify::text) static IDEAS: &[Rule] = &[
    rule(
        &[
            "payload",
            "body",
            "request",
            "upload",
            "file",
            "files",
            "image",
            "images",
            "attachment",
            "document",
            "pdf",
            "audio",
            "video",
        ],
        TOO_LARGE,
    )
    .with(&[
        "too large",
        "too big",
        "size exceeds*",
        "size exceeded",
        "exceeds .. bytes",
        "exceeds .. mb",
        "exceeds .. size",
        "larger than",
        "maximum size",
        "size limit",
    ])
    .none(&["token", "tokens", "context", "prompt", "queue", "header*"]),
    rule(
        &[
            "token",
            "tokens",
            "token count",
            "prompt",
            "context",
            "input",
            "conversation",
            "history",
        ],
        CONTEXT,
    )
    .with(&[
        "too long",
        "too large",
        "too big",
        "too many tokens*",
        "longer than",
        "larger than",
        "more than",
        "greater than",
        "exceeds .. maximum",
        "exceeded .. maximum",
        "exceeds .. limit",
        "exceeded .. limit",
        "exceeds max*",
        "exceeds .. length",
        "over the limit",
        "beyond the limit",
        "only has room*",
        "maximum number of tokens",
        "too many for the model*",
    ])
    .none(&[
        "per minute",
        "per day",
        "rate",
        "max tokens must*",
        "max tokens:*",
        "output tokens",
        "completion tokens",
        "array too long",
        "string too long",
        "scanner: token too long",
    ]),
    rule(
        &[
            "credit",
            "credits",
            "balance",
            "billing",
            "spend",
            "spending",
            "subscription",
            "quota",
            "allowance",
            "plan",
        ],
        QUOTA,
    )
    .with(SPENT)
    .none(SOON),
    rule(&["limit", "limits", "rate", "quota", "requests"], RATE)
        .with(&[
            "reached", "exceed*", "exhaust*", "too many", "too high", "hit the", "hit your",
        ])
        .none(&[
            "time", "size", "timeout*", "memory", "context", "length", "budget",
        ]),
    rule(&["busy"], OVERLOADED).with(&[
        "server", "servers", "system", "model", "service", "engine", "provider", "replicas",
        "workers", "upstream",
    ]),
    rule(
        &["content", "prompt", "output", "response", "input"],
        FILTERED,
    )
    .with(&[
        "flagged",
        "violat*",
        "inappropriate",
        "safety",
        "unsafe",
        "moderat*",
        "harmful",
        "blocked",
    ]),
    rule(
        &[
            "api key",
            "apikey",
            "access token",
            "auth token",
            "token",
            "credential*",
            "bearer",
            "authorization",
            "authenticat*",
            "login",
            "password",
        ],
        AUTH,
    )
    .with(REJECTED)
    .none(&[
        "unexpected token",
        "token <*",
        "token '*",
        "ssl*",
        "tls*",
        "json",
    ]),
];

/// A 400 that is not the request's fault: of NVIDIA's functions and of LM Studio's models.
pub(in crate::classify) fn blames_server(words: Words<'_>) -> bool {
    words.has_any(&[
        "degraded function*",
        "model has crashed*",
        "channel error",
        "model has unloaded*",
    ])
}

/// Names of error classes that say little, and wait for every rule about connections.
pub(in crate::classify::text) static RULES: &[Rule] = &[
    rule(
        &["slow down*", "slowdown", "too many connections"],
        OVERLOADED,
    ),
    // LiteLLM's name for a stream that broke.
    rule(&["mid stream fallback*"], TRUNCATED),
    // It will not fit later either.
    rule(&["requires more .. memory"], lasting(SERVER)),
    rule(
        &[
            "server error*",
            "internal server error",
            "internal server exception",
            "internal error*",
            "internal failure",
            "internal service error",
            "\"api error\"",
            "'api error'",
            "error occurred while processing*",
            "had an error while processing*",
            "something went wrong",
            "error processing your request",
            "error processing the request",
            "unexpected error occurred*",
            "an unexpected error",
            "unexpected server error",
            "unexpected condition*",
            "model stream error*",
            "modelerror*",
            "model error exception",
            "model failed to*",
            "failed to generate*",
            "runner has unexpectedly stopped",
            "runner process*",
            "error .. running the model",
            "error loading model",
            "llm server error",
            "runner terminated*",
            "unexpectedly stopped",
            "finish reason: error",
            "finish reason: \"error\"",
            "upstream request failed",
            "endpoint is unavailable",
            "upstream .. not valid json",
            "inference .. failed",
            "inference error",
            "out of memory",
            "cuda error*",
            "engine core*",
            "enginecore*",
            "provider .. failed",
            "provider returned error",
            "provider returned an error",
            "server exception",
            "err bad response",
        ],
        SERVER,
    )
    .none(&[
        "connection error",
        "network error",
        "fetch failed",
        "[invalid request error]",
    ]),
    rule(
        &[
            "invalid request error",
            "invalid request",
            "bad request*",
            "badrequest*",
            "improperly formed request*",
            "validation exception",
            "validation error",
            "invalid argument*",
            "failed precondition",
            "out of range: *",
            "not acceptable",
            "unsupported media type",
            "method not allowed",
        ],
        BAD_REQUEST,
    ),
    rule(
        &[
            "forbidden",
            "access denied*",
            "not authorized*",
            "authorization failed",
            "permission*",
        ],
        PERMISSION,
    ),
    rule(
        &[
            "does not exist",
            "page not found",
            "404 not found",
            "not found",
        ],
        NOT_FOUND,
    ),
];

/// What is said of everything that may pass: a status says more.
pub(in crate::classify::text) fn later(words: Words<'_>) -> Option<Classification> {
    words
        .has_any(&[
            "temporarily unavailable",
            "try again later",
            "please retry",
            "service is unavailable",
        ])
        .then_some(OVERLOADED)
}
