//! Which fault meets which request.

use super::{Fault, Seen};
use std::collections::VecDeque;
use std::fmt;

/// The faults of an origin, in the order in which requests meet them.
///
/// ```
/// use buttress_testkit::{Cut, Fault, Script};
///
/// // Two requests fail, those after them get a slow but honest answer.
/// let script = Script::of([Fault::CutBeforeHead(Cut::Rst), Fault::status(503)])
///     .then(Fault::Trickle(100));
/// # let _ = script;
///
/// // Whatever a request asks for decides.
/// let script = Script::by(|seen| match seen.headers.contains_key("range") {
///     true => Fault::IgnoreRange,
///     false => Fault::cut_after_bytes(1_000, Cut::Fin),
/// });
/// # let _ = script;
/// ```
#[must_use]
pub struct Script {
    first: VecDeque<Fault>,
    then: Then,
}

enum Then {
    Always(Fault),
    By(Box<dyn FnMut(&Seen) -> Fault + Send>),
}

impl Script {
    /// No fault, ever.
    pub fn honest() -> Self {
        Script::always(Fault::None)
    }

    /// The same fault for every request.
    pub fn always(fault: Fault) -> Self {
        Script {
            first: VecDeque::new(),
            then: Then::Always(fault),
        }
    }

    /// These faults, one a request, then none.
    ///
    /// A connection that is accepted while [`Fault::CloseOnAccept`] is next takes that one.
    pub fn of(faults: impl IntoIterator<Item = Fault>) -> Self {
        Script {
            first: faults.into_iter().collect(),
            then: Then::Always(Fault::None),
        }
    }

    /// The fault that this function finds for each request.
    ///
    /// It is asked once a request has been read whole. A fault that would have come earlier
    /// ([`Fault::CloseOnAccept`], [`Fault::CutRequest`]) cuts the connection then. The function
    /// must not ask the origin anything: the origin waits for it.
    pub fn by(choose: impl FnMut(&Seen) -> Fault + Send + 'static) -> Self {
        Script {
            first: VecDeque::new(),
            then: Then::By(Box::new(choose)),
        }
    }

    /// What comes once the listed faults are used up.
    pub fn then(mut self, fault: Fault) -> Self {
        self.then = Then::Always(fault);
        self
    }

    /// What decides once the listed faults are used up: see [`Script::by`].
    pub fn then_by(mut self, choose: impl FnMut(&Seen) -> Fault + Send + 'static) -> Self {
        self.then = Then::By(Box::new(choose));
        self
    }

    /// The cut for a connection that was just accepted; used up when there is one.
    pub(super) fn on_accept(&mut self) -> Option<Fault> {
        match self.first.front() {
            Some(next) => {
                next.on_accept()?;
                self.first.pop_front()
            }
            None => match &self.then {
                Then::Always(fault) => fault.on_accept().map(|_| fault.clone()),
                Then::By(_) => None,
            },
        }
    }

    /// The fault for a request of which the head was read: `None` when it must be read whole first.
    pub(super) fn on_head(&mut self) -> Option<Fault> {
        match (self.first.pop_front(), &self.then) {
            (Some(fault), _) => Some(fault),
            (None, Then::Always(fault)) => Some(fault.clone()),
            (None, Then::By(_)) => None,
        }
    }

    /// The fault for a request that was read whole.
    pub(super) fn on_request(&mut self, seen: &Seen) -> Fault {
        match &mut self.then {
            Then::Always(fault) => fault.clone(),
            Then::By(choose) => choose(seen),
        }
    }
}

impl Default for Script {
    fn default() -> Self {
        Script::honest()
    }
}

impl From<Fault> for Script {
    /// This fault once.
    fn from(fault: Fault) -> Self {
        Script::of([fault])
    }
}

impl From<Vec<Fault>> for Script {
    fn from(faults: Vec<Fault>) -> Self {
        Script::of(faults)
    }
}

impl<const N: usize> From<[Fault; N]> for Script {
    fn from(faults: [Fault; N]) -> Self {
        Script::of(faults)
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Script");
        out.field("first", &self.first);
        match &self.then {
            Then::Always(fault) => out.field("then", fault),
            Then::By(_) => out.field("then", &"a function"),
        };
        out.finish()
    }
}
