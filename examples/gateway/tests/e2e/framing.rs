//! Bodies whose framing goes wrong, from a socket that writes what it is told.

use crate::support::{Running, client, whole, within};
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::Full;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

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
