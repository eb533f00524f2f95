//! From an error or a response to a classification.
//!
//! The evidence is read in this order, best first:
//!
//! 1. typed errors anywhere in the chain (`io` always; `hyper`, `hyper-util`, `h2`, `rustls`,
//!    `reqwest`, `tower` and `tower-http` each behind the feature of its name), where an `errno`
//!    outweighs the words beside it, because platforms localise the words;
//! 2. protocol codes (HTTP/2 reasons, TLS alerts);
//! 3. the status and headers of a response, and what its [body](body()) adds to them;
//! 4. text, as the last resort: other runtimes' errors arrive as nothing else. It names the trouble, but
//!    never proves that a request was not sent: a type does, or who asks while connecting.
//!
//! Everything here is a pure function.
//!
//! ```
//! use buttress_core::classify;
//! use buttress_core::{Delivery, FailureKind, Phase};
//! use std::io;
//!
//! let reset = io::Error::from_raw_os_error(104);
//! # #[cfg(target_os = "linux")] {
//! let class = classify::error(&reset, Phase::Body);
//! assert_eq!(class.kind, FailureKind::ConnectionReset);
//! assert_eq!(class.delivery, Delivery::Unknown);
//! # }
//!
//! let class = classify::text("read ECONNRESET").expect("known text");
//! assert_eq!(class.kind, FailureKind::ConnectionReset);
//! ```

mod body;
mod chain;
mod grpc;
#[cfg(feature = "h2")]
mod h2;
#[cfg(feature = "hyper")]
mod hyper;
#[cfg(feature = "hyper-util")]
mod hyper_util;
mod io;
#[cfg(feature = "reqwest")]
mod reqwest;
mod response;
#[cfg(feature = "rustls")]
mod rustls;
mod text;
mod timers;
mod trust;

pub use self::body::body;
pub use self::chain::Chain;
pub use self::grpc::grpc;
pub use self::response::head;
pub use self::text::text;

use crate::hint::Hint;
use crate::{Delivery, Failure, FailureKind, Phase};
use std::error::Error;

/// What the evidence says: the ingredients of a [`Failure`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Classification {
    /// What kind of failure it is.
    pub kind: FailureKind,
    /// Where it happened.
    pub phase: Phase,
    /// Whether it is known that it happened there. A text alone may not say it.
    pub is_phase_known: bool,
    /// What became of the request.
    pub delivery: Delivery,
    /// Whether another try may help.
    pub transient: bool,
    /// What the server said about trying again.
    pub hint: Option<Hint>,
}

impl Classification {
    /// A kind in a phase, as transient as the kind, with nothing known of the request.
    #[must_use]
    pub const fn new(kind: FailureKind, phase: Phase) -> Self {
        Classification {
            kind,
            phase,
            is_phase_known: true,
            delivery: Delivery::Unknown,
            transient: kind.is_transient(),
            hint: None,
        }
    }

    /// Says that nobody knows where it happened. The phase stays as the cautious reading.
    #[must_use]
    pub const fn without_phase(mut self) -> Self {
        self.is_phase_known = false;
        self
    }

    /// Sets what became of the request.
    #[must_use]
    pub const fn with_delivery(mut self, delivery: Delivery) -> Self {
        self.delivery = delivery;
        self
    }

    /// Sets whether another try may help.
    #[must_use]
    pub const fn with_transient(mut self, transient: bool) -> Self {
        self.transient = transient;
        self
    }
}

/// What one link of a chain says, as far as it says something.
#[derive(Clone, Copy, Debug, Default)]
struct Clue {
    kind: Option<FailureKind>,
    phase: Option<Phase>,
    delivery: Option<Delivery>,
    transient: Option<bool>,
    /// There was a connection: what lies below broke it, and did not keep it from being made.
    connected: bool,
    /// What lies below belongs to another story, such as the request body's own trouble.
    last: bool,
}

impl Clue {
    const fn kind(kind: FailureKind) -> Self {
        Clue {
            kind: Some(kind),
            phase: None,
            delivery: None,
            transient: None,
            connected: false,
            last: false,
        }
    }

    #[cfg(any(feature = "h2", feature = "hyper"))]
    const fn connected(mut self) -> Self {
        self.connected = true;
        self
    }

    const fn phase(mut self, phase: Phase) -> Self {
        self.phase = Some(phase);
        self
    }

    const fn not_sent(mut self) -> Self {
        self.delivery = Some(Delivery::NotSent);
        self
    }
}

/// Classifies an error that came while waiting in `phase`.
///
/// The deepest typed error names the kind; an outer one says where it happened and what became of
/// the request, unless the inner one is certain that nothing was sent. It cannot be when there was
/// a connection, or an answer had begun: Linux, for one, fails an open connection with `ECONNREFUSED`
/// when a firewall begins to reject its packets (tcp(7), "Error handling").
#[must_use]
pub fn error(error: &(dyn Error + 'static), phase: Phase) -> Classification {
    let mut sum = Clue {
        connected: phase == Phase::Body,
        ..Clue::default()
    };
    for link in Chain::new(error) {
        let place = sum.phase.unwrap_or(phase);
        let Some(mut clue) = look(link, place, sum.connected) else {
            continue;
        };
        if sum.connected {
            clue.phase = clue.phase.filter(|phase| *phase != Phase::Connect);
            clue.delivery = clue.delivery.filter(|of| *of != Delivery::NotSent);
        }
        sum.connected |= clue.connected && place != Phase::Connect;
        if clue.kind.is_some() {
            sum.kind = clue.kind;
            sum.transient = clue.transient;
        }
        sum.phase = sum.phase.or(clue.phase);
        sum.delivery = sum.delivery.or(clue.delivery);
        if clue.last {
            break;
        }
    }
    let phase = sum.phase.unwrap_or(phase);
    // Who knows it is a type, or the caller. Words may be of anything, such as what the server said of
    // its own next call.
    let connecting = phase == Phase::Connect;
    let worded = match sum.kind {
        // A typed error that only knows where it happened leaves the rest to its words.
        None => by_words(error),
        Some(_) => None,
    };
    let mut class = match (sum.kind, worded) {
        (Some(kind), _) => Classification::new(kind, phase),
        (None, Some(words)) => Classification {
            // Words may say that the trouble came before sending, never that sending was harmless.
            delivery: Delivery::Unknown,
            phase: sum.phase.unwrap_or(match words.phase {
                Phase::Connect if !sum.connected => Phase::Connect,
                _ => phase,
            }),
            // The caller knows what it was waiting for.
            is_phase_known: true,
            ..words
        },
        (None, None) if phase == Phase::Connect => {
            Classification::new(FailureKind::Unreachable, phase)
        }
        (None, None) => Classification::new(FailureKind::Unknown, phase),
    };
    if let Some(delivery) = sum.delivery {
        class.delivery = delivery;
    } else if connecting {
        class.delivery = Delivery::NotSent;
    }
    if let Some(transient) = sum.transient {
        class.transient = transient;
    }
    class
}

/// The failure in the chain, unless it is part of another story: a request body can be the answer to
/// another call, and that one's failure says nothing of what became of this call.
pub(crate) fn nested<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Failure> {
    for link in Chain::new(error) {
        if let Some(failure) = link.downcast_ref() {
            return Some(failure);
        }
        if look(link, Phase::Head, false).is_some_and(|clue| clue.last) {
            break;
        }
    }
    None
}

/// Asks every typed classifier about one link.
fn look(link: &(dyn Error + 'static), phase: Phase, connected: bool) -> Option<Clue> {
    if let Some(clue) = io::look(link, phase, connected) {
        return Some(clue);
    }
    #[cfg(feature = "hyper")]
    if let Some(clue) = hyper::look(link, phase) {
        return Some(clue);
    }
    #[cfg(feature = "hyper-util")]
    if let Some(clue) = hyper_util::look(link) {
        return Some(clue);
    }
    #[cfg(feature = "h2")]
    if let Some(clue) = h2::look(link, phase) {
        return Some(clue);
    }
    #[cfg(feature = "rustls")]
    if let Some(clue) = rustls::look(link, phase, connected) {
        return Some(clue);
    }
    #[cfg(feature = "reqwest")]
    if let Some(clue) = reqwest::look(link, phase) {
        return Some(clue);
    }
    timers::look(link, phase)
}

/// The words of the whole chain, innermost first: the cause says more than its wrappers.
fn by_words(error: &(dyn Error + 'static)) -> Option<Classification> {
    let words: Vec<String> = Chain::new(error).map(ToString::to_string).collect();
    let cause = words.iter().rev().find_map(|words| text(words))?;
    // A wrapper that only says that something broke knows less than a status around it.
    let answered = !cause.is_phase_known && words.iter().any(|words| text::has_status(words));
    if answered {
        return text(&words.join(": ")).or(Some(cause));
    }
    Some(cause)
}

#[cfg(test)]
mod tests;
