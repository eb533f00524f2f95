//! The smallest reverse proxy that hyper makes: what every other one is measured against.
//!
//! ```text
//! plain-proxy 127.0.0.1:4000 http://127.0.0.1:5000
//! ```
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a program that can't begin says why and ends"
)]

use http::header::{CONNECTION, HOST};
use http::uri::Authority;
use http::{Request, Uri};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let listen = args.next().expect("an address to listen at");
    let upstream: Uri = args
        .next()
        .expect("an upstream")
        .parse()
        .expect("the upstream's URL");
    let authority = upstream.authority().expect("a host").clone();
    let listener = TcpListener::bind(listen).await.expect("a free address");
    println!("{}", listener.local_addr().expect("is bound"));
    let mut tcp = HttpConnector::new();
    tcp.set_nodelay(true);
    let client: Client<_, Incoming> = Client::builder(TokioExecutor::new()).build(tcp);
    tokio::select! {
        () = serve(listener, client, authority) => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

async fn serve(
    listener: TcpListener,
    client: Client<HttpConnector, Incoming>,
    authority: Authority,
) {
    while let Ok((socket, _)) = listener.accept().await {
        // Fails only on a socket that is broken already.
        let _ = socket.set_nodelay(true);
        let (client, authority) = (client.clone(), authority.clone());
        let service = service_fn(move |request| {
            let request = forward(request, authority.clone());
            client.request(request)
        });
        tokio::spawn(async move {
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(socket), service)
                .await;
        });
    }
}

fn forward(mut request: Request<Incoming>, authority: Authority) -> Request<Incoming> {
    let mut parts = std::mem::take(request.uri_mut()).into_parts();
    parts.scheme = Some(http::uri::Scheme::HTTP);
    parts.authority = Some(authority);
    *request.uri_mut() = Uri::from_parts(parts).expect("has a path");
    request.headers_mut().remove(CONNECTION);
    request.headers_mut().remove(HOST);
    request
}
