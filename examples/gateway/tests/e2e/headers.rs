//! What is changed on the way, and what is refused.

use crate::support::{Running, piece, whole, within};
use buttress_testkit::{Canned, Fault, Origin};
use http::Request;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn the_upstream_sees_the_request_as_it_was() {
    let origin = Origin::builder().start().await;
    let gateway = Running::new(&origin.url("/base/")).await;
    let request = Request::put(gateway.url("/a%20b?q=1&q=2"))
        .header("accept", "*/*")
        .header("x-twice", "1")
        .header("x-twice", "2")
        .header("authorization", "Bearer k")
        .header("connection", "x-mine")
        .header("x-mine", "1")
        .header("proxy-authorization", "Basic eA==")
        .header("te", "trailers");
    let response = gateway.send(request).await;
    assert_eq!(
        whole(response).await.unwrap(),
        "PUT /base/a%20b?q=1&q=2 0 bytes\n"
    );
    let seen = &origin.log()[0];
    assert_eq!(
        seen.header("host"),
        Some(origin.addr().to_string().as_str())
    );
    assert_eq!(seen.header("authorization"), Some("Bearer k"));
    let twice: Vec<_> = seen.headers.get_all("x-twice").iter().collect();
    assert_eq!(twice, ["1", "2"]);
    assert_eq!(seen.header("te"), Some("trailers"));
    for name in [
        "connection",
        "x-mine",
        "proxy-authorization",
        "via",
        "x-forwarded-for",
    ] {
        assert!(!seen.headers.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn only_calls_to_models_are_answered_in_the_clear() {
    let origin = Origin::builder().start().await;
    let gateway = Running::new(&origin.url("")).await;
    for (method, path, asked, expected) in [
        ("POST", "/v1/chat/completions", "gzip, br", "identity"),
        ("POST", "/v1/messages", "identity", "identity"),
        ("POST", "/v1/messages", "", ""),
        ("GET", "/v1/files/f/content", "gzip, br", "gzip, br"),
    ] {
        let mut request = Request::builder().method(method).uri(gateway.url(path));
        if !asked.is_empty() {
            request = request.header("accept-encoding", asked);
        }
        whole(gateway.send(request).await).await.unwrap();
        let log = origin.log();
        let seen = log.last().unwrap().header("accept-encoding");
        assert_eq!(seen.unwrap_or_default(), expected, "{path}");
    }
}

#[tokio::test]
async fn the_client_sees_the_answer_as_it_was() {
    let canned = Canned::new(201)
        .header("set-cookie", "a=1")
        .header("set-cookie", "b=2")
        .header("date", "Sun, 06 Nov 1994 08:49:37 GMT")
        .header("connection", "x-yours")
        .header("x-yours", "1")
        .header("keep-alive", "timeout=5")
        .body("made");
    let origin = Origin::builder().script(Fault::from(canned)).start().await;
    let gateway = Running::new(&origin.url("")).await;
    let response = gateway.send(Request::post(gateway.url("/"))).await;
    assert_eq!(response.status(), 201);
    let headers = response.headers();
    let names: Vec<_> = headers.keys().map(http::HeaderName::as_str).collect();
    assert_eq!(names, ["set-cookie", "date", "content-length"]);
    let cookies: Vec<_> = headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
    assert_eq!(headers["date"], "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(whole(response).await.unwrap(), "made");
}

#[tokio::test]
async fn a_head_without_a_body_keeps_its_length() {
    let origin = Origin::builder().start().await;
    let gateway = Running::new(&origin.url("")).await;
    let response = gateway.send(Request::head(gateway.url("/bytes"))).await;
    assert_eq!(response.headers()["content-length"], "100000");
    assert_eq!(whole(response).await.unwrap(), "");
    assert_eq!(
        gateway.log.line().await,
        "method=HEAD path=/bytes status=200 tries=1 bytes=0 end=complete"
    );
}

#[tokio::test]
async fn what_is_refused_never_reaches_the_upstream() {
    let origin = Origin::builder().start().await;
    let gateway = Running::new(&origin.url("")).await;
    let upgrade = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n";
    for (start, more, status) in [
        ("GET /chat", upgrade, "426 Upgrade Required"),
        ("CONNECT other:443", "", "501 Not Implemented"),
        ("TRACE /", "", "501 Not Implemented"),
        ("GET http://other/", "", "421 Misdirected Request"),
        ("OPTIONS *", "", "400 Bad Request"),
    ] {
        let mut client = TcpStream::connect(gateway.addr).await.unwrap();
        let request = format!("{start} HTTP/1.1\r\nhost: other\r\n{more}\r\n");
        client.write_all(request.as_bytes()).await.unwrap();
        client.shutdown().await.unwrap();
        let mut answer = String::new();
        within(client.read_to_string(&mut answer)).await.unwrap();
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}\r\n")),
            "{answer}"
        );
        assert!(
            answer.contains("content-type: application/problem+json"),
            "{answer}"
        );
        assert!(answer.contains("\r\ncache-control: no-store\r\n"));
        for offer in ["upgrade: HTTP/1.1", "connection: upgrade"] {
            let is_made = answer.contains(&format!("\r\n{offer}\r\n"));
            assert_eq!(is_made, status.starts_with("426"), "{answer}");
        }
    }
    assert_eq!(origin.connections(), 0);
    let lines = gateway.log.lines(5).await;
    for (line, status) in lines.iter().zip([426, 501, 501, 421, 400]) {
        assert!(line.contains(&format!(" status={status} ")), "{lines:?}");
        assert!(line.ends_with(" end=refused"), "{lines:?}");
    }
}

#[tokio::test]
async fn another_upgrade_is_an_offer_that_is_passed_over() {
    let origin = Origin::builder().start().await;
    let gateway = Running::new(&origin.url("")).await;
    let request = Request::get(gateway.url("/events"))
        .header("connection", "upgrade, http2-settings")
        .header("upgrade", "h2c")
        .header("http2-settings", "AAMAAABkAAQAAP__");
    let mut response = gateway.send(request).await;
    assert_eq!(response.status(), 200);
    piece(response.body_mut()).await;
    assert!(!origin.log()[0].headers.contains_key("http2-settings"));
}
