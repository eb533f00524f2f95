//! What is changed on the way, and what is refused.

use crate::support::{Running, piece, whole, within};
use buttress_testkit::{Canned, Fault, Origin};
use bytes::Bytes;
use http::Request;
use http_body_util::channel::Channel;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
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
    let coded = "transfer-encoding: gzip, chunked\r\n";
    for (start, more, status) in [
        ("GET /chat", upgrade, "426 Upgrade Required"),
        ("CONNECT other:443", "", "501 Not Implemented"),
        ("TRACE /", "", "501 Not Implemented"),
        ("GET http://other/", "", "421 Misdirected Request"),
        ("GET http://other/healthz", "", "421 Misdirected Request"),
        ("GET /healthz", upgrade, "426 Upgrade Required"),
        ("OPTIONS *", "", "400 Bad Request"),
        ("POST /chat", coded, "501 Not Implemented"),
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
    let lines = gateway.log.lines(8).await;
    for (line, status) in lines.iter().zip([426, 501, 501, 421, 421, 426, 400, 501]) {
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

/// RFC 9112, section 3.2.2: a server takes a whole URL too, and its host outweighs `Host`.
#[tokio::test]
async fn a_whole_url_of_the_gateways_own_is_taken_for_its_path() {
    let origin = Origin::builder().start().await;
    let gateway = Running::new(&origin.url("")).await;
    let port = gateway.addr.port();
    for (url, expected) in [
        (format!("http://127.0.0.1:{port}/a?b"), "200"),
        (format!("HTTP://LocalHost:{port}/a?b"), "200"),
        (format!("http://127.0.0.1:{port}/healthz"), "200"),
        (format!("https://127.0.0.1:{port}/a"), "421"),
        (format!("http://127.0.0.1:{}/a", port ^ 1), "421"),
        ("http://127.0.0.1/a".to_owned(), "421"),
        (format!("http://127.0.0.2:{port}/a"), "421"),
        (format!("http://localhost.test:{port}/a"), "421"),
    ] {
        let mut client = TcpStream::connect(gateway.addr).await.unwrap();
        let request = format!("GET {url} HTTP/1.1\r\nhost: other\r\nconnection: close\r\n\r\n");
        client.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        within(client.read_to_string(&mut answer)).await.unwrap();
        let status = format!("HTTP/1.1 {expected} ");
        assert!(answer.starts_with(&status), "{url}: {answer}");
    }
    let asked: Vec<_> = origin.log().iter().map(|seen| seen.path.clone()).collect();
    assert_eq!(asked, ["/a?b", "/a?b"]);
}

/// RFC 9110, section 7.6.2.
#[tokio::test]
async fn options_go_no_further_than_they_may() {
    let origin = Origin::builder().start().await;
    let gateway = Running::new(&origin.url("")).await;
    for (method, hops, expected) in [
        ("OPTIONS", "3", Some("2")),
        ("OPTIONS", "1", Some("0")),
        ("OPTIONS", "0", None),
        ("OPTIONS", "00", None),
        ("OPTIONS", "many", Some("many")),
        (
            "OPTIONS",
            "99999999999999999999",
            Some("18446744073709551614"),
        ),
        // Others need not look at it.
        ("GET", "0", Some("0")),
    ] {
        let before = origin.log().len();
        let request = Request::builder().method(method).uri(gateway.url("/a"));
        let response = gateway.send(request.header("max-forwards", hops)).await;
        let log = origin.log();
        let seen = log.get(before).and_then(|seen| seen.header("max-forwards"));
        assert_eq!(seen, expected, "{method} {hops}");
        if expected.is_none() {
            assert_eq!(log.len(), before, "{hops}");
            assert_eq!(response.status(), 204, "{hops}");
            assert!(response.headers().contains_key("allow"), "{hops}");
        }
    }
}

#[tokio::test]
async fn a_body_without_a_length_is_passed_on_with_any_method() {
    let origin = Origin::builder().start().await;
    let gateway = Running::new(&origin.url("")).await;
    for (count, method) in ["GET", "HEAD", "OPTIONS", "DELETE", "POST"]
        .iter()
        .enumerate()
    {
        let mut client = TcpStream::connect(gateway.addr).await.unwrap();
        let request = format!(
            "{method} /search HTTP/1.1\r\nhost: here\r\ntransfer-encoding: chunked\r\n\r\n\
             5\r\nhello\r\n0\r\n\r\n"
        );
        client.write_all(request.as_bytes()).await.unwrap();
        within(origin.until_requests(count + 1)).await;
        assert_eq!(origin.log()[count].body, "hello", "{method}");
    }
    // Over HTTP/2 nothing says that there is a body but itself.
    let (mut sender, body) = Channel::<Bytes>::new(1);
    let socket = TcpStream::connect(gateway.addr).await.unwrap();
    let io = TokioIo::new(socket);
    let (mut client, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(connection);
    let request = Request::get(gateway.url("/search")).body(body).unwrap();
    let answer = tokio::spawn(client.send_request(request));
    sender.send_data(Bytes::from("hello")).await.unwrap();
    drop(sender);
    assert_eq!(within(answer).await.unwrap().unwrap().status(), 200);
    assert_eq!(origin.log()[5].body, "hello");
}
