//! A response that is being looked at, and what it proves.

use super::array::Array;
use super::events::{Beginning, Proof};
use super::layer::{DOCUMENT_WAIT, ERROR_BYTES, ERROR_WAIT, Limits};
use crate::Call;
use crate::Dialect;
use crate::call::scan::Scan;
use crate::errors;
use buttress_core::time::{self, Instant, Timer};
use buttress_core::{
    BoxError, Delivery, Failure, FailureKind, Phase, Reference, classify, is_coded,
};
use bytes::{Buf, Bytes};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::response::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use http_body::{Body, Frame};
use pin_project_lite::pin_project;
use std::collections::VecDeque;
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

/// What has come of a body and not gone out.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// The first piece has a place of its own: most often there is no other.
    first: Option<Bytes>,
    more: VecDeque<Bytes>,
    pub(super) bytes: usize,
    pub(super) trailers: Option<HeaderMap>,
    pub(super) broken: Option<Failure>,
    pub(super) ended: bool,
    /// It is a whole document, of which nothing is missing but its end.
    pub(super) whole: bool,
    /// All of it has gone out, and there may be more.
    pub(super) out: bool,
}

/// What is looked for.
#[derive(Debug)]
pub(super) enum Look {
    Events(Beginning),
    Document {
        scan: Scan,
        /// An error in it, or a page in its place, is one.
        judged: bool,
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
            return Some(Look::Document { scan, judged });
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
                return Some(Err(truncated(0).into()));
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

impl Look {
    /// It has been proven: only what is looked at to its end is kept.
    pub(super) fn passed(&mut self) {
        match self {
            Look::Array(array) => array.passed(),
            _ => *self = Look::Anything,
        }
    }

    /// Whether something is missing that an end would pass over.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Look::Array(array) if !array.is_whole())
    }

    /// Whether it is a document of which all has come.
    fn is_whole(&self) -> bool {
        matches!(self, Look::Document { scan, .. } if scan.facts().whole)
    }

    /// More has come, behind what is held.
    fn read(
        &mut self,
        data: &Bytes,
        held: &Held,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Option<Found> {
        match self {
            Look::Events(beginning) => match beginning.read(data) {
                Proof::None => None,
                Proof::Answer => Some(Found::Answer),
                Proof::Nothing => Some(Found::Fails(truncated(held.bytes + data.len()))),
                Proof::Error(event) => {
                    let failure = errors::in_band(status, headers, &event, held.bytes as u64);
                    // Words that no client reads are not better than our own.
                    if errors::is_bare(&event) {
                        return Some(Found::Fails(failure));
                    }
                    Some(stands_or_fails(failure))
                }
            },
            // An error of Google's front may be no array, and what is neither is not judged.
            Look::Array(_)
                if held.is_blank() && !data.trim_ascii().is_empty() && !Array::begins(data) =>
            {
                *self = Look::Document {
                    scan: Scan::default(),
                    judged: true,
                };
                self.read(data, held, status, headers)
            }
            Look::Array(array) => match array.read(data) {
                Proof::None => None,
                Proof::Answer => Some(Found::Answer),
                Proof::Nothing => Some(Found::Fails(truncated(held.bytes + data.len()))),
                Proof::Error(said) => {
                    let failure = errors::in_band(status, headers, &said, held.bytes as u64);
                    Some(stands_or_fails(failure))
                }
            },
            Look::Document { scan, judged } => {
                let begins_with_tag =
                    data.trim_ascii_start().first() == Some(&b'<') && held.is_blank();
                scan.read(data);
                let facts = scan.facts();
                if facts.odd {
                    if begins_with_tag && *judged {
                        *self = Look::Page;
                        return None;
                    }
                    return Some(Found::Answer);
                }
                if !facts.whole {
                    return None;
                }
                if !*judged || (facts.answer && !facts.error) {
                    return Some(Found::Answer);
                }
                let mut said = held.join();
                said.extend_from_slice(data);
                let own = errors::own_members(&said);
                // Some errors have no member of that name.
                let is_error = errors::has_error(&said)
                    || (!facts.answer && classify::body(Some(status), headers, &own).is_some());
                if !is_error {
                    return Some(Found::Answer);
                }
                let failure = errors::in_band(status, headers, &own, held.bytes as u64);
                Some(stands_or_fails(failure))
            }
            Look::Anything => (!data.trim_ascii().is_empty()).then_some(Found::Answer),
            Look::Page | Look::Error { .. } => None,
        }
    }

    /// Nothing more comes.
    fn at_end(&self, held: &Held, status: StatusCode, headers: &HeaderMap) -> Found {
        match self {
            Look::Events(beginning) if errors::is_bare(beginning.rest()) => {
                let said = beginning.rest();
                Found::Fails(errors::in_band(status, headers, said, held.bytes as u64))
            }
            Look::Events(_) | Look::Array(_) | Look::Document { .. } | Look::Anything => {
                Found::Fails(truncated(held.bytes))
            }
            Look::Page | Look::Error { .. } => self.at_limit(held, status, headers),
        }
    }

    /// No more is looked at.
    fn at_limit(&self, held: &Held, status: StatusCode, headers: &HeaderMap) -> Found {
        match self {
            Look::Events(_) | Look::Array(_) | Look::Document { .. } | Look::Anything => {
                Found::Answer
            }
            Look::Page => {
                let class = classify::body(Some(status), headers, &held.join());
                let failure = class.map_or_else(
                    || Failure::new(FailureKind::CaptivePortal).with_phase(Phase::Body),
                    Failure::from,
                );
                // It may as well be the page of a proxy in trouble: to ask again does no harm.
                let passes = failure.is_transient() || failure.kind() == FailureKind::CaptivePortal;
                let failure = failure.with_transient(passes);
                Found::Fails(failure.with_source("a page came in the place of an answer"))
            }
            Look::Error { of_call } => {
                let said = held.join();
                let class = classify::body(Some(status), headers, &said);
                match class
                    .map(Failure::from)
                    .or_else(|| Failure::from_head(status, headers))
                {
                    // Nothing that a client could show: once the tries are spent, words of our own
                    // say more.
                    Some(mut failure)
                        if *of_call && failure.is_transient() && is_mute(&said, headers) =>
                    {
                        if let Some(reference) = Reference::from_headers(headers) {
                            failure.details_mut().insert(reference);
                        }
                        Found::Fails(failure.with_delivery(Delivery::Answered(status)))
                    }
                    Some(failure) => Found::Stands(failure),
                    None => Found::Answer,
                }
            }
        }
    }
}

/// Whether an error is empty, or a page: the front of a server in trouble speaks to browsers.
fn is_mute(said: &[u8], headers: &HeaderMap) -> bool {
    let said = said.trim_ascii_start();
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    said.is_empty()
        || said.starts_with(b"<")
        || kind.is_some_and(|kind| kind.starts_with(b"text/html"))
}

/// What a further try may mend fails; what none would is better said in the server's own words.
fn stands_or_fails(failure: Failure) -> Found {
    if failure.is_transient() {
        Found::Fails(failure)
    } else {
        Found::Stands(failure)
    }
}

fn truncated(bytes: usize) -> Failure {
    Failure::new(FailureKind::StreamTruncated)
        .with_phase(Phase::Body)
        .with_delivery(Delivery::Partial {
            bytes: bytes as u64,
        })
}

impl Held {
    fn push(&mut self, data: Bytes) {
        self.bytes += data.len();
        if self.first.is_none() {
            self.first = Some(data);
        } else {
            self.more.push_back(data);
        }
    }

    pub(super) fn pop(&mut self) -> Option<Bytes> {
        let data = self.first.take().or_else(|| self.more.pop_front())?;
        self.bytes -= data.len();
        Some(data)
    }

    /// Whether nothing but white space has come.
    fn is_blank(&self) -> bool {
        let mut pieces = self.first.iter().chain(&self.more);
        pieces.all(|piece| piece.trim_ascii().is_empty())
    }

    fn join(&self) -> Vec<u8> {
        let pieces = self.first.iter().chain(&self.more);
        pieces.flat_map(|piece| piece.iter().copied()).collect()
    }
}
