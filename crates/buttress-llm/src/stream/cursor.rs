use super::{Streams, native};
use crate::errors;
use crate::join::{Join, Told};
use crate::{Call, Dialect};
use buttress_core::{Failure, FailureKind, Phase, ReplayableBody, StopReason};
use buttress_resume::{Cursor, End, Ending, Step, Verdict};
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, response};

/// Follows one stream: see [`Streams`].
#[derive(Debug)]
pub struct StreamCursor {
    call: Call,
    dialect: Dialect,
    streams: Streams,
    join: Join,
    native: Native,
}

/// Whether the stream can be read on from where it was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Native {
    /// As far as is known.
    Possible,
    /// It is being read on.
    Asked,
    /// The server does not have it.
    Not,
}

impl StreamCursor {
    pub(super) fn new(call: Call, streams: Streams) -> Option<Self> {
        let dialect = call.dialect()?;
        Some(StreamCursor {
            call,
            dialect,
            streams,
            join: Join::new(dialect, streams.max_kept),
            native: Native::Possible,
        })
    }

    fn can_read_on(&self) -> bool {
        self.native != Native::Not && native::can_go_on(&self.call, &self.join)
    }

    fn can_replay(&self) -> bool {
        self.streams.replay && self.join.can_go_on() && !self.call.is_reading()
    }
}

impl<B: ReplayableBody + From<Bytes>> Cursor<B> for StreamCursor {
    fn open(&mut self, _: &response::Parts) -> bool {
        // By now the request has been sent, and with it read.
        self.call.dialect().is_some()
    }

    fn event(&mut self, event: &Bytes) -> Step {
        let step = match self.join.event(event) {
            Told::Pass => Step::pass(),
            Told::Idle => Step::pass().without_progress(),
            Told::Skip => Step::skip(),
            Told::Replace(instead) => Step::replace(instead),
            Told::Error => {
                let failure = errors::in_band(StatusCode::OK, &HeaderMap::new(), event, 0);
                return if failure.is_transient() {
                    Step::fail(failure)
                } else {
                    // The server's own last word.
                    Step::pass().last()
                };
            }
            Told::Differs => {
                return Step::fail(
                    Failure::new(FailureKind::RepresentationChanged)
                        .with_phase(Phase::Body)
                        .with_source("sent again, the request was answered in other words"),
                );
            }
        };
        if self.join.is_ended() {
            return step.last();
        }
        step
    }

    fn end(&mut self, _: &End<'_>) -> Ending {
        if self.join.is_finished() {
            return Ending::Complete(Bytes::from_static(self.dialect.end()));
        }
        if self.can_read_on() || self.can_replay() {
            return Ending::Reopen;
        }
        Ending::Stop(StopReason::NotResumable)
    }

    fn reopen(&mut self, request: Request<B>) -> Result<Request<B>, StopReason> {
        if self.can_read_on() {
            self.native = Native::Asked;
            self.join.read_on();
            return native::read_on(request, &self.call, &self.join);
        }
        if !self.can_replay() {
            return Err(StopReason::NotResumable);
        }
        self.join.again();
        Ok(request)
    }

    fn verify(&mut self, response: &response::Parts) -> Verdict {
        let verdict = Verdict::of_event_stream(response);
        if self.native == Native::Asked && self.can_replay() {
            if let Verdict::Stop(failure) = verdict {
                self.native = Native::Not;
                return Verdict::Again(failure.with_transient(true));
            }
        }
        verdict
    }
}
