//! Writing an answer as a stream of HTTP/2, as far as its plan goes.

use super::super::fault::Cut;
use super::super::plan::{Framing, Place, Plan, Stop};
use super::super::wire::Wire;
use super::super::write::{self, GARBAGE, Out, Outcome, PRELOAD};
use super::tap::{Left, Tap};
use bytes::Bytes;
use h2::server::SendResponse;
use h2::{Reason, SendStream};
use http::{HeaderName, Response};
use std::future::poll_fn;
use std::io;
use std::time::Duration;

/// Headers that only a connection of HTTP/1.1 has (RFC 9113, section 8.2.2).
const OF_CONNECTIONS: [HeaderName; 3] = [
    http::header::CONNECTION,
    http::header::TRANSFER_ENCODING,
    http::header::UPGRADE,
];

pub(super) struct Writer<W> {
    tap: Tap<W>,
    respond: SendResponse<Bytes>,
    stream: Option<SendStream<Bytes>>,
    trickle: Option<usize>,
    heads: u32,
    sent: u64,
}

impl<W: Wire> Writer<W> {
    pub(super) fn new(tap: Tap<W>, respond: SendResponse<Bytes>, trickle: Option<usize>) -> Self {
        Writer {
            tap,
            respond,
            stream: None,
            trickle,
            heads: 0,
            sent: 0,
        }
    }

    fn id(&self) -> u32 {
        self.respond.stream_id().as_u32()
    }

    /// Writes the answer, and tells what became of it.
    pub(super) async fn answer(&mut self, plan: &Plan) -> io::Result<Outcome> {
        if let Some(delay) = plan.delay {
            self.wait(delay).await?;
        }
        if let Some((Place::BeforeHead, stop)) = plan.stop {
            return Ok(self.stop(stop).await);
        }
        if plan.garbage {
            self.tap.put(GARBAGE).await;
            return Ok(Outcome::Cut(Cut::Fin));
        }
        for status in plan.interim {
            let early = Response::builder().status(*status).header("link", PRELOAD);
            let early = early.body(()).map_err(io::Error::other)?;
            self.respond.send_informational(early).map_err(broken)?;
            self.heads += 1;
        }
        if plan.drain {
            self.tap
                .go_away(self.id(), super::super::Code::NoError)
                .await;
        }
        let sends_body = !plan.head_only && plan.framing != Framing::Nothing;
        let trailers = plan.trailers.as_ref();
        let trailers = trailers.filter(|_| sends_body && plan.framing == Framing::Chunked);
        let stops = matches!(plan.stop, Some((Place::Body(_), _)));
        let ends = (!sends_body || plan.body.len() == 0) && trailers.is_none() && !stops;
        self.head(plan, ends)?;
        if let Some(stop) = write::body(self, plan, sends_body).await? {
            return Ok(self.stop(stop).await);
        }
        if !ends {
            let stream = self.stream.as_mut().ok_or(io::ErrorKind::NotConnected)?;
            match trailers {
                Some(trailers) => stream.send_trailers(trailers.clone()),
                None => stream.send_data(Bytes::new(), true),
            }
            .map_err(broken)?;
        }
        let after = match plan.after {
            // What follows a length that is too long is END_STREAM.
            _ if plan.length_lie > 0 => None,
            None if plan.drain => Some(Cut::Fin),
            after => after,
        };
        Ok(match after {
            Some(how) => {
                self.left(true).await;
                Outcome::Cut(how)
            }
            None => Outcome::Open,
        })
    }

    fn head(&mut self, plan: &Plan, ends: bool) -> io::Result<()> {
        let mut head = Response::new(());
        *head.status_mut() = plan.status;
        *head.headers_mut() = plan.headers.clone();
        for name in OF_CONNECTIONS {
            head.headers_mut().remove(name);
        }
        if plan.framing == Framing::Length && !head.headers().contains_key("content-length") {
            for length in plan.lengths() {
                head.headers_mut().append("content-length", length.into());
            }
        }
        let stream = self.respond.send_response(head, ends).map_err(broken)?;
        self.stream = Some(stream);
        self.heads += 1;
        Ok(())
    }

    async fn stop(&mut self, stop: Stop) -> Outcome {
        self.left(false).await;
        match stop {
            Stop::Cut(how) => Outcome::Cut(how),
            Stop::Reset(code) => {
                let reason = Reason::from(code.number());
                match &mut self.stream {
                    Some(stream) => stream.send_reset(reason),
                    None => self.respond.send_reset(reason),
                }
                Outcome::Open
            }
            Stop::GoAway { code, processed } => {
                let last = match processed {
                    true => self.id(),
                    false => self.id().saturating_sub(2),
                };
                self.tap.go_away(last, code).await;
                Outcome::Cut(Cut::Fin)
            }
            Stop::Stall => {
                self.gone().await;
                Outcome::Left
            }
        }
    }

    /// Waits until all that was given to the `h2` crate has left, which it would drop otherwise,
    /// or the client gives the stream up.
    async fn left(&mut self, ended: bool) {
        let (heads, data) = (self.heads, self.sent);
        let least = Left { heads, data, ended };
        let (tap, id) = (self.tap.clone(), self.id());
        tokio::select! {
            biased;
            () = tap.until(id, least) => {}
            () = self.gone() => {}
        }
    }

    /// Waits until the client gives the stream up.
    async fn gone(&mut self) {
        // Whatever it is: a reason, or a connection that is over.
        let _ = match &mut self.stream {
            Some(stream) => poll_fn(|cx| stream.poll_reset(cx)).await,
            None => poll_fn(|cx| self.respond.poll_reset(cx)).await,
        };
    }

    async fn put(&mut self, mut part: Bytes) -> io::Result<()> {
        let stream = self.stream.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        while !part.is_empty() {
            stream.reserve_capacity(part.len());
            let room = poll_fn(|cx| stream.poll_capacity(cx)).await;
            let room = room.ok_or(io::ErrorKind::NotConnected)?.map_err(broken)?;
            let now = part.split_to(room.min(part.len()));
            self.sent += now.len() as u64;
            stream.send_data(now, false).map_err(broken)?;
        }
        Ok(())
    }
}

impl<W: Wire> Out for Writer<W> {
    fn sent(&self) -> u64 {
        self.sent
    }

    async fn wait(&mut self, time: Duration) -> io::Result<()> {
        tokio::select! {
            biased;
            () = self.gone() => Err(io::ErrorKind::ConnectionAborted.into()),
            () = tokio::time::sleep(time) => Ok(()),
        }
    }

    async fn data(&mut self, _: &Plan, mut part: Bytes) -> io::Result<()> {
        let Some(size) = self.trickle else {
            return self.put(part).await;
        };
        while !part.is_empty() {
            let now = part.split_to(size.min(part.len()));
            self.put(now).await?;
            self.left(false).await;
        }
        Ok(())
    }
}

fn broken(error: h2::Error) -> io::Error {
    io::Error::other(error)
}
