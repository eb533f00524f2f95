//! Real errors of the real libraries, and what they are classified as.
#![allow(
    clippy::disallowed_methods,
    reason = "the tests make the timeouts that are classified"
)]

#[cfg(feature = "h2")]
mod h2;
#[cfg(feature = "hyper")]
mod hyper;
#[cfg(feature = "hyper-util")]
mod hyper_util;
mod io;
#[cfg(all(feature = "hyper", feature = "reqwest"))]
mod reqwest;
#[cfg(feature = "rustls")]
mod rustls;
mod timers;

use super::*;
use crate::BoxError;
use std::fmt;
#[cfg(any(feature = "h2", feature = "hyper"))]
use std::future::Future;

/// What one error is expected to be.
type Expected = (FailureKind, Phase, Delivery, bool);

/// Classifies an error that came in `phase` and compares every answer.
#[track_caller]
#[allow(
    clippy::needless_pass_by_value,
    reason = "a hundred calls read better without a `&`"
)]
fn check(name: &str, error: BoxError, phase: Phase, expected: Expected) {
    let class = super::error(&*error, phase);
    let found = (class.kind, class.phase, class.delivery, class.transient);
    let chain: Vec<String> = Chain::new(&*error).map(ToString::to_string).collect();
    assert_eq!(found, expected, "{name}: {chain:?}");
    assert_eq!(class.hint, None, "{name}");
}

/// A link between the error and what asks about it, as middleware puts there.
#[derive(Debug)]
struct Wrapper(BoxError);

impl fmt::Display for Wrapper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("wrapper")
    }
}

impl Error for Wrapper {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

/// Drives a connection only for as long as `call` takes.
#[cfg(any(feature = "h2", feature = "hyper"))]
async fn with_connection<T>(connection: impl Future, call: impl Future<Output = T>) -> T {
    let mut call = std::pin::pin!(call);
    tokio::select! {
        biased;
        done = &mut call => done,
        _ = connection => call.await,
    }
}

/// What was said around what happened.
#[derive(Debug)]
struct Said(&'static str, Option<BoxError>);

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Said {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref().map(|error| error as _)
    }
}

#[test]
fn a_status_says_more_than_a_wrapper_within() {
    use FailureKind::*;
    for (outer, inner, kind) in [
        ("401 Unauthorized", "network error", Auth),
        (
            "request failed with status code 429",
            "fetch failed",
            RateLimited,
        ),
        // A reason is one.
        ("HTTP 502", "read ECONNRESET", ConnectionReset),
        // These are errands, and what is tried names no status.
        ("Authentication failed", "fetch failed", ConnectionClosed),
        ("rate limit watcher", "network error", ConnectionClosed),
        // What is counted is none.
        (
            "read failed, got 404 bytes",
            "network error",
            ConnectionClosed,
        ),
    ] {
        let inner: BoxError = Said(inner, None).into();
        let class = super::error(&Said(outer, Some(inner)), Phase::Head);
        assert_eq!(class.kind, kind, "{outer}: {}", class.kind);
    }
}
