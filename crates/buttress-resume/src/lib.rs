//! Makes a response body survive its connection: where it breaks it goes on, byte for byte or
//! event for event, or ends in an error that says so.
//!
//! ```
//! use buttress_resume::ResumeLayer;
//! use bytes::Bytes;
//! use http::{Request, Response, StatusCode};
//! use http_body_util::{BodyExt, Empty, StreamBody};
//! use http_body::Frame;
//! use std::convert::Infallible;
//! use std::io;
//! use tower::{ServiceBuilder, ServiceExt, service_fn};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?
//! # .block_on(async {
//! // A server whose first connection breaks after five bytes.
//! let server = service_fn(|request: Request<Empty<Bytes>>| async move {
//!     let part: Vec<io::Result<Frame<Bytes>>>;
//!     let mut response = Response::builder().header("etag", "\"v1\"");
//!     if let Some(range) = request.headers().get("range") {
//!         assert_eq!(range, "bytes=5-");
//!         assert_eq!(request.headers()["if-range"], "\"v1\"");
//!         part = vec![Ok(Frame::data(Bytes::from(" world")))];
//!         response = response
//!             .status(StatusCode::PARTIAL_CONTENT)
//!             .header("content-range", "bytes 5-10/11");
//!     } else {
//!         part = vec![
//!             Ok(Frame::data(Bytes::from("hello"))),
//!             Err(io::ErrorKind::ConnectionReset.into()),
//!         ];
//!         response = response.header("content-length", "11");
//!     }
//!     let body = StreamBody::new(futures_util::stream::iter(part));
//!     Ok::<_, Infallible>(response.body(body).expect("a valid response"))
//! });
//!
//! let client = ServiceBuilder::new().layer(ResumeLayer::default()).service(server);
//! let response = client.oneshot(Request::new(Empty::new())).await?;
//! let body = response.into_body().collect().await?.to_bytes();
//!
//! assert_eq!(body, "hello world");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it never does
//!
//! - Leave a gap, repeat a byte or an event, or join two versions: what is re-opened must prove
//!   that it continues what was delivered.
//! - End cleanly when bytes that were announced are missing, whatever the connection says.
//! - Fail when everything announced has arrived, whatever the connection says.
//! - Try without end: tries without progress, tries over all, and the caller's
//!   [`Deadline`](buttress_core::Deadline) bound every body, and a shared
//!   [`RetryBudget`](buttress_core::RetryBudget) all bodies together.
//! - Re-open for a request other than `GET`, or one with conditions of its own, unless a
//!   [`Cursor`] says how.
//!
//! # How it goes on
//!
//! Decided when the first head arrives; status and headers the consumer sees are those of the
//! first response.
//!
//! | the response | goes on by | must be proven by |
//! |---|---|---|
//! | 200 `text/event-stream`, uncoded, that a [`Cursor`] takes | what the cursor says: see [`cursor`] | what it asks for |
//! | 200 `text/event-stream`, uncoded | `Last-Event-ID` (HTML standard, 9.2) | 200 with the same type; 204 is the end |
//! | 200, or 206 with one range, and a strong `ETag` | `Range` with `If-Range` (RFC 9110, 13.1.5, 14.2) | a 206 with the same `ETag` and type, exactly one `Content-Range` that begins where it broke; or a 200 with the same `ETag`, whose beginning is skipped; or a 416 exactly at the end |
//! | any other | not at all | |
//!
//! An event stream is passed on in whole events, so that a cut never leaves half an event; ids are
//! those of whole events, a repeated last event is left out. Without any id it can't be continued
//! once something was delivered.
//!
//! # Defaults
//!
//! | field | default |
//! |---|---|
//! | [`tries`](ResumeConfigBuilder::tries) without progress | 5 |
//! | [`total`](ResumeConfigBuilder::total) tries | 100 |
//! | [`backoff`](ResumeConfigBuilder::backoff) | exponential from 250 ms to 20 s, full jitter |
//! | [`max_wait`](ResumeConfigBuilder::max_wait) a server may ask for | 60 s |
//! | [`max_reread`](ResumeConfigBuilder::max_reread) | 16 MiB |
//! | [`max_event`](ResumeConfigBuilder::max_event) | 1 MiB |
//! | [`budget`](ResumeConfigBuilder::budget) | none |
//!
//! A [`ResumeConfig`] in a request's extensions overrides the layer's for that request, except that
//! one without a budget is held to the layer's.
//!
//! With the feature `serde` it can be read from files and written: its fields are those of the
//! builder, with times in words, such as `max_wait = "1m"`.
//!
//! # Budget
//!
//! With a [`RetryBudget`](buttress_core::RetryBudget), re-openings of all bodies together are
//! bounded: each takes from it, and a body that finds it empty ends with
//! [`StopReason::Budget`](buttress_core::StopReason::Budget). Here nothing fills it but time: give
//! it the budget of the retry layer below, which calls fill. To that layer a re-opening is a call
//! like any other.
//!
//! # Order
//!
//! Below anything that changes bytes, such as decompression: ranges count the bytes on the wire.
//! Above a retry, so that each re-opening is retried like a first call; above a timeout, so that
//! silence is a reason to resume.
//!
//! # Errors
//!
//! The [`Failure`](buttress_core::Failure) of the last try, with the bytes that were delivered, the
//! history of tries, and why they ended. `representation_changed` when what is being fetched is
//! not what it was.
//!
//! # Cancel safety
//!
//! Dropping the body drops the connection at hand or ends the wait, and gives back what was taken
//! from the budget for a request that was not sent. Nothing else runs.
//!
//! # Memory
//!
//! A [`Snapshot`](buttress_core::Snapshot) of the request, and of an event stream at most one
//! unfinished event up to `max_event`. A longer one is passed on as it comes, and a cut within it
//! can't be mended. A range body holds nothing back.
//!
//! # Differences from others
//!
//! Neither tower nor tower-http resumes. Clients that do mostly send no validator, take any 206,
//! and count a connection as progress; see the table above for what is asked here.

mod blocks;
mod body;
mod config;
mod content_range;
mod course;
pub mod cursor;
mod etag;
pub mod event;
mod events;
mod future;
mod layer;
mod origin;
mod plan;
mod service;
#[cfg(feature = "serde")]
mod settings;
mod story;
mod verify;
mod watch;

pub use self::body::ResumeBody;
pub use self::config::{ResumeConfig, ResumeConfigBuilder};
pub use self::cursor::{Cursor, Cursors, End, Ending, NoCursor, Step, Verdict};
pub use self::future::ResumeFuture;
pub use self::layer::ResumeLayer;
pub use self::service::Resume;

#[cfg(test)]
mod tests;
