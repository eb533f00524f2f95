//! A response that is being looked at.

use super::array::Array;
use super::events::Beginning;
use super::held::Held;
use super::layer::{DOCUMENT_WAIT, ERROR_BYTES, ERROR_WAIT, Limits};
use crate::Call;
use crate::Dialect;
use crate::call::scan::Scan;
use buttress_core::time::{self, Instant, Timer};
use buttress_core::{BoxError, Failure, FailureKind, Phase, is_coded};
use bytes::{Buf, Bytes};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::response::Parts;
use http::{HeaderValue, StatusCode};
use http_body::{Body, Frame};
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

/// How long the end of a body may come after the end of the document in it.
const LAST: Duration = Duration::from_secs(2);

pin_project! {
    /// A body, and what has come of it.
    pub(super) struct Looking<RB> {
        #[pin]
        pub(super) body: RB,
        pub(super) head: Option<Parts>,
        pub(super) held: Held,
        pub(super) look: Look,
        limit: usize,
        wait: Duration,
        timer: Timer,
        until: Option<Instant>,
        // One document is asked for, and no length is promised that would have to be kept.
        alone: bool,
    }
}

/// What is looked for.
#[derive(Debug)]
pub(super) enum Look {
    Events(Beginning),
    Document {
        scan: Scan,
        /// An error in it, or a page in its place, is one.
        judged: bool,
        dialect: Option<Dialect>,
    },
    /// A stream that is one array. It is looked at to its end.
    Array(Array),
    /// It is of no kind that could be judged, but nothing is no answer.
    Anything,
    Page,
    Error {
        /// Its caller looks for an error of the API in it.
        of_call: bool,
    },
}

/// What has been found.
pub(super) enum Found {
    /// It can be passed on.
    Answer,
    /// It is passed on, and stands for this failure.
    Stands(Failure),
    /// It is a failure.
    Fails(Failure),
}

impl Look {
    /// What there is to look for in a response with this head; `None` if nothing.
    pub(super) fn at(head: &Parts, call: Option<&Call>) -> Option<Self> {
        if Failure::of(&head.extensions).is_some() || is_coded(&head.headers) {
            return None;
        }
        if head.status.is_client_error() || head.status.is_server_error() {
            let of_call = call.is_some_and(Call::is_one);
            return Some(Look::Error { of_call });
        }
        let call = call.filter(|call| call.is_one())?;
        if head.status != StatusCode::OK {
            return None;
        }
        let dialect = call.dialect();
        let judged = call.makes();
        let kind = head
            .headers
            .get(CONTENT_TYPE)
            .map_or(&b""[..], HeaderValue::as_bytes);
        let kind = kind.split(|byte| *byte == b';').next().unwrap_or_default();
        let kind = kind.trim_ascii();
        let is = |name: &[u8]| kind.eq_ignore_ascii_case(name);
        if is(b"text/event-stream") {
            let dialect = dialect?;
            let facts = call.facts();
            let is_kept = facts.background && !facts.not_stored;
            return Some(Look::Events(Beginning::new(dialect, is_kept)));
        }
        if is(b"text/html") || is(b"application/xhtml+xml") {
            return judged.then_some(Look::Page);
        }
        // A stream of Gemini that is one array, growing: to hold it would be to end it.
        let grows = dialect == Some(Dialect::Gemini) && call.is_growing_array();
        let is_document = if kind.is_empty() {
            call.is_streaming() == Some(false)
        } else {
            is(b"application/json")
        };
        if is_document && grows {
            return Some(Look::Array(Array::default()));
        }
        if is_document {
            let scan = Scan::default();
            return Some(Look::Document {
                scan,
                judged,
                dialect,
            });
        }
        // Sound, text, or a stream of images: nothing may be an answer where there is no dialect.
        dialect.map(|_| Look::Anything)
    }
}

impl<RB> Looking<RB> {
    pub(super) fn new(
        head: Parts,
        body: RB,
        look: Look,
        limits: Limits,
        call: Option<&Call>,
    ) -> Self {
        let (limit, wait) = match look {
            Look::Events(_) | Look::Array(_) | Look::Anything => (limits.events, limits.wait),
            Look::Document { .. } => (limits.document, limits.wait.min(DOCUMENT_WAIT)),
            Look::Page | Look::Error { .. } => (ERROR_BYTES, ERROR_WAIT),
        };
        let alone = call.is_some_and(|call| call.is_streaming() == Some(false))
            && matches!(look, Look::Document { .. })
            && !head.headers.contains_key(CONTENT_LENGTH);
        Looking {
            body,
            head: Some(head),
            held: Held::default(),
            look,
            limit,
            wait,
            timer: Timer::new(),
            until: None,
            alone,
        }
    }
}

impl<RB> Looking<RB>
where
    RB: Body,
    RB::Error: Into<BoxError>,
{
    /// What comes behind what was held.
    ///
    /// The last byte of a document says that it is whole: a connection that breaks behind it, or stays
    /// open, takes nothing away.
    #[allow(
        clippy::type_complexity,
        reason = "the signature of `Body::poll_frame`"
    )]
    pub(super) fn poll_rest(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<RB::Data>, RB::Error>>> {
        let this = self.project();
        let polled = this.body.poll_frame(cx);
        if !this.held.whole {
            return polled;
        }
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                // More than one document after all.
                this.held.whole = frame.is_trailers();
                return polled;
            }
            Poll::Ready(_) => {}
            Poll::Pending => {
                let until = this
                    .until
                    .get_or_insert_with(|| time::instant_after(time::now(), LAST));
                ready!(this.timer.poll_until(*until, cx));
            }
        }
        this.held.ended = true;
        this.held.out = false;
        Poll::Ready(None)
    }

    /// What this frame, or the end, behind what was held means for what is looked at to its end.
    pub(super) fn follow(
        self: Pin<&mut Self>,
        frame: Option<Result<Frame<Bytes>, BoxError>>,
    ) -> Option<Result<Frame<Bytes>, BoxError>> {
        let this = self.project();
        let Look::Array(array) = this.look else {
            return frame;
        };
        match &frame {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    array.follow(data);
                }
            }
            None if !array.is_whole() => {
                *this.look = Look::Anything;
                // How much had come is for those who deliver it to say.
                let cut = Failure::new(FailureKind::StreamTruncated).with_phase(Phase::Body);
                return Some(Err(cut.into()));
            }
            _ => *this.look = Look::Anything,
        }
        frame
    }

    /// Waits for a proof.
    pub(super) fn poll_found(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Found> {
        let mut this = self.project();
        let (status, headers) = match this.head {
            Some(head) => (head.status, &head.headers),
            None => return Poll::Ready(Found::Answer),
        };
        loop {
            let judge = |held: &Held, look: &Look| look.at_end(held, status, headers);
            match this.body.as_mut().poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(mut data) => {
                        let data = data.copy_to_bytes(data.remaining());
                        let found = this.look.read(&data, this.held, status, headers);
                        this.held.push(data);
                        if let Some(found) = found {
                            this.held.whole = *this.alone && this.look.is_whole();
                            *this.until = None;
                            return Poll::Ready(found);
                        }
                        if this.held.bytes >= *this.limit {
                            return Poll::Ready(this.look.at_limit(this.held, status, headers));
                        }
                    }
                    Err(frame) => {
                        this.held.trailers = frame.into_trailers().ok();
                        this.held.ended = true;
                        return Poll::Ready(judge(this.held, this.look));
                    }
                },
                Poll::Ready(Some(Err(error))) => {
                    let failure = Failure::in_body(error, this.held.bytes as u64);
                    this.held.ended = true;
                    if matches!(this.look, Look::Error { .. } | Look::Page) {
                        let found = judge(this.held, this.look);
                        this.held.broken = Some(failure);
                        return Poll::Ready(found);
                    }
                    return Poll::Ready(Found::Fails(failure));
                }
                Poll::Ready(None) => {
                    this.held.ended = true;
                    return Poll::Ready(judge(this.held, this.look));
                }
                Poll::Pending => {
                    let wait = *this.wait;
                    let until = this
                        .until
                        .get_or_insert_with(|| time::instant_after(time::now(), wait));
                    if this.timer.poll_until(*until, cx).is_pending() {
                        return Poll::Pending;
                    }
                    return Poll::Ready(this.look.at_limit(this.held, status, headers));
                }
            }
        }
    }
}
