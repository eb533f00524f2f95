//! An upstream behind TLS.

use crate::support::{GUARD, Running, limits, whole, within};
use bytes::Bytes;
use gateway::proxy::Proxies;
use gateway::upstream::client_trusting;
use http::{Request, Response, Version};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rcgen::CertifiedKey;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{RootCertStore, ServerConfig};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

/// An origin for `localhost` and `upstream.test` that answers with the version, the authority and the path it was
/// asked for, and speaks these protocols.
async fn origin(protocols: &[&str]) -> (String, CertificateDer<'static>) {
    let CertifiedKey { cert, key_pair } =
        rcgen::generate_simple_self_signed(["localhost".to_owned(), "upstream.test".to_owned()])
            .unwrap();
    let key = PrivateKeyDer::try_from(key_pair.serialize_der()).unwrap();
    let mut config = ServerConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    config.alpn_protocols = protocols
        .iter()
        .map(|name| name.as_bytes().to_vec())
        .collect();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // A client that does not trust us leaves.
                let Ok(socket) = acceptor.accept(socket).await else {
                    return;
                };
                let _ = auto::Builder::new(TokioExecutor::new())
                    .serve_connection(TokioIo::new(socket), service_fn(answer))
                    .await;
            });
        }
    });
    (url, cert.der().clone())
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let host = match request.uri().authority() {
        Some(authority) => authority.to_string(),
        None => request.headers()["host"].to_str().unwrap().to_owned(),
    };
    let told = format!("{:?} {host} {}", request.version(), request.uri().path());
    Ok(Response::new(Full::new(Bytes::from(told))))
}

fn trusting(certificates: impl IntoIterator<Item = CertificateDer<'static>>) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates);
    roots
}

#[tokio::test]
async fn the_newest_version_both_speak_is_spoken() {
    for (protocols, version) in [
        (&["h2", "http/1.1"][..], "HTTP/2.0"),
        (&["http/1.1"], "HTTP/1.1"),
        (&[], "HTTP/1.1"),
    ] {
        let (url, certificate) = origin(protocols).await;
        let client = client_trusting(trusting([certificate]), GUARD, Proxies::none());
        let gateway = Running::over(client, &url, limits(), Duration::MAX).await;
        // Headers of one connection must not confuse the other protocol.
        let request = Request::get(gateway.url("/x"))
            .header("connection", "keep-alive")
            .header("keep-alive", "timeout=5");
        let response = gateway.send(request).await;
        assert_eq!(response.version(), Version::HTTP_11);
        let authority = url.trim_start_matches("https://");
        let expected = format!("{version} {authority} /x");
        assert_eq!(whole(response).await.unwrap(), expected);
    }
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_is_explained_at_once() {
    let (url, _) = origin(&["h2"]).await;
    let client = client_trusting(trusting([]), GUARD, Proxies::none());
    let gateway = Running::over(client, &url, limits(), Duration::MAX).await;
    let response = gateway.get("/").await;
    assert_eq!(response.status(), 502);
    let body = whole(response).await.unwrap();
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(problem["code"], "tls_untrusted");
    assert_eq!(problem["attempts"], 1);
}

#[tokio::test]
async fn a_server_that_takes_the_connection_and_says_nothing_is_noticed() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let addr = listener.local_addr().unwrap();
    let silent = format!("http://{addr}");
    for (url, proxies) in [
        (format!("https://{addr}"), Proxies::none()),
        (
            "https://upstream.test".to_owned(),
            Proxies::all(&silent).unwrap(),
        ),
    ] {
        let client = client_trusting(trusting([]), Duration::from_millis(20), proxies);
        let gateway = Running::over(client, &url, limits(), Duration::MAX).await;
        let response = gateway.send(Request::post(gateway.url("/"))).await;
        assert_eq!(response.status(), 504, "{url}");
        let body = whole(response).await.unwrap();
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["code"], "timeout_connect", "{problem}");
        // Nothing was sent, so even this could be tried again.
        assert!(problem["attempts"].as_u64().unwrap() > 1, "{problem}");
    }
}

/// A proxy that lets its one client through to `to`, whatever it asks for, and hands out what that
/// was. With `answer` it says this instead.
async fn proxy(to: String, answer: &'static str) -> (String, oneshot::Receiver<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://user:pass@{}", listener.local_addr().unwrap());
    let (asked, head) = oneshot::channel();
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(client.read_u8().await.unwrap());
        }
        asked.send(String::from_utf8(head).unwrap()).unwrap();
        client.write_all(answer.as_bytes()).await.unwrap();
        if answer.contains(" 200 ") {
            let mut origin = TcpStream::connect(to).await.unwrap();
            let _ = copy_bidirectional(&mut client, &mut origin).await;
        }
    });
    (url, head)
}

#[tokio::test]
async fn a_proxy_is_asked_for_a_tunnel_and_reads_nothing() {
    let (url, certificate) = origin(&["h2", "http/1.1"]).await;
    let to = url.replace("https://localhost", "127.0.0.1");
    let (proxy, head) = proxy(to, "HTTP/1.1 200 OK\r\n\r\n").await;
    let proxies = Proxies::all(&proxy).unwrap();
    let client = client_trusting(trusting([certificate]), GUARD, proxies);
    let gateway = Running::over(client, "https://upstream.test", limits(), Duration::MAX).await;
    let response = gateway.get("/x").await;
    assert_eq!(whole(response).await.unwrap(), "HTTP/2.0 upstream.test /x");
    let head = within(head).await.unwrap();
    assert!(
        head.starts_with("CONNECT upstream.test:443 HTTP/1.1\r\n"),
        "{head}"
    );
    assert!(
        head.to_ascii_lowercase()
            .contains("proxy-authorization: basic dxnlcjpwyxnz")
    );
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_not_mistaken_for_the_upstream() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let nobody = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for upstream in ["https://upstream.test", "http://upstream.test"] {
        let proxies = Proxies::all(&nobody).unwrap();
        let client = client_trusting(trusting([]), GUARD, proxies);
        let gateway = Running::over(client, upstream, limits(), Duration::MAX).await;
        let response = gateway.send(Request::post(gateway.url("/x"))).await;
        let body = whole(response).await.unwrap();
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["code"], "proxy", "{problem}");
        // It may come back, and nothing was sent.
        assert!(problem["attempts"].as_u64().unwrap() > 1, "{problem}");
    }
}

#[tokio::test]
async fn a_proxy_that_wants_other_credentials_is_named() {
    let answer = "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n";
    let (proxy, _head) = proxy(String::new(), answer).await;
    let proxies = Proxies::all(&proxy).unwrap();
    let client = client_trusting(trusting([]), GUARD, proxies);
    let gateway = Running::over(client, "https://upstream.test", limits(), Duration::MAX).await;
    let response = gateway.get("/x").await;
    assert_eq!(response.status(), 502);
    let body = whole(response).await.unwrap();
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(problem["code"], "proxy", "{problem}");
}
