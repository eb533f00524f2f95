//! Says in plain words why a call failed, whose side it is, and what to do next.
//!
//! ```
//! use buttress_core::{BoxError, FailureKind};
//! use buttress_humanize::{Explanation, HumanizeLayer};
//! use http::{Request, Response};
//! use std::io;
//! use tower::{Layer, ServiceExt, service_fn};
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let transport = service_fn(async |_: Request<String>| {
//!     Err::<Response<String>, BoxError>(io::Error::from(io::ErrorKind::ConnectionRefused).into())
//! });
//! let request = || {
//!     Request::get("http://localhost:11434/api/chat?key=secret")
//!         .header("accept", "text/plain")
//!         .body(String::new())
//!         .expect("is a request")
//! };
//!
//! // Error mode, for clients: the failure explains itself.
//! let client = HumanizeLayer::new().layer(transport.clone());
//! let failure = client.oneshot(request()).await.expect_err("nothing listens");
//! assert_eq!(failure.kind(), FailureKind::ConnectionRefused);
//! assert_eq!(
//!     failure.to_string(),
//!     "localhost:11434 does not accept connections at this address."
//! );
//! let explanation = Explanation::of(&failure).expect("was explained");
//! assert_eq!(
//!     explanation.next_steps()[0],
//!     "Check that the address and the port number are right."
//! );
//!
//! // Response mode, for servers and gateways: the service cannot fail.
//! let server = HumanizeLayer::new().into_responses().layer(transport);
//! let Ok(response) = server.oneshot(request()).await;
//! assert_eq!(response.status(), 502);
//! assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
//! # });
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # What it never does
//!
//! - It never touches a response that arrived, whatever its status: that one has words of its own.
//! - It never ends a body cleanly that did not. In response mode an event stream that breaks first
//!   finishes the event that was cut off and ends in an `error` event, and then it fails. One whose
//!   events have ids just fails within an event: its reader would take the half for delivered, and go
//!   on behind it.
//! - It never shows a name of a library or of an error type, a header, a path, a query,
//!   credentials, or text of an error from below. Of the request it knows the host, and only from
//!   the authority of its URI: the `Host` header of a request to a server names the server that
//!   is speaking, not the one that failed.
//! - It never sends anything again. It does not hide a failure from a layer outside of it either:
//!   a response made here carries the [`Failure`](buttress_core::Failure) in its extensions.
//!
//! # Defaults
//!
//! | what | default | change it with |
//! |---|---|---|
//! | mode | failures stay errors | [`into_responses`](HumanizeLayer::into_responses) |
//! | wording | English | [`catalog`](HumanizeLayer::catalog), with a [`Language`] or one's own |
//! | language | English for everybody | [`negotiate_language`](HumanizeLayer::negotiate_language) |
//! | format of responses | problem document, or what `Accept` prefers | see [`Format`] |
//! | status of responses | see [`Failure::response_status`](buttress_core::Failure::response_status) | [`render`](HumanizeLayer::render), [`Rendering`] |
//! | shape of errors, in responses and streams | that of the format | [`render`](HumanizeLayer::render), [`Rendering`] |
//!
//! A response also has `Cache-Control: no-store`, `Content-Language`, `Vary`, an exact `Content-Length`,
//! `Retry-After` in whole seconds, rounded up, when the server said when to come back, and
//! `x-should-retry: false` when a program should not send the request again by itself: tries
//! were spent, another would change nothing, or the request may have had an effect that nobody
//! wants twice. To a HEAD request it has these headers and no body.
//!
//! An answer from below passes as it came, with its own body, also one of 503 on which a retry below spent its
//! tries. But that is told: `x-should-retry` becomes `false`, whatever the server had said there.
//!
//! # Servers
//!
//! In response mode the service is what axum and hyper ask for: `axum::routing::any_service` takes
//! it as it is, and so does `hyper_util::service::TowerToHyperService`. With the feature `axum` of
//! `buttress-core`, handlers may return `Result<_, Failure>` too.
//!
//! # Languages
//!
//! The built-in wording speaks every [`Language`], with numbers and durations as that language
//! writes them. The texts are Fluent files in `src/wording`; a text that a language lacks is said in
//! English. Without the feature `languages`, which is on by default, there is English only, and 150
//! kB less of text.
//!
//! # Ordering
//!
//! Outermost, as the last word: then it explains what all the other layers have tried. Further
//! inside it is safe too: a retry or a resume outside of it sees the same failure, but the words
//! were chosen before their tries and do not mention them. Of two `HumanizeLayer`s the outer one
//! decides. A resume or a gate of a retry outside of it keeps the words out of a stream that it
//! can mend, by [`LastWords`](buttress_core::LastWords).
//!
//! # Errors
//!
//! In error mode every error, of readiness, of a call and of a body, is a
//! [`Failure`](buttress_core::Failure) whose `Display` is the explanation, `{}` in a sentence and
//! `{:#}` in a paragraph, and whose `source()` is the original error. [`Explanation::of`] finds
//! the parts. In response mode the service has no error: one of readiness is answered with when the
//! next request is called. Bodies fail in both modes, so that a server cuts the connection.
//!
//! # Cancel safety
//!
//! Dropping the future or the body drops what is below, and there is nothing else.
//!
//! # Memory bound
//!
//! About 60 bytes in each future and body, for the host and the wording, and no allocation but
//! for event streams in response mode, which take a few when their head arrives. In response mode
//! a future has 64 more, for what the request accepts: its `Accept` header, shared and not read
//! before a failure. Where the wording was replaced or the host has more than 32 bytes, they hold
//! on to the memory of the request's URI too. An explanation, made only after a failure, is a few
//! kilobytes: at most [`STEPS_CAP`] steps and five other texts of at most [`TEXT_CAP`] characters
//! each.
//!
//! # Differences from tower-http
//!
//! `tower_http::catch_panic` makes a response of a panic; this layer leaves panics alone.
//! `tower_http::timeout` answers with an empty response whose status the program chose; here a
//! timeout is a failure like others, with its limit and next steps. axum's `HandleErrorLayer`
//! calls a function that you write for an error type; this layer knows the failures of the whole
//! suite and classifies the rest.

mod asked;
mod body;
mod catalog;
mod explainer;
mod explanation;
mod format;
mod future;
mod host;
mod in_band;
mod layer;
mod render;
mod respond;
mod service;
mod weights;
mod wording;
mod words;

pub use self::body::HumanizeBody;
pub use self::catalog::{Call, Catalog};
pub use self::explanation::{Explanation, STEPS_CAP, TEXT_CAP};
pub use self::format::{Format, Report};
pub use self::future::HumanizeFuture;
pub use self::layer::{ErrorMode, HumanizeLayer, ResponseMode};
pub use self::render::{Framing, Render, Rendered, Rendering};
pub use self::service::Humanize;
pub use self::wording::{English, Language};
pub use buttress_core::Reference;

#[cfg(test)]
mod tests;
