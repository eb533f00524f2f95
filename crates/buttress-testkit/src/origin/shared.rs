//! What the connections of one origin share: what it serves, its script, what it saw.

use super::bend::{self, Bend};
use super::plan::Plan;
use super::script::Script;
use super::seen::Seen;
use super::{Fault, honest, parse};
use crate::content::{Content, Events, Reply};
use buttress_core::time::{Instant, now};
use bytes::Bytes;
use http::HeaderMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;

/// What an origin serves.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub(super) content: Content,
    pub(super) events: Events,
    pub(super) reply: Reply,
    pub(super) piece: usize,
    pub(super) last_modified: bool,
    pub(super) trailers: Option<HeaderMap>,
}

#[derive(Debug)]
pub(super) struct Shared {
    started: Instant,
    state: Mutex<State>,
    changes: watch::Sender<()>,
}

#[derive(Debug)]
pub(super) struct State {
    site: Site,
    script: Script,
    pub(super) log: Vec<Seen>,
    pub(super) connections: usize,
    pub(super) open: usize,
    pub(super) in_flight: usize,
    pub(super) peak_in_flight: usize,
}

impl Shared {
    pub(super) fn new(site: Site, script: Script) -> Self {
        Shared {
            started: now(),
            state: Mutex::new(State {
                site,
                script,
                log: Vec::new(),
                connections: 0,
                open: 0,
                in_flight: 0,
                peak_in_flight: 0,
            }),
            changes: watch::Sender::new(()),
        }
    }

    pub(super) fn look<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.state.lock().expect("no holder panics"))
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.state.lock().expect("no holder panics"));
        self.changes.send_replace(());
        result
    }

    pub(super) async fn until(&self, met: impl Fn(&State) -> bool) {
        let mut changes = self.changes.subscribe();
        while !self.look(&met) {
            // Fails only when the sender is gone, which is ours.
            let _ = changes.changed().await;
        }
    }

    pub(super) fn site(&self) -> Site {
        self.look(|state| state.site.clone())
    }

    pub(super) fn set_version(&self, version: u64) {
        self.change(|state| {
            state.site.content = state.site.content.with_version(version);
            state.site.events = state.site.events.with_version(version);
        });
    }

    pub(super) fn set_script(&self, script: Script) {
        self.change(|state| state.script = script);
    }

    pub(super) fn on_accept(&self) -> Option<Fault> {
        self.change(|state| state.script.on_accept())
    }
}

/// One connection, counted as open for as long as this lives.
#[derive(Debug)]
pub(super) struct Connected {
    shared: Arc<Shared>,
    number: usize,
}

impl Connected {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        let number = shared.change(|state| {
            state.open += 1;
            state.connections += 1;
            state.connections
        });
        Connected { shared, number }
    }

    /// Enters a request of which the head was read, and finds its fault if that can be said yet.
    pub(super) fn request(&self, head: parse::Head) -> (Exchange, Option<Fault>) {
        let at = now() - self.shared.started;
        let (index, fault) = self.shared.change(|state| {
            state.in_flight += 1;
            state.peak_in_flight = state.peak_in_flight.max(state.in_flight);
            let index = state.log.len();
            state.log.push(Seen {
                request: index + 1,
                connection: self.number,
                at,
                method: head.method,
                path: head.path,
                headers: head.headers,
                body: Bytes::new(),
                whole: false,
                fault: String::new(),
                sent: 0,
                ended: None,
                hint: None,
                refused: false,
                answered: false,
                client_left: false,
            });
            (index, state.script.on_head())
        });
        let shared = self.shared.clone();
        (Exchange { shared, index }, fault)
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.shared.change(|state| state.open -= 1);
    }
}

/// One request, counted as in flight for as long as this lives.
#[derive(Debug)]
pub(super) struct Exchange {
    shared: Arc<Shared>,
    index: usize,
}

impl Exchange {
    /// Changes the log's entry.
    pub(super) fn note(&self, note: impl FnOnce(&mut Seen)) {
        self.shared.change(|state| note(&mut state.log[self.index]));
    }

    fn seen(&self) -> Seen {
        self.shared.look(|state| state.log[self.index].clone())
    }

    /// The fault for a request that was read whole, when its head alone did not decide.
    fn choose(&self) -> Fault {
        self.shared.change(|state| {
            let State { script, log, .. } = state;
            script.on_request(&log[self.index])
        })
    }

    /// The answer to the request, bent by the fault that the head alone decided or that is found
    /// now.
    pub(super) fn plan(&self, fault: Option<Fault>) -> Plan {
        let fault = fault.unwrap_or_else(|| {
            let fault = self.choose();
            self.note(|seen| seen.fault = fault.to_string());
            fault
        });
        let site = self.shared.site();
        let mut plan = honest::answer(&site, &self.seen(), &Bend::of(&fault));
        bend::apply(&fault, &mut plan, &site);
        let asked = plan.headers.get("retry-after");
        let asked = asked.and_then(|value| value.to_str().ok()?.parse().ok());
        self.note(|seen| {
            seen.hint = asked.map(Duration::from_secs);
            seen.refused = plan.refuses();
        });
        plan
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        let ended = now() - self.shared.started;
        self.shared.change(|state| {
            state.in_flight -= 1;
            state.log[self.index].ended = Some(ended);
        });
    }
}
