//! What is sent through a proxy.

use crate::origin::{Origin, event};
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use std::error::Error;
use std::net::SocketAddr;
use tokio::net::TcpStream;

/// A connection to a proxy.
pub(crate) struct Caller(SendRequest<Full<Bytes>>);

/// A request with 1 KiB of JSON, and the headers that SDKs send.
fn request(streams: bool) -> http::request::Builder {
    Request::post("/v1/chat/completions")
        .header("host", "localhost")
        .header(
            "accept",
            if streams {
                "text/event-stream"
            } else {
                "application/json"
            },
        )
        .header("accept-encoding", "identity")
        .header(
            "authorization",
            "Bearer sk-0123456789abcdef0123456789abcdef",
        )
        .header("content-type", "application/json")
        .header("user-agent", "OpenAI/Python 2.0.0")
        .header("x-stainless-arch", "x64")
        .header("x-stainless-async", "false")
        .header("x-stainless-lang", "python")
        .header("x-stainless-retry-count", "0")
}

fn body(streams: bool) -> Bytes {
    let head = format!(
        "{{\"model\":\"m\",\"stream\":{streams},\"messages\":[{{\"role\":\"user\",\"content\":\""
    );
    let tail = "\"}]}";
    Bytes::from(format!(
        "{head}{}{tail}",
        "z".repeat(1024 - head.len() - tail.len())
    ))
}

impl Caller {
    pub(crate) async fn connect(to: SocketAddr) -> Result<Self, Box<dyn Error>> {
        let socket = TcpStream::connect(to).await?;
        socket.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(socket)).await?;
        tokio::spawn(connection);
        Ok(Caller(sender))
    }

    /// Makes one call and reads the answer.
    pub(crate) async fn call(&mut self) -> Result<(), Box<dyn Error>> {
        self.0.ready().await?;
        let request = request(false).body(Full::new(body(false)))?;
        let response = self.0.send_request(request).await?;
        let status = response.status();
        let read = response.into_body().collect().await?.to_bytes();
        if status != 200 || read.len() != 1024 {
            return Err(format!("{status} with {} bytes", read.len()).into());
        }
        Ok(())
    }

    /// Begins a stream and reads its first event. It goes on as long as the body is kept.
    pub(crate) async fn begin(&mut self) -> Result<Incoming, Box<dyn Error>> {
        self.0.ready().await?;
        let request = request(true)
            .header("x-events", "10")
            .body(Full::new(body(true)))?;
        let mut body = self.0.send_request(request).await?.into_body();
        body.frame().await.ok_or("no event")??;
        Ok(body)
    }

    /// Reads a stream of so many events, each of which is sent when the one before has arrived.
    pub(crate) async fn stream(
        &mut self,
        origin: &Origin,
        events: usize,
    ) -> Result<(), Box<dyn Error>> {
        self.0.ready().await?;
        let request = request(true)
            .header("x-events", events.to_string())
            .body(Full::new(body(true)))?;
        let response = self.0.send_request(request).await?;
        let mut body = response.into_body();
        let length = event().len();
        let mut read = 0;
        let mut rung = 1;
        while let Some(frame) = body.frame().await {
            read += frame?.data_ref().map_or(0, Bytes::len);
            if read >= rung * length {
                rung += 1;
                origin.next.notify_one();
            }
        }
        if read < events * length {
            return Err(format!("{read} bytes of {events} events").into());
        }
        Ok(())
    }
}
