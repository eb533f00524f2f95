//! Clients that leave, at every moment of a call, and gateways that do.

use crate::support::{GUARD, Running, by_hand, client, http2, limits, piece, within};
use buttress_core::{Backoff, Jitter};
use buttress_retry::RetryConfig;
use buttress_testkit::{Api, At, Fault, Origin, Script};
use bytes::Bytes;
use gateway::Limits;
use http::Request;
use http_body_util::{BodyExt, Full};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn a_client_that_leaves_takes_the_call_along() {
    for (stall, status, bytes) in [
        (Fault::StallBeforeHead, "-", 0),
        (Fault::StallAfter(At::Events(1)), "200", 1),
    ] {
        let origin = Origin::builder().script(stall).start().await;
        let gateway = Running::new(&origin.url("")).await;
        let mut client = TcpStream::connect(gateway.addr).await.unwrap();
        client
            .write_all(b"GET /events HTTP/1.1\r\nhost: here\r\n\r\n")
            .await
            .unwrap();
        within(origin.until_requests(1)).await;
        if bytes > 0 {
            assert!(within(client.read_u8()).await.is_ok());
        }
        drop(client);
        within(origin.until_closed()).await;
        assert!(origin.log()[0].client_left);
        let line = gateway.log.line().await;
        assert!(
            line.contains(&format!(" status={status} tries=1 ")),
            "{line}"
        );
        assert!(line.ends_with(" end=client_left"), "{line}");
    }
}

#[tokio::test]
async fn a_client_that_leaves_before_a_further_try_prevents_it() {
    let origin = Origin::builder()
        .script(Script::always(Fault::status(503)))
        .start()
        .await;
    let long = Backoff::exponential(GUARD * 2, GUARD * 2).unwrap();
    let retry = RetryConfig::builder().backoff(long.jitter(Jitter::None));
    let limits = Limits {
        retry: retry.build().unwrap(),
        ..limits()
    };
    let gateway = Running::with(&origin.url(""), limits, Duration::MAX).await;
    let mut client = TcpStream::connect(gateway.addr).await.unwrap();
    client
        .write_all(b"GET /events HTTP/1.1\r\nhost: here\r\n\r\n")
        .await
        .unwrap();
    within(origin.until_requests(1)).await;
    within(origin.until_idle()).await;
    drop(client);
    let line = gateway.log.line().await;
    assert!(line.contains(" status=- tries=1 "), "{line}");
    assert!(line.ends_with(" end=client_left"), "{line}");
}

/// It leaves the stream: its connection stays.
#[tokio::test]
async fn a_client_that_resets_a_stream_of_http2_takes_the_call_along() {
    for (stall, status) in [
        (Fault::StallBeforeHead, "-"),
        (Fault::StallAfter(At::Events(1)), "200"),
    ] {
        let origin = Origin::builder().script(stall).start().await;
        let gateway = Running::new(&origin.url("")).await;
        let mut client = http2(&gateway).await;
        let request = Request::get(gateway.url("/events")).body(Full::default());
        let mut asking = Box::pin(client.send_request(request.unwrap()));
        if status == "-" {
            tokio::select! {
                answer = &mut asking => panic!("{answer:?}"),
                () = within(origin.until_requests(1)) => {}
            }
            drop(asking);
        } else {
            let mut body = within(asking).await.unwrap().into_body();
            piece(&mut body).await;
        }
        within(origin.until_closed()).await;
        assert!(origin.log()[0].client_left);
        let line = gateway.log.line().await;
        assert!(
            line.contains(&format!(" status={status} tries=1 ")),
            "{line}"
        );
        assert!(line.ends_with(" end=client_left"), "{line}");

        let request = Request::get(gateway.url("/healthz")).body(Full::default());
        let health = within(client.send_request(request.unwrap())).await.unwrap();
        assert_eq!(health.status(), 200);
    }
}

#[tokio::test]
async fn a_client_that_leaves_while_it_is_kept_waiting_takes_the_call_along() {
    let origin = Origin::builder()
        .script(Fault::StallBeforeHead)
        .start()
        .await;
    let limits = Limits {
        keep_alive: Duration::from_millis(20),
        ..limits()
    };
    let gateway = Running::with(&origin.url(""), limits, Duration::MAX).await;
    let request = Request::post(gateway.url(Api::Chat.path()));
    let request = request.body(Full::new(Api::Chat.request())).unwrap();
    let mut body = within(client().request(request)).await.unwrap().into_body();
    assert_eq!(piece(&mut body).await, ": keep-alive\n\n");
    drop(body);
    within(origin.until_closed()).await;
    assert!(origin.log()[0].client_left);
    let line = gateway.log.line().await;
    assert!(line.contains(" status=200 tries=1 "), "{line}");
    assert!(line.ends_with(" end=client_left"), "{line}");
}

#[tokio::test]
async fn a_stop_lets_answers_end_that_have_begun() {
    for is_http2 in [false, true] {
        let (url, mut exchanges) = by_hand().await;
        let gateway = Running::new(&url).await;
        let addr = gateway.addr;
        let request = Request::get(gateway.url("/")).body(Full::default());
        let request = request.unwrap();
        let response = if is_http2 {
            let mut client = http2(&gateway).await;
            tokio::spawn(async move { client.send_request(request).await.unwrap() })
        } else {
            tokio::spawn(async move { client().request(request).await.unwrap() })
        };
        let mut exchange = within(exchanges.recv()).await.unwrap();
        let mut body = within(response).await.unwrap().into_body();
        let first = Bytes::from("data: 1\n\n");
        exchange.answer.send_data(first.clone()).await.unwrap();
        assert_eq!(piece(&mut body).await, first);

        let task = gateway.stop();
        within(async { while TcpStream::connect(addr).await.is_ok() {} }).await;
        assert!(!task.is_finished(), "the answer is not over");
        let last = Bytes::from("data: 2\n\n");
        exchange.answer.send_data(last.clone()).await.unwrap();
        drop(exchange.answer);
        let rest = within(body.collect()).await.unwrap().to_bytes();
        assert_eq!(rest, last, "{is_http2}");
        within(task).await.unwrap();
    }
}
