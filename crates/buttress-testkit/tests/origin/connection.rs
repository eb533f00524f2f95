use crate::client::{End, ask, get, get_with, read_to_end, send, with};
use buttress_testkit::{At, Canned, Cut, Fault, Origin, Refused, Script};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn origin(script: impl Into<Script>) -> Origin {
    Origin::builder().script(script).start().await
}

const BOTH: [(Cut, End); 2] = [(Cut::Fin, End::Fin), (Cut::Rst, End::Rst)];

#[tokio::test]
async fn a_refused_address_refuses() {
    let refused = Refused::new();
    for _ in 0..2 {
        let error = TcpStream::connect(refused.addr()).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
    }
    assert!(
        refused
            .url("/x")
            .ends_with(&format!(":{}/x", refused.addr().port()))
    );
}

#[tokio::test]
async fn closes_on_accept_before_any_request() {
    for (how, end) in BOTH {
        let origin = origin([Fault::CloseOnAccept(how)]).await;
        let mut io = TcpStream::connect(origin.addr()).await.unwrap();
        let received = read_to_end(&mut io).await;
        assert_eq!((received.bytes.len(), received.end), (0, end));
        drop(io);
        origin.until_closed().await;
        assert!(origin.log().is_empty());
        assert_eq!((origin.connections(), origin.effects().total), (1, 0));

        // The fault is used up.
        let mut io = TcpStream::connect(origin.addr()).await.unwrap();
        assert_eq!(ask(&mut io, &get("/x")).await.status, 200);
    }
}

#[tokio::test]
async fn on_an_open_connection_it_closes_at_the_next_request() {
    for (how, end) in BOTH {
        let origin = origin([Fault::None, Fault::CloseOnAccept(how)]).await;
        let mut io = TcpStream::connect(origin.addr()).await.unwrap();
        ask(&mut io, &get("/x")).await;
        io.write_all(get("/x").as_bytes()).await.unwrap();
        let received = read_to_end(&mut io).await;
        assert_eq!((received.bytes.len(), received.end), (0, end));
    }
}

#[tokio::test]
async fn cuts_before_the_head_once_the_request_was_read() {
    for (how, end) in BOTH {
        let origin = origin([Fault::CutBeforeHead(how)]).await;
        let received = send(origin.addr(), &with("POST", "/echo", &[], "hello")).await;
        assert_eq!((received.bytes.len(), received.end), (0, end));
        assert_eq!(origin.effects().method("POST"), 1);
        assert_eq!(origin.log()[0].body, "hello");
    }
}

#[tokio::test]
async fn cuts_within_the_request() {
    for (how, end) in BOTH {
        let origin = origin([Fault::CutRequest { bytes: 3, how }]).await;
        let mut io = TcpStream::connect(origin.addr()).await.unwrap();
        let head = "POST /echo HTTP/1.1\r\nContent-Length: 100000\r\n\r\nabc";
        let request = head.to_owned() + &"x".repeat(90_000);
        io.write_all(request.as_bytes()).await.unwrap();
        let received = read_to_end(&mut io).await;
        assert_eq!((received.bytes.len(), received.end), (0, end));
        let seen = &origin.log()[0];
        assert_eq!((&*seen.body, seen.whole), (&b"abc"[..], false));
        assert_eq!(origin.effects().total, 0);
    }
}

#[tokio::test]
async fn cuts_within_a_chunked_request() {
    let how = Cut::Rst;
    let origin = origin([Fault::CutRequest { bytes: 5, how }]).await;
    let head = "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    let request = head.to_owned() + "3\r\nabc\r\n3\r\ndef\r\n";
    assert_eq!(send(origin.addr(), &request).await.end, End::Rst);
    let seen = &origin.log()[0];
    assert_eq!((&*seen.body, seen.whole), (&b"abcde"[..], false));
}

#[tokio::test]
async fn no_reset_overtakes_what_was_written() {
    let content = buttress_testkit::Content::new(1, 1, 600_000);
    let fault = Fault::CutAfterWhole(Cut::Rst);
    let origin = Origin::builder()
        .content(content)
        .script([fault])
        .start()
        .await;
    let mut io = TcpStream::connect(origin.addr()).await.unwrap();
    io.write_all(get("/bytes").as_bytes()).await.unwrap();
    // Reads late: most of it waits in the origin's kernel by now, or is not written yet.
    origin.until_requests(1).await;
    let _ = tokio::time::timeout(Duration::from_secs(2), origin.until_idle()).await;
    let received = read_to_end(&mut io).await;
    assert_eq!(received.answer().body, content.whole());
    assert_eq!(received.end, End::Rst);
}

#[tokio::test]
async fn every_connection_can_be_closed_on_accept() {
    let origin = origin(Script::always(Fault::CloseOnAccept(Cut::Fin))).await;
    for _ in 0..3 {
        let mut io = TcpStream::connect(origin.addr()).await.unwrap();
        assert_eq!(read_to_end(&mut io).await.bytes, b"");
    }
}

#[tokio::test]
async fn cuts_after_the_head_and_within_the_body() {
    for (how, end) in BOTH {
        for cut in [0, 1, 16 * 1024, 40_001] {
            let origin = origin([Fault::cut_after_bytes(cut, how)]).await;
            let received = send(origin.addr(), &get("/bytes")).await;
            let answer = received.answer();
            assert_eq!(answer.header("content-length"), Some("100000"));
            assert_eq!(answer.body, origin.content().bytes(0..cut));
            assert!(!answer.whole);
            assert_eq!(received.end, end);
        }
    }
}

#[tokio::test]
async fn cuts_after_the_whole_answer_unannounced() {
    for (how, end) in BOTH {
        let origin = origin([Fault::CutAfterWhole(how)]).await;
        let received = send(origin.addr(), &get("/events")).await;
        let answer = received.answer();
        assert!(answer.whole, "{received:?}");
        assert_eq!(answer.header("connection"), None);
        assert_eq!(received.end, end);
    }
}

#[tokio::test]
async fn stalls_until_the_client_leaves() {
    let stalls = [
        (Fault::StallBeforeHead, None),
        (Fault::StallAfter(At::Bytes(0)), Some(0)),
        (Fault::StallAfter(At::Bytes(300)), Some(300)),
    ];
    for (fault, body) in stalls {
        let origin = origin([fault]).await;
        let mut io = TcpStream::connect(origin.addr()).await.unwrap();
        io.write_all(get("/bytes").as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        if let Some(body) = body {
            let text = |bytes: &[u8]| bytes.windows(4).position(|w| w == b"\r\n\r\n");
            while text(&bytes).is_none_or(|head| bytes.len() < head + 4 + body) {
                assert!(io.read_buf(&mut bytes).await.unwrap() > 0);
            }
            assert_eq!(bytes.len(), text(&bytes).unwrap() + 4 + body);
        }
        origin.until_requests(1).await;
        assert_eq!(origin.in_flight(), 1);
        drop(io);
        origin.until_closed().await;
        let seen = &origin.log()[0];
        assert!(seen.client_left && !seen.answered);
        assert_eq!(origin.in_flight(), 0);
    }
}

#[tokio::test]
async fn a_client_that_leaves_during_the_body_is_noticed() {
    let content = buttress_testkit::Content::new(1, 1, 1 << 40);
    let origin = Origin::builder().content(content).start().await;
    let mut io = TcpStream::connect(origin.addr()).await.unwrap();
    io.write_all(get("/bytes").as_bytes()).await.unwrap();
    assert!(io.read_u8().await.is_ok());
    drop(io);
    origin.until_closed().await;
    assert!(origin.log()[0].client_left);
}

#[tokio::test]
async fn garbage_is_no_http() {
    let origin = origin([Fault::Garbage]).await;
    let received = send(origin.addr(), &get("/bytes")).await;
    assert!(!received.bytes.is_empty() && !received.bytes.starts_with(b"HTTP"));
    assert_eq!(received.end, End::Fin);
}

#[tokio::test]
async fn a_hint_comes_before_the_answer() {
    let origin = origin([Fault::EarlyHints]).await;
    let request = get_with("/x", &[("Connection", "close")]);
    let first = send(origin.addr(), &request).await.answer();
    assert_eq!((first.status, first.header("content-length")), (103, None));
    assert_eq!(first.next().status, 200);
}

#[tokio::test]
async fn statuses_come_with_headers_and_body_and_leave_the_connection_open() {
    let busy = Canned::new(503).header("retry-after", "7").body("busy");
    let script = [
        busy.into(),
        Fault::status(529),
        Fault::retry_after(429, 3),
        Canned::html(502, "Bad Gateway").into(),
    ];
    let origin = origin(script).await;
    let mut io = TcpStream::connect(origin.addr()).await.unwrap();
    let busy = ask(&mut io, &get("/bytes")).await;
    assert_eq!((busy.status, busy.header("retry-after")), (503, Some("7")));
    assert_eq!(busy.header("etag"), None);
    assert_eq!(busy.body, b"busy");
    let plain = ask(&mut io, &get("/events")).await;
    assert_eq!(
        (plain.status, plain.header("content-length")),
        (529, Some("0"))
    );
    assert_eq!(
        ask(&mut io, &get("/x")).await.header("retry-after"),
        Some("3")
    );
    let page = ask(&mut io, &get("/x")).await;
    assert_eq!(page.header("content-type"), Some("text/html"));
    assert!(page.body.starts_with(b"<!doctype html>"));
    assert_eq!(ask(&mut io, &get("/x")).await.status, 200);
    let faults: Vec<String> = origin.log().into_iter().map(|seen| seen.fault).collect();
    assert_eq!(faults[0], "503 with retry-after: 7");
    assert_eq!(faults[4], "no fault");
}

#[tokio::test]
async fn a_script_ends_with_what_it_says() {
    let script = Script::of([Fault::None]).then(Fault::status(500));
    let origin = origin(script).await;
    let mut io = TcpStream::connect(origin.addr()).await.unwrap();
    for expected in [200, 500, 500] {
        assert_eq!(ask(&mut io, &get("/x")).await.status, expected);
    }
    origin.set_script(Script::by(|seen| {
        Fault::status(400 + seen.body.len() as u16)
    }));
    assert_eq!(
        ask(&mut io, &with("PUT", "/x", &[], "abcd")).await.status,
        404
    );
    origin.set_script(Script::of([Fault::status(501)]).then_by(|_| Fault::status(502)));
    for expected in [501, 502, 502] {
        assert_eq!(ask(&mut io, &get("/x")).await.status, expected);
    }
    assert_eq!(origin.log().len(), 7);
}
