//! Forward proxies, tunnels through them, and filters that answer in the server's place.

use super::rule::{BLOCKED, PROXY, Rule, passing, rule};

/// How a status that will pass looks in the answer to `CONNECT`.
const PASSING: &[&str] = &["429", "500", "502", "503", "504"];

const TUNNEL: &[&str] = &[
    "tunnel*",
    "http connect failed*",
    "proxy connection failed*",
    "connect request .. failed",
    "from proxy",
    "proxy .. returned",
    "proxy .. returns",
    "proxy .. status*",
    "proxy .. response",
    "proxy error: 5*",
    "proxyconnect",
];

pub(super) static RULES: &[Rule] = &[
    rule(
        &["proxy auth*", "proxy requires*", "err tunnel auth*"],
        PROXY,
    ),
    rule(&["407"], PROXY)
        .with(&["proxy", "tunnel*", "connect"])
        // A number of something else.
        .none(&[
            "after 407",
            "407 ms",
            "407 milliseconds",
            "407 bytes",
            "407 tokens",
        ]),
    rule(TUNNEL, passing(PROXY)).with(PASSING).none(&[
        "cloudflare tunnel*",
        "argo tunnel*",
        "upstream server",
    ]),
    // The tunnel was not made, and it is not the configuration that is at fault.
    rule(
        &[
            "tunnel error: unsuccessful",
            "unsuccessful tunnel",
            "tunnel error: failed to create*",
            "tunnel error: unexpected*",
            "tunnel error: io*",
            "err tunnel connection failed",
            "connection to proxy closed",
            "proxy closed .. connection",
            "proxy connect aborted",
        ],
        passing(PROXY),
    ),
    rule(
        &[
            "tunneling socket .. etimedout",
            "tunneling socket .. econnreset",
            "tunneling socket .. socket hang up",
        ],
        passing(PROXY),
    ),
    // The proxy itself was not reached.
    rule(
        &[
            "proxy error",
            "proxyconnect",
            "connect to proxy*",
            "connecting to proxy*",
            "connection to proxy*",
            "proxy connect*",
        ],
        passing(PROXY),
    )
    .with(&[
        "new connection error",
        "os error",
        "connection refused",
        "actively refused*",
        "connection reset*",
        "timed out",
        "i/o timeout",
        "no route to host",
        "network is unreachable",
        "temporary failure*",
    ])
    .none(&[
        "407",
        "tunnel connection failed: 4*",
        "upstream server",
        "from remote server",
        "reverse proxy",
    ]),
    rule(
        &[
            "could not resolve proxy*",
            "couldn't resolve proxy*",
            "couldnt resolve proxy",
            "curle proxy",
            "pac script failed",
            "proxy autodetection failed",
            "winhttp autodetection failed",
            "auto proxy*",
            "connect tunnel failed",
            "from proxy after connect",
            "tunnel connection failed",
            "tunnel error",
            "tunnel through proxy",
            "tunneling socket*",
            "proxy tunnel*",
            "http connect failed",
            "proxy connect*",
            "proxyconnect",
            "connect to proxy*",
            "connect to the proxy",
            "connect to http proxy",
            "connect to https proxy",
            "connecting to proxy*",
            "connection to proxy*",
            "connection to the proxy",
            "connection to proxies",
            "proxy response",
            "proxy error",
            "err proxy*",
            "err mandatory proxy*",
            "err prx*",
            "ns error .. proxy*",
            "proxy .. refus*",
            "refused .. proxy",
            "proxy handshake*",
            "proxy returned*",
            "proxy .. denied",
            "proxy rejected*",
            "proxy blocked*",
            "invalid proxy*",
            "unknown proxy*",
            "proxy url*",
            "unsupported proxy*",
            "no supported proxies",
            "socks*",
        ],
        PROXY,
    )
    .none(&[
        // LiteLLM's key.
        "proxy server token*",
        "upstream server",
        "from remote server",
        "reverse proxy",
        "cloudflare tunnel*",
        "argo tunnel*",
    ]),
    rule(
        &[
            "*blockpage",
            "zscaler",
            "forti guard",
            "forti gate",
            "forti net",
            "fortiguard",
            "fortigate",
            "fortinet",
            "netskope",
            "websense",
            "forcepoint",
            "radware",
            "blue coat",
            "bluecoat",
            "iron port",
            "ironport",
            "umbrella",
            "barracuda",
            "sophos",
            "palo alto networks",
            "mcafee*",
            "mc afee*",
            "skyhigh",
            "web page blocked",
            "web filter*",
            "webfilter*",
            "content filter",
            "url filter*",
            "user check",
            "blocked by your .. administrator",
            "blocked by .. policy",
            "blocked by .. organization",
            "blocked by network*",
            "blocked .. with .. policy",
            "violation of .. policy",
            "access to .. website .. blocked",
            "site is blocked",
            "site blocked",
            "web gateway",
            "web proxy*",
        ],
        BLOCKED,
    )
    .with(MARKUP),
    rule(
        &[
            "err blocked by*",
            "err network access denied",
            "blocked by .. proxy",
            "blocked by .. firewall",
            "cache access denied",
            "x squid error",
        ],
        BLOCKED,
    ),
];

/// What shows that a text is a page.
pub(super) const MARKUP: &[&str] = &[
    "<html*",
    "<!doctype html*",
    "<title*",
    "<head*",
    "<body*",
    "<h1*",
    "<meta*",
    "<p>*",
    "<div*",
    "<a href*",
    "<img*",
    "<script*",
    "<center*",
];

/// A proxy, and something that went wrong, when no phrase was known.
pub(super) static REST: &[Rule] = &[
    rule(&["firewall"], BLOCKED).with(&["is blocking", "blocking access", "blocked", "blocks"]),
    rule(&["proxy"], PROXY)
        .with(&[
            "denied",
            "failed",
            "failure",
            "error",
            "rejected",
            "blocked",
            "unable",
            "cannot",
            "could not",
            "forbidden",
            "invalid",
            "ended",
            "closed",
        ])
        .none(&["reverse proxy", "upstream*", "api proxy", "litellm*"]),
];
