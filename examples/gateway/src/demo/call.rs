//! One streaming call, and an honest look at what came of it.

use buttress_core::time::now;
use buttress_core::{BoxError, Failure, Phase};
use bytes::{Buf, Bytes};
use http::{Request, Response, StatusCode};
use http_body::Body;
use http_body_util::BodyExt;
use std::fmt;
use std::pin::pin;
use std::time::Duration;
use tokio::time::timeout;
use tower::{Service, ServiceExt};

/// What came of a call, and how long it took.
pub(super) struct Called {
    pub(super) outcome: Outcome,
    pub(super) took: Duration,
}

/// What came of a call.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Every byte, and the end.
    Whole,
    /// The end, and less than everything before it.
    Torso,
    /// A byte that is not the right one.
    Wrong,
    /// Another status than 200, and the failure it stands for where that was told.
    Status(StatusCode, Option<Failure>),
    /// An error, after this much of the answer.
    Failed(Failure, Percent),
    /// Nothing more for too long.
    Silence,
}

/// How much of the answer there was.
#[derive(Debug)]
pub(super) struct Percent(usize);

impl Called {
    pub(super) fn is_whole(&self) -> bool {
        matches!(self.outcome, Outcome::Whole)
    }

    /// Whether the caller was told that there is no answer, or no more of it.
    pub(super) fn is_honest_error(&self) -> bool {
        matches!(self.outcome, Outcome::Status(..) | Outcome::Failed(..))
    }
}

/// Makes the call and compares every byte. `patience` is the longest silence that is borne.
pub(super) async fn call<S, B, RB>(
    service: S,
    request: Request<B>,
    expected: &Bytes,
    patience: Duration,
) -> Called
where
    S: Service<Request<B>, Response = Response<RB>, Error: Into<BoxError>>,
    RB: Body<Error: Into<BoxError>>,
{
    let started = now();
    let outcome = match timeout(patience, service.oneshot(request)).await {
        Err(_) => Outcome::Silence,
        Ok(Err(error)) => {
            let failure = Failure::from_error(error.into(), Phase::Head);
            Outcome::Failed(failure, Percent(0))
        }
        Ok(Ok(response)) => read(response, expected, patience).await,
    };
    Called {
        outcome,
        took: now() - started,
    }
}

async fn read<RB>(response: Response<RB>, expected: &Bytes, patience: Duration) -> Outcome
where
    RB: Body<Error: Into<BoxError>>,
{
    if response.status() != StatusCode::OK {
        let failure = Failure::of(response.extensions()).cloned();
        return Outcome::Status(response.status(), failure);
    }
    let mut body = pin!(response.into_body());
    let mut read = 0;
    loop {
        match timeout(patience, body.frame()).await {
            Err(_) => return Outcome::Silence,
            Ok(None) if read == expected.len() => return Outcome::Whole,
            Ok(None) => return Outcome::Torso,
            Ok(Some(Err(error))) => {
                let percent = Percent(read * 100 / expected.len().max(1));
                return Outcome::Failed(Failure::in_body(error, read as u64), percent);
            }
            Ok(Some(Ok(frame))) => {
                let Ok(mut data) = frame.into_data() else {
                    continue;
                };
                let data = data.copy_to_bytes(data.remaining());
                let end = read.saturating_add(data.len());
                if expected.get(read..end) != Some(&data[..]) {
                    return Outcome::Wrong;
                }
                read = end;
            }
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Whole => f.write_str("whole"),
            Outcome::Torso => f.write_str("a part, as if whole"),
            Outcome::Wrong => f.write_str("wrong bytes"),
            Outcome::Status(status, None) => write!(f, "{}", status.as_u16()),
            Outcome::Status(status, Some(failure)) => {
                write!(f, "{} {}", status.as_u16(), failure.kind())
            }
            Outcome::Failed(failure, Percent(0)) => write!(f, "{}", failure.kind()),
            Outcome::Failed(failure, Percent(percent)) => {
                write!(f, "{} at {percent} %", failure.kind())
            }
            Outcome::Silence => f.write_str("silence"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body::Frame;
    use http_body_util::StreamBody;
    use std::io;
    use tower::service_fn;

    /// What a call comes to that brings these pieces.
    async fn outcome(status: u16, pieces: &[Result<&'static str, io::ErrorKind>]) -> String {
        let pieces: Vec<io::Result<Frame<Bytes>>> = pieces
            .iter()
            .map(|piece| match piece {
                Ok(text) => Ok(Frame::data(Bytes::from_static(text.as_bytes()))),
                Err(kind) => Err((*kind).into()),
            })
            .collect();
        let mut response = Response::new(StreamBody::new(futures_util::stream::iter(pieces)));
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        let mut response = Some(response);
        let service = service_fn(move |_: Request<()>| {
            let response = response.take().ok_or(io::ErrorKind::NotFound);
            async move { Ok::<_, io::Error>(response?) }
        });
        let expected = Bytes::from_static(b"hello world");
        let patience = Duration::from_secs(1);
        let called = call(service, Request::new(()), &expected, patience).await;
        let honest = called.is_honest_error();
        format!("{} {} {honest}", called.outcome, called.is_whole())
    }

    #[tokio::test]
    async fn no_answer_passes_for_what_it_is_not() {
        use io::ErrorKind::ConnectionReset;
        for (status, pieces, expected) in [
            (200, &[Ok("hello "), Ok("world")][..], "whole true false"),
            (200, &[Ok("hello ")], "a part, as if whole false false"),
            (200, &[], "a part, as if whole false false"),
            (200, &[Ok("hello "), Ok("wurld")], "wrong bytes false false"),
            (200, &[Ok("hello world!")], "wrong bytes false false"),
            (
                200,
                &[Ok("hello"), Ok("hello world")],
                "wrong bytes false false",
            ),
            (
                200,
                &[Ok("hello "), Err(ConnectionReset)],
                "connection_reset at 54 % false true",
            ),
            (200, &[Err(ConnectionReset)], "connection_reset false true"),
            (503, &[Ok("hello world")], "503 false true"),
        ] {
            assert_eq!(outcome(status, pieces).await, expected);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_not_borne_for_ever() {
        let service = service_fn(async |_: Request<()>| {
            std::future::pending::<()>().await;
            Ok::<_, io::Error>(Response::new(String::new()))
        });
        let patience = Duration::from_secs(1);
        let called = call(service, Request::new(()), &Bytes::new(), patience).await;
        assert!(matches!(called.outcome, Outcome::Silence));
        assert_eq!(called.took, patience);
    }
}
