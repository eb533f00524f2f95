//! What kind of failure it was: a closed list with stable codes.

use std::fmt;

/// Whose side a failure is on, as far as the evidence goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Side {
    /// The caller: its request, its credentials, its limits, its own cancellation.
    Caller,
    /// The network between: routes, names, dropped connections.
    Network,
    /// Something between that answers for itself: a proxy, a portal, a gateway.
    Intermediary,
    /// The server that was called.
    Server,
    /// The evidence does not say.
    Unknown,
}

impl Side {
    /// The stable `snake_case` name of the side.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Side::Caller => "caller",
            Side::Network => "network",
            Side::Intermediary => "intermediary",
            Side::Server => "server",
            Side::Unknown => "unknown",
        }
    }
}

/// One table, so that a kind cannot lack its code, its side or its transience.
macro_rules! kinds {
    ($($(#[$doc:meta])+ $name:ident = $code:literal, $side:ident, $transient:literal;)+) => {
        /// What kind of failure it was.
        ///
        /// The [code](FailureKind::code) of a kind is stable: logs, metrics and clients may
        /// depend on it. New kinds may be added.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum FailureKind { $($(#[$doc])+ $name,)+ }

        impl FailureKind {
            /// Every kind, in the order of the table.
            pub const ALL: &'static [FailureKind] = &[$(FailureKind::$name,)+];

            /// The stable `snake_case` name of the kind.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(FailureKind::$name => $code,)+ }
            }

            /// The kind with this code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(FailureKind::$name),)+ _ => None }
            }

            /// Whose side failures of this kind are on.
            #[must_use]
            pub const fn side(self) -> Side {
                match self { $(FailureKind::$name => Side::$side,)+ }
            }

            /// Whether the same request is likely to fare better a little later.
            ///
            /// This says nothing about whether it is safe to send it again: see
            /// [`Delivery`](crate::Delivery). A single failure may know better than its kind:
            /// see [`Failure::is_transient`](crate::Failure::is_transient).
            #[must_use]
            pub const fn is_transient(self) -> bool {
                match self { $(FailureKind::$name => $transient,)+ }
            }
        }
    };
}

kinds! {
    /// The peer closed the connection before it answered.
    ConnectionClosed = "connection_closed", Network, true;
    /// The connection was reset (RST, broken pipe, aborted).
    ConnectionReset = "connection_reset", Network, true;
    /// Nobody listens at that address.
    ConnectionRefused = "connection_refused", Server, true;
    /// No route to the host or its network.
    Unreachable = "unreachable", Network, true;
    /// The host's name could not be resolved.
    Dns = "dns", Network, true;
    /// The server's certificate is not signed by anybody this machine trusts.
    TlsUntrusted = "tls_untrusted", Intermediary, false;
    /// The server's certificate is expired or not valid yet.
    TlsExpired = "tls_expired", Server, false;
    /// The server's certificate is for another name.
    TlsName = "tls_name", Server, false;
    /// Another failure of the TLS handshake or record layer.
    TlsOther = "tls_other", Server, false;
    /// No connection within the limit.
    TimeoutConnect = "timeout_connect", Network, true;
    /// No response head within the limit.
    TimeoutHead = "timeout_head", Server, true;
    /// A response head, but no first piece of the body within the limit.
    TimeoutFirstEvent = "timeout_first_event", Server, true;
    /// The body fell silent for longer than the limit.
    TimeoutIdle = "timeout_idle", Server, true;
    /// The body came more slowly than the limit allows.
    TimeoutRate = "timeout_rate", Server, true;
    /// The whole call took longer than its limit.
    TimeoutTotal = "timeout_total", Caller, false;
    /// The body ended before it was complete.
    StreamTruncated = "stream_truncated", Network, true;
    /// What is being fetched changed while it was being fetched.
    RepresentationChanged = "representation_changed", Server, false;
    /// The peer broke the rules of its protocol.
    Protocol = "protocol", Server, false;
    /// The body arrived but could not be decoded.
    Decode = "decode", Server, true;
    /// A proxy refused or failed to pass the request on.
    Proxy = "proxy", Intermediary, false;
    /// Something on the network answered in the server's place with a page of its own.
    CaptivePortal = "captive_portal", Intermediary, false;
    /// Too many requests for the moment.
    RateLimited = "rate_limited", Caller, true;
    /// The account's allowance is used up; waiting moments will not help.
    QuotaExhausted = "quota_exhausted", Caller, false;
    /// The server has more work than it can do.
    Overloaded = "overloaded", Server, true;
    /// The server failed inside.
    ServerError = "server_error", Server, true;
    /// A gateway could not get an answer from the server behind it.
    BadGateway = "bad_gateway", Intermediary, true;
    /// The credentials are missing or not accepted.
    Auth = "auth", Caller, false;
    /// The credentials are known and not allowed to do this.
    Permission = "permission", Caller, false;
    /// There is no such thing at that address.
    NotFound = "not_found", Caller, false;
    /// The server does not accept the request as it is.
    BadRequest = "bad_request", Caller, false;
    /// The input is longer than the model takes.
    ContextLength = "context_length", Caller, false;
    /// The content was refused by a filter.
    ContentFiltered = "content_filtered", Caller, false;
    /// The request is larger than the server takes.
    PayloadTooLarge = "payload_too_large", Caller, false;
    /// The caller's own side ended the call.
    Cancelled = "cancelled", Caller, false;
    /// The retry budget shared with other calls is used up.
    BudgetExhausted = "budget_exhausted", Caller, false;
    /// The evidence does not say.
    Unknown = "unknown", Unknown, false;
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_lead_back_to_their_kind() {
        for kind in FailureKind::ALL {
            assert_eq!(FailureKind::from_code(kind.code()), Some(*kind));
            assert!(
                kind.code()
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b == b'_')
            );
        }
        assert_eq!(FailureKind::from_code("no_such_kind"), None);
    }

    #[test]
    fn what_only_the_caller_can_mend_is_never_transient() {
        use FailureKind::*;
        for kind in [
            Auth,
            Permission,
            QuotaExhausted,
            BadRequest,
            Cancelled,
            TimeoutTotal,
        ] {
            assert!(!kind.is_transient(), "{kind}");
            assert_eq!(kind.side(), Side::Caller, "{kind}");
        }
    }
}
