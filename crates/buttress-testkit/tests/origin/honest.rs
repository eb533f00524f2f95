use crate::client::{ask, get, get_with, send, with};
use buttress_testkit::{Content, Events, Fault, Origin, Script};
use std::time::Duration;
use tokio::net::TcpStream;

#[tokio::test]
async fn serves_content_and_keeps_the_connection() {
    let origin = Origin::builder()
        .content(Content::new(9, 1, 50_000))
        .start()
        .await;
    let content = origin.content();
    let mut io = TcpStream::connect(origin.addr()).await.unwrap();
    for _ in 0..3 {
        let answer = ask(&mut io, &get("/bytes")).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("etag"), Some(&*content.etag()));
        assert_eq!(answer.header("accept-ranges"), Some("bytes"));
        assert_eq!(answer.header("content-length"), Some("50000"));
        assert_eq!(answer.header("last-modified"), None);
        assert!(httpdate::parse_http_date(answer.header("date").unwrap()).is_ok());
        assert_eq!(answer.body, content.whole());
        assert!(answer.rest.is_empty());
    }
    origin.until_idle().await;
    let log = origin.log();
    assert_eq!(
        log.iter().map(|seen| seen.request).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert!(
        log.iter()
            .all(|seen| seen.connection == 1 && seen.whole && seen.answered)
    );
    assert_eq!(log[0].fault, "no fault");
    assert_eq!(log[0].header("host"), Some("origin"));
    assert!(log.windows(2).all(|pair| pair[0].at <= pair[1].at));
    assert_eq!(
        (origin.connections(), origin.open(), origin.in_flight()),
        (1, 1, 0)
    );
    assert_eq!(origin.peak_in_flight(), 1);
    drop(io);
    origin.until_closed().await;
}

#[tokio::test]
async fn closes_when_asked_to() {
    let origin = Origin::builder().start().await;
    let received = send(
        origin.addr(),
        &get_with("/bytes", &[("Connection", "x, Close")]),
    )
    .await;
    let answer = received.answer();
    assert_eq!(answer.header("connection"), Some("close"));
    assert!(answer.whole && answer.rest.is_empty());
}

#[tokio::test]
async fn head_has_the_head_only() {
    let origin = Origin::builder().start().await;
    let received = send(
        origin.addr(),
        &with("HEAD", "/bytes", &[("Connection", "close")], ""),
    )
    .await;
    let answer = received.answer();
    assert_eq!(answer.header("content-length"), Some("100000"));
    assert!(answer.body.is_empty());

    let headers = [("Range", "bytes=0-9"), ("Connection", "close")];
    origin.set_script(Fault::Chunked);
    let request = with("HEAD", "/bytes", &headers, "");
    let received = send(origin.addr(), &request).await;
    assert!(received.bytes.ends_with(b"close\r\n\r\n"));
    let answer = received.answer();
    assert_eq!((answer.status, &*answer.body), (200, &b""[..]));
}

#[tokio::test]
async fn honours_ranges_and_preconditions() {
    let origin = Origin::builder().last_modified().start().await;
    let content = origin.content();
    let etag = content.etag();
    let mut io = TcpStream::connect(origin.addr()).await.unwrap();
    let whole = ask(&mut io, &get("/bytes")).await;
    let modified = whole.header("last-modified").unwrap().to_owned();

    for if_range in [None, Some(&etag), Some(&modified)] {
        let mut headers = vec![("Range", "bytes=500-999")];
        headers.extend(if_range.map(|value| ("If-Range", &**value)));
        let part = ask(&mut io, &get_with("/bytes", &headers)).await;
        assert_eq!(part.status, 206);
        assert_eq!(part.header("content-range"), Some("bytes 500-999/100000"));
        assert_eq!(part.header("content-length"), Some("500"));
        assert_eq!(part.header("etag"), Some(&*etag));
        assert_eq!(part.body, content.bytes(500..1_000));
    }
    for other in ["\"other\"", &format!("W/{etag}")] {
        let headers = [("Range", "bytes=500-"), ("If-Range", other)];
        let whole = ask(&mut io, &get_with("/bytes", &headers)).await;
        assert_eq!((whole.status, whole.body.len()), (200, 100_000));
        assert_eq!(whole.header("content-range"), None);
    }
    let past = ask(&mut io, &get_with("/bytes", &[("Range", "bytes=100000-")])).await;
    assert_eq!(past.status, 416);
    assert_eq!(past.header("content-range"), Some("bytes */100000"));
    assert!(past.body.is_empty());

    let headers = [("If-Match", "\"other\""), ("Range", "bytes=0-1")];
    assert_eq!(
        ask(&mut io, &get_with("/bytes", &headers)).await.status,
        412
    );
    let same = ask(&mut io, &get_with("/bytes", &[("If-None-Match", &*etag)])).await;
    assert_eq!(same.status, 304);
    assert_eq!(same.header("content-length"), None);
    let after = ask(&mut io, &get("/x")).await;
    assert_eq!(after.status, 200);
}

#[tokio::test]
async fn another_version_is_other_content_from_then_on() {
    let origin = Origin::builder().start().await;
    let before = origin.content();
    let mut io = TcpStream::connect(origin.addr()).await.unwrap();
    assert_eq!(ask(&mut io, &get("/bytes")).await.body, before.whole());
    origin.set_version(2);
    let headers = [("Range", "bytes=10-"), ("If-Range", &*before.etag())];
    let changed = ask(&mut io, &get_with("/bytes", &headers)).await;
    assert_eq!(changed.status, 200);
    assert_eq!(changed.body, before.with_version(2).whole());
    assert_eq!(changed.header("etag"), Some(&*origin.content().etag()));
}

#[tokio::test]
async fn serves_events_after_the_cursor_one_chunk_each() {
    let events = Events::new(4, 1, 6).ending_with("[DONE]");
    let origin = Origin::builder().events(events).start().await;
    let mut io = TcpStream::connect(origin.addr()).await.unwrap();
    for request in [get("/events"), with("POST", "/events?x=1", &[], "{}")] {
        let all = ask(&mut io, &request).await;
        assert_eq!(all.status, 200);
        assert_eq!(all.header("content-type"), Some("text/event-stream"));
        assert_eq!(all.body, events.whole());
        let sizes: Vec<usize> = events.pieces(0).iter().map(bytes::Bytes::len).collect();
        assert_eq!(all.chunks, sizes);
    }
    let cursor = events.id(3);
    let rest = ask(
        &mut io,
        &get_with("/events", &[("Last-Event-ID", &*cursor)]),
    )
    .await;
    assert_eq!(rest.body, events.pieces(4).concat());
    let cursor = events.id(5);
    let last = ask(
        &mut io,
        &get_with("/events", &[("Last-Event-ID", &*cursor)]),
    )
    .await;
    assert_eq!(last.body, b"data: [DONE]\n\n");
    let unknown = ask(&mut io, &get_with("/events", &[("Last-Event-ID", "9-9")])).await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn a_stream_that_is_over_says_so() {
    let events = Events::new(4, 1, 6);
    let origin = Origin::builder().events(events).start().await;
    let mut io = TcpStream::connect(origin.addr()).await.unwrap();
    let cursor = events.id(5);
    let over = ask(
        &mut io,
        &get_with("/events", &[("Last-Event-ID", &*cursor)]),
    )
    .await;
    assert_eq!(over.status, 204);
    assert_eq!(over.header("transfer-encoding"), None);
}

#[tokio::test]
async fn echoes_bodies_and_describes_other_requests() {
    let origin = Origin::builder().start().await;
    let mut io = TcpStream::connect(origin.addr()).await.unwrap();
    let headers = [("Content-Type", "text/x"), ("Idempotency-Key", "k1")];
    let echo = ask(&mut io, &with("POST", "/echo", &headers, "hello")).await;
    assert_eq!(
        (&*echo.body, echo.header("content-type")),
        (&b"hello"[..], Some("text/x"))
    );

    let chunked = "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n\
                   3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: t\r\n\r\n";
    assert_eq!(ask(&mut io, chunked).await.body, b"abc0123456789");

    let other = ask(
        &mut io,
        &with("PUT", "/thing?a=b", &[("Idempotency-Key", "k1")], "1234"),
    )
    .await;
    assert_eq!(other.body, b"PUT /thing?a=b 4 bytes\n");

    let effects = origin.effects();
    assert_eq!(
        (effects.total, effects.method("POST"), effects.method("PUT")),
        (3, 2, 1)
    );
    assert_eq!((effects.key("k1"), effects.key("k2")), (2, 0));
    assert_eq!(origin.log()[0].body, "hello");
}

#[tokio::test]
async fn waits_to_be_told_to_go_on_are_answered() {
    let origin = Origin::builder().start().await;
    let headers = [("Expect", "100-continue"), ("Connection", "close")];
    let request = with("POST", "/echo", &headers, "hi");
    let interim = send(origin.addr(), &request).await.answer();
    assert_eq!(interim.status, 100);
    assert_eq!(interim.next().body, b"hi");
}

#[tokio::test]
async fn old_clients_get_no_chunks() {
    let origin = Origin::builder().start().await;
    let received = send(origin.addr(), "GET /events HTTP/1.0\r\n\r\n").await;
    let answer = received.answer();
    assert_eq!(answer.header("transfer-encoding"), None);
    assert_eq!(answer.body, origin.events().whole());
    let received = send(origin.addr(), "GET /bytes HTTP/1.0\r\n\r\n").await;
    assert!(received.answer().whole);
}

#[tokio::test]
async fn what_is_not_http_is_refused() {
    let origin = Origin::builder().start().await;
    for request in [
        "nonsense\r\n\r\n",
        "GET / HTTP/2.0\r\n\r\n",
        "GET / HTTP/1.1\r\nx\r\n\r\n",
    ] {
        assert_eq!(send(origin.addr(), request).await.answer().status, 400);
    }
    let wrong = "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n";
    assert_eq!(send(origin.addr(), wrong).await.answer().status, 400);
    assert!(origin.log().is_empty());
}

#[tokio::test]
async fn trailers_follow_a_chunked_body() {
    let trailers = [("x-sum".parse().unwrap(), "7".parse().unwrap())];
    let origin = Origin::builder()
        .trailers(trailers.into_iter().collect())
        .script(Script::honest())
        .start()
        .await;
    let mut io = TcpStream::connect(origin.addr()).await.unwrap();
    let answer = ask(&mut io, &get("/events")).await;
    assert_eq!(answer.trailers, [("x-sum".to_owned(), "7".to_owned())]);
    assert!(ask(&mut io, &get("/bytes")).await.trailers.is_empty());
}

#[tokio::test]
async fn after_the_stop_nobody_listens() {
    let origin = Origin::builder().start().await;
    let addr = origin.addr();
    let mut io = TcpStream::connect(addr).await.unwrap();
    ask(&mut io, &get("/x")).await;
    origin.stop().await;
    crate::client::read_to_end(&mut io).await;
    let error = TcpStream::connect(addr).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn dropping_it_ends_its_connections() {
    let origin = Origin::builder().start().await;
    let mut io = TcpStream::connect(origin.addr()).await.unwrap();
    ask(&mut io, &get("/x")).await;
    drop(origin);
    let end = crate::client::read_to_end(&mut io);
    tokio::time::timeout(Duration::from_secs(20), end)
        .await
        .expect("the connection ends");
}
