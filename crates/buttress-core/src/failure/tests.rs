use super::*;
use std::io;
use std::time::Duration;

fn reset() -> BoxError {
    io::Error::from(io::ErrorKind::ConnectionReset).into()
}

#[derive(Debug)]
struct Wrapper(BoxError);

impl fmt::Display for Wrapper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("wrapper")
    }
}

impl Error for Wrapper {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

#[test]
fn is_one_pointer_wide_and_shareable() {
    assert_eq!(size_of::<Failure>(), size_of::<usize>());
    assert_eq!(size_of::<Option<Failure>>(), size_of::<usize>());
    fn shareable<T: Send + Sync + Clone + 'static>() {}
    shareable::<Failure>();
}

#[test]
fn a_failure_in_the_chain_is_found_and_not_wrapped_again() {
    let original = Failure::from(reset()).with_delivery(Delivery::Partial { bytes: 7 });
    for wrapped in [
        BoxError::from(original.clone()),
        BoxError::from(Wrapper(original.clone().into())),
        BoxError::from(Wrapper(Wrapper(original.clone().into()).into())),
        // The content of an io::Error is no `source()` of it.
        BoxError::from(io::Error::other(original.clone())),
    ] {
        let found = Failure::from(wrapped);
        assert_eq!(found.delivery(), Delivery::Partial { bytes: 7 });
        let failures = Chain::new(&found).filter(|e| e.is::<Failure>()).count();
        assert_eq!(failures, 1);
        assert!(found.find::<io::Error>().is_some());
    }
}

#[test]
fn the_body_phase_counts_what_arrived() {
    let failure = Failure::in_body(reset(), 12_000);
    assert_eq!(failure.phase(), Phase::Body);
    assert_eq!(failure.delivery(), Delivery::Partial { bytes: 12_000 });
    assert_eq!(
        failure.to_string(),
        "the connection to the server was reset after 12000 bytes of the answer"
    );
    // A failure that already knows keeps what it knows.
    let again = Failure::in_body(failure, 3);
    assert_eq!(again.delivery(), Delivery::Partial { bytes: 12_000 });
}

#[test]
fn an_attached_failure_outweighs_the_status() {
    let mut response = Response::new(());
    assert!(Failure::of_response(&response).is_none());
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let by_status = Failure::of_response(&response).unwrap();
    assert_eq!(
        by_status.delivery(),
        Delivery::Answered(StatusCode::SERVICE_UNAVAILABLE)
    );
    Failure::from(reset()).attach(response.extensions_mut());
    let attached = Failure::of_response(&response).unwrap();
    assert_eq!(attached.kind(), FailureKind::ConnectionReset);
}

#[test]
fn a_stop_that_spent_tries_marks_the_failure_exhausted() {
    let failure = Failure::from(reset());
    assert!(!failure.is_exhausted());
    assert!(
        !failure
            .clone()
            .with_stopped(StopReason::NotRepeatable)
            .is_exhausted()
    );
    assert!(failure.with_stopped(StopReason::Attempts).is_exhausted());
}

#[test]
fn debug_redacts_the_chain() {
    let error = io::Error::other("GET https://user:hunter2@example.com/?key=sk-secret failed");
    let failure = Failure::from(BoxError::from(error));
    let debug = format!("{failure:?}");
    assert!(!debug.contains("hunter2"), "{debug}");
    assert!(!debug.contains("sk-secret"), "{debug}");
    assert!(!failure.to_string().contains("hunter2"));
}

#[test]
fn every_kind_has_a_sentence_without_jargon() {
    for kind in FailureKind::ALL {
        let sentence = Failure::new(*kind).to_string();
        assert!(sentence.len() > 12, "{kind}");
        for jargon in ["hyper", "tokio", "h2", "error", "EOF", "_"] {
            assert!(!sentence.contains(jargon), "{kind}: {sentence}");
        }
    }
}

#[test]
fn a_sentence_says_where_it_happened_and_what_was_tried() {
    let reset = || Failure::new(FailureKind::ConnectionReset);
    let busy = Failure::new(FailureKind::Overloaded);
    let answered = Delivery::Answered(http::StatusCode::SERVICE_UNAVAILABLE);
    let limit = Limit::new(Duration::from_secs(5), Duration::from_secs(6));
    let after = |actions: &[Action]| {
        let mut earlier = History::new();
        for action in actions {
            let kind = FailureKind::ConnectionReset;
            let zero = Duration::ZERO;
            earlier.push(Attempt::new(kind, Phase::Head, *action, zero, zero));
        }
        reset().with_phase(Phase::Head).with_earlier(&earlier)
    };
    for (failure, expected) in [
        (reset().with_phase(Phase::Connect), ""),
        (reset().with_phase(Phase::Head), " before it answered"),
        (reset().with_phase(Phase::Body), " during the answer"),
        (
            Failure::new(FailureKind::ConnectionClosed).with_phase(Phase::Head),
            " before it answered",
        ),
        // It says nothing about the kind.
        (busy.clone().with_phase(Phase::Head), ""),
        (busy.clone().with_phase(Phase::Body), ""),
        (busy.with_delivery(answered), " (status 503)"),
        (
            reset().with_delivery(Delivery::Partial { bytes: 7 }),
            " after 7 bytes of the answer",
        ),
        (
            Failure::new(FailureKind::TimeoutHead).with_limit(limit),
            " (limit 5s)",
        ),
        (
            reset().with_delivery(Delivery::Partial { bytes: 1 }),
            " after 1 byte of the answer",
        ),
        (
            after(&[Action::Retried; 2]),
            " before it answered, after 3 attempts",
        ),
        (
            after(&[Action::Resumed]),
            " before it answered, continued once",
        ),
        (
            after(&[Action::Retried, Action::Resumed, Action::Resumed]),
            " before it answered, after 2 attempts, continued 2 times",
        ),
    ] {
        let sentence = failure.to_string();
        let bare = Failure::new(failure.kind()).with_phase(Phase::Connect);
        assert_eq!(sentence, format!("{bare}{expected}"));
    }
}
