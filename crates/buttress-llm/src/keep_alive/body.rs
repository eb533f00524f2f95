use crate::errors::{Told, as_event};
use crate::{Call, Dialect};
use buttress_core::time::{Span, Wait};
use buttress_core::{BoxError, Failure, FailureKind, LastWords, Phase, is_coded};
use buttress_humanize::Explanation;
use bytes::{Buf, Bytes};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Response};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

/// Of an error: its message stands at the beginning.
const ERROR_BYTES: usize = 64 << 10;

/// How long the end of a stream may come after its last event. Some servers and proxies leave the
/// connection open, and some clients wait for its end.
const LAST: Duration = Duration::from_secs(2);

pin_project! {
    /// The body of a [`KeepAlive`](crate::KeepAlive)'s response: the one from below, and what keeps
    /// the connection alive where that is silent.
    pub struct KeepAliveBody<F, RB> {
        #[pin]
        state: State<F, RB>,
        // `None` where nothing may be put between.
        pulse: Option<Pulse>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<F, RB> {
        // The head was sent before there was one.
        Opening { inner: Pin<Box<F>>, first: bool },
        Streaming { #[pin] body: RB },
        // An error, whose head came too late.
        Reading { #[pin] body: RB, failure: Option<Failure>, said: Vec<u8> },
        // What there was to say has been said; after so many polls it fails.
        Failing { failure: Option<Failure>, yields: u8 },
        Ended,
    }
}

impl<F, RB> State<F, RB> {
    const fn failing(failure: Failure) -> Self {
        State::Failing {
            failure: Some(failure),
            yields: LastWords::YIELDS,
        }
    }
}

/// What keeps a stream alive.
#[derive(Debug)]
struct Pulse {
    call: Call,
    dialect: Dialect,
    every: Span,
    wait: Wait,
    /// The last bytes that went out, the newest lowest.
    tail: u32,
    begun: bool,
}

impl<F, RB> KeepAliveBody<F, RB> {
    pub(super) const fn plain(body: RB) -> Self {
        KeepAliveBody {
            state: State::Streaming { body },
            pulse: None,
        }
    }

    pub(super) fn streaming(body: RB, of: (Call, Dialect), every: Span, wait: Wait) -> Self {
        KeepAliveBody {
            state: State::Streaming { body },
            pulse: Some(Pulse::new(of, every, wait)),
        }
    }

    pub(super) fn opening(inner: Pin<Box<F>>, of: (Call, Dialect), every: Span) -> Self {
        KeepAliveBody {
            state: State::Opening { inner, first: true },
            pulse: Some(Pulse::new(of, every, Wait::new())),
        }
    }
}

/// Whether something may be put between the events of this response: its length is promised to
/// nobody.
pub(super) fn is_events<B>(response: &Response<B>) -> bool {
    has_events(response)
        && !is_coded(response.headers())
        && !response.headers().contains_key(CONTENT_LENGTH)
}

/// Whether this response is an event stream, as it is or coded.
fn has_events<B>(response: &Response<B>) -> bool {
    let headers = response.headers();
    let kind = headers
        .get(CONTENT_TYPE)
        .map_or(&b""[..], HeaderValue::as_bytes);
    let kind = kind.split(|byte| *byte == b';').next().unwrap_or_default();
    response.status().is_success() && kind.trim_ascii().eq_ignore_ascii_case(b"text/event-stream")
}

impl<F, E, RB> Body for KeepAliveBody<F, RB>
where
    F: Future<Output = Result<Response<RB>, E>>,
    E: Into<BoxError>,
    RB: Body,
    RB::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = Failure;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failure>>> {
        let mut this = self.project();
        loop {
            match this.state.as_mut().project() {
                StateProj::Streaming { body } => {
                    let frame = match body.poll_frame(cx) {
                        Poll::Ready(frame) => frame,
                        Poll::Pending => {
                            let polled = Pulse::poll(this.pulse, cx);
                            if matches!(polled, Poll::Ready(None)) {
                                this.state.set(State::Ended);
                            }
                            return polled;
                        }
                    };
                    return Poll::Ready(frame.map(|frame| match frame {
                        Ok(frame) => Ok(frame.map_data(|mut data| {
                            let data = data.copy_to_bytes(data.remaining());
                            if let Some(pulse) = this.pulse {
                                pulse.saw(&data);
                            }
                            data
                        })),
                        Err(error) => Err(Failure::in_body(error, 0)),
                    }));
                }
                StateProj::Opening { inner, first } => {
                    if std::mem::take(first) {
                        return Poll::Ready(Pulse::beat(this.pulse));
                    }
                    let result = match inner.as_mut().poll(cx) {
                        Poll::Ready(result) => result,
                        Poll::Pending => return Pulse::poll(this.pulse, cx),
                    };
                    let next = opened(result, this.pulse);
                    match next {
                        Ok(state) => this.state.set(state),
                        Err((failure, event)) => {
                            this.state.set(State::failing(failure));
                            return Poll::Ready(Some(Ok(Frame::data(event))));
                        }
                    }
                }
                StateProj::Reading {
                    mut body,
                    failure,
                    said,
                } => {
                    let more = match body.as_mut().poll_frame(cx) {
                        Poll::Ready(Some(Ok(frame))) => frame.into_data().ok(),
                        Poll::Ready(_) => None,
                        Poll::Pending => return Pulse::poll(this.pulse, cx),
                    };
                    if let Some(mut data) = more {
                        while data.has_remaining() && said.len() < ERROR_BYTES {
                            let piece = data.chunk();
                            said.extend_from_slice(piece);
                            let length = piece.len();
                            data.advance(length);
                        }
                        if said.len() < ERROR_BYTES {
                            continue;
                        }
                    }
                    let failure = failure.take().unwrap_or_else(no_stream);
                    let event = match this.pulse {
                        Some(pulse) => as_event(pulse.dialect, &failure, said),
                        None => Bytes::new(),
                    };
                    this.state.set(State::failing(failure));
                    return Poll::Ready(Some(Ok(Frame::data(event))));
                }
                StateProj::Failing { yields, .. } if *yields > 0 => {
                    *yields -= 1;
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                StateProj::Failing { failure, .. } => {
                    let failure = failure.take();
                    this.state.set(State::Ended);
                    return Poll::Ready(failure.map(Err));
                }
                StateProj::Ended => return Poll::Ready(None),
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.state {
            State::Streaming { body } => body.is_end_stream(),
            State::Ended => true,
            _ => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match (&self.state, &self.pulse) {
            (State::Streaming { body }, None) => body.size_hint(),
            (State::Streaming { body }, Some(_)) => {
                let mut hint = SizeHint::new();
                hint.set_lower(body.size_hint().lower());
                hint
            }
            (State::Ended, _) => SizeHint::with_exact(0),
            _ => SizeHint::default(),
        }
    }
}

/// What follows the head that came too late; or a failure, and the event that tells of it.
#[allow(clippy::type_complexity, reason = "the two ways on, named here")]
fn opened<F, E: Into<BoxError>, RB>(
    result: Result<Response<RB>, E>,
    pulse: &Option<Pulse>,
) -> Result<State<F, RB>, (Failure, Bytes)> {
    match result {
        Ok(response) if has_events(&response) && is_coded(response.headers()) => {
            let told = coded_words();
            let failure = unfit("the stream came compressed").with_words(Arc::new(told.clone()));
            Err(with_event(failure, &format!("{told:#}"), pulse))
        }
        Ok(response) if has_events(&response) => Ok(State::Streaming {
            body: response.into_body(),
        }),
        Ok(response) => Ok(State::Reading {
            failure: Failure::of_response(&response),
            body: response.into_body(),
            said: Vec::new(),
        }),
        Err(error) => {
            let failure = Failure::from(error.into());
            let sentence = failure.to_string();
            Err(with_event(failure, &sentence, pulse))
        }
    }
}

/// The failure, and the event that tells of it in these words.
fn with_event(failure: Failure, words: &str, pulse: &Option<Pulse>) -> (Failure, Bytes) {
    let event = pulse.as_ref().map(|pulse| {
        let told = Told::new(&failure, words);
        Bytes::from(pulse.dialect.error_event(&told))
    });
    (failure, event.unwrap_or_default())
}

/// Why a stream that came late and coded ends.
fn coded_words() -> Explanation {
    Explanation::new(
        "The answer came compressed",
        "The server compressed its stream, although it was asked not to, and it came after the answer \
         to you had begun, so that nothing of it could be passed on.",
    )
    .with_side("The cause lies with the server, or with a proxy before it that compresses streams.")
    .with_step("Try again: an answer that begins sooner is passed on as it is.")
    .with_step("Have compression turned off for event streams, at the server or at the proxy.")
}

fn no_stream() -> Failure {
    unfit("the answer to a call for a stream is none")
}

/// The failure of a call whose answer cannot follow a head that was sent before it.
fn unfit(why: &'static str) -> Failure {
    Failure::new(FailureKind::Protocol)
        .with_phase(Phase::Head)
        .with_source(why)
}

impl Pulse {
    fn new((call, dialect): (Call, Dialect), every: Span, wait: Wait) -> Self {
        Pulse {
            call,
            dialect,
            every,
            wait,
            tail: 0x0A0A,
            begun: false,
        }
    }

    #[inline]
    fn saw(&mut self, data: &[u8]) {
        self.wait.over();
        self.begun = true;
        match data.last_chunk() {
            Some(last) => self.tail = u32::from_be_bytes(*last),
            None => {
                for byte in data {
                    self.tail = (self.tail << 8) | u32::from(*byte);
                }
            }
        }
    }

    /// Whether the last thing that went out was whole.
    const fn is_between_events(&self) -> bool {
        self.tail & 0xFFFF == 0x0A0A || self.tail & 0xFFFF == 0x0D0D || self.tail == 0x0D0A_0D0A
    }

    /// Nothing has come: perhaps something has to be sent.
    #[allow(
        clippy::type_complexity,
        reason = "it is the type of `Body::poll_frame`"
    )]
    fn poll(
        pulse: &mut Option<Pulse>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failure>>> {
        let Some(this) = pulse else {
            return Poll::Pending;
        };
        loop {
            let is_over = this.call.is_over();
            let every = if is_over { Span::of(LAST) } else { this.every };
            ready!(this.wait.poll(every, None, cx));
            this.wait.over();
            if is_over {
                return Poll::Ready(None);
            }
            if this.is_between_events() {
                return Poll::Ready(Pulse::beat(pulse));
            }
        }
    }

    fn beat(pulse: &Option<Pulse>) -> Option<Result<Frame<Bytes>, Failure>> {
        let this = pulse.as_ref()?;
        let beat = this.dialect.keep_alive(this.begun);
        Some(Ok(Frame::data(Bytes::from_static(beat))))
    }
}

impl<F, RB> fmt::Debug for KeepAliveBody<F, RB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Opening { .. } => "opening",
            State::Streaming { .. } => "streaming",
            State::Reading { .. } => "reading",
            State::Failing { .. } => "failing",
            State::Ended => "ended",
        };
        f.debug_struct("KeepAliveBody")
            .field("state", &state)
            .finish_non_exhaustive()
    }
}
