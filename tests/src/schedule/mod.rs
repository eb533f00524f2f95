//! Seeded schedules of faults: drawn, run against a stack, judged by the oracle, shrunk.

mod alphabet;
mod client;
mod history;
mod lane;
mod run;
mod shrink;
mod slow;
mod stacks;

pub use self::client::{Inner, client, memory_client, socket_client};
pub use self::history::History;
pub use self::lane::{Lane, Problem};
pub use self::run::{Outcome, run};
pub use self::shrink::shrink;
pub use self::stacks::{ORDERS, Stack, limits, name, number, stack};

use buttress_testkit::{Content, Events, Fault};
use bytes::Bytes;
use std::fmt;
use std::time::Duration;

/// One schedule: everything about it follows from its seed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Schedule {
    /// Where it comes from.
    pub seed: u64,
    /// Which order of the layers, below [`ORDERS`].
    pub order: usize,
    /// The version of HTTP.
    pub http: Http,
    /// What is asked for.
    pub path: Path,
    /// The length of the content.
    pub len: u64,
    /// The number of events.
    pub events: usize,
    /// How many bytes the origin writes at once.
    pub piece: usize,
    /// Whether bodies without a length have trailers.
    pub trailers: bool,
    /// The content is another one at every request, under the same weak tag.
    pub shifty: bool,
    /// After how many bytes the consumer takes a break, and how long.
    pub pause: Option<(u64, Duration)>,
    /// One a request; after them the origin is honest.
    pub faults: Vec<Fault>,
}

/// A version of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Http {
    /// HTTP/1.1.
    One,
    /// HTTP/2, with prior knowledge.
    Two,
}

/// What a schedule asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Path {
    /// `GET /bytes`.
    Bytes,
    /// `GET /events`.
    Events,
    /// `POST /echo`, with an `Idempotency-Key` or without.
    Echo {
        /// Whether it has a key.
        keyed: bool,
    },
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Path::Bytes => "/bytes",
            Path::Events => "/events",
            Path::Echo { .. } => "/echo",
        })
    }
}

impl Schedule {
    /// The schedule of this seed. `timeless` leaves out what takes time: for real sockets.
    #[must_use]
    pub fn of(seed: u64, timeless: bool) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let path = match rng.u32(0..12) {
            0..=6 => Path::Bytes,
            7..=10 => Path::Events,
            _ => Path::Echo { keyed: rng.bool() },
        };
        let http = if rng.bool() { Http::One } else { Http::Two };
        let len = match rng.u32(0..10) {
            0 => rng.u64(0..3),
            1 => rng.u64(0..200_000),
            _ => rng.u64(0..30_000),
        };
        let shifty = path == Path::Bytes && rng.u32(0..12) == 0;
        let mut schedule = Schedule {
            seed,
            order: rng.usize(0..ORDERS),
            http,
            path,
            len,
            events: rng.usize(0..30),
            piece: rng.usize(1..20_000).max(len as usize / 40),
            trailers: rng.u32(0..4) == 0,
            shifty,
            pause: None,
            faults: Vec::new(),
        };
        if !timeless && rng.u32(0..8) == 0 {
            let lasts = Duration::from_secs(rng.u64(1..100));
            schedule.pause = Some((rng.u64(0..len + 1), lasts));
        }
        let letters = alphabet::Letters {
            http,
            path,
            len,
            timeless,
        };
        for request in 0..rng.usize(0..5) {
            let mut fault = letters.draw(&mut rng);
            if shifty {
                let other = Fault::DisguisedVersion(1 + request as u64 % 2);
                fault = Fault::WeakEtag.and(other).and(fault);
            }
            schedule.faults.push(fault);
        }
        schedule
    }

    /// What `/bytes` serves.
    #[must_use]
    pub fn content(&self) -> Content {
        Content::new(self.seed, 1, self.len)
    }

    /// What `/events` serves.
    #[must_use]
    pub fn events(&self) -> Events {
        Events::new(self.seed, 1, self.events)
    }

    /// What is sent to `/echo`.
    #[must_use]
    pub fn body(&self) -> Bytes {
        match self.path {
            Path::Echo { .. } => self.content().with_version(3).whole(),
            Path::Bytes | Path::Events => Bytes::new(),
        }
    }

    /// Whether every order of the layers gets over these faults: few of them, all of them
    /// failures that pass, and nothing that forbids to go on.
    #[must_use]
    pub fn heals(&self) -> bool {
        let plain = match self.path {
            Path::Bytes => true,
            // An answer without a body, 204, is none to go on with.
            Path::Events => self.events > 0,
            Path::Echo { .. } => false,
        };
        plain && !self.shifty && self.faults.len() < 3 && self.faults.iter().all(alphabet::heals)
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Schedule { len, events, .. } = self;
        let http = match self.http {
            Http::One => "HTTP/1.1",
            Http::Two => "HTTP/2",
        };
        write!(
            f,
            "{:?} over {http}, order {}, ",
            self.path,
            name(self.order)
        )?;
        write!(f, "{len} bytes, {events} events, pieces of {}", self.piece)?;
        for (said, what) in [(self.trailers, "trailers"), (self.shifty, "shifty content")] {
            if said {
                write!(f, ", {what}")?;
            }
        }
        if let Some((at, lasts)) = self.pause {
            write!(f, ", the reader pauses for {lasts:?} after {at} bytes")?;
        }
        for (n, fault) in self.faults.iter().enumerate() {
            write!(f, "\n  request {}: {fault}", n + 1)?;
        }
        Ok(())
    }
}
