//! An HTTP/2 server in memory that does what it is told, one thing a request.

use buttress_tests::connect::Pipe;
use bytes::Bytes;
use h2::Reason;
use http::{Response, Uri};
use std::collections::VecDeque;
use std::future::{Ready, ready};
use std::io;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tower::Service;

/// What the server does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Does {
    /// 200 with a short body.
    Answers,
    /// 200, a piece of the body, and nothing more.
    HangsInBody,
    /// Nothing.
    Hangs,
    /// `RST_STREAM` instead of an answer. `REFUSED_STREAM` comes without the application knowing.
    Resets(Reason),
    /// A head, then `RST_STREAM` before any data.
    ResetsBody(Reason),
    /// `GOAWAY` with this reason, which says that the request was not looked at.
    GoesAway(Reason),
    /// Closes the connection when it has the request.
    Closes,
}

/// The server, which is a connector to itself.
#[derive(Clone, Default)]
pub(crate) struct Server(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    script: VecDeque<Does>,
    connections: usize,
    processed: usize,
}

impl Server {
    /// Honest when the script is used up.
    pub(crate) fn new(script: impl IntoIterator<Item = Does>) -> Self {
        let server = Server::default();
        server.0.lock().unwrap().script.extend(script);
        server
    }

    pub(crate) fn connections(&self) -> usize {
        self.0.lock().unwrap().connections
    }

    /// Requests that reached the application.
    pub(crate) fn processed(&self) -> usize {
        self.0.lock().unwrap().processed
    }

    fn next(&self) -> Does {
        let mut state = self.0.lock().unwrap();
        let does = state.script.pop_front().unwrap_or(Does::Answers);
        let unseen = matches!(
            does,
            Does::Resets(Reason::REFUSED_STREAM) | Does::GoesAway(_)
        );
        state.processed += usize::from(!unseen);
        does
    }

    fn is_about_to_go_away(&self) -> bool {
        matches!(
            self.0.lock().unwrap().script.front(),
            Some(Does::GoesAway(_))
        )
    }

    async fn serve(self, io: DuplexStream) {
        if self.is_about_to_go_away() {
            return self.go_away(io).await.unwrap();
        }
        let mut connection = h2::server::handshake(io).await.unwrap();
        let mut held = Vec::new();
        while let Some(Ok((request, mut respond))) = connection.accept().await {
            match self.next() {
                Does::Answers => {
                    let mut body = respond.send_response(Response::new(()), false).unwrap();
                    body.send_data(Bytes::from_static(b"answer"), true).unwrap();
                }
                Does::HangsInBody => {
                    let mut body = respond.send_response(Response::new(()), false).unwrap();
                    body.send_data(Bytes::from_static(b"ans"), false).unwrap();
                    held.push((Some(body), respond, request));
                }
                Does::Hangs => held.push((None, respond, request)),
                Does::Resets(reason) => respond.send_reset(reason),
                Does::ResetsBody(reason) => {
                    let mut body = respond.send_response(Response::new(()), false).unwrap();
                    spawn(async move {
                        // A reset at once would overtake the head.
                        for _ in 0..16 {
                            tokio::task::yield_now().await;
                        }
                        body.send_reset(reason);
                    });
                }
                // On a connection that has served others it only refuses.
                Does::GoesAway(_) => respond.send_reset(Reason::REFUSED_STREAM),
                Does::Closes => return,
            }
        }
    }

    /// By hand, so that the request is certainly on its way when the server goes.
    async fn go_away(self, mut io: DuplexStream) -> io::Result<()> {
        const SETTINGS: u8 = 4;
        const HEADERS: u8 = 1;
        const GOAWAY: u8 = 7;
        let frame = |kind: u8, payload: &[u8]| {
            let mut frame = vec![
                0,
                0,
                u8::try_from(payload.len()).unwrap(),
                kind,
                0,
                0,
                0,
                0,
                0,
            ];
            frame.extend_from_slice(payload);
            frame
        };
        io.read_exact(&mut [0; 24]).await?; // the client's preface
        io.write_all(&frame(SETTINGS, &[])).await?;
        loop {
            let mut head = [0; 9];
            io.read_exact(&mut head).await?;
            let len = usize::from(head[1]) << 8 | usize::from(head[2]);
            io.read_exact(&mut vec![0; len]).await?;
            if head[3] == HEADERS {
                break;
            }
        }
        let Does::GoesAway(reason) = self.next() else {
            unreachable!("nobody else takes from the script meanwhile");
        };
        let mut payload = vec![0; 4]; // the last stream id: none was looked at
        payload.extend_from_slice(&u32::from(reason).to_be_bytes());
        io.write_all(&frame(GOAWAY, &payload)).await?;
        // The client closes.
        let mut rest = Vec::new();
        io.read_to_end(&mut rest).await.map(drop)
    }
}

impl Service<Uri> for Server {
    type Response = Pipe<DuplexStream>;
    type Error = io::Error;
    type Future = Ready<io::Result<Self::Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let (here, there) = tokio::io::duplex(64 << 10);
        self.0.lock().unwrap().connections += 1;
        spawn(self.clone().serve(there));
        ready(Ok(Pipe::new(here)))
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "the other end: it lives as long as the connection"
)]
fn spawn(task: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(task);
}
