//! What is said of each kind, by the names of the messages.

use buttress_core::{Failure, FailureKind, Phase};

/// Stands for the step that says whether and when to send the request again.
pub(super) const AGAIN: &str = "again";

/// What is said of a failure beside its title and what happened, which begin with its name.
pub(super) struct Plot {
    pub(super) name: &'static str,
    pub(super) side: &'static str,
    pub(super) steps: &'static [&'static str],
}

/// One table, so that every kind has a line of its own.
macro_rules! plots {
    ($($kind:ident: $side:literal, [$($step:expr),+];)+) => {
        /// What is usually said of this kind. One that is newer than the texts is told like one
        /// that is not known.
        fn usual(kind: FailureKind) -> Plot {
            match kind {
                $(FailureKind::$kind => Plot {
                    name: FailureKind::$kind.code(),
                    side: $side,
                    steps: &[$($step),+],
                },)+
                _ => usual(FailureKind::Unknown),
            }
        }
    };
}

/// What is said of this failure: of its kind, unless it is one of those that are told otherwise.
/// `local` if its server runs on this machine.
pub(super) fn plot(failure: &Failure, local: bool) -> Plot {
    match failure.kind() {
        // No network lies between them: it was the server, or what it passes the call on to.
        kind @ (FailureKind::ConnectionClosed | FailureKind::ConnectionReset) if local => Plot {
            side: "local-side",
            steps: &[AGAIN, "step-local-log", "step-local-proxy"],
            ..usual(kind)
        },
        kind @ FailureKind::StreamTruncated if local => Plot {
            side: "local-side",
            steps: &["step-not-whole", AGAIN, "step-local-log"],
            ..usual(kind)
        },
        // Found before anything was sent: no server has refused it.
        FailureKind::BadRequest if failure.phase() == Phase::Connect => Plot {
            name: "bad_request-unsent",
            side: "bad_request-side",
            steps: &["step-address-and-key", "step-undo", "step-report"],
        },
        // The time was up before the server had anything to do with it.
        kind @ FailureKind::TimeoutTotal if failure.delivery().is_unprocessed() => Plot {
            side: "timeout_total-unsent-side",
            steps: &["step-more-time"],
            ..usual(kind)
        },
        // What came was a web server's; the connection to it broke.
        FailureKind::Protocol if failure.is_transient() => Plot {
            name: "protocol-passing",
            side: "protocol-passing-side",
            steps: &[AGAIN, "step-find-cause"],
        },
        kind => usual(kind),
    }
}

plots! {
    ConnectionClosed: "connection-side", [AGAIN, "step-same-time", "step-find-cause"];
    ConnectionReset: "connection-side", [AGAIN, "step-same-time", "step-find-cause"];
    ConnectionRefused: "connection_refused-side",
        ["step-address-and-port", "step-start-server", AGAIN];
    Unreachable: "unreachable-side", ["step-online", "step-inside-or-outside", AGAIN];
    Dns: "dns-side", ["step-spelling", "step-online", "step-inside", AGAIN];
    StreamTruncated: "stream_truncated-side", ["step-not-whole", AGAIN, "step-same-place"];
    Proxy: "proxy-side",
        ["step-proxy-settings", "step-without-proxy", "step-allow-server", "step-no-proxy"];
    CaptivePortal: "captive_portal-side",
        ["step-sign-in", "step-then-again", "step-no-such-page"];
    TlsUntrusted: "tls_untrusted-side",
        ["step-root-certificate", "step-hotspot", "step-public-certificate", "step-keep-checks"];
    TlsExpired: "tls_expired-side", ["step-clock", "step-renew", "step-keep-checks"];
    TlsName: "tls_name-side",
        ["step-spelling", "step-without-vpn", "step-name-right", "step-keep-checks"];
    TlsOther: "tls_other-side",
        ["step-http-or-https", "step-without-vpn", "step-old-encryption", "step-nothing-changed"];
    TimeoutConnect: "timeout_connect-side", [AGAIN, "step-online", "step-only-this-server"];
    TimeoutHead: "slow-side", [AGAIN, "step-smaller-or-longer"];
    TimeoutFirstEvent: "slow-side", [AGAIN, "step-smaller-or-longer"];
    TimeoutIdle: "timeout_idle-side", [AGAIN, "step-longer-silence", "step-other-network"];
    TimeoutRate: "timeout_rate-side", [AGAIN, "step-allow-slow", "step-other-network"];
    TimeoutTotal: "timeout_total-side", ["step-more-time", "step-check-effect"];
    RateLimited: "rate_limited-side", [AGAIN, "step-send-less", "step-higher-limit"];
    QuotaExhausted: "quota_exhausted-side",
        ["step-usage-page", "step-add-credit", "step-other-account"];
    Overloaded: "overloaded-side", [AGAIN, "step-status-page"];
    ServerError: "server_error-side", [AGAIN, "step-change-request", "step-everything-fails"];
    BadGateway: "bad_gateway-side", [AGAIN, "step-status-page"];
    Protocol: "protocol-side", ["step-whole-address", "step-without-vpn", "step-address-right"];
    Decode: "decode-side", [AGAIN, "step-every-time"];
    RepresentationChanged: "representation_changed-side",
        ["step-throw-away", "step-fetch-again"];
    Auth: "auth-side", ["step-check-key", "step-new-key", "step-until-then"];
    Permission: "permission-side",
        ["step-right-account", "step-ask-to-allow", "step-closed-countries"];
    NotFound: "not_found-side", ["step-check-names", "step-moved"];
    BadRequest: "bad_request-side", ["step-undo", "step-update", "step-report"];
    ContextLength: "context_length-side",
        ["step-new-conversation", "step-smaller-files", "step-other-model"];
    ContentFiltered: "content_filtered-side", ["step-other-words", "step-wrong-refusal"];
    PayloadTooLarge: "payload_too_large-side", ["step-less-at-once", "step-raise-size"];
    Cancelled: "cancelled-side", ["step-on-purpose", "step-start-again"];
    BudgetExhausted: "budget_exhausted-side",
        ["step-wait-minutes", "step-connection-and-status"];
    Unknown: "unknown-side", ["step-once-more", "step-online", "step-look-at-log"];
}
