//! How large every future and every body is, so that growth is a decision.
//!
//! `UPDATE=1 cargo test -p buttress-tests --test sizes` writes what is into `sizes.txt`.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use buttress::llm::{AnswerLayer, CallLayer, KeepAliveLayer};
use buttress::prelude::*;
use buttress::{BoxError, Failure};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use std::fmt::Write;
use std::future::Ready;
use std::mem::size_of;
use std::task::{Context, Poll};
use std::time::Duration;
use tower::{Layer, Service};

const KNOWN: &str = include_str!("sizes.txt");

/// A service that is as small as can be.
#[derive(Clone)]
struct Bare;

impl<B> Service<Request<B>> for Bare {
    type Response = Response<Full<Bytes>>;
    type Error = BoxError;
    type Future = Ready<Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<B>) -> Self::Future {
        std::future::ready(Ok(Response::new(Full::default())))
    }
}

/// One line: the sizes of a service's own value, its future and its body.
fn line<S, RB>(out: &mut String, name: &str, _: &S)
where
    S: Service<Request<Full<Bytes>>, Response = Response<RB>>,
{
    let (service, future, body) = (size_of::<S>(), size_of::<S::Future>(), size_of::<RB>());
    writeln!(out, "{name:<24} {service:>7} {future:>6} {body:>4}").unwrap();
}

#[cfg(target_pointer_width = "64")]
#[test]
fn futures_and_bodies_are_as_large_as_they_were() {
    let second = Duration::from_secs(1);
    let limits = || {
        let limits = TimeoutConfig::builder().head(second).idle(second);
        TimeoutLayer::new(limits.total(second).build().unwrap())
    };
    let retry = || RetryLayer::new(RetryConfig::builder().build().unwrap());
    let resume = || ResumeLayer::new(ResumeConfig::builder().build().unwrap());

    let mut out = format!("{:<24} service future body\n", "layer");
    line(&mut out, "none", &Bare);
    line(&mut out, "humanize", &HumanizeLayer::new().layer(Bare));
    let responses = HumanizeLayer::new().into_responses();
    line(&mut out, "humanize into responses", &responses.layer(Bare));
    line(&mut out, "timeout", &limits().layer(Bare));
    line(&mut out, "retry", &retry().layer(Bare));
    line(&mut out, "resume", &resume().layer(Bare));
    line(&mut out, "calls", &CallLayer::new().layer(Bare));
    line(&mut out, "answer", &AnswerLayer::new().layer(Bare));
    line(&mut out, "keep alive", &KeepAliveLayer::new().layer(Bare));
    let stack = limits().layer(resume().layer(retry().layer(limits().layer(Bare))));
    line(
        &mut out,
        "the recommended stack",
        &HumanizeLayer::new().layer(stack),
    );
    writeln!(out, "{:<24} {:>7}", "Failure", size_of::<Failure>()).unwrap();

    if std::env::var_os("UPDATE").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/sizes/sizes.txt");
        std::fs::write(path, &out).unwrap();
        return;
    }
    assert!(
        out == KNOWN,
        "sizes changed. As they are:\n{out}\nas they were:\n{KNOWN}\n\
         If that is worth it: UPDATE=1 cargo test -p buttress-tests --test sizes"
    );
}

/// A result with a failure in it is no larger than a pointer and a tag.
#[test]
fn a_failure_is_one_pointer() {
    assert_eq!(size_of::<Failure>(), size_of::<usize>());
    assert_eq!(size_of::<Option<Failure>>(), size_of::<usize>());
}
