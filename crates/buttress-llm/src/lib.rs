//! What only the APIs of language models have: layers and values that teach the other layers of
//! Buttress what an answer is, when a stream is whole, how it goes on where it was cut, and what its
//! callers take for a sign of life or for an error.
//!
//! ```
//! use buttress_core::{Backoff, ReplayBodyLayer};
//! use buttress_humanize::HumanizeLayer;
//! use buttress_llm::{AnswerLayer, CallLayer, KeepAliveLayer, Streams};
//! use buttress_resume::ResumeLayer;
//! use buttress_retry::{Consent, RetryConfig, RetryLayer};
//! use buttress_testkit::{ScriptedBody, ScriptedService, Step, collect};
//! use buttress_timeout::{Progress, TimeoutConfig, TimeoutLayer};
//! use bytes::Bytes;
//! use http::Request;
//! use http_body_util::Full;
//! use std::time::Duration;
//! use tower::{ServiceBuilder, ServiceExt};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
//! // A server that is overloaded, then cuts its answer, then gives all of it.
//! let event = |kind: &str, more: &str| format!("event: {kind}\ndata: {{\"type\":\"{kind}\"{more}}}\n\n");
//! let start = |id| event("message_start", &format!(",\"message\":{{\"id\":\"{id}\"}}"));
//! let text = |text| {
//!     let delta = format!("{{\"type\":\"text_delta\",\"text\":\"{text}\"}}");
//!     event("content_block_delta", &format!(",\"index\":0,\"delta\":{delta}"))
//! };
//! let end = event("message_delta", ",\"delta\":{\"stop_reason\":\"end_turn\"}") + &event("message_stop", "");
//! let stream = |text: String| {
//!     Step::ok(ScriptedBody::new().data(text)).reading().header("content-type", "text/event-stream")
//! };
//! let server = ScriptedService::new([
//!     Step::status(529).reading(),
//!     stream(start("a") + &text("Once upon")),
//!     stream(start("b") + &text("Once ") + &text("upon a time.") + &end),
//! ]);
//!
//! let attempt = TimeoutConfig::builder()
//!     .first_frame(Duration::from_secs(60))
//!     .idle(Duration::from_secs(60))
//!     .progress(Progress::custom(buttress_llm::progress))
//!     .build()?;
//! let retry = RetryConfig::builder().consent(Consent::Always).build()?;
//! let service = ServiceBuilder::new()
//!     .layer(ReplayBodyLayer::new())
//!     .layer(CallLayer::new())
//!     .layer(KeepAliveLayer::new())
//!     .layer(HumanizeLayer::new().into_responses())
//!     .layer(ResumeLayer::default().with_cursor(Streams::new()))
//!     .layer(RetryLayer::new(retry))
//!     .layer(AnswerLayer::new())
//!     .layer(TimeoutLayer::new(attempt))
//!     .service(server.clone());
//!
//! let request = Request::post("https://api.example.com/v1/messages")
//!     .body(Full::<Bytes>::from(r#"{"max_tokens":9,"messages":[],"stream":true}"#))?;
//! let Ok(response) = service.oneshot(request).await;
//! let collected = collect(response.into_body()).await;
//!
//! let whole = start("a") + &text("Once upon") + &text(" a time.") + &end;
//! assert_eq!(collected.bytes, whole);
//! assert_eq!(collected.end(), "clean end");
//! assert_eq!(server.calls().len(), 3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What there is
//!
//! | from the outside in | what it does |
//! |---|---|
//! | [`CallLayer`] | finds the calls to models, says so to all below, and gives their errors the shape of their API |
//! | [`KeepAliveLayer`] | keeps the caller waiting instead of hanging up |
//! | [`ErrorShape`] | words errors as an API does, for humanize |
//! | [`Streams`] | the cursor of resume: when a stream is whole, and how it goes on |
//! | [`AnswerLayer`] | holds a response back until it is one, and classifies those that are not |
//! | [`progress`] | tells output from pings, for the timeout layer |
//!
//! Each does nothing about a request that is no [`Call`].
//!
//! The feature `reqwest` makes the body of a call one that reqwest can send.
//!
//! # Dialects
//!
//! A [`Dialect`] is known by method and path, and then by the body, never by the host. Calls that are
//! answered by a document, such as those for embeddings, have none: [which](Call::is_at) they are. Where one
//! of these is asked for a stream, as images can be, that is passed on unwatched.
//!
//! | | begins with | says something | is whole after | goes on by |
//! |---|---|---|---|---|
//! | chat completions, completions | a role | `content`, reasoning, a tool call | `finish_reason`; then `[DONE]` | replay, prefill |
//! | responses | `response.created` | any `delta`, a finished item | `response.completed`, `.incomplete` | its number, if in the background; replay |
//! | messages | `message_start` | any `delta` | `stop_reason`; then `message_stop` | replay, prefill |
//! | Gemini | | a part | `finishReason` | replay |
//! | Gemini's interactions | `interaction.created` | any `delta`, the end of a step | `interaction.completed`; then `[DONE]` | ids of its events, if in the background; replay |
//!
//! # What it never does
//!
//! - Join two answers. What is sent again must say the same as far as was delivered, or nothing more
//!   is passed on; only [prefill](Streams::prefill), which is off, asks for another answer, and says
//!   so in the stream.
//! - Repair, complete or repeat a tool call. It is passed on as it comes; where it is cut it goes on
//!   with the same arguments, or the stream ends in an error. So it does where a marker of the end
//!   follows half the arguments without a reason for the end, or while of several answers one has a
//!   reason and another that began has none: proxies send one when they have lost their server.
//! - End cleanly a stream that was cut.
//! - Change a byte of a stream that was not.
//!
//! # Memory
//!
//! For each call its facts, about 200 bytes. While a response is held, what is held, up to the
//! [limits](AnswerLayer). For each stream its output without the events around it, up to
//! [`max_kept`](Streams::max_kept).

mod answer;
mod call;
mod dialect;
mod errors;
mod join;
mod json;
mod keep_alive;
mod piece;
mod progress;
mod render;
mod stream;
mod tape;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

pub use self::answer::{Answer, AnswerBody, AnswerFuture, AnswerLayer};
pub use self::call::{Call, CallBody, CallLayer, Calls};
pub use self::dialect::Dialect;
pub use self::keep_alive::{KeepAlive, KeepAliveBody, KeepAliveFuture, KeepAliveLayer};
pub use self::progress::progress;
pub use self::render::ErrorShape;
pub use self::stream::{StreamCursor, Streams};
