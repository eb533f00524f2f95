//! What happens to calls, as it happens: for logs and for metrics.
//!
//! The layers that try again tell each [`Event`] to `tracing`, under the target `buttress`, and to
//! the [`Observer`] of their configuration. Nothing is told while nothing fails. Each layer tells of its
//! own calls, whatever one below has told: where two retry, the end of a call is told by both, and the
//! outer one's `resend_count` is how often it sent the call again itself.
//!
//! | event | level | fields |
//! |---|---|---|
//! | an attempt failed and another follows | `INFO` | all but `buttress.reason` |
//! | the call came through after all | `INFO` | `buttress.action`, `http.request.resend_count` |
//! | no further attempt follows | `WARN` | all but `buttress.wait_ms` |
//!
//! | field | what it is |
//! |---|---|
//! | `http.request.resend_count` | how often the call was sent again, as OpenTelemetry's semantic conventions for HTTP name it |
//! | `error.type` | the [code](crate::FailureKind::code) of the failure's kind, likewise |
//! | `buttress.action` | `retried` or `resumed` |
//! | `buttress.phase` | the [code](crate::Phase::code) of the failure's phase |
//! | `buttress.wait_ms` | the wait before the next attempt, in milliseconds |
//! | `buttress.reason` | the [code](crate::StopReason::code) of why it ended |
//!
//! None of them holds text from outside.

use crate::{Action, Failure};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What happened to a call.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// An attempt failed, and another follows after a wait.
    Again {
        /// What the next attempt is.
        action: Action,
        /// How this one failed.
        failure: &'a Failure,
        /// The number of the next attempt among those sent again: 1 for the first.
        resend_count: u32,
        /// How long the wait is.
        wait: Duration,
    },
    /// The call came through after attempts that failed.
    Recovered {
        /// What the attempts were.
        action: Action,
        /// How often it was sent again.
        resend_count: u32,
    },
    /// An attempt failed, and none follows. [`Failure::stopped`] says why.
    GaveUp {
        /// What the attempts were, or would have been.
        action: Action,
        /// How the last one failed.
        failure: &'a Failure,
        /// How often it was sent again.
        resend_count: u32,
    },
}

/// Is told what happens to calls.
///
/// Called on the task that polls the call, so it must neither block nor panic. Implemented by every
/// `Fn(&Event<'_>)`.
///
/// ```
/// use buttress_core::observe::{Event, Observer};
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// #[derive(Default)]
/// struct Resends(AtomicU32);
///
/// impl Observer for Resends {
///     fn on_event(&self, event: &Event<'_>) {
///         if let Event::Again { .. } = event {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
/// ```
pub trait Observer: Send + Sync {
    /// Something happened.
    fn on_event(&self, event: &Event<'_>);
}

impl<F> Observer for F
where
    F: Fn(&Event<'_>) + Send + Sync,
{
    fn on_event(&self, event: &Event<'_>) {
        self(event);
    }
}

/// Whom a layer tells: `tracing`, and an [`Observer`] if there is one. Part of its configuration.
#[derive(Clone, Default)]
pub struct Watch(Option<Arc<dyn Observer>>);

impl Watch {
    /// Tells this observer too.
    #[must_use]
    pub fn by(observer: impl Observer + 'static) -> Self {
        Watch(Some(Arc::new(observer)))
    }

    /// Whether there is an observer, besides `tracing`.
    #[must_use]
    pub const fn has_observer(&self) -> bool {
        self.0.is_some()
    }

    /// Tells what happened.
    #[cold]
    pub fn tell(&self, event: &Event<'_>) {
        trace(event);
        if let Some(observer) = &self.0 {
            observer.on_event(event);
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Watch").field(&self.0.is_some()).finish()
    }
}

fn trace(event: &Event<'_>) {
    match *event {
        Event::Again {
            action,
            failure,
            resend_count,
            wait,
        } => tracing::info!(
            target: "buttress",
            {
            "buttress.action" = action.code(),
            "error.type" = failure.kind().code(),
            "buttress.phase" = failure.phase().code(),
            "http.request.resend_count" = resend_count,
            "buttress.wait_ms" = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
            },
            "an attempt failed, another follows"
        ),
        Event::Recovered {
            action,
            resend_count,
        } => tracing::info!(
            target: "buttress",
            {
            "buttress.action" = action.code(),
            "http.request.resend_count" = resend_count,
            },
            "the call came through after all"
        ),
        Event::GaveUp {
            action,
            failure,
            resend_count,
        } => tracing::warn!(
            target: "buttress",
            {
            "buttress.action" = action.code(),
            "error.type" = failure.kind().code(),
            "buttress.phase" = failure.phase().code(),
            "buttress.reason" = failure.stopped().map(crate::StopReason::code),
            "http.request.resend_count" = resend_count,
            },
            "an attempt failed, none follows"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FailureKind, StopReason};
    use std::fmt::Write;
    use std::sync::Mutex;
    use tracing::field::{Field, Visit};
    use tracing::{Metadata, span, subscriber};

    /// Writes down target, level and fields of every event.
    #[derive(Clone, Default)]
    struct Notes(Arc<Mutex<String>>);

    struct Fields<'a>(&'a mut String);

    impl Visit for Fields<'_> {
        fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
            let _ = write!(self.0, " {}={value:?}", field.name());
        }
    }

    impl tracing::Subscriber for Notes {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }
        fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
            span::Id::from_u64(1)
        }
        fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
        fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
        fn event(&self, event: &tracing::Event<'_>) {
            let mut notes = self.0.lock().unwrap();
            let level = event.metadata().level();
            let _ = write!(notes, "{} {}", event.metadata().target(), level);
            event.record(&mut Fields(&mut notes));
            notes.push('\n');
        }
        fn enter(&self, _: &span::Id) {}
        fn exit(&self, _: &span::Id) {}
    }

    #[test]
    fn events_have_the_documented_fields_and_reach_the_observer() {
        let failure = Failure::new(FailureKind::ConnectionReset)
            .with_source("sk-secret")
            .with_stopped(StopReason::Attempts);
        let notes = Notes::default();
        let seen = Arc::new(Mutex::new(0));
        let counter = seen.clone();
        let watched = Watch::by(move |_: &Event<'_>| *counter.lock().unwrap() += 1);
        subscriber::with_default(notes.clone(), || {
            for event in [
                Event::Again {
                    action: Action::Retried,
                    failure: &failure,
                    resend_count: 1,
                    wait: Duration::from_millis(250),
                },
                Event::Recovered {
                    action: Action::Resumed,
                    resend_count: 1,
                },
                Event::GaveUp {
                    action: Action::Retried,
                    failure: &failure,
                    resend_count: 4,
                },
            ] {
                watched.tell(&event);
                Watch::default().tell(&event);
            }
        });
        assert_eq!(*seen.lock().unwrap(), 3);
        let notes = notes.0.lock().unwrap();
        let lines: Vec<&str> = notes.lines().step_by(2).collect();
        assert_eq!(
            lines,
            [
                "buttress INFO message=an attempt failed, another follows \
                 buttress.action=\"retried\" error.type=\"connection_reset\" \
                 buttress.phase=\"head\" http.request.resend_count=1 buttress.wait_ms=250",
                "buttress INFO message=the call came through after all \
                 buttress.action=\"resumed\" http.request.resend_count=1",
                "buttress WARN message=an attempt failed, none follows \
                 buttress.action=\"retried\" error.type=\"connection_reset\" \
                 buttress.phase=\"head\" buttress.reason=\"attempts\" \
                 http.request.resend_count=4",
            ]
        );
    }
}
