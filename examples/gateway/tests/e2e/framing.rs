//! Bodies whose framing goes wrong, from a socket that writes what it is told.

use crate::support::{Running, client, piece, whole, within};
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const QUESTION: &[u8] = br#"{"model":"m","messages":[]}"#;
const DOCUMENT: &str = r#"{"choices":[{"message":{"content":"Hi"}}]}"#;

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
                    transfer-encoding: chunked\r\n\r\n";

/// An upstream that answers each request on a connection of its own with one of these, and closes it.
async fn writes(answers: Vec<String>) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for answer in answers {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut read = Vec::new();
            while !read.ends_with(QUESTION) {
                assert!(socket.read_buf(&mut read).await.unwrap() > 0);
            }
            socket.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    url
}

fn chunk(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

/// What a caller of these chunks gets, and the line of the log.
async fn told(chunks: Vec<String>) -> (StatusCode, Result<Bytes, hyper::Error>, String) {
    let answers = chunks.into_iter().map(|chunks| HEAD.to_owned() + &chunks);
    let gateway = Running::new(&writes(answers.collect()).await).await;
    let request = Request::post(gateway.url("/v1/chat/completions"));
    let request = request.body(Full::from(QUESTION)).unwrap();
    let response = within(client().request(request)).await.unwrap();
    let status = response.status();
    (status, whole(response).await, gateway.log.line().await)
}

#[tokio::test]
async fn what_is_answered_before_the_answer_is_dropped() {
    let hints = "HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\n";
    let answer = [hints, HEAD, &chunk(DOCUMENT), "0\r\n\r\n"].concat();
    let gateway = Running::new(&writes(vec![answer]).await).await;
    let length = QUESTION.len();
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: here\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
    );
    let mut client = TcpStream::connect(gateway.addr).await.unwrap();
    let request = [head.as_bytes(), QUESTION].concat();
    client.write_all(&request).await.unwrap();
    let mut got = String::new();
    within(client.read_to_string(&mut got)).await.unwrap();
    assert!(got.starts_with("HTTP/1.1 200 OK\r\n"), "{got}");
    assert!(got.contains(DOCUMENT), "{got}");
    assert!(!got.contains("style"), "{got}");
}

#[tokio::test]
async fn a_chunk_that_is_none_is_asked_for_again() {
    let half = chunk(&DOCUMENT[..9]);
    for wrong in [
        "zz\r\n",
        "10000000000000000\r\n",
        "-1\r\n",
        "\r\n\r\n",
        "3\r\nabcXX",
        "HTTP/1.1 502 Bad Gateway\r\n\r\n",
    ] {
        let answers = vec![half.clone() + wrong, chunk(DOCUMENT) + "0\r\n\r\n"];
        let (status, body, line) = told(answers).await;
        assert_eq!(status, 200, "{wrong}");
        assert_eq!(body.unwrap(), DOCUMENT, "{wrong}");
        assert!(line.contains(" tries=2 "), "{wrong}: {line}");
    }
}

#[tokio::test]
async fn a_whole_document_without_its_last_chunk_is_whole() {
    for rest in ["", "0\r\n", "zz\r\n"] {
        let (status, body, line) = told(vec![chunk(DOCUMENT) + rest]).await;
        assert_eq!(status, 200, "{rest}");
        assert_eq!(body.unwrap(), DOCUMENT, "{rest}");
        assert!(line.ends_with(" end=complete"), "{rest}: {line}");
    }
}

/// RFC 9112, section 6.3: the chunks say how long it is.
#[tokio::test]
async fn a_length_beside_chunks_is_no_length() {
    let head = HEAD.replace("\r\n\r\n", "\r\ncontent-length: 99\r\n\r\n");
    for path in ["/v1/chat/completions", "/v1/files/f/content"] {
        let answer = head.clone() + &chunk(DOCUMENT) + "0\r\n\r\n";
        let gateway = Running::new(&writes(vec![answer]).await).await;
        let request = Request::post(gateway.url(path));
        let request = request.body(Full::from(QUESTION)).unwrap();
        let response = within(client().request(request)).await.unwrap();
        assert!(!response.headers().contains_key("content-length"), "{path}");
        assert_eq!(whole(response).await.unwrap(), DOCUMENT, "{path}");
        let line = gateway.log.line().await;
        assert!(line.ends_with(" tries=1 bytes=42 end=complete"), "{line}");
    }
}

/// `Hi`, in gzip as a client reads it: nobody on the way may say anything else in it.
const GZIP: &[u8] =
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xf3\xc8\x04\x00\x42\x8e\x5a\x2e\x02\x00\x00\x00";

/// An upstream whose answers, of this type, are in gzip that the client is to be told of by the transfer
/// coding alone, and break off without an end if they are `broken`.
async fn codes(kind: &'static str, broken: bool) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut read = Vec::new();
            while !read.windows(4).any(|at| at == b"\r\n\r\n") {
                assert!(socket.read_buf(&mut read).await.unwrap() > 0);
            }
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\netag: \"v1\"\r\n\
                 transfer-encoding: gzip, chunked\r\n\r\n{:x}\r\n",
                GZIP.len()
            );
            let end: &[u8] = if broken { b"\r\n" } else { b"\r\n0\r\n\r\n" };
            let answer = [head.as_bytes(), GZIP, end].concat();
            socket.write_all(&answer).await.unwrap();
        }
    });
    url
}

/// RFC 9112, section 6.1: HTTP/1.1 has a word for it.
#[tokio::test]
async fn a_transfer_coding_is_told_to_a_client_that_knows_any() {
    for kind in ["text/plain", "text/event-stream"] {
        let gateway = Running::new(&codes(kind, false).await).await;
        let response = gateway.get("/a").await;
        assert_eq!(response.status(), 200, "{kind}");
        let coding = response.headers()["transfer-encoding"].to_str().unwrap();
        assert!(coding.starts_with("gzip"), "{kind}: {coding}");
        assert_eq!(whole(response).await.unwrap(), GZIP, "{kind}");
    }
}

/// Neither has it events to go on behind, nor room for one of the gateway's own.
#[tokio::test]
async fn what_breaks_in_a_transfer_coding_breaks_for_the_client_too() {
    for kind in ["text/plain", "text/event-stream"] {
        let gateway = Running::new(&codes(kind, true).await).await;
        let mut body = gateway.get("/a").await.into_body();
        assert_eq!(piece(&mut body).await, GZIP, "{kind}");
        let end = within(body.frame()).await;
        assert!(end.is_some_and(|end| end.is_err()), "{kind}");
        let line = gateway.log.line().await;
        assert!(line.contains(" tries=1 "), "{kind}: {line}");
    }
}

/// HTTP/1.0 and HTTP/2 know no transfer codings: without its name a client takes it for what it is not.
#[tokio::test]
async fn a_transfer_coding_that_a_client_cannot_be_told_of_is_a_bad_gateway() {
    for kind in ["text/plain", "text/event-stream"] {
        let gateway = Running::new(&codes(kind, false).await).await;
        let mut client = TcpStream::connect(gateway.addr).await.unwrap();
        client.write_all(b"GET /a HTTP/1.0\r\n\r\n").await.unwrap();
        let mut got = Vec::new();
        within(client.read_to_end(&mut got)).await.unwrap();
        let got = String::from_utf8(got).expect("words");
        assert!(got.starts_with("HTTP/1.0 502 "), "{kind}: {got}");
        assert!(got.contains("protocol"), "{kind}: {got}");

        let (mut send, connection) = {
            let socket = TcpStream::connect(gateway.addr).await.unwrap();
            let io = TokioIo::new(socket);
            http2::handshake(TokioExecutor::new(), io).await.unwrap()
        };
        tokio::spawn(connection);
        let request = Request::get(gateway.url("/a")).body(Full::<Bytes>::default());
        let response = within(send.send_request(request.unwrap())).await.unwrap();
        assert_eq!(response.status(), 502, "{kind}");
        let problem = whole(response).await.unwrap();
        assert!(
            problem.windows(8).any(|at| at == b"protocol"),
            "{problem:?}"
        );

        for line in gateway.log.lines(2).await {
            assert!(line.contains(" tries=1 "), "{kind}: {line}");
        }
    }
}
