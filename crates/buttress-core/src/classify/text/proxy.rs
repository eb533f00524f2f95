//! Forward proxies, tunnels through them, and filters that answer in the server's place.

use super::rule::{BLOCKED, GATEWAY, PROXY, Rule, passing, rule};

/// How a status that will pass looks in the answer to `CONNECT`.
const PASSING: &[&str] = &["429", "500", "502", "503", "504"];

const TUNNEL: &[&str] = &[
    "tunnel*",
    "http connect failed*",
    "proxy connection failed*",
    "connect request .. failed",
    "proxy error: 5*",
    "proxyconnect",
];

/// What a proxy answered, whatever it was asked.
const ANSWERED: &[&str] = &[
    "from proxy",
    "proxy .. returned",
    "proxy .. returns",
    "proxy .. status*",
    "proxy .. response",
];

const NO_FORWARD_PROXY: &[&str] = &["cloudflare tunnel*", "argo tunnel*", "upstream server"];

pub(super) static RULES: &[Rule] = &[
    // llama.cpp's router, of the server behind it, in the words of its library for HTTP.
    rule(&["proxy error"], GATEWAY).then(&[
        "to read connection",
        "to write connection",
        "not establish connection",
        "connection handling canceled",
    ]),
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
    rule(TUNNEL, passing(PROXY))
        .with(PASSING)
        .none(NO_FORWARD_PROXY),
    rule(ANSWERED, passing(PROXY))
        .with(PASSING)
        .none(NO_FORWARD_PROXY)
        // What a 502 is, in the words of its definition (RFC 9110, section 15.6.3).
        .none_of(&["gateway or proxy"]),
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
            "connect to the proxy*",
            "connecting to proxy*",
            "connecting to the proxy*",
            "connection to proxy*",
            "connection to the proxy*",
            "corporate proxy",
            "proxy @*",
            "proxy at @*",
            "proxy connect*",
            "proxy tunnel",
            "establishing tunnel*",
        ],
        passing(PROXY),
    )
    .with(&[
        "econnrefused",
        "econnreset",
        "etimedout",
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
            "establish .. tunnel",
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
    // Twisted puts the answer behind it, others what broke.
    rule(&["open connect tunnel*", "tunnel with proxy"], PROXY).none(&[
        "connection reset*",
        "connection refused*",
        "connection closed*",
        "connection aborted*",
        "connection was*",
        "broken pipe",
        "timed out",
        "timeout*",
        "econn*",
        "etimedout",
        "eof",
        "os error",
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
            "blocked by .. allowlist",
            "blocked by .. firewall",
            "blocked by .. proxy",
            "blocked by .. sandbox",
            "blocked by egress*",
            "network allowlist",
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
