//! Gateways, balancers and content networks that answer for a server they could not reach.

use super::find::Words;
use super::proxy::MARKUP;
use super::rule::{
    BAD_REQUEST, BLOCKED, GATEWAY, OVERLOADED, PERMISSION, PORTAL, RATE, Rule, SERVER,
    TIMEOUT_HEAD, TIMEOUT_SYSTEM, lasting, rule,
};
use crate::FailureKind;
use crate::classify::Classification;

pub(super) static RULES: &[Rule] = &[
    rule(
        &["upstream connect error*", "disconnect/reset before headers"],
        GATEWAY,
    ),
    rule(&["no healthy upstream*", "no healthy host*"], GATEWAY),
    rule(
        &[
            "upstream request timeout",
            "upstream response timeout",
            "upstream timed out",
            "upstream request timed out",
            "upstream server timed out",
            "upstream service timed out",
            "upstream has timed out",
            "upstream server is timing out",
            "upstream is timing out",
            "504 error",
            "endpoint request timed out",
            "function invocation timeout",
            "a timeout occurred",
            "error 524",
            "error code: 524",
            "524:*",
            "error 504",
            "gateway timeout*",
            "gateway time out",
            "gateway timed out",
            "first byte timeout",
            "backend timeout",
            "origin timeout",
            "origin .. timed out",
        ],
        TIMEOUT_HEAD,
    ),
    rule(&["stream timeout"], TIMEOUT_HEAD).none(&["idle", "sse", "after*"]),
    rule(&["error 522*", "error code: 522", "522:*"], TIMEOUT_SYSTEM),
    rule(
        &["error 526*", "526: invalid ssl*", "error code: 526"],
        lasting(GATEWAY),
    ),
    rule(
        &[
            "unknown error</title*",
            "returning an unknown error",
            "web server is down",
            "origin is unreachable",
            "origin dns error",
            "error code: 520",
            "error code: 521",
            "error code: 523",
            "error code: 525",
            "error code: 530",
            "error code: 1033",
            "error code: 1016",
            "error code: 1000",
            "error code: 502",
            "error code: 503",
            "error 520",
            "error 521",
            "error 523",
            "error 525",
            "error 530",
            "error 1016",
            "error 1033",
            "520:*",
            "521:*",
            "523:*",
            "525:*",
            "530:*",
            "cloudflare tunnel error",
            "argo tunnel error",
        ],
        GATEWAY,
    )
    .none(&["- {*"]),
    rule(
        &[
            "error 1015",
            "error code: 1015",
            "you are being rate limited",
        ],
        RATE,
    ),
    rule(
        &[
            "error 1020",
            "error code: 1020",
            "error code: 1010",
            "error code: 1009",
            "error code: 1006",
            "error code: 1007",
            "error code: 1008",
            "error code: 1012",
            "error 1010",
            "error 1009",
            "error 1006",
            "attention required! | cloudflare",
            "you have been blocked",
            "protect itself from online attacks",
            "just a moment...*",
            "checking your browser*",
            "verify you are human*",
            "verify you are a human*",
            "enable javascript and cookies to continue",
            "security service to protect*",
            "incapsula*",
            "the requested url was rejected*",
        ],
        PERMISSION,
    ),
    rule(&["request blocked*", "request was blocked*"], PERMISSION).none(&[
        "content .. filter*",
        "content .. policy",
        "content management*",
        "moderat*",
        "prohibited*",
        "harmful*",
        "inappropriate*",
        "sensitive*",
        "unsafe",
        "violat*",
        "safety",
        "guardrail*",
    ]),
    rule(&["requested url could not be retrieved", "squid"], GATEWAY).with(&[
        "connection refused",
        "no route*",
        "timed out",
        "timeout",
        "unable to determine ip*",
        "unable to forward*",
        "read error",
        "zero sized reply",
        "connection reset*",
        "unreachable",
        "ssl error",
        "failed to establish*",
    ]),
    rule(
        &[
            "requested url could not be retrieved",
            "policy denied",
            "system policy has denied*",
        ],
        BLOCKED,
    ),
    rule(
        &[
            "502 server error",
            "bad gateway*",
            // Apache's page.
            "maintenance downtime",
            "invalid response from an upstream*",
            "acting as a gateway*",
            "invalid or incomplete response",
            "proxy server could not handle*",
            "reading from remote server",
            "no server is available*",
            "no server available*",
            "no available server",
            "service temporarily unavailable",
            "upstream prematurely closed*",
            "upstream sent*",
            "upstream reset before*",
            "upstream reset after*",
            "while connecting to upstream",
            "while reading response header from upstream",
            "host not found in upstream",
            "no live upstreams*",
            "upstream server*",
            "upstream unavailable",
            "upstream is unavailable",
            "upstream service unavailable",
            "failed to reach upstream",
            "could not reach upstream*",
            "error communicating with upstream*",
            "failed to connect to upstream*",
            "connect to the origin",
            "connection with the origin",
            "connecting to the back end",
            "could not connect to the origin*",
            "reach the origin*",
            "lambda function .. invalid*",
            "application failed to respond",
            "our services aren't available right now",
            "backend fetch failed",
            "guru meditation*",
            "temporary error and could not complete your request",
            "dns cache overflow",
            "unknown domain*",
            "err ngrok*",
            "healthy instances",
            "peer from the .. balancer",
            "no endpoints available for service*",
            "the backend*",
            "unreachable backend",
            "backend unreachable",
            "backend is unreachable",
            "dynamic backend",
            "bad response from upstream",
        ],
        GATEWAY,
    )
    .none(&[
        "overloaded",
        "requests limit*",
        "at capacity",
        "are busy",
        "high demand",
        "high load",
    ]),
    rule(
        &[
            "function invocation failed",
            "worker threw exception",
            "error code: 1101",
            "error 1101",
        ],
        SERVER,
    ),
    rule(
        &[
            "exceeded resource limits",
            "error code: 1102",
            "error 1102",
            "limit exec*",
        ],
        OVERLOADED,
    ),
    rule(&["network authentication required", "511 network*"], PORTAL),
    rule(&["too many connections"], OVERLOADED).with(&["503", "service unavailable*"]),
    rule(&["http method", "request method"], BAD_REQUEST)
        .then(&["not allowed", "not permitted", "not supported"])
        .none(&["retry*", "retries"]),
    rule(
        &["not configured to allow the http request method*"],
        BAD_REQUEST,
    ),
    // Over every error of CloudFront's stands the same; what it forbids it has not asked anybody for.
    rule(&["the request could not be satisfied"], GATEWAY).none(&["403 error", "403 forbidden"]),
    rule(
        &[
            "captive portal",
            "hotspot login",
            "hotspot sign in",
            "wifi login",
            "wi fi login",
            "wi fi access",
            "guest wifi",
            "guest wi fi",
            "guest network",
            "sign in to .. network",
            "log in to .. network",
            "login to .. network",
            "connect to .. wi fi",
            "connect to .. wifi",
            "accept .. terms .. wi fi",
            "wispaccessgateway*",
            "wisp access gateway*",
        ],
        PORTAL,
    )
    .with(MARKUP),
];

/// The name of a class behind which clients put the reason.
const CLASS: &[&str] = &["service unavailable error"];

/// The reason phrase of a 503: what the server says itself of being full says more.
pub(super) static UNAVAILABLE: &[Rule] = &[rule(&["service unavailable"], GATEWAY).none(CLASS)];

/// The same as the name of a class.
pub(super) static NAMED: &[Rule] = &[rule(CLASS, GATEWAY)];

/// Whether the class is named, so that only a [reason](is_reason) says more.
pub(super) fn is_named(words: Words<'_>) -> bool {
    words.has_any(CLASS)
}

/// Whether this can be why a service was not available: words of anything else behind the class are
/// about something else.
pub(super) fn is_reason(kind: FailureKind) -> bool {
    use FailureKind as K;
    matches!(
        kind,
        K::Dns
            | K::ConnectionRefused
            | K::ConnectionReset
            | K::ConnectionClosed
            | K::Unreachable
            | K::StreamTruncated
            | K::TimeoutConnect
            | K::TimeoutHead
            | K::TimeoutFirstEvent
            | K::TimeoutIdle
            | K::TlsUntrusted
            | K::TlsExpired
            | K::TlsName
            | K::TlsOther
            | K::Proxy
            | K::RateLimited
            | K::Overloaded
            | K::BadGateway
    )
}

/// What is left when a gateway speaks and nothing in it was known; and pages that say nothing.
pub(super) static REST: &[Rule] = &[
    rule(
        &[
            "upstream error",
            "upstream failed",
            "upstream service error",
            "upstream api error",
            "upstream failure",
            "upstream provider*",
            "gateway error",
            "bad response status code",
            "provider unavailable",
            "upstream down",
            "upstream offline",
        ],
        GATEWAY,
    ),
    rule(
        &[
            "backend",
            "provider",
            "upstream call",
            "upstream session",
            "upstream stream",
        ],
        GATEWAY,
    )
    .then(&["not established", "not be established"]),
    rule(&["provider", "upstream is", "backend", "endpoint"], GATEWAY)
        .then(&[
            "is down",
            "is offline",
            "not available",
            "not responding",
            "unavailable",
            "unreachable",
        ])
        .none(&["not available for*", "not available in*"]),
];

/// A page that says nothing: where no status says otherwise, a page was not what was asked for.
pub(super) fn page(words: Words<'_>) -> Option<Classification> {
    words
        .has_any(&["<!doctype html*", "<html*"])
        .then_some(PORTAL)
}
