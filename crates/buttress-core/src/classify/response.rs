//! The head of a response: its status first, then the headers that know better.

use super::Classification;
use crate::hint::{Hint, Now};
use crate::{Delivery, FailureKind, Phase, time};
use http::header::{HeaderName, PROXY_AUTHENTICATE};
use http::{HeaderMap, StatusCode};

const CF_MITIGATED: HeaderName = HeaderName::from_static("cf-mitigated");
const SQUID_ERROR: HeaderName = HeaderName::from_static("x-squid-error");

/// Classifies the head of a response: `None` unless its status is 400 to 599.
///
/// The status decides, by RFC 9110 and what vendors document of their own. A status that nobody
/// documents counts as 400 or 500 (RFC 9110, section 15). Headers overrule it where they are
/// certain:
///
/// | header | means |
/// |---|---|
/// | `proxy-authenticate`, `x-squid-error` | a proxy answered, not the server |
/// | `cf-mitigated: challenge` | Cloudflare wants a browser: permission |
/// | a delay beside a 403 | GitHub's other way to limit the rate |
/// | a delay beside a 413 | too large for the moment (RFC 9110, section 15.5.14): transient |
/// | `x-should-retry`, `grpc-retry-pushback-ms` | transient or not, whatever else is said |
///
/// ```
/// use buttress_core::{FailureKind, classify};
/// use http::{HeaderMap, HeaderValue, StatusCode};
///
/// let mut headers = HeaderMap::new();
/// assert_eq!(classify::head(StatusCode::OK, &headers), None);
///
/// let class = classify::head(StatusCode::CONFLICT, &headers).expect("a failure");
/// assert_eq!(class.kind, FailureKind::BadRequest);
/// assert!(!class.transient);
///
/// headers.insert("x-should-retry", HeaderValue::from_static("true"));
/// let class = classify::head(StatusCode::CONFLICT, &headers).expect("a failure");
/// assert!(class.transient);
/// ```
#[inline]
#[must_use]
pub fn head(status: StatusCode, headers: &HeaderMap) -> Option<Classification> {
    if !(400..=599).contains(&status.as_u16()) {
        return None;
    }
    Some(failing(status, headers, &time::wall_clock))
}

#[cold]
fn failing(status: StatusCode, headers: &HeaderMap, now: Now<'_>) -> Classification {
    let hint = Hint::from_head_at(status, headers, now);
    let waits = hint.and_then(Hint::after).is_some();
    let challenged = headers
        .get(CF_MITIGATED)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"challenge"));
    let (kind, transient) = match status.as_u16() {
        _ if challenged => (FailureKind::Permission, false),
        _ if headers.contains_key(PROXY_AUTHENTICATE) => (FailureKind::Proxy, false),
        code if headers.contains_key(SQUID_ERROR) => {
            (FailureKind::Proxy, matches!(code, 502..=504))
        }
        403 if waits => (FailureKind::RateLimited, true),
        413 if waits => (FailureKind::PayloadTooLarge, true),
        code => of_status(code),
    };
    Classification {
        hint,
        ..Classification::new(kind, Phase::Head)
            .with_delivery(Delivery::Answered(status))
            .with_transient(hint.and_then(Hint::retry).unwrap_or(transient))
    }
}

/// What a status by itself says, without headers.
pub(super) fn of(status: StatusCode) -> Classification {
    let (kind, transient) = of_status(status.as_u16());
    Classification::new(kind, Phase::Head)
        .with_delivery(Delivery::Answered(status))
        .with_transient(transient)
}

/// The kind of a status from 400 to 599, and whether another try may help.
fn of_status(code: u16) -> (FailureKind, bool) {
    let kind = match code {
        401 => FailureKind::Auth,
        402 => FailureKind::QuotaExhausted,
        403 => FailureKind::Permission,
        404 | 410 => FailureKind::NotFound,
        407 => FailureKind::Proxy,
        408 => FailureKind::TimeoutHead,
        // RFC 4918, section 11.4: something that it depended on has failed, as AWS and Azure say of
        // the model behind them.
        424 => FailureKind::ServerError,
        // The body, the URI, the header fields; 494 is nginx's older word for 431.
        413 | 414 | 431 | 494 => FailureKind::PayloadTooLarge,
        429 => FailureKind::RateLimited,
        // IIS: the login has expired. Esri: an invalid token.
        440 | 498 => FailureKind::Auth,
        // nginx: closed without an answer.
        444 => FailureKind::ConnectionClosed,
        451 => FailureKind::Permission,
        // AWS load balancers and nginx: the client was gone before the answer.
        460 | 499 => FailureKind::Cancelled,
        // nginx: the client's certificate is refused or missing.
        495 | 496 => FailureKind::Auth,
        400..=499 => FailureKind::BadRequest,
        502 => FailureKind::BadGateway,
        503 => FailureKind::Overloaded,
        504 => FailureKind::TimeoutHead,
        // Apache and hosting panels: the bandwidth of the month is used up.
        509 => FailureKind::QuotaExhausted,
        511 => FailureKind::CaptivePortal,
        // Cloudflare: no answer in time from a server that it did reach.
        524 => FailureKind::TimeoutHead,
        // Cloudflare: trouble between it and the server.
        520..=523 | 525..=527 | 530 => FailureKind::BadGateway,
        // Anthropic and others.
        529 => FailureKind::Overloaded,
        // AWS load balancers: the identity provider refused.
        561 => FailureKind::Auth,
        // Proxies that tell no answer from no connection.
        598 => FailureKind::TimeoutHead,
        599 => FailureKind::BadGateway,
        _ => FailureKind::ServerError,
    };
    let transient = match code {
        // RFC 9110, section 15.5.20: another connection may serve it. RFC 8470, section 5.2: so
        // may the same one, once its handshake is complete.
        421 | 425 => true,
        444 => false,
        // Not implemented, a version, a negotiation, storage (RFC 4918, section 11.5: not to be
        // repeated by a machine), a loop, an extension, the server's certificate at Cloudflare:
        // none of these passes by itself.
        501 | 505..=508 | 510 | 526 => false,
        _ => kind.is_transient(),
    };
    (kind, transient)
}

#[cfg(test)]
mod tests;
