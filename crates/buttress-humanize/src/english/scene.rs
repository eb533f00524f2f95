//! What all English explanations share: who, how far, what was tried, and when to try again.

use crate::numbers::{Size, Time, Times};
use crate::status::attempts;
use crate::{Call, Explanation, Reference};
use buttress_core::{Action, Delivery, Failure, Hint, Phase, StopReason};
use std::time::Duration;

/// One failure of one call, as the texts ask about it.
pub(super) struct Scene<'a> {
    failure: &'a Failure,
    host: Option<&'a str>,
    wait: Option<Duration>,
}

/// How far the call had come.
pub(super) enum Progress {
    Connecting,
    Sending,
    Waiting,
    /// The answer had begun; this much of its body had arrived, where that is known.
    Answering(Option<u64>),
}

impl<'a> Scene<'a> {
    pub(super) fn new(failure: &'a Failure, call: &Call<'a>) -> Self {
        Scene {
            failure,
            host: call.host(),
            wait: failure.hint().and_then(Hint::after),
        }
    }

    /// The server in the middle of a sentence.
    pub(super) fn host(&self) -> &'a str {
        self.host.unwrap_or("the server")
    }

    /// The server at the start of a sentence.
    pub(super) fn start(&self) -> &'a str {
        self.host.unwrap_or("The server")
    }

    pub(super) fn progress(&self) -> Progress {
        match (self.failure.phase(), self.failure.delivery()) {
            (_, Delivery::Partial { bytes }) => Progress::Answering(Some(bytes)),
            (Phase::Body, _) => Progress::Answering(None),
            (Phase::Connect, _) => Progress::Connecting,
            (Phase::Send, _) => Progress::Sending,
            _ => Progress::Waiting,
        }
    }

    /// How much of the answer had arrived, if any of it had.
    pub(super) fn arrived(&self) -> Option<u64> {
        match self.failure.delivery() {
            Delivery::Partial { bytes } if bytes > 0 => Some(bytes),
            _ => None,
        }
    }

    /// The limit that was passed: ` within 10 s`, or ` in time` where it is not known.
    pub(super) fn within(&self) -> String {
        match self.failure.limit() {
            Some(limit) => format!(" within {}", Time(limit.limit)),
            None => " in time".to_owned(),
        }
    }

    /// The limit that was passed, as `2 min` or in these words.
    pub(super) fn limit_or(&self, words: &str) -> String {
        match self.failure.limit() {
            Some(limit) => Time(limit.limit).to_string(),
            None => words.to_owned(),
        }
    }

    /// Begins an explanation; `happened` is a sentence without its full stop.
    pub(super) fn tell(&self, title: &str, happened: &str) -> Explanation {
        match self.failure.delivery() {
            Delivery::Answered(status) if status.is_client_error() || status.is_server_error() => {
                Explanation::new(title, &format!("{happened} (status {}).", status.as_u16()))
            }
            _ => Explanation::new(title, &format!("{happened}.")),
        }
    }

    /// Adds what does not depend on the kind.
    pub(super) fn finish(&self, told: Explanation) -> Explanation {
        let kind = self.failure.kind();
        let mut told = if self.failure.is_transient() && !kind.is_transient() {
            // This one failure is known to pass, whatever is usual for its kind.
            told.with_first_step(&self.again())
        } else {
            told
        };
        if let Some(tried) = self.tried() {
            told = told.with_tried(&tried);
        }
        if let Some(come_back) = self.come_back() {
            told = told.with_come_back(&come_back);
        }
        match self.failure.details().get::<Reference>() {
            Some(reference) => told.with_reference(reference.clone()),
            None => told,
        }
    }

    /// The step that says whether and when to send the request again.
    pub(super) fn again(&self) -> String {
        let failure = self.failure;
        let stopped = failure.stopped();
        if stopped == Some(StopReason::NotRepeatable) {
            return "Find out first whether the request has already done what it was meant to do; \
                    send it again only if it has not."
                .to_owned();
        }
        if let Some(wait) = self.wait {
            return format!("Wait {}, then try again.", Time(wait));
        }
        if stopped == Some(StopReason::ServerSaidNo) {
            return "Leave it for now and try again later: the server asked for no further \
                    attempts."
                .to_owned();
        }
        if !failure.is_transient() {
            return "Trying the same again will probably not help before something has changed."
                .to_owned();
        }
        let attempts = attempts(failure);
        if failure.is_exhausted() && attempts > 1 {
            return format!(
                "Wait a few minutes, then try again: {attempts} attempts have just failed, so one \
                 more right now would probably fail too."
            );
        }
        match failure.delivery() {
            Delivery::NotSent | Delivery::Refused => "Try again in a moment. The request was not \
                processed, so nothing can happen twice."
                .to_owned(),
            Delivery::Answered(_) => "Try again in a minute.".to_owned(),
            Delivery::Partial { .. } => "Try again; the answer will start from the beginning. If \
                the request changes something (a payment, a message, a file), check first whether \
                that has already happened."
                .to_owned(),
            _ => "Try again. If the request changes something (a payment, a message, a file), \
                check first whether that has already happened."
                .to_owned(),
        }
    }

    fn tried(&self) -> Option<String> {
        let mut said = Vec::new();
        said.extend(self.tries());
        said.extend(self.why_stopped().map(str::to_owned));
        if let Some(bytes) = self.arrived() {
            said.push(format!(
                "The part of the answer that had arrived ({}) was passed on; the rest is missing.",
                Size(bytes)
            ));
        }
        (!said.is_empty()).then(|| said.join(" "))
    }

    /// How often it was tried and how long that was waited for.
    fn tries(&self) -> Option<String> {
        let attempts = attempts(self.failure);
        let resumes = Times(self.failure.history().count(Action::Resumed));
        let mut sentence = match (attempts, resumes.0) {
            (1, 0) => return None,
            (_, 0) => format!("The request was tried {}", Times(attempts)),
            (1, _) => format!("The answer was continued {resumes} from where it had stopped"),
            (_, _) => format!(
                "The request was tried {} and the answer continued {resumes} from where it had \
                 stopped",
                Times(attempts)
            ),
        };
        let waited = self.failure.history().waited();
        if !waited.is_zero() {
            sentence += &format!(", with {} of waiting in between", Time(waited));
        }
        Some(sentence + ".")
    }

    fn why_stopped(&self) -> Option<&'static str> {
        Some(match self.failure.stopped()? {
            StopReason::NotTransient => {
                "It was not tried again, because the outcome would have been the same."
            }
            StopReason::NotRepeatable => {
                "It was not sent again automatically, because it may already have had its effect."
            }
            StopReason::BodyNotReplayable => {
                "It could not be sent again automatically, because its content had not been kept."
            }
            StopReason::NotResumable => {
                "The answer could not be continued where it stopped, because nothing shows that \
                 the rest would fit."
            }
            StopReason::ServerSaidNo => "The server asked for no further attempts.",
            StopReason::Attempts => "That is as often as is allowed.",
            StopReason::Elapsed => "The time allowed for trying is used up.",
            StopReason::Deadline => "The time set for this call left no room for another attempt.",
            StopReason::HintTooLong => {
                "The server asked for a longer pause than this call is allowed to wait."
            }
            StopReason::Budget => {
                "Many calls are failing at the moment, so it was not tried again, in order not to \
                 make matters worse."
            }
            StopReason::NoProgress => "Attempt after attempt brought nothing new.",
            _ => return None,
        })
    }

    fn come_back(&self) -> Option<String> {
        let wait = Time(self.wait?);
        Some(if self.failure.stopped() == Some(StopReason::HintTooLong) {
            format!("Come back in {wait}.")
        } else {
            format!("The server asked for a pause of {wait}.")
        })
    }
}
