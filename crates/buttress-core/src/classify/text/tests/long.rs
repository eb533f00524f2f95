//! Much text: stack traces, long texts, hostile ones, and any at all.

use super::*;
use proptest::prelude::*;

#[test]
fn a_stack_trace_does_not_speak() {
    let raw = "java.net.SocketException: Broken pipe\n\
               \tat okio.AsyncTimeout.newTimeoutException(AsyncTimeout.java:12)\n\
               \tat com.example.RateLimit.tooManyRequests(RateLimit.java:429)\n";
    assert_eq!(text(raw).unwrap().kind, FailureKind::ConnectionReset);
    let inner = raw.replace('\n', "\\n").replace('\t', "\\t");
    assert_eq!(text(&inner).unwrap().kind, FailureKind::ConnectionReset);
    let raw = "Traceback (most recent call last):\n  \
                 File \"/app/retry.py\", line 429, in connect_with_timeout\n    \
                   raise RateLimitError(\"certificate has expired\")\n\
               ConnectionRefusedError: [Errno 111] x\n";
    assert_eq!(text(raw).unwrap().kind, FailureKind::ConnectionRefused);
    // Code can be many lines long.
    let raw = "Traceback (most recent call last):\n  \
                 File \"/app/retry.py\", line 429, in connect\n    \
                   raise RateLimitError(\n        \
                       \"certificate has expired\",\n    \
                   )\n    \
                   ^\n\
               ConnectionRefusedError: [Errno 111] x\n";
    assert_eq!(text(raw).unwrap().kind, FailureKind::ConnectionRefused);
    // Below the frames of others stand causes.
    let raw = "TypeError: fetch failed\n      \
                     at fetch (node:internal/deps/undici/undici:11372:11)\n    \
                   cause: ConnectTimeoutError: Connect Timeout Error\n        \
                       at onConnectTimeout (node:internal/deps/undici/undici:6616:28)\n";
    assert_eq!(text(raw).unwrap().kind, FailureKind::TimeoutConnect);
}

#[test]
fn reads_the_beginning_and_the_end_of_a_long_text() {
    let filler = "lorem ipsum ".repeat(100_000);
    let kind = |raw: &str| text(raw).map(|class| class.kind);
    let reset = Some(FailureKind::ConnectionReset);
    assert_eq!(kind(&format!("read ECONNRESET {filler}")), reset);
    assert_eq!(kind(&format!("{filler} read ECONNRESET")), reset);
    assert_eq!(kind(&format!("{filler} read ECONNRESET {filler}")), None);
    // Cuts fall between characters.
    for shift in 0..4 {
        let wide = "長".repeat(400_000);
        let raw = format!("{}{wide} ECONNRESET", "x".repeat(shift));
        assert_eq!(kind(&raw), reset);
    }
}

#[test]
fn hostile_texts_cost_no_more_than_their_bounded_part() {
    // What a megabyte costs is what the bound costs: the normal form never grows beyond that.
    for unit in [
        "a",
        "A",
        "aA",
        "eof",
        " eof",
        "connect .. ",
        "://",
        "http://",
        "/",
        "a.",
        "1.",
        ":",
        "\\n",
        "\n\tat (",
        "_",
        "-",
        "0x8",
        "errno ",
        "errno 1 ",
        "certificate ",
        "status 999 ",
        "é",
        "\u{202e}",
    ] {
        let raw = unit.repeat((1 << 20) / unit.len());
        let normal = normal::normal(&raw);
        assert!(
            normal.len() <= 2 * (normal::HEAD + normal::TAIL),
            "{unit:?}"
        );
        let _ = text(&raw);
    }
}

proptest! {
    #[test]
    fn never_panics(raw in "\\PC{0,300}") {
        let _ = text(&raw);
    }

    #[test]
    fn never_panics_near_what_it_looks_for(parts in proptest::collection::vec(
        prop_oneof![
            Just("os error "), Just("://"), Just("errno"), Just("\\n"), Just("\\"), Just("0x8"),
            Just("http "), Just(" at ("), Just("é"), Just("-"), Just("["), Just("::"), Just("9"),
            Just("404"), Just("\n"), Just("\""), Just("curl: ("), Just("."), Just("/"), Just("@"),
        ], 0..40)) {
        let _ = text(&parts.concat());
    }
}
