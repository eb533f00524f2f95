//! What is left: names of errors that say little.

use crate::classify::text::rule::{
    BAD_REQUEST, NOT_FOUND, OVERLOADED, PERMISSION, Rule, SERVER, TRUNCATED, lasting, rule,
};

use crate::classify::Classification;
use crate::classify::text::find::Words;

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
            "unexpected condition*",
            "model stream error*",
            "modelerror*",
            "model error exception",
            "model failed to*",
            "failed to generate*",
            "runner process*",
            "error .. running the model",
            "error loading model",
            "runner terminated*",
            "unexpectedly stopped",
            "finish reason: error",
            "finish reason: \"error\"",
            "stop reason: error",
            "upstream request failed",
            "upstream response failed",
            "upstream generation failed",
            "upstream completion failed",
            "endpoint is unavailable",
            "upstream .. not valid json",
            "inference .. failed",
            "inference error",
            "out of memory",
            "cuda error*",
            "engine core*",
            "enginecore*",
            "provider .. failed",
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
    rule(&["invalid", "malformed"], BAD_REQUEST)
        .then(&["request"])
        .none(&[
            "answer*",
            "certificate*",
            "handshake*",
            "response",
            "reply",
            "server*",
            "upstream*",
        ]),
    rule(&["request is invalid", "request is malformed"], BAD_REQUEST),
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
    rule(&["does not exist", "not found"], NOT_FOUND),
];

/// What is said of everything that may pass: a status says more.
pub(in crate::classify::text) fn later(words: Words<'_>) -> Option<Classification> {
    let later = words.has_any(&[
        "temporarily unavailable",
        "try again later",
        "please retry",
        "service is unavailable",
    ]);
    // No server said it then.
    let nobody = words.has_any(&["network error", "connection error", "net::err failed"]);
    (later && !nobody).then_some(OVERLOADED)
}
