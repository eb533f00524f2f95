use crate::plan::Plan;
use crate::verify;
use buttress_core::Failure;
use http::response;

/// Whether a re-opened response continues a stream: a [`Cursor`](crate::Cursor)'s judgement of its
/// head.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Verdict {
    /// It does: its events follow.
    Continue,
    /// There is nothing more: the stream was whole.
    Complete,
    /// Not this time. A further try may help, after what the failure's
    /// [hint](Failure::hint) asks for.
    Again(Failure),
    /// It can't be continued.
    Stop(Failure),
}

impl Verdict {
    /// What is asked of any event stream: a 200 with that type, uncoded, continues; a 204 is the end
    /// (HTML standard, 9.2.3); 408, 425, 429 and what a server fails with for a while are worth another try;
    /// anything else ends the body.
    ///
    /// ```
    /// use buttress_resume::Verdict;
    ///
    /// let (head, _) = http::Response::builder()
    ///     .header("content-type", "text/event-stream")
    ///     .body(())?
    ///     .into_parts();
    /// assert!(matches!(Verdict::of_event_stream(&head), Verdict::Continue));
    ///
    /// let (head, _) = http::Response::builder().status(503).body(())?.into_parts();
    /// assert!(matches!(Verdict::of_event_stream(&head), Verdict::Again(_)));
    /// # Ok::<(), http::Error>(())
    /// ```
    #[must_use]
    pub fn of_event_stream(response: &response::Parts) -> Self {
        match verify::verify(&Plan::Events, 0, 0, response.status, &response.headers) {
            verify::Verdict::Continue { .. } => Verdict::Continue,
            verify::Verdict::Finished => Verdict::Complete,
            verify::Verdict::Again(failure) => Verdict::Again(failure),
            verify::Verdict::Stop(failure) => Verdict::Stop(failure),
        }
    }
}

impl From<Verdict> for verify::Verdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Continue => verify::Verdict::Continue {
                skip: 0,
                complete: None,
            },
            Verdict::Complete => verify::Verdict::Finished,
            Verdict::Again(failure) => verify::Verdict::Again(failure),
            Verdict::Stop(failure) => verify::Verdict::Stop(failure),
        }
    }
}
