//! One connection, from accept to its end.

use super::fault::{Cut, Fault};
use super::h2;
use super::parse::{self, Head, Length, Unread};
use super::plan::Framing;
use super::shared::{Connected, Exchange, Shared};
use super::wire::{Conn, Wire};
use super::write::{self, Outcome};
use bytes::BytesMut;
use std::sync::Arc;

/// Serves one client until either side ends the connection.
pub(super) async fn serve<W: Wire>(io: W, shared: Arc<Shared>) {
    let mut conn = Conn::new(io);
    let connected = Connected::new(shared.clone());
    if let Some(fault) = shared.on_accept() {
        return conn.cut(fault.on_accept().unwrap_or(Cut::Fin)).await;
    }
    if let Ok(true) = h2::is_spoken(&mut conn).await {
        return h2::serve(conn, connected).await;
    }
    loop {
        match parse::head(&mut conn).await {
            Ok(Some(head)) => {
                let end = exchange(&mut conn, &connected, head).await;
                match end {
                    Outcome::Open => {}
                    Outcome::Cut(how) => return conn.cut(how).await,
                    Outcome::Left => return,
                }
            }
            Ok(None) | Err(Unread::Left) => return,
            Err(Unread::Malformed) => return refuse(conn).await,
        }
    }
}

/// Reads the rest of one request and answers it.
async fn exchange<W: Wire>(conn: &mut Conn<W>, connected: &Connected, head: Head) -> Outcome {
    let Some(length) = head.length() else {
        return bad_request(conn).await;
    };
    let (close, old) = (head.close(), head.old);
    let expects = head.expects_continue();
    let (exchange, fault) = connected.request(head);
    if let Some(fault) = &fault {
        exchange.note(|seen| seen.fault = fault.to_string());
    }
    if expects && conn.put(b"HTTP/1.1 100 Continue\r\n\r\n").await.is_err() {
        return left(&exchange);
    }
    let cut = fault.as_ref().and_then(Fault::in_request);
    let limit = cut.map_or(u64::MAX, |(bytes, _)| bytes);
    match receive(conn, &exchange, length, limit).await {
        Ok(()) => {}
        Err(Unread::Left) => return left(&exchange),
        Err(Unread::Malformed) => return bad_request(conn).await,
    }
    if let Some((_, how)) = cut {
        exchange.note(|seen| seen.answered = true);
        return Outcome::Cut(how);
    }
    let mut plan = exchange.plan(fault);
    // No proof of anything over HTTP/1.1.
    exchange.note(|seen| seen.refused = false);
    if old && plan.framing == Framing::Chunked {
        plan.framing = Framing::UntilClose;
    }
    let (outcome, sent) = write::answer(conn, &plan, close).await;
    exchange.note(|seen| seen.sent = sent);
    match outcome {
        Outcome::Left => left(&exchange),
        Outcome::Open | Outcome::Cut(_) => {
            exchange.note(|seen| seen.answered = true);
            outcome
        }
    }
}

/// Reads the body into the log, up to `limit` bytes of it.
async fn receive<W: Wire>(
    conn: &mut Conn<W>,
    exchange: &Exchange,
    length: Length,
    limit: u64,
) -> Result<(), Unread> {
    let mut body = BytesMut::new();
    let result = parse::body(conn, length, limit, &mut body).await;
    exchange.note(|seen| {
        seen.body = body.freeze();
        seen.whole = matches!(result, Ok(true));
    });
    result.map(drop)
}

fn left(exchange: &Exchange) -> Outcome {
    exchange.note(|seen| seen.client_left = true);
    Outcome::Left
}

async fn bad_request<W: Wire>(conn: &mut Conn<W>) -> Outcome {
    let answer = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    match conn.put(answer).await {
        Ok(()) => Outcome::Cut(Cut::Fin),
        Err(_) => Outcome::Left,
    }
}

async fn refuse<W: Wire>(mut conn: Conn<W>) {
    if let Outcome::Cut(how) = bad_request(&mut conn).await {
        conn.cut(how).await;
    }
}
