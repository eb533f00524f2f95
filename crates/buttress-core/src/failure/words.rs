//! The plain sentence of a failure: fixed words and numbers, never text from outside.

use super::{Action, Delivery, Failure, FailureKind, Phase};
use std::fmt;

pub(super) fn sentence(failure: &Failure, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(happened(failure.kind()))?;
    match (failure.phase(), failure.delivery()) {
        (_, Delivery::Answered(status)) => write!(f, " (status {})", status.as_u16())?,
        (_, Delivery::Partial { bytes: 1 }) => f.write_str(" after 1 byte of the answer")?,
        (_, Delivery::Partial { bytes }) => write!(f, " after {bytes} bytes of the answer")?,
        (Phase::Head, _) if says_where(failure.kind()) => f.write_str(" before it answered")?,
        (Phase::Body, _) if says_where(failure.kind()) => f.write_str(" during the answer")?,
        _ => {}
    }
    if let Some(limit) = failure.limit() {
        write!(f, " (limit {:?})", limit.limit)?;
    }
    let attempts = failure.attempts();
    if attempts > 1 {
        write!(f, ", after {attempts} attempts")?;
    }
    match failure.history().count(Action::Resumed) {
        0 => Ok(()),
        1 => f.write_str(", continued once"),
        times => write!(f, ", continued {times} times"),
    }
}

/// Whether the phase adds something to the kind.
fn says_where(kind: FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::ConnectionClosed | FailureKind::ConnectionReset
    )
}

pub(super) fn happened(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::ConnectionClosed => "the server closed the connection",
        FailureKind::ConnectionReset => "the connection to the server was reset",
        FailureKind::ConnectionRefused => "nobody accepts connections at that address",
        FailureKind::Unreachable => "there is no route to the server",
        FailureKind::Dns => "the server's name could not be resolved",
        FailureKind::TlsUntrusted => "the server's certificate is not trusted",
        FailureKind::TlsExpired => "the server's certificate is not valid at this time",
        FailureKind::TlsName => "the server's certificate is for another name",
        FailureKind::TlsOther => "no secure connection could be set up",
        FailureKind::TimeoutConnect => "no connection was made in time",
        FailureKind::TimeoutHead => "the server did not begin to answer in time",
        FailureKind::TimeoutFirstEvent => "the answer began but brought nothing in time",
        FailureKind::TimeoutIdle => "the answer fell silent for too long",
        FailureKind::TimeoutRate => "the answer came too slowly",
        FailureKind::TimeoutTotal => "the call took longer than it may",
        FailureKind::StreamTruncated => "the answer ended before it was complete",
        FailureKind::RepresentationChanged => "the content changed while it was fetched",
        FailureKind::Protocol => "the server broke the rules of the protocol",
        FailureKind::Decode => "the answer could not be decoded",
        FailureKind::Proxy => "a proxy did not pass the request on",
        FailureKind::CaptivePortal => "something on the network answered in the server's place",
        FailureKind::RateLimited => "the server is limiting the rate of requests",
        FailureKind::QuotaExhausted => "the account's quota is used up",
        FailureKind::Overloaded => "the server is overloaded",
        FailureKind::ServerError => "the server failed",
        FailureKind::BadGateway => "a gateway got no answer from the server behind it",
        FailureKind::Auth => "the credentials were not accepted",
        FailureKind::Permission => "the credentials do not allow this",
        FailureKind::NotFound => "there is nothing at that address",
        FailureKind::BadRequest => "the server did not accept the request",
        FailureKind::ContextLength => "the input is longer than the model takes",
        FailureKind::ContentFiltered => "the content was refused by a filter",
        FailureKind::PayloadTooLarge => "the request is larger than the server takes",
        FailureKind::Cancelled => "the call was ended from this side",
        FailureKind::BudgetExhausted => "the shared budget for retries is used up",
        FailureKind::Unknown => "the call failed",
    }
}
