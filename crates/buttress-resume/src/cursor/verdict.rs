use crate::plan::Plan;
use crate::verify::{self, Asked, Continuation};
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
    /// anything else ends the body. A failure that a layer below attached to the response counts for
    /// more than its head.
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
        match Failure::of(&response.extensions) {
            Some(failure) if failure.is_transient() => return Verdict::Again(failure.clone()),
            Some(failure) => return Verdict::Stop(failure.clone()),
            None => {}
        }
        let asked = Asked {
            plan: &Plan::Events,
            delivered: 0,
            overlap: 0,
            max_reread: 0,
        };
        match verify::verify(asked, response.status, &response.headers) {
            verify::Verdict::Continue(_) => Verdict::Continue,
            verify::Verdict::Finished => Verdict::Complete,
            verify::Verdict::Again(failure) => Verdict::Again(failure),
            verify::Verdict::Stop(failure) => Verdict::Stop(failure),
        }
    }
}

impl From<Verdict> for verify::Verdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Continue => verify::Verdict::Continue(Continuation::default()),
            Verdict::Complete => verify::Verdict::Finished,
            Verdict::Again(failure) => verify::Verdict::Again(failure),
            Verdict::Stop(failure) => verify::Verdict::Stop(failure),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use buttress_core::FailureKind;

    #[test]
    fn what_a_layer_below_says_counts_for_more_than_the_head() {
        for status in [200, 204, 404, 503] {
            for (kind, is_again) in [(FailureKind::Overloaded, true), (FailureKind::Auth, false)] {
                let (mut head, ()) = http::Response::new(()).into_parts();
                head.status = http::StatusCode::from_u16(status).unwrap();
                Failure::new(kind).attach(&mut head.extensions);
                match Verdict::of_event_stream(&head) {
                    Verdict::Again(failure) if is_again => assert_eq!(failure.kind(), kind),
                    Verdict::Stop(failure) if !is_again => assert_eq!(failure.kind(), kind),
                    other => panic!("{status} {kind}: {other:?}"),
                }
            }
        }
    }
}
