use super::*;
use std::io::{Error as IoError, ErrorKind};

#[test]
fn kinds_in_every_phase() {
    use FailureKind as K;
    use Phase::*;
    let unknown = Delivery::Unknown;
    let sent = |kind, phase, transient| (kind, phase, unknown, transient);
    let not_sent = |kind, transient| (kind, Connect, Delivery::NotSent, transient);
    for (kind, phase, expected) in [
        (
            ErrorKind::ConnectionRefused,
            Connect,
            not_sent(K::ConnectionRefused, true),
        ),
        // Whoever asks: only a connection that was never made can be refused.
        (
            ErrorKind::ConnectionRefused,
            Head,
            not_sent(K::ConnectionRefused, true),
        ),
        // But not where an answer has begun.
        (
            ErrorKind::ConnectionRefused,
            Body,
            sent(K::ConnectionReset, Body, true),
        ),
        (
            ErrorKind::ConnectionReset,
            Connect,
            not_sent(K::ConnectionReset, true),
        ),
        (
            ErrorKind::ConnectionReset,
            Send,
            sent(K::ConnectionReset, Send, true),
        ),
        (
            ErrorKind::ConnectionReset,
            Head,
            sent(K::ConnectionReset, Head, true),
        ),
        (
            ErrorKind::ConnectionReset,
            Body,
            sent(K::ConnectionReset, Body, true),
        ),
        (
            ErrorKind::ConnectionAborted,
            Head,
            sent(K::ConnectionReset, Head, true),
        ),
        (
            ErrorKind::BrokenPipe,
            Send,
            sent(K::ConnectionReset, Send, true),
        ),
        (
            ErrorKind::NotConnected,
            Head,
            sent(K::ConnectionReset, Head, true),
        ),
        (
            ErrorKind::HostUnreachable,
            Connect,
            not_sent(K::Unreachable, true),
        ),
        (
            ErrorKind::NetworkUnreachable,
            Body,
            sent(K::Unreachable, Body, true),
        ),
        (
            ErrorKind::NetworkDown,
            Connect,
            not_sent(K::Unreachable, true),
        ),
        (
            ErrorKind::AddrNotAvailable,
            Connect,
            not_sent(K::Unreachable, true),
        ),
        (
            ErrorKind::TimedOut,
            Connect,
            not_sent(K::TimeoutConnect, true),
        ),
        (ErrorKind::TimedOut, Send, sent(K::TimeoutHead, Send, true)),
        (ErrorKind::TimedOut, Head, sent(K::TimeoutHead, Head, true)),
        (ErrorKind::TimedOut, Body, sent(K::TimeoutIdle, Body, true)),
        (
            ErrorKind::UnexpectedEof,
            Connect,
            not_sent(K::ConnectionClosed, true),
        ),
        (
            ErrorKind::UnexpectedEof,
            Head,
            sent(K::ConnectionClosed, Head, true),
        ),
        (
            ErrorKind::UnexpectedEof,
            Body,
            sent(K::StreamTruncated, Body, true),
        ),
        // What says nothing is unknown, but for a connection that was not made.
        (ErrorKind::Unsupported, Head, sent(K::Unknown, Head, false)),
        (
            ErrorKind::Unsupported,
            Connect,
            not_sent(K::Unreachable, true),
        ),
    ] {
        let name = format!("{kind:?} in {phase}");
        check(&name, IoError::from(kind).into(), phase, expected);
        check(
            &name,
            Wrapper(IoError::from(kind).into()).into(),
            phase,
            expected,
        );
        let nested = IoError::other(Wrapper(IoError::from(kind).into()));
        check(&name, nested.into(), phase, expected);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn error_numbers() {
    use FailureKind as K;
    let sent = |kind| (kind, Phase::Head, Delivery::Unknown, true);
    for (errno, expected) in [
        (32, sent(K::ConnectionReset)),
        (100, sent(K::Unreachable)),
        (101, sent(K::Unreachable)),
        (103, sent(K::ConnectionReset)),
        (104, sent(K::ConnectionReset)),
        (110, sent(K::TimeoutHead)),
        (
            111,
            (
                K::ConnectionRefused,
                Phase::Connect,
                Delivery::NotSent,
                true,
            ),
        ),
        (113, sent(K::Unreachable)),
        // Numbers of Windows sockets, which arrive in text from elsewhere too.
        (10054, sent(K::ConnectionReset)),
        (10060, sent(K::TimeoutHead)),
        (
            10061,
            (
                K::ConnectionRefused,
                Phase::Connect,
                Delivery::NotSent,
                true,
            ),
        ),
    ] {
        let error = IoError::from_raw_os_error(errno);
        check(&errno.to_string(), error.into(), Phase::Head, expected);
    }
}

#[test]
fn the_deepest_error_names_the_kind() {
    let inner = IoError::from(ErrorKind::ConnectionReset);
    let outer = IoError::new(ErrorKind::TimedOut, inner);
    let expected = (
        FailureKind::ConnectionReset,
        Phase::Body,
        Delivery::Unknown,
        true,
    );
    check(
        "reset inside a timeout",
        outer.into(),
        Phase::Body,
        expected,
    );
}

#[test]
fn words_alone_never_say_that_nothing_was_sent() {
    let error = || BoxError::from("connect ECONNREFUSED 127.0.0.1:9");
    let refused = FailureKind::ConnectionRefused;
    let not_made = (refused, Phase::Connect, Delivery::NotSent, true);
    check("while connecting", error(), Phase::Connect, not_made);
    let unknown = (refused, Phase::Connect, Delivery::Unknown, true);
    check("before the answer", error(), Phase::Head, unknown);
    let told = BoxError::from("charged, but its webhook failed: connect ECONNREFUSED 127.0.0.1:9");
    check("of something else", told, Phase::Head, unknown);
    let broken = (refused, Phase::Body, Delivery::Unknown, true);
    check("in the answer", error(), Phase::Body, broken);
}

#[test]
fn a_chain_without_an_end_is_left() {
    #[derive(Debug)]
    struct Loop;
    impl fmt::Display for Loop {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("loop")
        }
    }
    impl Error for Loop {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(self)
        }
    }
    assert_eq!(Chain::new(&Loop).count(), 64);
    let expected = (FailureKind::Unknown, Phase::Head, Delivery::Unknown, false);
    check("loop", Loop.into(), Phase::Head, expected);
}

#[test]
fn what_an_inner_link_leaves_open_an_outer_one_says() {
    #[derive(Debug)]
    struct Outer(IoError);
    impl fmt::Display for Outer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("401 Unauthorized")
        }
    }
    impl Error for Outer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }
    let error = Outer(IoError::other("bad connection"));
    let expected = (FailureKind::Auth, Phase::Head, Delivery::Unknown, false);
    check("outer", error.into(), Phase::Head, expected);
}
