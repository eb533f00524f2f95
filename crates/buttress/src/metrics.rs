use buttress_core::StopReason;
use buttress_core::observe::{Event, Observer};

/// An observer that counts what happens to calls with the [`metrics`](https://docs.rs/metrics)
/// facade, whichever recorder the program installed.
///
/// | counter | counts | labels |
/// |---|---|---|
/// | `buttress.resends` | attempts that were sent again | `buttress.action`, `error.type` |
/// | `buttress.recovered` | calls that came through after that | `buttress.action` |
/// | `buttress.gave_up` | calls and bodies that failed for good | `buttress.action`, `error.type`, `buttress.reason` |
///
/// The labels are those of the [events](buttress_core::observe). `error.type` is OpenTelemetry's, which has
/// no counters of this kind; the other names are our own.
///
/// ```
/// use buttress::Metrics;
/// use buttress::prelude::*;
///
/// let retry = RetryConfig::builder().observer(Metrics).build()?;
/// let resume = ResumeConfig::builder().observer(Metrics).build()?;
/// let client = ClientLayer::builder().retry(retry).resume(resume).build()?;
/// # let _: ClientLayer = client;
/// # Ok::<(), buttress::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::exhaustive_structs, reason = "it holds nothing and never will")]
pub struct Metrics;

impl Observer for Metrics {
    fn on_event(&self, event: &Event<'_>) {
        match *event {
            Event::Again {
                action, failure, ..
            } => metrics::counter!(
                "buttress.resends",
                "buttress.action" => action.code(),
                "error.type" => failure.kind().code(),
            )
            .increment(1),
            Event::Recovered { action, .. } => metrics::counter!(
                "buttress.recovered",
                "buttress.action" => action.code(),
            )
            .increment(1),
            Event::GaveUp {
                action, failure, ..
            } => metrics::counter!(
                "buttress.gave_up",
                "buttress.action" => action.code(),
                "error.type" => failure.kind().code(),
                "buttress.reason" => failure.stopped().map_or("unknown", StopReason::code),
            )
            .increment(1),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use buttress_core::{Action, Failure, FailureKind};
    use metrics::{
        Counter, CounterFn, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
    };
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    /// Writes down which counters were incremented.
    #[derive(Clone, Default)]
    struct Notes(Arc<Mutex<Vec<String>>>);

    struct Noted(String, Notes);

    impl CounterFn for Noted {
        fn increment(&self, value: u64) {
            let note = format!("{} +{value}", self.0);
            self.1.0.lock().unwrap().push(note);
        }
        fn absolute(&self, _: u64) {}
    }

    impl Recorder for Notes {
        fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
            let labels: Vec<_> = key
                .labels()
                .map(|label| format!("{}={}", label.key(), label.value()))
                .collect();
            let name = format!("{} {}", key.name(), labels.join(" "));
            Counter::from_arc(Arc::new(Noted(name, self.clone())))
        }
        fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
            Gauge::noop()
        }
        fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
            Histogram::noop()
        }
    }

    #[test]
    fn each_event_is_counted_under_its_labels() {
        let failure = Failure::new(FailureKind::ConnectionReset).with_stopped(StopReason::Attempts);
        let notes = Notes::default();
        metrics::with_local_recorder(&notes, || {
            Metrics.on_event(&Event::Again {
                action: Action::Resumed,
                failure: &failure,
                resend_count: 3,
                wait: Duration::ZERO,
            });
            Metrics.on_event(&Event::Recovered {
                action: Action::Resumed,
                resend_count: 3,
            });
            Metrics.on_event(&Event::GaveUp {
                action: Action::Retried,
                failure: &failure,
                resend_count: 4,
            });
        });
        assert_eq!(
            *notes.0.lock().unwrap(),
            [
                "buttress.resends buttress.action=resumed error.type=connection_reset +1",
                "buttress.recovered buttress.action=resumed +1",
                "buttress.gave_up buttress.action=retried error.type=connection_reset \
                 buttress.reason=attempts +1",
            ]
        );
    }
}
