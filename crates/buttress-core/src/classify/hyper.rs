//! `hyper::Error`, through its predicates; its fixed descriptions where it has none.

use super::Clue;
use crate::{FailureKind, Phase};
use std::error::Error;
use std::io;

pub(super) fn look(link: &(dyn Error + 'static), phase: Phase) -> Option<Clue> {
    let error = link.downcast_ref::<hyper::Error>()?;
    let clue = if error.is_timeout() {
        Clue::kind(match phase {
            Phase::Connect => FailureKind::TimeoutConnect,
            Phase::Body => FailureKind::TimeoutIdle,
            Phase::Send | Phase::Head => FailureKind::TimeoutHead,
        })
    } else if error.is_user() {
        return Some(of_user(error));
    } else if error.is_parse() {
        let mut clue = Clue::kind(FailureKind::Protocol);
        clue.transient = Some(is_passing_garbage(error));
        clue
    } else if error.is_canceled() {
        // hyper hands the request back with this error: it was queued and never written.
        Clue::kind(FailureKind::ConnectionClosed).not_sent()
    } else if error.is_closed() {
        Clue::kind(FailureKind::ConnectionClosed)
    } else if error.is_incomplete_message() {
        Clue::kind(match phase {
            Phase::Body => FailureKind::StreamTruncated,
            _ => FailureKind::ConnectionClosed,
        })
    } else {
        // `connection error`, `http2 error`, `error reading a body`: the source says what.
        of_description(error).unwrap_or_default().connected()
    };
    Some(clue)
}

/// What is no HTTP now may be HTTP the next time: a connection that got mixed up, a server that is
/// starting. A head that is too large, or HTTP/2 in answer to HTTP/1.1, will be so again.
fn is_passing_garbage(error: &hyper::Error) -> bool {
    let description = error.to_string();
    !description.contains("too large") && !description.contains("HTTP2 preface")
}

/// Trouble that came from this side of hyper: the request itself, or its body.
fn of_user(error: &hyper::Error) -> Clue {
    let description = error.to_string();
    if description.contains("dispatch task is gone") {
        // The connection's task is gone, with its runtime or by a panic: nobody knows what was sent.
        return Clue::kind(FailureKind::ConnectionClosed);
    }
    let from_body = description.contains("Body stream") || error.is_body_write_aborted();
    let mut clue = Clue::kind(if from_body {
        FailureKind::Cancelled
    } else {
        FailureKind::BadRequest
    });
    clue.phase = Some(Phase::Send);
    clue.transient = Some(false);
    clue.last = true;
    clue
}

fn of_description(error: &hyper::Error) -> Option<Clue> {
    let description = error.to_string();
    if description.starts_with("received unexpected message") {
        // Such as the 408 that a server sends as it closes an idle connection: the next
        // connection knows nothing of it.
        let mut clue = Clue::kind(FailureKind::Protocol);
        clue.transient = Some(true);
        Some(clue)
    } else if description.starts_with("error writing a body") {
        Some(Clue::kind(FailureKind::ConnectionReset).phase(Phase::Send))
    } else if description.starts_with("error reading a body") && is_malformed(error) {
        let mut clue = Clue::kind(FailureKind::Protocol).phase(Phase::Body);
        // As garbage in the place of a head may: such as the page of a proxy amid the chunks.
        clue.transient = Some(true);
        Some(clue)
    } else {
        None
    }
}

/// Whether hyper's decoder, not the connection, found fault with a body: a bad chunk, say.
fn is_malformed(error: &hyper::Error) -> bool {
    let source = error.source().and_then(|source| source.downcast_ref());
    matches!(
        source.map(io::Error::kind),
        Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput)
    )
}
