//! Limits every wait of an HTTP call: for the head, for the first frame of the body, for the next
//! one, and for the whole.
//!
//! ```
//! use buttress_core::FailureKind;
//! use buttress_timeout::{TimeoutConfig, TimeoutLayer};
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use http_body_util::Empty;
//! use std::convert::Infallible;
//! use std::time::Duration;
//! use tower::{ServiceBuilder, ServiceExt, service_fn};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?
//! # .block_on(async {
//! let server = service_fn(|_: Request<Empty<Bytes>>| async {
//!     std::future::pending::<()>().await; // thinks for ever
//!     Ok::<_, Infallible>(Response::new(Empty::<Bytes>::new()))
//! });
//!
//! let limits = TimeoutConfig::builder().head(Duration::from_secs(5)).build()?;
//! let client = ServiceBuilder::new().layer(TimeoutLayer::new(limits)).service(server);
//! let failure = client.oneshot(Request::new(Empty::new())).await.unwrap_err();
//!
//! assert_eq!(failure.kind(), FailureKind::TimeoutHead);
//! assert_eq!(failure.limit().map(|l| l.limit), Some(Duration::from_secs(5)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it never does
//!
//! - Time out a call whose answer is there: the inner future or body is polled first. A body of which the
//!   last frame is there is whole; one of which more is to come ends at `total` or the deadline, also
//!   when each frame is there at once and it is the consumer that is slow.
//! - Make a call whose request brings a deadline that has passed: nothing is sent for it.
//! - Blame the server for a slow consumer: silence counts only while the consumer waits.
//! - Create a timer for an answer that is ready at once.
//! - Hide `size_hint`, `is_end_stream` or trailers.
//!
//! # Defaults
//!
//! | limit | counts | default |
//! |---|---|---|
//! | [`head`](TimeoutConfigBuilder::head) | from the first wait for the response to its head | 60 s |
//! | [`first_frame`](TimeoutConfigBuilder::first_frame) | from the first wait for the body to its first frame | as `idle` |
//! | [`idle`](TimeoutConfigBuilder::idle) | from the first wait for a frame to that frame | 60 s |
//! | [`total`](TimeoutConfigBuilder::total) | from the call to the end of the body | none |
//! | [`min_rate`](TimeoutConfigBuilder::min_rate) | waits for data, against the bytes they brought | none |
//!
//! What ends a silence is every frame, or what [`Progress`] says: so that an event stream that
//! brings nothing but comments counts as silent.
//!
//! Connecting is part of the wait for the head. It can have a limit of its own where connections
//! are made: [`ConnectTimeoutLayer`] goes around a connector.
//!
//! [`TimeoutConfig::builder`] starts without limits. A [`TimeoutConfig`] in a request's extensions
//! overrides the layer's for that request; of a layer that limits nothing but `total`, or nothing at
//! all, only the `total`. So in a stack of two the limits of an attempt stay those of an attempt.
//!
//! With the feature `serde` it can be read from files and written: its fields are those of the
//! builder, with times in words, such as `idle = "20s"`.
//!
//! # Deadline
//!
//! Layers below see `total` as a [`Deadline`](buttress_core::Deadline), so that they do not begin
//! what cannot end in time. It is the deadline of the scope in which they are called and polled, not
//! an extension of the request: what hands the request to another task hides it, and the page of
//! `Deadline` says what to do there. A deadline that is there already is honoured if it is earlier,
//! with or without a `total`. A request that brings one that has passed already goes no further: it
//! fails with `timeout_total`, delivery [`NotSent`](buttress_core::Delivery::NotSent), stopped by
//! [`StopReason::Deadline`](buttress_core::StopReason::Deadline). The service below was made ready and is not
//! called: what it reserved for the call stays with it, until the next call or until it is dropped.
//! A deadline that is the scope's alone is not looked at before the call, but from its first wait on:
//! who opens a scope by hand asks first whether there is any time left.
//!
//! # Errors
//!
//! A [`Failure`](buttress_core::Failure) of the kind `timeout_head`, `timeout_first_event`,
//! `timeout_idle`, `timeout_rate` or `timeout_total`, with the limit, the time that had passed, and
//! the bytes that had arrived; `timeout_connect` from a connector. Errors of the inner service are
//! classified. A limit on the head that ends a retry's wait for what a server asked for, such as
//! `Retry-After`, passes on as [`hint`](buttress_core::Failure::hint) what is left of it.
//!
//! # Order
//!
//! Outside of a retry the limits are for all attempts together; inside, for each one. Outside of
//! a resume the silence limit includes the time to re-open; inside, silence is a reason to resume.
//! A `total` belongs outside: who sets it wants an end, so that neither of the two goes on after
//! `timeout_total`.
//!
//! # Cancel safety
//!
//! Dropping the future or the body drops what it wraps. A body whose limit has passed has dropped
//! it already.
//!
//! # Memory
//!
//! One timer a response, lent by the thread, which keeps at most 64 of them. No allocation once
//! there are some, unless a [`Progress`] of the caller's own remembers something.
//!
//! # Telemetry
//!
//! None of its own: a limit that passes is a failure, which a retry, a resume or the caller tells
//! of. Its kind, limit and elapsed time are in the [`Failure`](buttress_core::Failure).
//!
//! # Differences from others
//!
//! - `tower::timeout` limits the wait for the response of any service, with one error for it. Here
//!   there is a limit for each phase, and the failure says which one it was and how long it took.
//! - `tower_http::timeout` answers a late request with a status, and has bodies with an idle and
//!   with a hard limit. Its idle limit looks at its timer before the body, so that a consumer that
//!   was away for longer is told that the server was silent; here the body is asked first, and
//!   only time in which the consumer waits counts. Its idle body hides `size_hint`. On a server
//!   that only wants a 408 or a 503 for a slow handler it is the simpler choice.
//! - `tower-resilience` has a time limiter for the response of any service, whose error keeps no
//!   source.
//! - reqwest limits connecting, the whole call, and silence while reading, the latter for all
//!   requests of a client alike. Here silence can be limited for a request, and comments of an
//!   event stream can be told from events.
//! - `reqwest-middleware` has no timeouts of its own.
//! - None of them asks for a least rate.

mod bell;
mod body;
mod config;
mod connect;
mod future;
mod layer;
mod progress;
mod rate;
mod service;
#[cfg(feature = "serde")]
mod settings;
mod watch;
mod watched;

pub use self::body::TimeoutBody;
pub use self::config::{TimeoutConfig, TimeoutConfigBuilder};
pub use self::connect::{ConnectTimeout, ConnectTimeoutFuture, ConnectTimeoutLayer};
pub use self::future::TimeoutFuture;
pub use self::layer::TimeoutLayer;
pub use self::progress::{Progress, Rule};
pub use self::rate::MinRate;
pub use self::service::Timeout;

#[cfg(test)]
mod tests;
