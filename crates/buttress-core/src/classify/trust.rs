//! How far a status, a code and words believe one another.

use crate::FailureKind;

/// Whether a vague code is believed rather than the status: only a vague one.
pub(super) fn contradicts(code: FailureKind, status: FailureKind) -> bool {
    use FailureKind as K;
    match status {
        // Gateways name themselves beside the status of the server behind them.
        K::BadRequest | K::NotFound => !matches!(code, K::BadRequest | K::BadGateway),
        K::Permission => code != K::BadRequest,
        K::ServerError => code != K::ServerError,
        _ => false,
    }
}

/// Whether a vendor's number is believed beside a status. Others number their errors too, and a status
/// that says something clear is theirs.
pub(super) fn allows_number(status: FailureKind, number: FailureKind) -> bool {
    use FailureKind as K;
    match status {
        K::RateLimited => matches!(number, K::RateLimited | K::QuotaExhausted | K::Overloaded),
        K::Auth => matches!(number, K::Auth | K::Permission | K::QuotaExhausted),
        K::NotFound => number == K::NotFound,
        _ => true,
    }
}

/// Whether words make a plain code sharper.
pub(super) fn sharpens(code: FailureKind, words: FailureKind) -> bool {
    use FailureKind as K;
    match code {
        // One request that is over the limit by itself; a limit of days.
        K::RateLimited => matches!(words, K::QuotaExhausted | K::PayloadTooLarge),
        K::Overloaded => matches!(words, K::TimeoutIdle | K::TimeoutHead),
        K::PayloadTooLarge => words == K::ContextLength,
        K::Auth => words == K::QuotaExhausted,
        // A model that failed at what it was given.
        K::ServerError => matches!(words, K::ContextLength | K::ContentFiltered),
        K::Permission => matches!(words, K::QuotaExhausted | K::Auth),
        _ => false,
    }
}

/// Whether words are believed beside a vague code in a stream, where no status says what it is about:
/// gateways name themselves, and others call every error a bad request.
pub(super) fn allows_in_stream(code: FailureKind, words: FailureKind) -> bool {
    use FailureKind as K;
    match code {
        K::BadGateway => matches!(
            words,
            K::ConnectionClosed | K::ConnectionReset | K::StreamTruncated | K::Auth | K::Permission
        ),
        K::BadRequest => matches!(words, K::Overloaded | K::StreamTruncated),
        _ => false,
    }
}

/// Whether words beside a status of the server's speak of a connection of its own: a name or a peer
/// that it did not find.
pub(super) fn lost_beyond(status: FailureKind, words: FailureKind) -> bool {
    use FailureKind as K;
    status == K::ServerError
        && matches!(
            words,
            K::Dns | K::ConnectionRefused | K::Unreachable | K::TlsUntrusted
        )
}

/// Whether the words beside a status, or beside a vague code, are believed.
pub(super) fn allows(status: FailureKind, words: FailureKind) -> bool {
    use FailureKind as K;
    let of_request = matches!(
        words,
        K::Auth
            | K::Permission
            | K::QuotaExhausted
            | K::ContextLength
            | K::ContentFiltered
            | K::NotFound
            | K::PayloadTooLarge
            | K::BadRequest
    );
    let between = matches!(words, K::Proxy | K::CaptivePortal);
    let of_server = matches!(
        words,
        K::ServerError
            | K::BadGateway
            | K::Overloaded
            | K::TimeoutConnect
            | K::TimeoutHead
            | K::TimeoutFirstEvent
            | K::TimeoutIdle
            | K::StreamTruncated
            | K::RateLimited
    );
    match status {
        K::BadRequest => of_request || between,
        K::Auth => {
            between
                || matches!(
                    words,
                    K::QuotaExhausted | K::NotFound | K::Permission | K::ContentFiltered
                )
        }
        // Gateways forbid what they could not fetch; but where access ended, no stream was cut.
        K::Permission => of_request || between || (of_server && words != K::StreamTruncated),
        K::NotFound => between || words == K::BadGateway,
        K::PayloadTooLarge => words == K::ContextLength,
        // A stream that broke off is often told as one that took too long.
        K::TimeoutIdle => matches!(words, K::StreamTruncated | K::TimeoutFirstEvent),
        K::RateLimited => {
            matches!(
                words,
                K::QuotaExhausted | K::Overloaded | K::PayloadTooLarge | K::ContextLength
            )
        }
        K::TimeoutHead if matches!(words, K::TimeoutConnect | K::BadGateway | K::ServerError) => {
            false
        }
        K::ServerError | K::BadGateway | K::Overloaded | K::TimeoutHead => {
            let of_request = of_request
                && !matches!(words, K::BadRequest | K::Permission)
                && (words != K::Auth || status == K::ServerError);
            of_request || between || of_server
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_that_was_answered_did_not_lose_its_connection() {
        use FailureKind as K;
        for status in [
            K::BadRequest,
            K::Auth,
            K::NotFound,
            K::RateLimited,
            K::ServerError,
        ] {
            for words in [
                K::ConnectionClosed,
                K::ConnectionReset,
                K::Dns,
                K::TlsUntrusted,
                K::Cancelled,
            ] {
                assert!(!allows(status, words), "{status} {words}");
            }
        }
    }

    #[test]
    fn what_a_status_leaves_open_words_may_fill_in() {
        use FailureKind as K;
        for (status, words, expected) in [
            (K::BadRequest, K::ContextLength, true),
            (K::BadRequest, K::QuotaExhausted, true),
            (K::BadRequest, K::RateLimited, false),
            (K::BadRequest, K::ServerError, false),
            (K::RateLimited, K::QuotaExhausted, true),
            (K::RateLimited, K::Auth, false),
            (K::Permission, K::BadGateway, true),
            (K::NotFound, K::RateLimited, false),
            (K::ServerError, K::Overloaded, true),
            (K::ServerError, K::Auth, true),
            (K::Overloaded, K::Auth, false),
            (K::TimeoutHead, K::TimeoutConnect, false),
            (K::QuotaExhausted, K::RateLimited, false),
            // Something between may have answered for the server, with a login page or a refusal.
            (K::BadRequest, K::Proxy, true),
            (K::Auth, K::Proxy, true),
            (K::Auth, K::CaptivePortal, true),
            (K::Permission, K::CaptivePortal, true),
            (K::NotFound, K::Proxy, true),
            (K::NotFound, K::CaptivePortal, true),
            (K::ServerError, K::Proxy, true),
            (K::Overloaded, K::CaptivePortal, true),
            // A key without money, or of another region, is refused as if it were wrong.
            (K::Auth, K::QuotaExhausted, true),
            (K::Auth, K::NotFound, true),
            (K::Auth, K::ContextLength, false),
            (K::Auth, K::Overloaded, false),
            // Gateways answer so where no server has registered.
            (K::NotFound, K::BadGateway, true),
            (K::NotFound, K::Overloaded, false),
            (K::NotFound, K::QuotaExhausted, false),
            // What is too large may be so in bytes or in tokens, and nothing else.
            (K::PayloadTooLarge, K::ContextLength, true),
            (K::PayloadTooLarge, K::QuotaExhausted, false),
            (K::PayloadTooLarge, K::RateLimited, false),
            (K::TimeoutIdle, K::StreamTruncated, true),
            (K::TimeoutIdle, K::TimeoutFirstEvent, true),
            (K::TimeoutIdle, K::ServerError, false),
            // Who forbids may tell why, but no stream had begun.
            (K::Permission, K::QuotaExhausted, true),
            (K::Permission, K::RateLimited, true),
            (K::Permission, K::StreamTruncated, false),
            // One request may be more than a minute allows.
            (K::RateLimited, K::Overloaded, true),
            (K::RateLimited, K::PayloadTooLarge, true),
            (K::RateLimited, K::ContextLength, true),
            (K::RateLimited, K::ServerError, false),
            // A wait for an answer was for one, whoever else is named; but a stream that broke, or a
            // server that says what it lacks, is more than that.
            (K::TimeoutHead, K::BadGateway, false),
            (K::TimeoutHead, K::ServerError, false),
            (K::TimeoutHead, K::StreamTruncated, true),
            (K::TimeoutHead, K::Overloaded, true),
            (K::TimeoutHead, K::QuotaExhausted, true),
            // It may have failed over the input; that the request is wrong or forbidden has other
            // statuses.
            (K::ServerError, K::ContextLength, true),
            (K::ServerError, K::BadRequest, false),
            (K::ServerError, K::Permission, false),
            (K::BadGateway, K::TimeoutConnect, true),
            (K::BadGateway, K::Auth, false),
        ] {
            assert_eq!(allows(status, words), expected, "{status} {words}");
        }
    }

    #[test]
    fn words_make_a_code_sharper_and_never_another_one() {
        use FailureKind as K;
        for (code, words, expected) in [
            (K::ServerError, K::ContextLength, true),
            (K::ServerError, K::BadRequest, false),
            // A rate of which no minute is the end: a quota, a request larger than a minute
            // allows. "Slow down" says no more than the code.
            (K::RateLimited, K::QuotaExhausted, true),
            (K::RateLimited, K::PayloadTooLarge, true),
            (K::RateLimited, K::Overloaded, false),
            (K::RateLimited, K::Auth, false),
            (K::RateLimited, K::ServerError, false),
            // How the overload showed.
            (K::Overloaded, K::TimeoutHead, true),
            (K::Overloaded, K::TimeoutIdle, true),
            (K::Overloaded, K::ServerError, false),
            (K::Overloaded, K::RateLimited, false),
            // Too many tokens, not too many bytes.
            (K::PayloadTooLarge, K::ContextLength, true),
            (K::PayloadTooLarge, K::QuotaExhausted, false),
            (K::PayloadTooLarge, K::BadRequest, false),
            // The key is refused because the account is empty.
            (K::Auth, K::QuotaExhausted, true),
            (K::Auth, K::NotFound, false),
            (K::Auth, K::Permission, false),
            (K::Permission, K::QuotaExhausted, true),
            (K::Permission, K::Auth, true),
            (K::Permission, K::NotFound, false),
            // These leave nothing open.
            (K::QuotaExhausted, K::RateLimited, false),
            (K::ContextLength, K::PayloadTooLarge, false),
            (K::NotFound, K::Auth, false),
            (K::ContentFiltered, K::BadRequest, false),
        ] {
            assert_eq!(sharpens(code, words), expected, "{code} {words}");
        }
    }

    #[test]
    fn only_a_status_of_many_meanings_yields_to_a_vague_code() {
        use FailureKind as K;
        assert!(contradicts(K::ServerError, K::Permission));
        assert!(contradicts(K::BadRequest, K::ServerError));
        assert!(!contradicts(K::ServerError, K::RateLimited));
        assert!(!contradicts(K::BadRequest, K::NotFound));
    }
}
