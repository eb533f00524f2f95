//! How libraries tell with what code the other side closed a WebSocket.

use super::runtimes::says;
use super::*;

#[test]
fn a_close_code_outweighs_that_it_was_closed() {
    use FailureKind::*;
    for (code, kind, transient) in [
        (1003, BadRequest, false),
        (1007, BadRequest, false),
        (1008, Permission, false),
        (1009, PayloadTooLarge, false),
        (1010, Protocol, false),
        (1011, ServerError, true),
        (1012, Overloaded, true),
        (1013, Overloaded, true),
        (1014, BadGateway, true),
        (1015, TlsOther, false),
        (3000, Auth, false),
        (3003, Permission, false),
        (3008, TimeoutIdle, true),
        // Statuses among the codes for private use.
        (4401, Auth, false),
        (4404, NotFound, false),
        (4429, RateLimited, true),
        (4503, BadGateway, true),
    ] {
        for raw in [
            format!("WebSocket closed with code {code}"),
            format!("websocket: close {code} (so it says)"),
            format!("received {code} (so it says); then sent {code} (so it says)"),
            format!("ws disconnected, status: {code}"),
            format!("ConnectionClosed: code = {code}, no reason"),
            format!("closed by the peer (code={code})"),
        ] {
            says(&[(&raw, kind, transient)]);
        }
    }
}

#[test]
fn a_close_that_says_nothing_is_left_to_the_words() {
    use FailureKind::*;
    for code in [1000, 1001, 1005] {
        let raw = format!("WebSocket closed with code {code}");
        says(&[(&raw, ConnectionClosed, true)]);
    }
    says(&[
        ("WebSocket closed with code 1006", StreamTruncated, true),
        // What a number counts, and a code that nobody has given.
        (
            "WebSocket closed after 1008 messages",
            ConnectionClosed,
            true,
        ),
        ("WebSocket closed with code 4600", ConnectionClosed, true),
        (
            "the job failed, code 1008: read ECONNRESET",
            ConnectionReset,
            true,
        ),
    ]);
    // Nothing was closed.
    assert_eq!(text("the job failed, code 1008"), None);
    assert_eq!(text("received 1008 (so many) rows"), None);
}

#[test]
fn the_reason_of_a_close_says_more_than_its_code() {
    use FailureKind::*;
    says(&[
        (
            "websocket: close 1008 (policy violation): insufficient_quota",
            QuotaExhausted,
            false,
        ),
        (
            "received 1011 (internal error) keepalive ping timeout; then sent 1011",
            TimeoutIdle,
            true,
        ),
    ]);
}

#[test]
fn rust_prints_the_names_of_codes_and_of_broken_frames() {
    use FailureKind::*;
    for (name, kind, transient) in [
        ("Policy", Permission, false),
        ("Invalid", BadRequest, false),
        ("Unsupported", BadRequest, false),
        ("Error", ServerError, true),
        ("Again", Overloaded, true),
        ("Restart", Overloaded, true),
        ("Size", PayloadTooLarge, false),
    ] {
        let raw = format!("Some(CloseFrame {{ code: {name}, reason: Utf8Bytes(b\"\") }})");
        says(&[(&raw, kind, transient)]);
    }
    says(&[
        ("Protocol(InvalidOpcode(7))", Protocol, false),
        (
            "WebSocket error: Protocol(MaskedFrameFromServer)",
            Protocol,
            false,
        ),
        (
            "Protocol(ResetWithoutClosingHandshake)",
            ConnectionReset,
            true,
        ),
    ]);
}
