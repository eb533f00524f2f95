//! Servers that fell over, or that somebody restarted, when no phrase of theirs was known.

use super::rule::{Rule, SERVER, TRUNCATED, rule};

/// What can fall over.
const PROGRAMS: &[&str] = &[
    "backend",
    "container",
    "database",
    "db",
    "engine",
    "instance",
    "model",
    "node",
    "object",
    "pod",
    "process",
    "replica",
    "runner",
    "server",
    "shard",
    "storage",
    "worker",
];

/// What a model wrote that nobody can use: the next try writes something else.
pub(super) static OF_MODELS: &[Rule] = &[rule(
    &[
        "model emitted",
        "model generated",
        "model produced",
        "model returned",
    ],
    SERVER,
)
.then(&["invalid", "malformed"])
// Behind this stands what the request did wrong.
.none(&["400", "model returned error*", "the following error*"])];

pub(super) static RULES: &[Rule] = &[
    rule(PROGRAMS, SERVER).then(&[
        "crashed",
        "panicked",
        "segfaulted",
        "core dumped",
        "reset because*",
        "restarted",
        "was evicted",
        "was recycled",
        "was redeployed",
    ]),
    // Why it failed nobody says.
    rule(
        &[
            "model stream",
            "llm stream",
            "generation stream",
            "completion stream",
        ],
        SERVER,
    )
    .then(&["failed", "failure"]),
    rule(&["answer", "message", "model", "response"], SERVER).then(&[
        "only reasoning",
        "only thinking",
        "only thoughts",
    ]),
    rule(&["transient", "temporary", "intermittent"], SERVER).then(&[
        "api error",
        "backend error",
        "provider error",
        "server error",
    ]),
    // What the model stopped for was none of its own reasons.
    rule(&["stop reason", "finish reason"], TRUNCATED).then(&["abort", "aborted"]),
    rule(
        &[
            "due to an internal error",
            "due to an unexpected error",
            "failed to load model",
            "failed to load the model",
        ],
        SERVER,
    ),
    rule(&["due to an error", "due to error"], SERVER).with(&["agent*", "execution*", "task*"]),
    // LM Studio's name for a model that died under the request.
    rule(&["channel error"], SERVER),
];
