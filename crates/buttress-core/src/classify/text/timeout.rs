//! Waits that were too long: for a connection, for an answer, or within one.

use super::connect::CONNECTING;
use super::find::Words;
use super::rule::{
    Rule, TIMEOUT_CONNECT, TIMEOUT_FIRST_EVENT, TIMEOUT_HEAD, TIMEOUT_IDLE, TIMEOUT_SYSTEM, rule,
};
use crate::classify::Classification;

/// What runtimes say when time is up.
pub(super) const TIMED_OUT: &[&str] = &[
    "timed out*",
    "timedout",
    "timeout*",
    "*timeout",
    "time out*",
    "deadline exceeded",
    "deadline expired",
    "deadline has elapsed",
    "deadline has passed",
    "took too long",
    "taking too long*",
    "took longer*",
    "timing out",
    "time limit*",
    "execution expired",
    // What a read says on a socket that has a time limit (`SO_RCVTIMEO`).
    "read .. resource temporarily unavailable",
    "recv* .. resource temporarily unavailable",
    "resource temporarily unavailable (os error 11)",
    "timer expired",
    "has expired",
    "not respond*",
    "no stream activity",
    "no response within*",
    "no response after*",
    "no response in",
    "no response .. after",
    "no response .. for",
    "waited .. for",
    "gave up waiting*",
    "giving up waiting*",
    "no first .. within",
    "no tokens .. within",
    "no output .. within",
    "no .. within the .. deadline",
    "no .. within its .. deadline",
    "超时",
    "タイムアウト",
];

/// What shows that the answer had begun.
pub(super) const IN_BODY: &[&str] = &[
    "stream",
    "streaming",
    "sse",
    "chunk*",
    "body",
    "idle",
    "partial*",
    "mid response",
    "between bytes",
    "reading data",
    "next event",
    "event: error",
    "data:*",
    "terminated*",
];

/// Timeouts that say themselves what they waited for.
pub(super) static CERTAIN: &[Rule] = &[
    // .NET reads while it shakes hands, too, and tells of the handshake around it.
    rule(&["connection attempt failed because*"], TIMEOUT_CONNECT)
        .with(&["ssl connection could not*"]),
    // Python's `urlopen` wraps whatever it met until the head was asked for, most often while connecting.
    rule(&["urlopen error timed out"], TIMEOUT_SYSTEM),
    rule(
        &[
            "connect timeout*",
            "open timeout*",
            "connecting .. timed out",
            "connect .. timed out",
            "timeout .. 'connect'",
            "timeout .. 'secure connect'",
            "timeout: connect",
            "timeout(connect)",
            "connection attempt timed out*",
            "connection attempt took*",
            "timed out .. connecting",
            "timed out trying to connect",
            "timed out connecting*",
            "timeout connecting*",
            "timeout .. connecting",
            "timeout in connect",
            "timeout during connect*",
            "failed to connect .. timeout",
            "tcp connect error .. deadline has elapsed",
            "trying to connect .. deadline has elapsed",
            "dial .. timed out",
            "dial .. timeout",
            "dialing .. timeout",
            "dial .. deadline exceeded",
            "connect error .. deadline exceeded",
            "handshake .. did not complete",
            "failed to occur within",
            "timeout exception: connect",
            "connection timed out after",
            "connection timeout to host",
            "connection to .. timed out after",
            "connection establishment timed out",
            "connection within",
            "connect within",
            "failed to connect to .. within",
            "could not connect to .. within",
            "couldn't connect to .. within",
            "unable to connect to .. within",
            "did not connect to .. within",
            "cannot connect to .. within",
            "err connection timed out",
            "connection attempt failed because*",
            "curl: (28) failed to connect*",
            "error 28: failed to connect*",
            "socket connection timeout",
            "establish .. connection .. timed out",
            "semaphore timeout*",
            "pool timeout",
            "pool timed out",
            "pool acquire*",
            "acquire .. timeout",
            "acquire .. timed out",
            "connection from pool",
            "connection from the pool",
            "empty pool error",
            "connection request timeout exception",
            "connection pool timeout*",
            "checkout timeout",
            "excess queuing",
            "waiting for connection",
            "waiting for a connection",
            "waiting for idle connection",
        ],
        TIMEOUT_CONNECT,
    )
    .none(&[
        "wsarecv*",
        "wsasend*",
        "transport connection: a connection attempt*",
        "connect error: [*",
        "read tcp",
        "upstream connect*",
        "operation timed out after .. received",
        "c url error .. operation timed out after*",
        "keep alive*",
        "idle timeout*",
        "litellm.timeout*",
    ]),
    // The name says which wait it was; the words tell what the client did then.
    rule(
        &[
            "timeout error: connection closed*",
            "timeout exception: connection closed*",
            "closed due to .. timeout",
            "closed because of .. timeout",
            "streaming setup time*",
        ],
        TIMEOUT_HEAD,
    )
    .none(&["no chunks", "idle", "inactivity"]),
    rule(&["first byte", "ttfb timeout"], TIMEOUT_HEAD)
        .with(TIMED_OUT)
        .none(&[
            "after .. first byte",
            "first byte received",
            "got first byte",
            "idle",
            "stalled",
        ]),
    rule(
        &[
            "first token",
            "first chunk",
            "first event",
            "first frame",
            "first data",
            "first progress",
            "initial chunk",
            "initial event",
        ],
        TIMEOUT_FIRST_EVENT,
    )
    .with(TIMED_OUT),
    rule(
        &[
            "idle timeout*",
            "idle timed out",
            "idletimeout",
            "inactivity*",
            "idle for*",
            "went quiet",
            "went silent",
            "body timeout*",
            "chunk timeout*",
            "chunk .. timed out",
            "stream .. timed out",
            "stream timeout*",
            "stream read timeout",
            "sse .. timed out",
            "sse .. timeout",
            "timed out .. stream",
            "timed out .. next chunk",
            "timeout waiting for .. chunk",
            "timeout .. reading body",
            "cancellation while reading body",
            "timed out .. reading body",
            "timed out .. response body",
            "body .. timed out",
            "body .. deadline exceeded",
            "body .. i/o timeout",
            "body: timeout",
            "body error: timeout",
            "body .. deadline has elapsed",
            "timeout on reading data*",
            "timeout .. 'read'",
            "timeout .. 'socket'",
            "timeout: receive body",
            "timeout(recv body)",
            "any data .. within",
            "timeout, server*",
            "without receiving a message from*",
            "no data .. within",
            "no bytes .. for",
            "no tokens .. for",
            "operation too slow",
            "failed to transfer more than*",
            "connection lost: timed out",
            "keep alive timed out",
            "keep alive timeout*",
            "keepalive timed out",
            "receive a pong*",
            "keepalive watchdog timeout",
            "ping timeout",
            "ping timed out",
            "ping failed",
            "heartbeat timeout",
            "heartbeat timed out",
            "no data .. for",
            "no event .. for",
            "no events .. for",
            "no activity for",
            "timed out .. with no activity",
            "closed .. with no activity",
            "no recent network activity",
            "no network activity",
            "no chunk .. for",
            "no chunks .. for",
            "no new data",
            "stalled",
            "stale for",
            "stopped responding",
            "watchdog .. without",
            "stream stall*",
            "fell silent",
        ],
        TIMEOUT_IDLE,
    ),
    rule(
        &[
            "no progress for",
            "no progress in",
            "stopped sending",
            "stopped producing",
        ],
        TIMEOUT_IDLE,
    )
    .with(&["chunks", "events", "model", "response", "stream", "tokens"]),
    rule(
        &[
            "between messages",
            "between events",
            "between chunks",
            "between tokens",
            "between frames",
        ],
        TIMEOUT_IDLE,
    )
    .with(&["too long", "exceeded", "longer*"]),
    // An error that a server sends in an event stream that has begun.
    rule(&["timeout error"], TIMEOUT_IDLE).with(&["event: error*", "data: {*"]),
    rule(TIMED_OUT, TIMEOUT_CONNECT)
        .with(&[
            "failed to connect*",
            "could not connect*",
            "couldn't connect*",
            "can't connect*",
            "cannot connect*",
            "unable to connect*",
            "trying to connect*",
            "while connecting",
            "tcp handshake",
        ])
        .none(&["connect to api", "wsarecv*"]),
    rule(
        &[
            "awaiting headers",
            "awaiting response headers",
            "waiting for .. headers",
            "waited .. for .. headers",
        ],
        TIMEOUT_HEAD,
    )
    .with(TIMED_OUT),
    rule(
        &[
            "headers timed out",
            "headers timeout*",
            "header timeout",
            "header timed out",
            "response headers .. timed out",
            "timeout of .. exceeded",
            "http client.timeout of",
            "http timeout exception",
            "socket timeout exception",
            "concurrent.timeout exception",
            "read timeout*",
            "read timed out",
            "read operation timed out",
            "esockettimedout",
            "model timeout exception",
            "aborted due to timeout",
            "request timed out",
            "request timeout*",
            "api timeout*",
            // Connect, the protocol, puts its code in brackets behind the name of its error.
            "[deadline exceeded]",
            // Windows' words for a connection that went silent, where .NET was reading.
            "from the transport connection: a connection attempt failed*",
        ],
        TIMEOUT_HEAD,
    )
    .none(IN_BODY),
];

/// Any other timeout: what stands around it says where.
pub(super) fn rest(words: Words<'_>) -> Option<Classification> {
    if !words.has_any(TIMED_OUT) {
        return None;
    }
    // curl says how much it had received.
    let begun = words.numbers("milliseconds with").any(|bytes| bytes > 0);
    Some(if begun || words.has_any(IN_BODY) {
        TIMEOUT_IDLE
    } else if words.has("litellm.timeout*") {
        // It says of every wait that the connection timed out.
        TIMEOUT_HEAD
    } else if words.has_any(&[
        "connection timed out*",
        "connection timeout*",
        "connection has timed out",
        "connection took longer",
    ]) {
        of_system(words)
    } else {
        TIMEOUT_HEAD
    })
}

/// A timeout of the operating system's: of a new connection, unless the words say otherwise.
pub(super) fn of_system(words: Words<'_>) -> Classification {
    if words.has_any(&[
        "read",
        "recv",
        "wsarecv*",
        "write",
        "send",
        "wsasend*",
        "recv failure",
        "h get buf*",
    ]) {
        if words.has_any(IN_BODY) {
            TIMEOUT_IDLE
        } else {
            TIMEOUT_HEAD
        }
    } else if words.has_any(CONNECTING) {
        TIMEOUT_CONNECT
    } else if words.has_any(&["body", "chunk*", "sse", "mid response"]) {
        TIMEOUT_IDLE
    } else {
        TIMEOUT_SYSTEM
    }
}
