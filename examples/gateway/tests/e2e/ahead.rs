//! Calls to models, whose bodies are read before they are sent.

use crate::support::{GUARD, Running, limits, within};
use buttress_core::replay::ReplayMemory;
use buttress_core::{Backoff, Jitter};
use buttress_retry::RetryConfig;
use buttress_testkit::{Api, Cut, Fault, Origin, Refused, Script};
use gateway::proxy::Proxies;
use gateway::{Limits, Prefix, Route, upstream};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A call for a stream that is so much longer than it need be.
fn question(more: usize) -> String {
    let more = "x".repeat(more);
    format!(r#"{{"messages":[{{"role":"user","content":"{more}"}}],"stream":true}}"#)
}

/// A request as it is written, with its length or in chunks.
fn post(path: &str, body: &str, chunked: bool) -> Vec<u8> {
    let mut request = format!("POST {path} HTTP/1.1\r\nhost: here\r\nidempotency-key: 1\r\n");
    if chunked {
        request.push_str("transfer-encoding: chunked\r\n\r\n");
        for piece in body.as_bytes().chunks(3_000) {
            let piece = std::str::from_utf8(piece).unwrap();
            request.push_str(&format!("{:x}\r\n{piece}\r\n", piece.len()));
        }
        request.push_str("0\r\n\r\n");
    } else {
        request.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
    }
    request.into_bytes()
}

/// Sends this to the gateway.
async fn send(gateway: &Running, request: &[u8]) -> TcpStream {
    let mut client = TcpStream::connect(gateway.addr).await.unwrap();
    within(client.write_all(request)).await.unwrap();
    client
}

/// Reads until this has come, and returns all that has.
async fn until(client: &mut TcpStream, text: &str) -> String {
    let mut got = Vec::new();
    while !String::from_utf8_lossy(&got).contains(text) {
        let more = within(client.read_buf(&mut got)).await.unwrap();
        assert!(more > 0, "{}", String::from_utf8_lossy(&got));
    }
    String::from_utf8(got).unwrap()
}

fn waiting(time: Duration) -> Limits {
    let backoff = Backoff::exponential(time, time)
        .unwrap()
        .jitter(Jitter::None);
    Limits {
        retry: RetryConfig::builder().backoff(backoff).build().unwrap(),
        ..limits()
    }
}

#[tokio::test]
async fn who_asks_for_a_stream_is_kept_waiting_for_an_upstream_that_is_away() {
    for (more, chunked) in [(0, false), (100_000, false), (100_000, true)] {
        let nothing = Refused::new();
        let limits = Limits {
            keep_alive: Duration::from_millis(20),
            ..waiting(Duration::from_millis(200))
        };
        let gateway = Running::with(&nothing.url(""), limits, Duration::MAX).await;
        let request = post("/v1/chat/completions", &question(more), chunked);
        let mut client = send(&gateway, &request).await;
        let got = until(&mut client, "\r\n\r\n").await;
        assert!(got.starts_with("HTTP/1.1 200 "), "{more} {chunked}: {got}");
        if !got.contains(": keep-alive\n\n") {
            until(&mut client, ": keep-alive\n\n").await;
        }
        let line = gateway.log.line().await;
        assert!(line.contains(" status=200 tries=5 "), "{line}");
    }
}

#[tokio::test]
async fn a_client_that_leaves_before_its_call_was_sent_takes_it_along() {
    for (more, chunked) in [(0, false), (100_000, false), (100_000, true)] {
        let nothing = Refused::new();
        let limits = waiting(GUARD * 2);
        let gateway = Running::with(&nothing.url(""), limits, Duration::MAX).await;
        let request = post("/v1/chat/completions", &question(more), chunked);
        drop(send(&gateway, &request).await);
        let line = gateway.log.line().await;
        assert!(line.contains(" status=- "), "{line}");
        assert!(line.ends_with(" end=client_left"), "{line}");
    }
}

#[tokio::test]
async fn who_waits_to_be_told_to_go_on_is_told() {
    let origin = Origin::builder().start().await;
    let gateway = Running::new(&origin.url("")).await;
    let body = question(100_000);
    let request = post("/v1/chat/completions", &body, false);
    let head = String::from_utf8(request).unwrap();
    let head = head
        .replace(&body, "")
        .replace("\r\n\r\n", "\r\nexpect: 100-continue\r\n\r\n");
    let mut client = send(&gateway, head.as_bytes()).await;
    until(&mut client, "HTTP/1.1 100 Continue\r\n\r\n").await;
    client.write_all(body.as_bytes()).await.unwrap();
    let got = until(&mut client, "[DONE]").await;
    assert!(got.starts_with("HTTP/1.1 200 "), "{got}");
    assert_eq!(origin.log()[0].body, body);
}

/// A program of one's own may have a path like that of an API.
#[tokio::test]
async fn what_its_body_shows_to_be_no_call_is_not_sent_again() {
    for more in [0, 100_000] {
        let more = "x".repeat(more);
        let call = format!(r#"{{"max_tokens":9,"messages":["{more}"]}}"#);
        let letter = format!(r#"{{"to":"you","messages":["{more}"]}}"#);
        for (body, sent) in [(call, 2), (letter, 1)] {
            for chunked in [false, true] {
                let origin = Origin::builder()
                    .script(Fault::CutBeforeHead(Cut::Rst))
                    .start()
                    .await;
                let gateway = Running::new(&origin.url("")).await;
                let request = post("/v1/messages", &body, chunked);
                let request = String::from_utf8(request).unwrap();
                let request = request.replace("idempotency-key: 1\r\n", "");
                let _client = send(&gateway, request.as_bytes()).await;
                let line = gateway.log.line().await;
                assert!(line.contains(&format!(" tries={sent} ")), "{line}");
                assert_eq!(origin.effects().total, sent, "{line}");
            }
        }
    }
}

/// The paths of a call and of something else.
const PATHS: [&str; 2] = ["/v1/chat/completions", "/echo"];

#[tokio::test]
async fn a_body_too_long_to_be_kept_is_passed_on_and_sent_once() {
    let body = question(3 << 20);
    let cut = || Script::of([Fault::CutBeforeHead(Cut::Rst)]);
    for path in PATHS {
        for chunked in [false, true] {
            for (replay, script, status, tries) in [
                (1 << 20, Script::honest(), 200, 1),
                (1 << 20, cut(), 502, 1),
                (4 << 20, cut(), 200, 2),
            ] {
                let about = format!("{path} {chunked} {replay} {status}");
                let origin = Origin::builder().script(script).start().await;
                let limits = Limits { replay, ..limits() };
                let gateway = Running::with(&origin.url(""), limits, Duration::MAX).await;
                let mut client = send(&gateway, &post(path, &body, chunked)).await;
                let got = until(&mut client, "\r\n\r\n").await;
                assert!(got.starts_with(&format!("HTTP/1.1 {status} ")), "{about}");
                let log = origin.log();
                assert_eq!(log.len(), tries, "{about}");
                assert!(log.iter().all(|seen| seen.body == body), "{about}");
            }
        }
    }
}

#[tokio::test]
async fn requests_share_the_memory_for_what_may_be_sent_again() {
    let body = question(100_000);
    for path in PATHS {
        for chunked in [false, true] {
            let about = format!("{path} {chunked}");
            let cut = || Fault::CutBeforeHead(Cut::Rst);
            let origin = Origin::builder()
                .script([Fault::StallBeforeHead, cut(), cut()])
                .start()
                .await;
            let route = Route {
                prefix: Prefix::default(),
                upstream: origin.url("").parse().unwrap(),
                limits: limits(),
            };
            let client = upstream::client(false, GUARD, Proxies::none()).unwrap();
            let memory = ReplayMemory::new(180 << 10);
            let gateway =
                Running::sharing(memory.clone(), client, vec![route], Duration::MAX).await;

            let first = send(&gateway, &post(path, &body, chunked)).await;
            within(origin.until_requests(1)).await;
            let mut second = send(&gateway, &post(path, &body, chunked)).await;
            let got = until(&mut second, "\r\n\r\n").await;
            assert!(got.starts_with("HTTP/1.1 502 "), "{about}: {got}");
            assert_eq!(origin.log().len(), 2, "{about}");
            drop((first, second));
            gateway.log.lines(2).await;
            within(async {
                while memory.left() < 180 << 10 {
                    tokio::task::yield_now().await;
                }
            })
            .await;

            let mut third = send(&gateway, &post(path, &body, chunked)).await;
            let got = until(&mut third, "\r\n\r\n").await;
            assert!(got.starts_with("HTTP/1.1 200 "), "{about}: {got}");
            assert_eq!(origin.log().len(), 4, "{about}");
        }
    }
}

#[tokio::test]
async fn a_call_in_pieces_is_answered_as_one_in_one_piece() {
    for api in Api::ALL {
        let origin = Origin::builder().start().await;
        let gateway = Running::new(&origin.url("")).await;
        let body = String::from_utf8(api.request().to_vec()).unwrap();
        let request = post(api.path(), &body, true);
        let mut client = TcpStream::connect(gateway.addr).await.unwrap();
        for piece in request.chunks(50) {
            client.write_all(piece).await.unwrap();
            tokio::task::yield_now().await;
        }
        let got = until(&mut client, "\r\n\r\n").await;
        assert!(got.starts_with("HTTP/1.1 200 "), "{api:?}: {got}");
        assert_eq!(origin.log()[0].body, body, "{api:?}");
    }
}
