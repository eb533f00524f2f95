//! One connection of HTTP/2.
//!
//! The `h2` crate keeps the connection's state; what it would never do wrong goes around it, by
//! the [`Tap`] it writes through.

mod tap;
mod write;

use self::tap::Tap;
use self::write::Writer;
use super::fault::{Cut, Fault};
use super::parse::Head;
use super::shared::{Connected, Exchange};
use super::wire::{Conn, Wire};
use super::write::{Out, Outcome};
use bytes::{Bytes, BytesMut};
use h2::RecvStream;
use h2::server::SendResponse;
use http::Request;
use std::future::{pending, poll_fn};
use std::io;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// How a client begins that knows that it talks HTTP/2 (RFC 9113, section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Whether the client speaks HTTP/2. Reads only as much as it takes to know.
pub(super) async fn is_spoken<W: Wire>(conn: &mut Conn<W>) -> io::Result<bool> {
    loop {
        let known = conn.buf.len().min(PREFACE.len());
        if conn.buf[..known] != PREFACE[..known] {
            return Ok(false);
        }
        if known == PREFACE.len() {
            return Ok(true);
        }
        if !conn.more().await? {
            return Ok(false);
        }
    }
}

/// Serves one client until either side ends the connection.
pub(super) async fn serve<W: Wire>(conn: Conn<W>, connected: Connected) {
    let tap = Tap::new(conn);
    let mut exchanges = JoinSet::new();
    let how = accept(&tap, Arc::new(connected), &mut exchanges).await;
    // An exchange that is stopped here notes that the client has left.
    exchanges.shutdown().await;
    if let (Some(how), Some(conn)) = (how, tap.take()) {
        conn.cut(how).await;
    }
}

/// Answers requests until the connection is to be cut, or is over.
async fn accept<W: Wire>(
    tap: &Tap<W>,
    connected: Arc<Connected>,
    exchanges: &mut JoinSet<()>,
) -> Option<Cut> {
    let mut server = h2::server::handshake(tap.clone()).await.ok()?;
    let (ends, mut ended) = mpsc::unbounded_channel();
    loop {
        tokio::select! {
            biased;
            how = ended.recv() => return how,
            () = tap.kicked() => {}
            Some(_) = exchanges.join_next() => {}
            request = server.accept() => {
                let (request, respond) = request?.ok()?;
                let tap = tap.clone();
                exchanges.spawn(answer(tap, connected.clone(), request, respond, ends.clone()));
            }
        }
    }
}

/// Reads the rest of one request and answers it.
async fn answer<W: Wire>(
    tap: Tap<W>,
    connected: Arc<Connected>,
    request: Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
    ends: mpsc::UnboundedSender<Cut>,
) {
    // An earlier request whose reset arrived with this one ends first.
    tokio::task::yield_now().await;
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let head = Head {
        method: parts.method,
        path: path.to_owned(),
        headers: parts.headers,
        old: false,
    };
    let (exchange, fault) = connected.request(head);
    let mut noted = Noted {
        exchange,
        answered: false,
    };
    let exchange = &noted.exchange;
    if let Some(fault) = &fault {
        exchange.note(|seen| seen.fault = fault.to_string());
    }
    let cut = fault.as_ref().and_then(Fault::in_request);
    let stalls = fault.as_ref().and_then(Fault::stops_reading);
    let limit = cut.map(|(bytes, _)| bytes).or(stalls).unwrap_or(u64::MAX);
    let Ok(body) = receive(body, exchange, limit).await else {
        return;
    };
    if let Some((_, how)) = cut {
        noted.answered = true;
        // Fails only when the connection is over.
        let _ = ends.send(how);
        return pending().await;
    }
    if let (Some(_unread), true) = (&body, stalls.is_some()) {
        // Until the client gives up, whatever it says then.
        let _ = poll_fn(|cx| respond.poll_reset(cx)).await;
        return;
    }
    let plan = exchange.plan(fault);
    let mut writer = Writer::new(tap, respond, plan.trickle);
    let outcome = writer.answer(&plan).await;
    let sent = writer.sent();
    exchange.note(|seen| seen.sent = sent);
    match outcome {
        Ok(Outcome::Open) => noted.answered = true,
        Ok(Outcome::Cut(how)) => {
            noted.answered = true;
            let _ = ends.send(how);
            // Dropping a stream that has not ended would reset it.
            pending::<()>().await;
        }
        Ok(Outcome::Left) | Err(_) => {}
    }
}

/// Reads the body into the log: the stream, when not all of it was read.
async fn receive(
    mut body: RecvStream,
    exchange: &Exchange,
    limit: u64,
) -> Result<Option<RecvStream>, h2::Error> {
    let mut bytes = BytesMut::new();
    let result = loop {
        if bytes.len() as u64 >= limit && !body.is_end_stream() {
            break Ok(Some(body));
        }
        match body.data().await {
            None => break Ok(None),
            Some(Err(error)) => break Err(error),
            Some(Ok(data)) => {
                let room = (limit - bytes.len() as u64).min(data.len() as u64);
                bytes.extend_from_slice(&data[..room as usize]);
                // Fails only when the stream is over.
                let _ = body.flow_control().release_capacity(data.len());
            }
        }
    };
    exchange.note(|seen| {
        seen.body = bytes.freeze();
        seen.whole = matches!(result, Ok(None));
    });
    result
}

/// An exchange that tells the log how it ended.
struct Noted {
    exchange: Exchange,
    answered: bool,
}

impl Drop for Noted {
    fn drop(&mut self) {
        let answered = self.answered;
        self.exchange.note(|seen| {
            seen.answered = answered;
            seen.client_left = !answered;
        });
    }
}
