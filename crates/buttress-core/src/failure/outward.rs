//! What a failure looks like to a program: its status, and whether and when to try again.

use super::{Action, Delivery, Failure, FailureKind, StopReason};
use crate::Hint;
use http::{HeaderName, HeaderValue, Response, StatusCode};

/// Understood by the OpenAI and Anthropic client libraries, among others.
const X_SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");

impl Failure {
    /// The status that a response for this failure should have.
    ///
    /// | kinds | status |
    /// |---|---|
    /// | `connection_*`, `dns`, `tls_*`, `stream_truncated`, `representation_changed`, `protocol`, `decode`, `proxy`, `captive_portal`, `bad_gateway` | 502 |
    /// | `unreachable`, `overloaded`, `budget_exhausted`, `cancelled` | 503 |
    /// | `timeout_*` | 504 |
    /// | `rate_limited`, `quota_exhausted` | 429 |
    /// | `bad_request`, `context_length`, `content_filtered` | 400 |
    /// | `auth` | 401 |
    /// | `permission` | 403 |
    /// | `not_found` | 404 |
    /// | `payload_too_large` | 413 |
    /// | `server_error`, `unknown` | 500 |
    ///
    /// A status that the server itself [answered](Delivery::Answered) with is kept when it is of the
    /// same hundred: a 529 stays a 529, but an overload reported as 403 becomes a 503, because
    /// what a body said outweighs its status.
    ///
    /// `cancelled` is 503 because nobody waits for it any more, except when it is this service that
    /// is stopping. A 401 comes without the challenge that RFC 9110, section 15.5.2, asks for: only
    /// the server knows it.
    ///
    /// ```
    /// use buttress_core::{Delivery, Failure, FailureKind};
    /// use http::StatusCode;
    ///
    /// let failure = Failure::new(FailureKind::Overloaded);
    /// assert_eq!(failure.response_status(), StatusCode::SERVICE_UNAVAILABLE);
    /// let answered = Delivery::Answered(StatusCode::GATEWAY_TIMEOUT);
    /// assert_eq!(failure.with_delivery(answered).response_status(), StatusCode::GATEWAY_TIMEOUT);
    /// ```
    #[must_use]
    pub fn response_status(&self) -> StatusCode {
        let status = by_kind(self.kind());
        match self.delivery() {
            Delivery::Answered(own) if own.as_u16() / 100 == status.as_u16() / 100 => own,
            _ => status,
        }
    }

    /// Whether a program may send the same request again by itself: `x-should-retry: false` if not.
    ///
    /// Not after tries were spent, not when it would change nothing, and not when the request may
    /// have had an effect that nobody wants twice.
    #[must_use]
    pub fn may_be_retried(&self) -> bool {
        self.is_transient()
            && !self.is_exhausted()
            && self.stopped() != Some(StopReason::NotRepeatable)
    }

    /// Says to the next program what the extensions of a response say in this one: `x-should-retry: false`
    /// where tries were spent on the failure that it stands for. Whatever the server said there was
    /// meant for the tries that have been made.
    ///
    /// For what answers over a network, so that the tries of two programs do not multiply.
    ///
    /// ```
    /// use buttress_core::{Failure, FailureKind, StopReason};
    ///
    /// let mut response = http::Response::new(());
    /// let spent = Failure::new(FailureKind::Overloaded).with_stopped(StopReason::Attempts);
    /// spent.attach(response.extensions_mut());
    ///
    /// Failure::tell_spent(&mut response);
    /// assert_eq!(response.headers()["x-should-retry"], "false");
    /// ```
    pub fn tell_spent<B>(response: &mut Response<B>) {
        if Failure::of(response.extensions()).is_some_and(Failure::is_exhausted) {
            let no = HeaderValue::from_static("false");
            response.headers_mut().insert(X_SHOULD_RETRY, no);
        }
    }

    /// For `Retry-After`: whole seconds to wait before the next try, if the server said so.
    ///
    /// Rounded up: a second too late is better than one too early.
    #[must_use]
    pub fn retry_after_seconds(&self) -> Option<u64> {
        let wait = self.hint().and_then(Hint::after)?;
        let begun = u64::from(wait.subsec_nanos() > 0);
        Some(wait.as_secs().saturating_add(begun))
    }

    /// How often the whole request was sent, this last time included.
    #[must_use]
    pub fn attempts(&self) -> usize {
        self.history().count(Action::Retried) + 1
    }
}

fn by_kind(kind: FailureKind) -> StatusCode {
    use FailureKind as K;
    match kind {
        K::ConnectionClosed
        | K::ConnectionReset
        | K::ConnectionRefused
        | K::Dns
        | K::TlsUntrusted
        | K::TlsExpired
        | K::TlsName
        | K::TlsOther
        | K::StreamTruncated
        | K::RepresentationChanged
        | K::Protocol
        | K::Decode
        | K::Proxy
        | K::CaptivePortal
        | K::BadGateway => StatusCode::BAD_GATEWAY,
        K::Unreachable | K::Overloaded | K::BudgetExhausted | K::Cancelled => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        K::TimeoutConnect
        | K::TimeoutHead
        | K::TimeoutFirstEvent
        | K::TimeoutIdle
        | K::TimeoutRate
        | K::TimeoutTotal => StatusCode::GATEWAY_TIMEOUT,
        K::RateLimited | K::QuotaExhausted => StatusCode::TOO_MANY_REQUESTS,
        K::BadRequest | K::ContextLength | K::ContentFiltered => StatusCode::BAD_REQUEST,
        K::Auth => StatusCode::UNAUTHORIZED,
        K::Permission => StatusCode::FORBIDDEN,
        K::NotFound => StatusCode::NOT_FOUND,
        K::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::StopReason::*;
    use super::*;
    use crate::{Attempt, History, Phase};
    use std::time::Duration;

    fn status(kind: FailureKind, answered: Option<u16>) -> u16 {
        let mut failure = Failure::new(kind);
        if let Some(code) = answered {
            let code = StatusCode::from_u16(code).unwrap();
            failure = failure.with_delivery(Delivery::Answered(code));
        }
        failure.response_status().as_u16()
    }

    #[test]
    fn every_kind_has_an_error_status() {
        for kind in FailureKind::ALL {
            let code = status(*kind, None);
            assert!((400..600).contains(&code), "{kind}");
            assert_eq!(
                code == 500,
                matches!(kind, FailureKind::ServerError | FailureKind::Unknown),
                "{kind} has no line in the table"
            );
        }
    }

    #[test]
    fn the_servers_own_status_is_kept_within_its_hundred() {
        use FailureKind as K;
        for (kind, answered, expected) in [
            (K::Overloaded, 529, 529),
            (K::Overloaded, 403, 503),
            (K::BadGateway, 403, 502),
            (K::BadGateway, 522, 522),
            (K::ServerError, 507, 507),
            (K::QuotaExhausted, 402, 402),
            (K::QuotaExhausted, 400, 400),
            (K::RateLimited, 503, 429),
            (K::BadRequest, 422, 422),
            (K::NotFound, 410, 410),
            (K::Proxy, 407, 502),
            (K::CaptivePortal, 200, 502),
            (K::TimeoutHead, 408, 504),
        ] {
            assert_eq!(status(kind, Some(answered)), expected, "{kind} {answered}");
        }
    }

    #[test]
    fn resumes_are_no_attempts_however_many_they_are() {
        let resumed = Attempt::new(
            FailureKind::StreamTruncated,
            Phase::Body,
            Action::Resumed,
            Duration::ZERO,
            Duration::ZERO,
        );
        let mut history = History::new();
        for _ in 0..100 {
            history.push(resumed);
        }
        let failure = Failure::new(FailureKind::StreamTruncated).with_earlier(&history);
        assert_eq!(failure.attempts(), 1);
    }

    #[test]
    fn spent_tries_are_told_and_nothing_else() {
        for (stopped, said, expected) in [
            (None, None, None),
            (None, Some("true"), Some("true")),
            (Some(NotTransient), Some("true"), Some("true")),
            (Some(Attempts), None, Some("false")),
            (Some(Budget), Some("true"), Some("false")),
        ] {
            let mut response = Response::new(());
            if let Some(reason) = stopped {
                let failure = Failure::new(FailureKind::Overloaded).with_stopped(reason);
                failure.attach(response.extensions_mut());
            }
            if let Some(said) = said {
                let said = HeaderValue::from_static(said);
                response.headers_mut().insert(X_SHOULD_RETRY, said);
            }
            Failure::tell_spent(&mut response);
            let told = response.headers().get(X_SHOULD_RETRY);
            let told = told.map(|value| value.to_str().unwrap());
            assert_eq!(told, expected, "{stopped:?} {said:?}");
        }
    }

    #[test]
    fn a_program_may_retry_only_what_is_worth_it_and_safe() {
        let closed = Failure::new(FailureKind::ConnectionClosed);
        assert!(closed.may_be_retried());
        for &reason in StopReason::ALL {
            let failure = closed.clone().with_stopped(reason);
            let passing = matches!(
                reason,
                NotTransient | BodyNotReplayable | NotResumable | AnswerDiffers
            );
            assert_eq!(failure.may_be_retried(), passing, "{reason:?}");
        }
        assert!(!closed.with_transient(false).may_be_retried());
        assert!(!Failure::new(FailureKind::Auth).may_be_retried());
    }
}
