//! Two ideas in one text, when no phrase was known: what it is about, and what is the matter with it.
//!
//! These know sentences that nobody has written down yet. Their order is the precedence.

mod signs;
mod things;

use self::signs::{ABSENT, FULL, REJECTED, SPENT, TOO_MUCH};
use self::things::{GRANTED, MACHINE, PAID, SAID, SENT, SHOWN, WHO};
use super::limit::SOON;
use crate::classify::text::rule::{
    AUTH, CONTEXT, FILTERED, GATEWAY, NOT_FOUND, OVERLOADED, PERMISSION, QUOTA, RATE, Rule,
    TOO_LARGE, rule,
};

pub(in crate::classify::text) static RULES: &[Rule] = &[
    rule(SENT, TOO_LARGE)
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
            "exceed .. size",
            "max allowed size",
        ])
        .none(&[
            "token",
            "tokens",
            "context",
            "prompt",
            "queue",
            "header*",
            // What fits at other times.
            "high demand",
            "peak load",
        ]),
    // A window of days is none of moments.
    rule(
        &[
            "per day*",
            "perday*",
            "a day",
            "tpd",
            "rpd",
            "daily",
            "weekly",
            "monthly",
            "hourly",
            "per month*",
            "per week*",
            "/ month*",
            "/ day*",
            "tomorrow",
            "this month",
            "this week",
            "for today",
            "24 hours",
            "hour limit",
        ],
        QUOTA,
    )
    .with(&[
        "limit*",
        "quota*",
        "usage",
        "cap",
        "allowance",
        "too many*",
        "exceed*",
        "exhaust*",
        "used up",
        "used all*",
    ])
    .none(&["try again in*", "retry in*"]),
    // A clock or a date, where a rate would name seconds.
    rule(&["limit", "limits"], QUOTA)
        .with(&["resets*", "will reset*", "reset at*", "reset on*"])
        .none(&["rate limit*", "per minute*", "per second*"]),
    rule(&["context", "conversation"], CONTEXT)
        .then(&[
            "length*",
            "window*",
            "size*",
            "limit*",
            "overflow*",
            "budget",
            "exceed*",
            "maximum",
            "too*",
        ])
        .none(&[
            "context deadline*",
            "context cancel*",
            "per minute",
            "limit: 0",
        ]),
    rule(SAID, CONTEXT).with(TOO_MUCH).none(&[
        "per minute",
        "per second",
        "per day",
        "rate",
        "quota*",
        "throttl*",
        "tpm",
        "wait",
        "max tokens must*",
        "max tokens:*",
        "max tokens value",
        "output tokens",
        "completion tokens",
        "array too long",
        "string too long",
        "scanner: token too long",
        "image*",
        "budget tokens",
        "thinking*",
        "credit*",
        "usage",
        "tool*",
        "temperature",
        "stop sequences",
        "queue",
        "expired",
        "bytes",
        "concurren*",
        "context deadline*",
        "context cancel*",
    ]),
    rule(PAID, QUOTA)
        .with(SPENT)
        .none(&[
            "rate limit*",
            "check quota",
            "no credits were*",
            "retry budget",
            "queue budget",
            "time budget",
            "thinking budget*",
            "usage polic*",
            "usage guideline*",
            "budget tokens",
            "token usage",
            "not your usage limit",
        ])
        .none_of(SOON),
    rule(
        &[
            "overload*",
            "capacity",
            "high traffic",
            "high demand",
            "heavy load",
            "high load",
            "saturated",
            "total request limit*",
            "pending requests",
            "queue .. limit",
        ],
        OVERLOADED,
    )
    .none(&[
        "your capacity",
        "per minute*",
        "rate limit*",
        "memory capacity",
        "overloaded or there is an error*",
    ]),
    rule(
        &[
            "could not reach",
            "couldn't reach",
            "cannot reach",
            "unable to reach",
            "failed to reach",
        ],
        GATEWAY,
    ),
    rule(&["no available", "none available"], OVERLOADED).none(&["no available route*"]),
    rule(MACHINE, OVERLOADED).then(FULL).none(&[
        "error loading*",
        "could not load",
        "overloaded or there is an error*",
    ]),
    rule(
        &["limit", "limits", "rate", "quota", "requests", "resource"],
        RATE,
    )
    .with(&[
        "reached", "exceed*", "exhaust*", "too many", "too high", "hit the", "hit your", "limited",
    ])
    .none(&[
        "time",
        "size",
        "timeout*",
        "memory",
        "context",
        "length",
        "budget",
        "retry limit",
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
        "sensitive",
        "prohibited",
        "guardrail*",
        "risk",
    ])
    .none(&["temporarily blocked"]),
    rule(
        &["model", "models", "deployment", "engine", "endpoint"],
        NOT_FOUND,
    )
    .then(ABSENT)
    .none(&[
        "deprecated for this model",
        "supported for this model",
        "available for this model",
        "in your country*",
        "in your region*",
        "region",
        "country",
        "location",
    ]),
    rule(WHO, PERMISSION)
        .then(&[
            "must be verified",
            "not verified",
            "not allowed",
            "must be a member",
            "not a member",
            "not enabled",
            "not entitled",
            "restricted",
            "suspended",
            "disabled",
            "banned",
            "blocked",
            "deactivated",
            "no access",
            "not have access",
            "not authorized",
            "not approved",
        ])
        .none(&["parameter*", "field*"]),
    rule(
        &[
            "must be a member of*",
            "must be an admin*",
            "must be the owner*",
        ],
        PERMISSION,
    ),
    rule(GRANTED, PERMISSION).with(&[
        "not",
        "no",
        "without",
        "denied",
        "restricted",
        "blocked",
        "insufficient",
        "lacks",
        "missing",
        "unsupported",
        "required",
    ]),
    rule(SHOWN, AUTH).with(REJECTED).none(&[
        "authorization failed",
        "unexpected token",
        "token <*",
        "token '*",
        "certificate*",
        "handshake*",
        "think*",
        "thought*",
        "function*",
        "method",
        "ssl*",
        "tls*",
        "json",
    ]),
];
