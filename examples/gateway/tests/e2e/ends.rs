//! How calls end that do not end well, and how the gateway does.

use crate::support::{Running, client, limits, piece, whole, within};
use buttress_testkit::{At, Cut, Fault, Origin, Script};
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::Command;

#[tokio::test]
async fn what_cannot_be_mended_never_ends_cleanly() {
    let content = |cut| Fault::cut_after_bytes(30_000, cut);
    for (script, failure) in [
        (
            Script::of([content(Cut::Fin), Fault::Version(2)]),
            "representation_changed",
        ),
        (
            Script::of([content(Cut::Rst), Fault::TwoContentRanges]),
            "protocol",
        ),
        (
            Script::of([content(Cut::Fin).and(Fault::NoEtag).and(Fault::Chunked)]),
            "stream_truncated",
        ),
    ] {
        let origin = Origin::builder().script(script).start().await;
        let gateway = Running::new(&origin.url("")).await;
        let mut body = gateway.get("/bytes").await.into_body();
        let mut got = Vec::new();
        loop {
            match within(body.frame()).await {
                Some(Ok(frame)) => got.extend_from_slice(frame.data_ref().unwrap()),
                Some(Err(_)) => break,
                None => panic!("ended cleanly after {} bytes", got.len()),
            }
        }
        assert_eq!(origin.content().mismatch(0, &got), None);
        let line = gateway.log.line().await;
        assert!(line.contains("status=200 "), "{line}");
        assert!(
            line.contains(&format!(" end=cut failure={failure} stopped=")),
            "{line}"
        );
    }
}

#[tokio::test]
async fn a_client_that_knows_no_chunks_sees_a_reset() {
    let cut = Fault::cut_after_bytes(30_000, Cut::Fin)
        .and(Fault::NoEtag)
        .and(Fault::Chunked);
    let origin = Origin::builder().script(cut).start().await;
    let gateway = Running::new(&origin.url("")).await;
    let mut client = TcpStream::connect(gateway.addr).await.unwrap();
    client
        .write_all(b"GET /bytes HTTP/1.0\r\n\r\n")
        .await
        .unwrap();
    let mut got = Vec::new();
    let error = within(client.read_to_end(&mut got)).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);

    // The same without a cut.
    let mut client = TcpStream::connect(gateway.addr).await.unwrap();
    client
        .write_all(b"GET /events HTTP/1.0\r\n\r\n")
        .await
        .unwrap();
    let mut got = Vec::new();
    within(client.read_to_end(&mut got)).await.unwrap();
    assert!(got.ends_with(&origin.events().whole()));
}

#[tokio::test]
async fn a_stop_waits_no_longer_than_it_may() {
    let origin = Origin::builder()
        .script(Fault::StallAfter(At::Events(1)))
        .start()
        .await;
    let gateway = Running::with(&origin.url(""), limits(), Duration::ZERO).await;
    let mut body = gateway.get("/events").await.into_body();
    piece(&mut body).await;
    let log = gateway.log.clone();
    within(gateway.stop()).await.unwrap();
    assert!(within(body.collect()).await.is_err(), "cut, not ended");
    within(origin.until_closed()).await;
    assert!(log.line().await.ends_with(" end=stopped"));
}

#[cfg(unix)]
#[tokio::test]
async fn who_asks_twice_to_stop_does_not_wait() {
    let stall = Fault::StallAfter(At::Events(1));
    let origin = Origin::builder().script(stall).start().await;
    let mut gateway = Command::new(env!("CARGO_BIN_EXE_gateway"))
        .args(["--listen", "127.0.0.1:0", "--upstream", &origin.url("")])
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(gateway.stderr.take().unwrap()).lines();
    let mut next = async |has: &str| loop {
        let line = within(lines.next_line()).await.unwrap().unwrap();
        if line.contains(has) {
            return line;
        }
    };
    let route = next("passes on to http://127.0.0.1").await;
    let base = route.split(" passes on").next().unwrap().to_owned();
    next("Ctrl-C stops").await;
    let request = Request::get(format!("{base}events"));
    let request = request.body(Full::default()).unwrap();
    let mut body = within(client().request(request)).await.unwrap().into_body();
    piece(&mut body).await;

    let id = gateway.id().unwrap().to_string();
    let ask = async || within(Command::new("kill").args(["-TERM", &id]).status()).await;
    assert!(ask().await.unwrap().success());
    next("Stopping. Answers that have begun have 30s").await;
    assert!(ask().await.unwrap().success());
    next(" end=stopped").await;
    assert!(within(gateway.wait()).await.unwrap().success());
    assert!(within(body.collect()).await.is_err(), "cut, not ended");
}

#[tokio::test]
async fn no_secret_reaches_the_log() {
    let origin = Origin::builder().start().await;
    let gateway = Running::new(&origin.url("")).await;
    let secret = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD";
    let request = Request::post(gateway.url(&format!("/v1/{secret}/models?api_key={secret}")))
        .header("authorization", format!("Bearer {secret}"))
        .header("x-api-key", secret)
        .body(Full::new(Bytes::from(secret)))
        .unwrap();
    let response = within(client().request(request)).await.unwrap();
    assert_eq!(response.status(), 200);
    whole(response).await.unwrap();
    let line = gateway.log.line().await;
    assert!(line.starts_with("method=POST path=/v1/"), "{line}");
    assert!(!line.contains("abcdefghij"), "{line}");
    assert!(!line.contains("api_key"), "{line}");
}
