//! Codes of two words that no phrase knows.

use super::{AUTH, CONTEXT, FILTERED, NOT_FOUND, OVERLOADED, PERMISSION, Rule, TRUNCATED, rule};

/// Something of a model that is there.
pub(super) const OF_MODEL: &[&str] = &[
    "model config*",
    "model data",
    "model input*",
    "model output*",
    "model parameter*",
    "model provider*",
    "model request*",
];

/// One word for what it is about and one for what is the matter with it.
pub(super) static IDEAS: &[Rule] = &[
    rule(
        &[
            "country",
            "region",
            "location",
            "territory",
            "ip",
            "geo",
            "referrer",
            "origin",
            "account",
            "org",
            "organization",
            "user",
            "project",
            "workspace",
            "tenant",
            "team",
            "feature",
        ],
        PERMISSION,
    )
    .with(&[
        "not supported",
        "unsupported",
        "blocked",
        "restricted",
        "denied",
        "not enabled",
        "disabled",
        "deactivated",
        "suspended",
        "banned",
        "locked",
        "terminated",
    ]),
    rule(
        &[
            "auth",
            "authorization",
            "credential",
            "credentials",
            "access key",
            "secret",
            "signature",
            "jwt",
            "login",
        ],
        AUTH,
    )
    .with(&[
        "invalid",
        "expired",
        "missing",
        "required",
        "failed",
        "failure",
        "rejected",
        "revoked",
        "unknown",
        "incorrect",
        "wrong",
        "bad",
        "mismatch",
        "not found",
    ]),
    rule(&["engine*", "server", "worker", "backend"], OVERLOADED).with(&["limit exceeded"]),
    rule(&["stream"], TRUNCATED).with(&["aborted", "broken", "lost", "read error", "read failed"]),
    rule(&["key", "token"], AUTH).with(&["expired", "revoked", "disabled", "inactive"]),
    rule(&["url", "path", "route"], NOT_FOUND).with(&["unknown", "not exist"]),
    rule(&["model", "models", "deployment", "endpoint"], NOT_FOUND)
        .with(&[
            "unknown",
            "unsupported",
            "not supported",
            "not support",
            "not available",
            "not open",
            "not exist",
            "not deployed",
            "not loaded",
            "disabled",
            "removed",
            "retired",
            "deprecated",
            "decommissioned",
            "invalid",
            "closed",
        ])
        .none(&["for model"])
        .none_of(OF_MODEL),
    rule(
        &[
            "prompt",
            "context",
            "input",
            "characters",
            "tokens",
            "token",
            "text",
            "messages",
        ],
        CONTEXT,
    )
    .with(&["exceeded", "exceed", "too long", "too many", "overflow"]),
    rule(&["content", "prompt", "input", "output", "image"], FILTERED).with(&[
        "blocked",
        "flagged",
        "violation",
        "filtered",
        "rejected by policy",
    ]),
    rule(
        &[
            "model",
            "engine",
            "server",
            "resource",
            "resources",
            "worker",
            "workers",
            "gpu",
            "instance",
            "instances",
            "backend",
            "queue",
            "system",
            "service",
            "provider",
        ],
        OVERLOADED,
    )
    .with(&[
        "busy",
        "loading",
        "full",
        "not ready",
        "starting",
        "warming",
        "no available",
    ]),
];
