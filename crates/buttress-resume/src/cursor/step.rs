use buttress_core::Failure;
use bytes::Bytes;

/// What becomes of one event: a [`Cursor`](crate::Cursor)'s answer to it.
///
/// ```
/// use buttress_resume::Step;
///
/// // A keep-alive: passed on, but no sign of life that counts.
/// let ping = Step::pass().without_progress();
/// // The event after which nothing is missing.
/// let done = Step::pass().last();
/// // What was delivered by an earlier connection already.
/// let again = Step::skip();
/// // The second half of an event, the first half of which was delivered.
/// let rest = Step::replace("data: and after\n\n");
/// # let _ = (ping, done, again, rest);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Step {
    pub(crate) out: Out,
    pub(crate) is_progress: bool,
    pub(crate) is_last: bool,
}

/// What the consumer gets of an event.
#[derive(Clone, Debug)]
pub(crate) enum Out {
    Pass,
    Skip,
    Replace(Bytes),
    Fail(Failure),
}

impl Step {
    /// The consumer gets the event as it came. It is progress.
    pub const fn pass() -> Self {
        Step::of(Out::Pass, true)
    }

    /// The consumer does not get the event. It is no progress.
    pub const fn skip() -> Self {
        Step::of(Out::Skip, false)
    }

    /// The consumer gets these bytes instead: whole events. It is progress.
    pub fn replace(events: impl Into<Bytes>) -> Self {
        Step::of(Out::Replace(events.into()), true)
    }

    /// The connection has failed with this event, which the consumer does not get, nor what follows.
    ///
    /// With a [transient](Failure::is_transient) failure this is one end of a connection among
    /// others: [`end`](crate::Cursor::end) is asked next. Any other failure ends the body, and so does
    /// one that says why it was [stopped](Failure::stopped).
    pub const fn fail(failure: Failure) -> Self {
        Step::of(Out::Fail(failure), false)
    }

    /// The event is no progress: it does not make the count of tries start afresh. So it should be
    /// for whatever a server sends only to keep a connection alive, and for what is read again.
    pub fn without_progress(mut self) -> Self {
        self.is_progress = false;
        self
    }

    /// The stream is whole after this event, or was ended by it with an error of its own that the
    /// consumer gets to see: however its connection ends, it is not opened again, and ends well.
    /// What follows on the connection is still shown and passed on.
    pub fn last(mut self) -> Self {
        self.is_last = true;
        self
    }

    const fn of(out: Out, is_progress: bool) -> Self {
        Step {
            out,
            is_progress,
            is_last: false,
        }
    }
}
