//! What `GET /metrics` tells, in the text format that Prometheus reads.
//!
//! | metric | what | labels |
//! |---|---|---|
//! | `gateway_requests_total` | requests that ended | `route`, `status` (`2xx`; `none` when the client left first), `end` as in the [log](crate::log) |
//! | `gateway_requests_in_flight` | requests that have not ended | `route` |
//! | `gateway_request_duration_seconds` | from a request's head to its answer's end | `route` |
//! | `gateway_upstream_requests_total` | what was sent to the upstream, tries included | `route` |
//! | `gateway_response_bytes_total` | bytes of bodies, as they went to clients | `route` |
//! | `gateway_resends_total` | requests that were sent again | `action` (`retried`, `resumed`), `error_type` |
//! | `gateway_recovered_total` | calls that came through after that | `action` |
//! | `gateway_gave_up_total` | calls that failed for good | `action`, `error_type`, `reason` |

use buttress_core::StopReason;
use buttress_core::observe::{Event, Observer};
use http::StatusCode;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Bounds of the histogram of durations: a quarter of a second to 20 minutes.
const BOUNDS: [f64; 10] = [0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 30.0, 60.0, 300.0, 1200.0];

/// All counters. A clone counts into the same ones.
#[derive(Clone)]
pub struct Metrics(Arc<All>);

struct All {
    registry: Registry,
    requests: Family<Ended, Counter>,
    in_flight: Family<Routed, Gauge>,
    durations: Family<Routed, Histogram, fn() -> Histogram>,
    upstream: Family<Routed, Counter>,
    bytes: Family<Routed, Counter>,
    resends: Family<Resent, Counter>,
    recovered: Family<Recovered, Counter>,
    gave_up: Family<GaveUp, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Routed {
    route: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    route: Arc<str>,
    status: &'static str,
    end: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Resent {
    action: &'static str,
    error_type: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Recovered {
    action: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct GaveUp {
    action: &'static str,
    error_type: &'static str,
    reason: &'static str,
}

/// The counters of one route, looked up once.
#[derive(Debug)]
pub(crate) struct Meters {
    route: Arc<str>,
    requests: Family<Ended, Counter>,
    /// Those that ended as nearly all do.
    completed: Counter,
    in_flight: Gauge,
    durations: Histogram,
    upstream: Counter,
    bytes: Counter,
}

impl Metrics {
    /// With nothing counted yet.
    #[must_use]
    pub fn new() -> Self {
        let mut all = All {
            registry: Registry::with_prefix("gateway"),
            requests: Family::default(),
            in_flight: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(BOUNDS)),
            upstream: Family::default(),
            bytes: Family::default(),
            resends: Family::default(),
            recovered: Family::default(),
            gave_up: Family::default(),
        };
        let to = &mut all.registry;
        to.register("requests", "Requests that ended", all.requests.clone());
        to.register(
            "requests_in_flight",
            "Requests that have not ended",
            all.in_flight.clone(),
        );
        to.register(
            "request_duration_seconds",
            "From a request's head to its answer's end",
            all.durations.clone(),
        );
        to.register(
            "upstream_requests",
            "What was sent to the upstream, tries included",
            all.upstream.clone(),
        );
        to.register(
            "response_bytes",
            "Bytes of bodies, as they went to clients",
            all.bytes.clone(),
        );
        to.register(
            "resends",
            "Requests that were sent again",
            all.resends.clone(),
        );
        to.register(
            "recovered",
            "Calls that came through after being sent again",
            all.recovered.clone(),
        );
        to.register("gave_up", "Calls that failed for good", all.gave_up.clone());
        Metrics(Arc::new(all))
    }

    /// All of it as text.
    pub(crate) fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        text::encode(&mut text, &self.0.registry)?;
        Ok(text)
    }

    pub(crate) fn meters(&self, route: &str) -> Meters {
        let all = &self.0;
        let route: Arc<str> = route.into();
        let routed = Routed {
            route: Arc::clone(&route),
        };
        let completed = Ended {
            route: Arc::clone(&route),
            status: "2xx",
            end: "complete",
        };
        Meters {
            completed: all.requests.get_or_create_owned(&completed),
            in_flight: all.in_flight.get_or_create_owned(&routed),
            durations: all.durations.get_or_create_owned(&routed),
            upstream: all.upstream.get_or_create_owned(&routed),
            bytes: all.bytes.get_or_create_owned(&routed),
            requests: all.requests.clone(),
            route,
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Metrics::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics(..)")
    }
}

impl Observer for Metrics {
    fn on_event(&self, event: &Event<'_>) {
        let all = &self.0;
        match *event {
            Event::Again {
                action, failure, ..
            } => {
                let labels = Resent {
                    action: action.code(),
                    error_type: failure.kind().code(),
                };
                all.resends.get_or_create(&labels).inc();
            }
            Event::Recovered { action, .. } => {
                let action = action.code();
                all.recovered.get_or_create(&Recovered { action }).inc();
            }
            Event::GaveUp {
                action, failure, ..
            } => {
                let labels = GaveUp {
                    action: action.code(),
                    error_type: failure.kind().code(),
                    reason: failure.stopped().map_or("unknown", StopReason::code),
                };
                all.gave_up.get_or_create(&labels).inc();
            }
            _ => {}
        }
    }
}

impl Meters {
    pub(crate) fn began(&self) {
        self.in_flight.inc();
    }

    pub(crate) fn ended(
        &self,
        status: Option<StatusCode>,
        end: &'static str,
        tries: u32,
        bytes: u64,
        took: Duration,
    ) {
        self.in_flight.dec();
        self.upstream.inc_by(u64::from(tries));
        self.bytes.inc_by(bytes);
        self.durations.observe(took.as_secs_f64());
        let status = class(status);
        if (status, end) == ("2xx", "complete") {
            self.completed.inc();
        } else {
            let route = Arc::clone(&self.route);
            self.requests
                .get_or_create(&Ended { route, status, end })
                .inc();
        }
    }
}

fn class(status: Option<StatusCode>) -> &'static str {
    match status.map(|status| status.as_u16() / 100) {
        None => "none",
        Some(1) => "1xx",
        Some(2) => "2xx",
        Some(3) => "3xx",
        Some(4) => "4xx",
        Some(5) => "5xx",
        Some(_) => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use buttress_core::{Action, Failure, FailureKind};

    #[test]
    fn what_happened_is_told() {
        let metrics = Metrics::new();
        let meters = metrics.meters("/openai");
        meters.began();
        meters.began();
        meters.began();
        let second = Duration::from_secs(1);
        meters.ended(Some(StatusCode::OK), "complete", 2, 100, second);
        meters.ended(None, "client_left", 1, 0, second);
        let failure = Failure::new(FailureKind::ConnectionReset).with_stopped(StopReason::Attempts);
        metrics.on_event(&Event::Again {
            action: Action::Retried,
            failure: &failure,
            resend_count: 1,
            wait: Duration::ZERO,
        });
        metrics.on_event(&Event::Recovered {
            action: Action::Retried,
            resend_count: 1,
        });
        metrics.on_event(&Event::GaveUp {
            action: Action::Resumed,
            failure: &failure,
            resend_count: 4,
        });
        let text = metrics.text().unwrap();
        for line in [
            "gateway_requests_total{route=\"/openai\",status=\"2xx\",end=\"complete\"} 1",
            "gateway_requests_total{route=\"/openai\",status=\"none\",end=\"client_left\"} 1",
            "gateway_requests_in_flight{route=\"/openai\"} 1",
            "gateway_request_duration_seconds_count{route=\"/openai\"} 2",
            "gateway_upstream_requests_total{route=\"/openai\"} 3",
            "gateway_response_bytes_total{route=\"/openai\"} 100",
            "gateway_resends_total{action=\"retried\",error_type=\"connection_reset\"} 1",
            "gateway_recovered_total{action=\"retried\"} 1",
            "gateway_gave_up_total{action=\"resumed\",error_type=\"connection_reset\",reason=\"attempts\"} 1",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\n{text}");
        }
        assert!(text.ends_with("# EOF\n"));
    }
}
