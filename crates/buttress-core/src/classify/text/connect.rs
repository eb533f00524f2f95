//! Connections that are not made, and routes that are not there.

use super::rule::{REFUSED, Rule, UNREACHABLE, connect, rule, uncertain};

/// What shows that a connection was being made.
pub(super) const CONNECTING: &[&str] = &[
    "connect",
    "connecting",
    "connectex",
    "connector error",
    "dial",
    "dialing",
    "new connection",
    "connection attempt*",
    "failed to connect*",
    "unable to connect*",
    "cannot connect*",
    "could not connect*",
    "tcp connect*",
    "trying to connect*",
    "connection establishment",
];

const NO_ROUTE: &[&str] = &[
    "network is unreachable",
    "network unreachable",
    "unreachable network",
    "no route to host*",
    "host is unreachable",
    "host unreachable",
    "unreachable host",
    "host is down",
    "network is down",
    "network down",
    "address unreachable",
    "port unreachable*",
    "destination unreachable",
    "address not available",
    "addr not available",
    "cannot assign requested address",
    "can't assign requested address",
    "network location cannot be reached*",
];

pub(super) static RULES: &[Rule] = &[
    rule(NO_ROUTE, connect(UNREACHABLE)).with(CONNECTING),
    // No local port is left to connect from; a server says the same of its own.
    rule(&["only one usage of each socket address*"], UNREACHABLE).none(&["bind", "listen*"]),
    rule(NO_ROUTE, UNREACHABLE),
    rule(
        &[
            "internet disconnected",
            "no internet*",
            "data not allowed",
            "international roaming off",
            "not connected to the internet",
            "not connected to internet",
            "internet connection appears to be offline",
            "ns error offline",
            "browser is offline",
            "you are offline",
            "you're offline",
            "you appear to be offline",
        ],
        connect(UNREACHABLE),
    ),
    rule(
        &[
            "connection refused*",
            "connection was refused",
            "connection to .. was refused",
            "connectionrefused*",
            "err address invalid",
            "refused the network connection",
            "refused the connection",
            "refused our connection",
            "refused to connect",
            "actively refused*",
            "connect call failed",
            "all connection attempts failed",
            "is the computer able to access*",
            "nothing is listening*",
            "nothing listening on*",
            "can't establish a connection to the server*",
        ],
        REFUSED,
    ),
    // A socket in the file system that nobody has made.
    rule(
        &[
            "connect enoent",
            "dial unix .. no such file*",
            "unix socket .. no such file*",
        ],
        REFUSED,
    ),
];

/// What is left when nothing said why no connection was made.
pub(super) static REST: &[Rule] = &[
    rule(
        &[
            "couldn't connect to server",
            "couldnt connect",
            "could not connect to server",
            "could not connect to the server",
            "unable to connect to the remote server",
            "failed to establish a new connection",
            "failed to establish connection",
            "no connection established",
            "no connection could be made*",
            "connection failed: connect*",
            "cannot connect to host",
            "failed to connect to",
            "connect to .. failed",
            "connector error",
            "connect error",
            "connect exception",
            "err connection failed",
            "error while dialing",
            "connectex:*",
            "dial tcp",
            "connection establishment",
            "client error (connect)",
            "is not running",
        ],
        REFUSED,
    )
    .none(&[
        "eof",
        "reset",
        "ssl connect*",
        // The error's name in Connect, the protocol, with its code.
        "connect error: [*",
        "connect to api",
    ]),
    // Words of a client that may have reused a connection: nothing is certain.
    rule(
        &[
            "unable to connect*",
            "failed to connect*",
            "could not connect*",
            "couldn't connect*",
            "cannot connect*",
            "can't connect*",
            "unable to establish*",
            "could not establish*",
            "couldn't establish*",
            "cannot establish*",
            "can't establish*",
            "unable to reach*",
            "could not reach*",
            "couldn't reach*",
            "failed to reach*",
            "cannot reach*",
            "can't reach*",
            "connection cannot be*",
            "connection can't be*",
            "connection could not be*",
            "connection couldn't be*",
        ],
        uncertain(REFUSED),
    )
    .none(&[
        "connect to api",
        "ssl connect*",
        "tls connect*",
        "quorum",
        "consensus",
        "agreement",
    ]),
    rule(
        &[
            "could not be reached",
            "couldn't be reached",
            "cannot be reached",
            "can't be reached",
            "is not reachable",
        ],
        uncertain(REFUSED),
    )
    .with(&[
        "@*", "api", "backend", "endpoint", "host", "provider", "server", "service",
    ]),
];
