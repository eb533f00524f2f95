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
//! - End cleanly when the last event that is known is missing, or where none is known, bytes that were
//!   announced, whatever the connection says.
//! - Fail when everything announced has arrived, whatever the connection says.
//! - Try without end: tries without progress, tries over all, and the caller's
//!   [`Deadline`](buttress_core::Deadline) bound every body, and a shared
//!   [`RetryBudget`](buttress_core::RetryBudget) all bodies together.
//! - Send a request again that is not safe, or has conditions of its own (`If-*`, several ranges,
//!   `Upgrade`), unless the caller consented or a [`Cursor`] says how.
//! - Send a request to another origin than the first one.
//! - Continue a body that is in a transfer coding other than chunks, or with one: such bytes are of
//!   one connection.
//! - Believe a `Content-Length` beside a `Transfer-Encoding`, or pass it on (RFC 9112, section 6.3).
//!
//! # How it goes on
//!
//! Decided when the first head arrives: the first plan that fits. Status and headers the consumer
//! sees are those of the first response.
//!
//! | plan | the response | goes on by | must be proven by |
//! |---|---|---|---|
//! | [`Cursor`] | 200 `text/event-stream`, uncoded, that a cursor takes | what the cursor says: see [`cursor`] | what it asks for |
//! | events | 200 `text/event-stream`, uncoded | `Last-Event-ID` (HTML standard, 9.2) | a 200 with the same type, uncoded; a 204 is the end: see [below](#event-streams) |
//! | range, tag | 200, or 206 with one range, and a strong `ETag` | `Range` with `If-Range` (RFC 9110, 13.1.5, 14.2) | the same `ETag`, coding and type, and the place: see below |
//! | range, date | the same without any `ETag`, and a `Last-Modified` that is strong (RFC 9110, 8.8.2.2) | the same | the same `Last-Modified`, and so on |
//! | range, [overlap alone](ResumeConfigBuilder::overlap_alone) | neither; by consent | `Range` that begins before the cut | the last bytes that were delivered, which come again |
//! | [prefix](ResumeConfigBuilder::prefix_replay) | any other 200 or 206; by consent | the same request again | every byte that was delivered, by a hash of them |
//! | none | any other | not at all | |
//!
//! A `GET` may have any of them; a `QUERY`, which is safe as well, events and prefix. Another
//! method has what [`any_method`](ResumeConfigBuilder::any_method) consents to.
//!
//! How answers to a range are judged, where `pos` is the next byte:
//!
//! | answer | verdict |
//! |---|---|
//! | 206 with exactly one `Content-Range` that begins at `pos`, the same length of the whole or `*`, its own length that of its range | goes on; at the end of a part shorter than asked, the next one is asked for |
//! | 206 that begins elsewhere, says more than it brings, or ends behind the end | fails: `protocol` |
//! | 206 without a `Content-Length`, of a body that had none either | fails: `protocol`, see [Order](#order) |
//! | 200 with the same validator | what was delivered is read past, up to [`max_reread`](ResumeConfigBuilder::max_reread); nothing goes out of what lies behind the caller's own range |
//! | 200 or 206 with another validator, or none, another coding, type, length or `Repr-Digest` | fails: `representation_changed` |
//! | 416 with `*/pos`, unless the first answer said that there is more | the body was whole |
//! | any other 416, 412, 304 | fails: `representation_changed` |
//! | 408, 425, 429, and what a server fails with for a while | another try, not before `Retry-After` |
//! | any other, redirects too | fails |
//!
//! With an [`overlap`](ResumeConfigBuilder::overlap), the last bytes are read again and compared on top
//! of all that: some servers make tags of a time and a length, which stay the same when a file is
//! written twice in a second.
//!
//! A redirect is followed below or not at all: each re-opening begins at the first address again,
//! with the same headers, and credentials go where the client below lets them go. What it was
//! redirected to cannot be seen here; the validators are what must be the same.
//!
//! # How ends are judged
//!
//! | what is known | whole | cut |
//! |---|---|---|
//! | the [last event](ResumeConfigBuilder::terminal), or a [`Cursor`] | once it has come, however the connection ended | otherwise |
//! | a length, or the place of a 206 that can be continued | once all of it has come, however the connection ended | otherwise: `END_STREAM` too early, or a `RST_STREAM(NO_ERROR)` that arrives as a clean end |
//! | neither | at a clean end (RFC 9112, 8) | at an error, such as a last chunk that is missing |
//! | neither, of an event stream with a plan | at a clean end between two events | the same, and at a clean end within an event |
//!
//! More bytes than announced are an error. What another connection can't change ends the body at
//! once: the total limit, a decoder, a limit on sizes. Trailers are those of the last connection.
//!
//! # Event streams
//!
//! They are passed on in whole events, so that a cut never leaves half an event. The ids are those
//! of whole events; `retry` is honoured, up to [`max_wait`](ResumeConfigBuilder::max_wait). A repeated
//! last event is left out, and so is all that a server sends again which ignores `Last-Event-ID`, as far
//! as the [`window`](ResumeConfigBuilder::window) knows it.
//!
//! A server may give the first id again, to an event that says something else. Such a greeting is left
//! out, if the next id is that of a new event or of the last one: the stream goes on there. If it is that
//! of another event that was delivered, the server counts anew on each connection, or repeats its stream
//! with something in the first event written anew: nobody can tell, and the body fails with
//! `representation_changed`. So it does where the first event is the only one with an id that was
//! delivered: another one under its id may be the same with a new time stamp, or another stream.
//!
//! Without any id a stream can't be continued once something was delivered. An event without an id is
//! taken for one that its server does not send again, such as a ping. A clean end is the end, unless the
//! [last event](ResumeConfigBuilder::terminal) is known: give it, if there is one. Without it nobody can
//! tell a `RST_STREAM(NO_ERROR)` or `RST_STREAM(CANCEL)` between two events from the end: both arrive as
//! a clean end. Once a stream was continued behind an event, the `Content-Length` of its first head says
//! nothing any more: the same events may come in other bytes. Beside a `Transfer-Encoding` a
//! `Content-Length` never says anything, of any body (RFC 9112, 6.3); the head that goes out keeps it all
//! the same.
//!
//! | the stream ends well with | that is |
//! |---|---|
//! | a blank line, or nothing at all | the end |
//! | comments, whole or not: `: bye` | the end |
//! | the [last event](ResumeConfigBuilder::terminal) without its blank line: `data: [DONE]` | the end |
//! | the last byte of its `Content-Length`, wherever it is | the end |
//! | a part of a line: `data: hel` | a cut |
//! | whole lines without a blank one: `data: hello` and a line feed | a cut, although some servers leave out the last blank line: it may be the first of several lines of data, and a reader drops it anyway (HTML standard, 9.2.6). To read such a server, give the [last event](ResumeConfigBuilder::terminal) |
//! | a part of an event longer than [`max_event`](ResumeConfigBuilder::max_event) | a cut that can't be mended |
//!
//! A 204 to a try is the end, unless the cut was within an event, or the last event is known and has not
//! come, or a `Content-Length` said more: then the body fails with `stream_truncated`. What can neither be
//! continued nor has a last event that is known, such as the answer to a `POST`, is passed on as it comes
//! and not looked into.
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
//! | [`window`](ResumeConfigBuilder::window) | 64 ids |
//! | [`terminal`](ResumeConfigBuilder::terminal) | none |
//! | [`any_method`](ResumeConfigBuilder::any_method), [`prefix_replay`](ResumeConfigBuilder::prefix_replay), [`overlap_alone`](ResumeConfigBuilder::overlap_alone) | no |
//! | [`overlap`](ResumeConfigBuilder::overlap) | none |
//! | [`report`](ResumeConfigBuilder::report) | no |
//! | [`budget`](ResumeConfigBuilder::budget) | none |
//!
//! Only progress starts the count of tries afresh: a new event, or 64 KiB of new bytes since it began,
//! over however many connections. A request that the server refused unprocessed is sent again at once,
//! once, and does not count.
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
//! # Deadline
//!
//! A [`Deadline`](buttress_core::Deadline) among the request's extensions ends the call, and the body
//! whatever it waits for, when it passes: with `timeout_total`, stopped by
//! [`StopReason::Deadline`](buttress_core::StopReason::Deadline). No try is sent once it has passed. No
//! timeout layer is needed for that.
//!
//! # Order
//!
//! Below anything that changes bytes, such as decompression: ranges count the bytes on the wire.
//! Above a retry, so that each re-opening is retried like a first call; above a timeout, so that
//! silence is a reason to resume.
//!
//! Above a decoder nothing tells that there is one when a body begins: it takes `Content-Encoding` and
//! `Content-Length` out of every head, and what is left looks like a body that was made on the way. A
//! body is continued there only by [the same request again](ResumeConfigBuilder::prefix_replay), or
//! where a server ignores ranges. A part is refused before any of its bytes goes out: with a strong tag
//! on the first answer and no length on either, it says that the resume belongs below the decoder. A
//! server that really sends neither length is refused as well.
//!
//! # What is sent
//!
//! A copy of the first request, `Accept-Encoding` and credentials included, without the headers
//! that belong to one connection (RFC 9110, 7.6.1) and without `Content-Length`, and with exactly
//! one `Range`, `If-Range` or `Last-Event-ID` of the plan's.
//!
//! # Errors
//!
//! The [`Failure`](buttress_core::Failure) of the last try, with the bytes that were delivered, the
//! history of tries, and why they ended. `representation_changed` when what is being fetched is
//! not what it was, `stream_truncated` when it ended too early.
//!
//! # Telemetry
//!
//! Events through `tracing` and the configuration's observer: see [`buttress_core::observe`]. Where
//! the [configuration](ResumeConfigBuilder::report) asks for it, a [`ResumeReport`] in the extensions
//! of every response that has a plan: the plan, requests, bytes read again and the history, while the
//! body runs and afterwards. A failure has the history in any case.
//!
//! # Cancel safety
//!
//! Dropping the body drops the connection at hand or ends the wait, and gives back what was taken
//! from the budget for a request that was not sent. Nothing else runs.
//!
//! # What a call costs
//!
//! Nothing is kept of a request that may not be sent again: a `POST`, without consent or a cursor, or one with
//! conditions of its own. Its call adds less than 300 instructions, each frame of its body less than 40.
//!
//! Of any other, such as a `GET`, a [`Snapshot`](buttress_core::Snapshot) has to be taken before it is known
//! whether the answer can be continued, because the request is gone by then: half of what such a call adds, which
//! is about 1,500 instructions with ten headers. The rest is a look at these headers, the hand-over of the answer, a
//! look at its head, and the clock. Nothing is allocated for that.
//!
//! Only an answer with a plan is given memory: one allocation for a range, which holds what proves that a
//! continuation fits. All else is made when the body breaks. An event stream has its reader from the beginning.
//!
//! # Memory
//!
//! A [`Snapshot`](buttress_core::Snapshot) of the request, up to [`window`](ResumeConfigBuilder::window) ids, the
//! [`overlap`](ResumeConfigBuilder::overlap), and of an event stream at most one unfinished event up to
//! [`max_event`](ResumeConfigBuilder::max_event). A longer one is passed on as it comes, and a cut within it can't be
//! mended. A range body holds nothing back: 1 GiB over nine connections takes less than 5 KiB.
//!
//! # When it does not compile
//!
//! It asks for a request body that is a [`ReplayableBody`](buttress_core::ReplayableBody), a response with a
//! [`Body`](http_body::Body), and a service that is `Clone`. Which of them is missing the compiler says where a
//! method is [called as a function](buttress_core::ReplayableBody#when-a-method-is-missing).
//!
//! # Differences from others
//!
//! Neither tower nor tower-http resumes. Clients that do mostly send no validator or take weak
//! ones, take any 206, believe a clean end, and count a connection as progress; an `EventSource`
//! takes every end for a cut. See the tables above for what is asked here.

mod blocks;
mod body;
mod config;
mod content_range;
mod course;
pub mod cursor;
mod ends;
mod etag;
pub mod event;
mod events;
mod future;
#[cfg(any(fuzzing, test))]
#[doc(hidden)]
pub mod fuzzing;
mod head;
mod layer;
mod likeness;
mod origin;
mod plan;
mod report;
mod reread;
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
pub use self::report::{ResumePlan, ResumeReport};
pub use self::service::Resume;

#[cfg(test)]
mod tests;
