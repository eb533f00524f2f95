//! Sends HTTP requests again that failed, where that is safe, within limits.
//!
//! ```
//! use buttress_retry::{Consent, RetryConfig, RetryLayer};
//! use bytes::Bytes;
//! use http::{Request, Response, StatusCode};
//! use http_body_util::Full;
//! use std::convert::Infallible;
//! use std::sync::atomic::{AtomicU32, Ordering};
//! use tower::{ServiceBuilder, ServiceExt, service_fn};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?
//! # .block_on(async {
//! // A server that is overloaded at first.
//! static CALLS: AtomicU32 = AtomicU32::new(0);
//! let server = service_fn(|_: Request<Full<Bytes>>| async {
//!     let mut response = Response::new(Full::new(Bytes::from("hello")));
//!     if CALLS.fetch_add(1, Ordering::Relaxed) < 2 {
//!         *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
//!     }
//!     Ok::<_, Infallible>(response)
//! });
//!
//! let client = ServiceBuilder::new()
//!     .layer(RetryLayer::new(RetryConfig::builder().attempts(4).build()?))
//!     .service(server);
//! let response = client.oneshot(Request::new(Full::default())).await?;
//!
//! assert_eq!(response.status(), StatusCode::OK);
//! assert_eq!(CALLS.load(Ordering::Relaxed), 3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it never does
//!
//! - Loop without end: attempts, elapsed time and the caller's
//!   [`Deadline`](buttress_core::Deadline) bound every call, and a shared
//!   [`RetryBudget`](buttress_core::RetryBudget) all calls together.
//! - Send a request again that may have had an effect, without [`Consent`].
//! - Sleep when the time that is left is shorter than the wait.
//! - Multiply with another retry below it: a failure whose tries were spent is passed on.
//! - Hold a failed response while it waits.
//! - Touch the body of a response, unless a [`Gate`] is asked for.
//!
//! # What is retried
//!
//! | failure | any method | idempotent, keyed or with consent |
//! |---|---|---|
//! | transient and [`NotSent`](buttress_core::Delivery::NotSent) or [`Refused`](buttress_core::Delivery::Refused) | yes, at first without a wait | yes |
//! | transient transport failure before the head | no | yes |
//! | status 408, 421, 424, 425, 429, and 5xx but 501, 505 to 511, 526, 561 | no | yes |
//! | status 403 or 413 with a delay, such as `Retry-After` | no | yes |
//! | any status with `x-should-retry: true` | no | yes |
//! | `x-should-retry: false`, a negative `grpc-retry-pushback-ms` | no | no |
//! | anything else | no | no |
//!
//! [`decide`] is the whole decision, as a pure function.
//!
//! # Defaults
//!
//! | field | default |
//! |---|---|
//! | [`attempts`](RetryConfigBuilder::attempts) | 5, the first included |
//! | [`elapsed`](RetryConfigBuilder::elapsed) | 120 s |
//! | [`backoff`](RetryConfigBuilder::backoff) | exponential from 250 ms to 20 s, full jitter |
//! | [`consent`](RetryConfigBuilder::consent) | [`Consent::Standard`] |
//! | [`gate`](RetryConfigBuilder::gate) | none: a response is passed on with its head |
//! | [`budget`](RetryConfigBuilder::budget) | none |
//! | [`idempotency_key`](RetryConfigBuilder::idempotency_key) | not generated |
//!
//! A [`RetryConfig`] in a request's extensions overrides the layer's for that request, except that
//! one without a budget is held to the layer's, and one without an observer is told to the layer's.
//!
//! With the feature `serde` it can be read from files and written: its fields are those of the
//! builder, with times in words, such as `elapsed = "2m"`.
//!
//! # Budget
//!
//! A [`RetryBudget`](buttress_core::RetryBudget) protects a server that is down from the retries of
//! all its callers. Every call of the layer fills it; every further attempt takes from it. The
//! tokens are taken when the wait begins, so that nobody waits for an attempt that may not be
//! made, are spent when the attempt is sent, and go back when it is not: when the call is dropped
//! before, or the service does not become ready. A call that finds none ends with
//! [`StopReason::Budget`](buttress_core::StopReason::Budget), its last failure and its history.
//!
//! ```
//! use buttress_core::RetryBudget;
//! use buttress_retry::{RetryConfig, RetryLayer};
//!
//! // One for all clients of the same server.
//! let budget = RetryBudget::builder().ratio(0.1).build()?;
//! let reads = RetryConfig::builder().budget(budget.clone()).build()?;
//! let writes = RetryConfig::builder().budget(budget).idempotency_key(true).build()?;
//! let layers = (RetryLayer::new(reads), RetryLayer::new(writes));
//! # Ok::<(), buttress_core::ConfigError>(())
//! ```
//!
//! # What comes out
//!
//! A response that is not retried comes out as it is, body included. If attempts were spent on
//! it, or it was transient but could not be sent again, it carries the [`Failure`] with the whole
//! history in its extensions, so that layers outside see it. An error comes out as a `Failure`.
//! A good response after failed attempts carries a [`RetryReport`].
//!
//! [`Failure`]: buttress_core::Failure
//!
//! # Deadline
//!
//! A [`Deadline`](buttress_core::Deadline) among the request's extensions ends the call when it
//! passes, an attempt under way, a wait for readiness or at a gate included: with `timeout_total`,
//! stopped by [`StopReason::Deadline`](buttress_core::StopReason::Deadline). No attempt begins once it
//! has passed, and of a request that brings one that has passed already, not even the first; it earns
//! the budget nothing. No timeout layer is needed for that. What follows the head is not this layer's:
//! the body is held to the deadline by a timeout or a resume.
//!
//! # Errors
//!
//! The [`Failure`] of the last attempt, with its source, the history of those before, and why none
//! followed ([`stopped`](buttress_core::Failure::stopped)). Its [`delivery`](buttress_core::Failure::delivery)
//! speaks for all attempts: where one of them may have had an effect, it never says that the request was not
//! sent. A service that is not ready for the next attempt before [`elapsed`](RetryConfigBuilder::elapsed) is
//! over ends the call with `timeout_total`. Readiness never fails.
//! [`ConfigError`](buttress_core::ConfigError) names the field of a configuration that cannot be.
//!
//! # Telemetry
//!
//! Events for `tracing` and for an observer, with OpenTelemetry's names: see
//! [`observe`](buttress_core::observe). A call that succeeds at once tells nothing.
//!
//! # Connections
//!
//! A failed response is dropped before the wait, and with it what is left of its connection. What
//! a client that pools connections then hands out is its business: hyper-util's does not hand out
//! again an HTTP/1.1 connection whose attempt failed or was given up, nor an HTTP/2 connection that
//! broke or that its server is leaving. An HTTP/2 attempt that is given up resets its stream only,
//! and the next one may be made on the same connection; keep-alive pings are what finds out that
//! the connection itself is dead (`http2_keep_alive_interval` of hyper and of reqwest).
//!
//! # Readiness
//!
//! The service that was polled ready is the one that is called. Every further attempt polls
//! readiness first. A readiness error is a failed attempt like any other.
//!
//! # Cancel safety
//!
//! Dropping the future drops the attempt in flight or ends the wait, and gives back what was taken
//! from the budget for an attempt that was not sent. Nothing else runs.
//!
//! # Memory
//!
//! A [`Snapshot`](buttress_core::Snapshot) of the request's head and a clone of its body for the
//! length of the call, and a timer where a deadline is among its extensions. Nothing of the
//! response, unless it waits at a [`Gate`]: then the gate's `max_bytes` and one frame at most, an entry for
//! each frame that waits, of which there are at most `max_bytes / 64 + 65`, and, where a function looks at
//! it, a copy of what waits, in a buffer that may be twice as long.
//!
//! # When it does not compile
//!
//! It asks for a request body that is a [`ReplayableBody`](buttress_core::ReplayableBody), a response with a
//! [`Body`](http_body::Body), and a service that is `Clone`. Which of them is missing the compiler says where a
//! method is [called as a function](buttress_core::ReplayableBody#when-a-method-is-missing).
//!
//! # Differences from others
//!
//! - `tower::retry` is a loop around a policy of yours. Here the policy is built in and knows HTTP;
//!   the request need not be `Clone`; readiness errors are retried; waits honour servers and
//!   deadlines; jitter is drawn per call over the whole delay, where tower's leaves out whole
//!   seconds; the last failure tells what was tried. The budget is exact for fractions of a retry
//!   (tower issue 857), cannot be overdrawn by calls at the same time, and takes back what a
//!   cancelled retry had taken. Take tower's for services of other things than HTTP.
//! - `tower-http` has no retry. Its classifiers serve its tracing.
//! - `tower-resilience` retries any service by predicates of yours, and has circuit breakers,
//!   bulkheads and rate limiters, which are not here. It knows neither methods nor server hints,
//!   and asks for `Clone` requests.
//! - reqwest's own retries repeat what the protocol says was not processed (`REFUSED_STREAM`,
//!   `GOAWAY`), within a budget, without waits. With a retry layer above they are not needed; where
//!   they are all that is wanted, they are the simplest choice.
//! - `reqwest-retry` retries statuses and transport errors with backoff, whatever the method, does
//!   not look at `Retry-After`, and fails on streaming bodies before they are sent. Here a `POST` needs
//!   consent, and a body that cannot be sent twice is sent once. The same layer works there as a
//!   middleware, by way of `buttress-reqwest`.

mod body;
mod call;
mod config;
mod consent;
mod decide;
mod future;
mod gate;
mod key;
mod layer;
mod report;
mod service;
#[cfg(feature = "serde")]
mod settings;
mod waiting;

pub use self::body::RetryBody;
pub use self::config::{RetryConfig, RetryConfigBuilder};
pub use self::consent::{Consent, IDEMPOTENCY_KEY, Rule};
pub use self::decide::{Decision, Situation, decide};
pub use self::future::RetryFuture;
pub use self::gate::{BodyGate, Gate};
pub use self::layer::RetryLayer;
pub use self::report::RetryReport;
pub use self::service::Retry;

#[cfg(test)]
mod tests;
