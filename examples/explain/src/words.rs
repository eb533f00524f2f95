//! Names and sentences for what a failure is.

use buttress_core::{Delivery, Failure, FailureKind, Side};

/// The category of a kind: the names by which people sort error reports, which are fewer.
pub fn category(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::TimeoutHead | FailureKind::TimeoutFirstEvent | FailureKind::TimeoutTotal => {
            "timeout_first_byte"
        }
        FailureKind::TimeoutRate => "timeout_idle",
        FailureKind::TlsName => "tls_untrusted",
        FailureKind::TlsOther => "protocol",
        FailureKind::Unreachable => "connection_refused",
        FailureKind::RepresentationChanged => "stream_truncated",
        other => other.code(),
    }
}

/// A stable name for a side.
pub fn side(side: Side) -> &'static str {
    match side {
        Side::Caller => "caller",
        Side::Network => "network",
        Side::Intermediary => "intermediary",
        Side::Server => "server",
        _ => "unknown",
    }
}

/// When it is safe to send the request again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// Trying again changes nothing.
    Useless,
    /// Nothing of the request was processed.
    Always,
    /// The server answered that it did not do it.
    Refused,
    /// It may have been processed.
    IfRepeatable,
    /// A part of the answer was delivered.
    IfResumed,
}

impl Safety {
    /// When it is safe to repeat a request that failed like this.
    pub fn of(failure: &Failure) -> Self {
        match failure.delivery() {
            _ if !failure.is_transient() => Safety::Useless,
            Delivery::NotSent => Safety::Always,
            Delivery::Refused => Safety::Always,
            _ if failure.phase() == buttress_core::Phase::Body => Safety::IfResumed,
            _ if matches!(
                failure.kind(),
                FailureKind::RateLimited | FailureKind::Overloaded
            ) =>
            {
                Safety::Refused
            }
            _ => Safety::IfRepeatable,
        }
    }

    /// A stable name for it.
    pub fn code(self) -> &'static str {
        match self {
            Safety::Useless => "never",
            Safety::Always => "always",
            Safety::Refused => "after_wait",
            Safety::IfRepeatable => "if_repeatable",
            Safety::IfResumed => "if_nothing_was_used",
        }
    }
}
