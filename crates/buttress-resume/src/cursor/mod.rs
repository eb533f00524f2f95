//! Streams that go on in a way of their own.
//!
//! `Last-Event-ID` and `Range` are how the web continues a body. Some APIs have another way: a
//! `POST` whose answer is fetched on with a `GET` of another URI and a number, an id in the query,
//! or nothing but the same request again, whose answer is then compared with what was delivered. A
//! [`Cursor`] teaches a [`ResumeLayer`](crate::ResumeLayer) such a way. It decides; the layer counts
//! tries, waits, sends, and delivers.
//!
//! ```
//! use buttress_core::{Backoff, StopReason};
//! use buttress_resume::{Cursor, End, Ending, ResumeConfig, ResumeLayer, Step};
//! use bytes::Bytes;
//! use http::{Method, Request, Response, response};
//! use http_body::Frame;
//! use http_body_util::{BodyExt, Full, StreamBody};
//! use std::convert::Infallible;
//! use std::io;
//! use tower::{ServiceBuilder, ServiceExt, service_fn};
//!
//! /// An API that streams the answer to a `POST`, numbers its events, ends with `end`, and gives
//! /// the rest to a `GET` that names the last number.
//! struct Numbered {
//!     last: Option<String>,
//! }
//!
//! impl Cursor<Full<Bytes>> for Numbered {
//!     fn open(&mut self, _: &response::Parts) -> bool {
//!         true
//!     }
//!
//!     fn event(&mut self, event: &Bytes) -> Step {
//!         let Some(number) = event.strip_prefix(b"data: ") else {
//!             return Step::pass();
//!         };
//!         if number.starts_with(b"end") {
//!             return Step::pass().last();
//!         }
//!         self.last = Some(String::from_utf8_lossy(number.trim_ascii()).into_owned());
//!         Step::pass()
//!     }
//!
//!     fn end(&mut self, _: &End<'_>) -> Ending {
//!         match self.last {
//!             Some(_) => Ending::Reopen,
//!             None => Ending::Stop(StopReason::NotResumable),
//!         }
//!     }
//!
//!     fn reopen(
//!         &mut self,
//!         mut request: Request<Full<Bytes>>,
//!     ) -> Result<Request<Full<Bytes>>, StopReason> {
//!         let last = self.last.as_ref().ok_or(StopReason::NotResumable)?;
//!         let uri = format!("http://example.com/answers/1?after={last}");
//!         *request.uri_mut() = uri.parse().map_err(|_| StopReason::NotResumable)?;
//!         *request.method_mut() = Method::GET;
//!         *request.body_mut() = Full::default();
//!         Ok(request)
//!     }
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?
//! # .block_on(async {
//! // A server whose first connection breaks in the midst of the second event.
//! let server = service_fn(|request: Request<Full<Bytes>>| async move {
//!     let frames: Vec<io::Result<Frame<Bytes>>> = if request.method() == Method::POST {
//!         vec![
//!             Ok(Frame::data(Bytes::from("data: 1\n\ndata:"))),
//!             Err(io::ErrorKind::ConnectionReset.into()),
//!         ]
//!     } else {
//!         assert_eq!(request.uri().query(), Some("after=1"));
//!         vec![Ok(Frame::data(Bytes::from("data: 2\n\ndata: end\n\n")))]
//!     };
//!     let response = Response::builder()
//!         .header("content-type", "text/event-stream")
//!         .body(StreamBody::new(futures_util::stream::iter(frames)))
//!         .expect("a valid response");
//!     Ok::<_, Infallible>(response)
//! });
//!
//! let layer = ResumeLayer::default().with_cursor(|request: &Request<Full<Bytes>>| {
//!     (request.uri().path() == "/answers").then_some(Numbered { last: None })
//! });
//! let client = ServiceBuilder::new().layer(layer).service(server);
//! let request = Request::post("http://example.com/answers").body(Full::from("a question"))?;
//! let body = client.oneshot(request).await?.into_body().collect().await?.to_bytes();
//!
//! assert_eq!(body, "data: 1\n\ndata: 2\n\ndata: end\n\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # When it is asked
//!
//! | the layer asks | when |
//! |---|---|
//! | [`Cursors::begin`] | a request is about to be sent, whatever its method: only where it gives a cursor, and the request's body can be sent again, anything is kept |
//! | [`Cursor::open`] | the first head is a 200 with an event stream that is not coded, before any plan of the layer's own |
//! | [`Cursor::event`] | a whole event has come, before the consumer gets it |
//! | [`Cursor::end`] | a connection ended, and no event was the [last](Step::last) |
//! | [`Cursor::reopen`] | the wait is over, and the request that asks for the rest is to be made |
//! | [`Cursor::verify`] | the head of its answer has come |
//! | [`Cursor::give_up`] | the body is about to fail |
//!
//! All of them are called on the task that reads the body, and must not block.
//!
//! # What the layer still sees to
//!
//! - Events are whole, and never those of two connections mixed: what a cut left unfinished is gone.
//! - Tries, waits, hints of the server, the deadline and the budget; the count of tries starts
//!   afresh only after an event that was [progress](Step::without_progress).
//! - A re-opening request goes to the origin of the first one (scheme, authority, `Host`), without
//!   the headers that belong to one connection and without `Content-Length`.
//! - The response's `Content-Length`, if it had one, is taken out of the head: nobody knows what
//!   the length will be.
//!
//! An event longer than [`max_event`](crate::ResumeConfigBuilder::max_event) is passed on as it
//! comes and not shown. A cut within it can't be mended, and behind a cut, before an event that was
//! progress has come, the body fails with it: nobody can tell whether it was delivered before.

mod end;
mod step;
mod verdict;

pub use self::end::{End, Ending};
pub use self::step::Step;
pub use self::verdict::Verdict;

pub(crate) use self::step::Out;

use buttress_core::{Failure, StopReason};
use bytes::Bytes;
use http::{Request, response};
use std::convert::Infallible;

/// Gives each request its [`Cursor`], or none. Part of a [`ResumeLayer`](crate::ResumeLayer).
///
/// Implemented by every `Fn(&Request<B>) -> Option<impl Cursor<B>>`. See the
/// [module](crate::cursor) for an example.
pub trait Cursors<B> {
    /// What it gives.
    type Cursor: Cursor<B>;

    /// A cursor for the answer to this request, which is about to be sent; `None` for a request
    /// that is none of its business, which costs nothing else then.
    ///
    /// What a cursor must know of the request it takes here: address, headers, and what other
    /// layers left in the extensions, such as what they know of the body.
    fn begin(&self, request: &Request<B>) -> Option<Self::Cursor>;
}

impl<B, F, K> Cursors<B> for F
where
    F: Fn(&Request<B>) -> Option<K>,
    K: Cursor<B>,
{
    type Cursor = K;

    fn begin(&self, request: &Request<B>) -> Option<K> {
        self(request)
    }
}

/// Knows how one stream goes on. See the [module](crate::cursor) for an example and for when it is
/// asked what.
pub trait Cursor<B> {
    /// The first head has come: whether the body is this cursor's.
    ///
    /// If not, the layer continues the body as it would have without a cursor, and drops this one.
    fn open(&mut self, response: &response::Parts) -> bool;

    /// A whole event: what becomes of it.
    ///
    /// It is the origin's bytes, from the first line of the event to the blank one. Blank lines
    /// that belong to no event are not shown; blocks of comments are.
    fn event(&mut self, event: &Bytes) -> Step;

    /// A connection ended without an event that was the [last](Step::last): what that means.
    fn end(&mut self, end: &End<'_>) -> Ending;

    /// Makes a copy of the first request ask for the rest.
    ///
    /// Method, address, headers and body may change. A request to another origin is not sent, and
    /// ends the body.
    ///
    /// # Errors
    ///
    /// Why there is no such request, which ends the body.
    fn reopen(&mut self, request: Request<B>) -> Result<Request<B>, StopReason>;

    /// The head of the answer to [such a request](Cursor::reopen): whether it continues the stream.
    ///
    /// By default what the layer asks of any event stream: see [`Verdict::of_event_stream`].
    fn verify(&mut self, response: &response::Parts) -> Verdict {
        Verdict::of_event_stream(response)
    }

    /// The body is about to fail: bytes the consumer gets before the error, such as an event in
    /// which this API's clients read errors. Nothing by default.
    fn give_up(&mut self, failure: &Failure) -> Option<Bytes> {
        let _ = failure;
        None
    }
}

/// No cursor: bodies are continued as the [crate] says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoCursor;

impl<B> Cursors<B> for NoCursor {
    type Cursor = Infallible;

    #[inline(always)] // else the request would have to lie in memory
    fn begin(&self, _: &Request<B>) -> Option<Infallible> {
        None
    }
}

/// There is none.
impl<B> Cursor<B> for Infallible {
    fn open(&mut self, _: &response::Parts) -> bool {
        match *self {}
    }

    fn event(&mut self, _: &Bytes) -> Step {
        match *self {}
    }

    fn end(&mut self, _: &End<'_>) -> Ending {
        match *self {}
    }

    fn reopen(&mut self, _: Request<B>) -> Result<Request<B>, StopReason> {
        match *self {}
    }
}
