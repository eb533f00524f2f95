//! One failure of one call, told message by message.

use super::Language;
use super::fluent::Value;
use super::kinds::{self, AGAIN};
use super::numbers::{size, time};
use crate::{Call, Explanation};
use buttress_core::{Action, Delivery, Failure, FailureKind, Hint, Phase, Reference, StopReason};
use std::net::IpAddr;
use std::time::Duration;

/// What the texts may speak of.
struct Scene<'a> {
    language: Language,
    failure: &'a Failure,
    host: Option<&'a str>,
    wait: Option<Duration>,
}

pub(super) fn explain(language: Language, failure: &Failure, call: &Call<'_>) -> Explanation {
    let scene = Scene {
        language,
        failure,
        host: call.host(),
        wait: failure.hint().and_then(Hint::after),
    };
    scene.explain()
}

impl Scene<'_> {
    fn explain(&self) -> Explanation {
        let failure = self.failure;
        let plot = kinds::plot(failure, self.host.is_some_and(is_local));
        let title = self.say(&format!("{}-title", plot.name));
        let mut told = Explanation::new(&title, &self.happened(plot.name))
            .with_language(self.language.tag())
            .with_side(&self.say(plot.side));
        let says_again = plot
            .steps
            .iter()
            .any(|step| [AGAIN, "step-then-again"].contains(step));
        if failure.is_transient() && !failure.kind().is_transient() && !says_again {
            // This one failure is known to pass, whatever is usual for its kind.
            told = told.with_step(&self.say(self.again()));
        }
        for step in plot.steps {
            // Who waits for an answer that never began has no use for what is said of long ones.
            if *step == "step-same-time" && !self.has_begun() {
                continue;
            }
            let step = if *step == AGAIN { self.again() } else { step };
            told = told.with_step(&self.say(step));
        }
        if let Some(tried) = self.tried() {
            told = told.with_tried(&tried);
        }
        if self.wait.is_some() {
            let too_long = failure.stopped() == Some(StopReason::HintTooLong);
            let id = if too_long {
                "come-back-in"
            } else {
                "come-back-pause"
            };
            told = told.with_come_back(&self.say(id));
        }
        match Reference::of(failure) {
            Some(reference) => told.with_reference(reference.clone()),
            None => told,
        }
    }

    /// The message with all that is known of this failure.
    fn say(&self, id: &str) -> String {
        let failure = self.failure;
        let size = self.arrived().map(|bytes| size(self.language, bytes));
        let limit = failure
            .limit()
            .map(|limit| time(self.language, limit.limit));
        let waited = failure.history().waited();
        let waited = (!waited.is_zero()).then(|| time(self.language, waited));
        let wait = self.wait.map(|wait| time(self.language, wait));
        let or = |text: &'_ Option<String>, other: &'static str| -> String {
            text.clone().unwrap_or_else(|| other.to_owned())
        };
        let (size, limit) = (or(&size, "unknown"), or(&limit, "unknown"));
        let (waited, wait) = (or(&waited, "none"), or(&wait, "unknown"));
        let count = |n: usize| Value::Number(n as u64);
        let args = [
            (
                "named",
                Value::Text(if self.host.is_some() { "yes" } else { "no" }),
            ),
            ("host", Value::Text(self.host.unwrap_or_default())),
            ("size", Value::Text(&size)),
            ("limit", Value::Text(&limit)),
            ("waited", Value::Text(&waited)),
            ("wait", Value::Text(&wait)),
            ("attempts", count(failure.attempts())),
            ("resumes", count(failure.history().count(Action::Resumed))),
        ];
        self.language.say(id, &args)
    }

    fn happened(&self, name: &str) -> String {
        use FailureKind as K;
        let place = match (self.failure.kind(), self.failure.delivery()) {
            (K::ConnectionClosed | K::ConnectionReset, delivery) => match delivery {
                Delivery::Partial { bytes: 0 } => "-beginning",
                Delivery::Partial { .. } => "-answering",
                // There was an answer, and it tells of a connection behind it.
                Delivery::Answered(_) => "-sometime",
                _ if !self.failure.is_phase_known() => "-sometime",
                _ => match self.failure.phase() {
                    Phase::Connect => "-connecting",
                    Phase::Send => "-sending",
                    Phase::Body => "-answering",
                    _ => "",
                },
            },
            (K::TimeoutIdle | K::TimeoutTotal, _) if self.arrived().is_some() => "-answering",
            _ => "",
        };
        let text = self.say(&format!("{name}{place}"));
        let text = ("text", Value::Text(&text));
        match self.failure.delivery() {
            Delivery::Answered(status) if status.is_client_error() || status.is_server_error() => {
                let args = [text, ("status", Value::Text(status.as_str()))];
                self.language.say("with-status", &args)
            }
            _ => self.language.say("sentence", &[text]),
        }
    }

    /// Whether the answer had begun.
    fn has_begun(&self) -> bool {
        let partial = matches!(self.failure.delivery(), Delivery::Partial { .. });
        partial || self.failure.phase() == Phase::Body
    }

    /// How much of the answer had arrived, if any of it had.
    fn arrived(&self) -> Option<u64> {
        match self.failure.delivery() {
            Delivery::Partial { bytes } if bytes > 0 => Some(bytes),
            _ => None,
        }
    }

    /// The step that says whether and when to send the request again.
    fn again(&self) -> &'static str {
        use FailureKind::{Overloaded, RateLimited};
        let failure = self.failure;
        let stopped = failure.stopped();
        match failure.delivery() {
            _ if stopped == Some(StopReason::NotRepeatable) => "again-may-be-done",
            _ if self.wait.is_some() => "again-after",
            _ if stopped == Some(StopReason::ServerSaidNo) => "again-said-no",
            _ if !failure.is_transient() => "again-useless",
            _ if failure.is_exhausted() && failure.attempts() > 1 => "again-minutes",
            // What is known is known of the last attempt only.
            Delivery::NotSent | Delivery::Refused if failure.history().is_empty() => {
                "again-unprocessed"
            }
            Delivery::Answered(_) => "again-minute",
            // The server turned it away, although no status says so.
            Delivery::Unknown if matches!(failure.kind(), RateLimited | Overloaded) => {
                "again-minute"
            }
            Delivery::Partial { .. } => "again-from-start",
            _ => "again",
        }
    }

    fn tried(&self) -> Option<String> {
        let resumes = self.failure.history().count(Action::Resumed);
        let stopped = self.failure.stopped();
        let tries = match (self.failure.attempts(), resumes) {
            (1, 0) => None,
            // The reason says it.
            (1, _) if stopped == Some(StopReason::AnswerDiffers) => None,
            (_, 0) => Some("tries-attempts"),
            (1, _) => Some("tries-resumes"),
            (_, _) => Some("tries-both"),
        };
        let stopped = stopped.map(|reason| format!("stopped-{}", reason.code()));
        let kept = self.arrived().map(|_| "kept-part");
        let said: Vec<String> = [tries, stopped.as_deref(), kept]
            .into_iter()
            .flatten()
            .map(|id| self.say(id))
            // A reason that is newer than these texts.
            .filter(|text| !text.is_empty())
            .collect();
        (!said.is_empty()).then(|| said.join(self.language.gap()))
    }
}

/// Whether the authority is one of the machine's own.
fn is_local(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next(),
        None => authority.split(':').next(),
    };
    let host = host.unwrap_or_default();
    let name = host.trim_end_matches('.').rsplit('.').next();
    let own = |ip: IpAddr| {
        let ip = ip.to_canonical();
        ip.is_loopback() || ip.is_unspecified()
    };
    name.is_some_and(|name| name.eq_ignore_ascii_case("localhost")) || host.parse().is_ok_and(own)
}
