//! Seeded schedules of faults: drawn, run against a stack, judged by the oracle, shrunk.

mod alphabet;
mod client;
mod cursor;
mod history;
mod lane;
mod restless;
mod rough;
mod run;
mod shrink;
mod slow;
mod stacks;
mod tally;
mod way;

pub use self::client::{Inner, client, memory_client, memory_client_for, socket_client};
pub use self::history::History;
pub use self::lane::{Lane, Problem};
pub use self::rough::{Asked, Rough};
pub use self::run::{Outcome, run};
pub use self::shrink::shrink;
pub use self::stacks::{ORDERS, Stack, limits, name, number, stack, stack_for};
pub use self::tally::Tally;
pub use self::way::Way;

use buttress_testkit::{Content, Events, Fault, Script};
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
    /// How its body can go on.
    pub way: Way,
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
    /// What is rougher than in most calls.
    pub rough: Rough,
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
            way: Way::Default,
            len,
            events: rng.usize(0..30),
            piece: rng.usize(1..20_000).max(len as usize / 40),
            trailers: rng.u32(0..4) == 0,
            shifty,
            pause: None,
            rough: Rough::default(),
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

    /// The same with a body that goes on in [any way](Way), and with faults that aim at that.
    #[must_use]
    pub fn any_way(seed: u64, timeless: bool) -> Self {
        Schedule::of(seed, timeless).goes_on_in_any_way()
    }

    fn goes_on_in_any_way(self) -> Self {
        let mut schedule = self;
        if schedule.shifty {
            return schedule;
        }
        let mut rng = fastrand::Rng::with_seed(!schedule.seed);
        schedule.way = Way::draw(&mut rng, schedule.path);
        if schedule.faults.is_empty() {
            schedule.faults.push(Fault::None);
        }
        for request in 0..schedule.faults.len() {
            let fault = way::letter(&mut rng, &schedule, request);
            if rng.bool() {
                schedule.faults[request] = fault;
            }
        }
        schedule
    }

    /// What the origin does, a request each, and always.
    pub fn script(&self) -> Script {
        let standing = self.way.standing();
        let faults = self.faults.iter().cloned();
        Script::of(faults.map(|fault| standing.clone().and(fault))).then(standing.clone())
    }

    /// What `/bytes` serves.
    #[must_use]
    pub fn content(&self) -> Content {
        Content::new(self.seed, 1, self.len)
    }

    /// What `/events` serves.
    #[must_use]
    pub fn events(&self) -> Events {
        let mut events = Events::new(self.seed, 1, self.events);
        if self.rough.ragged {
            events = events.ragged().marked(true);
        }
        match self.way.knows_the_end() {
            true => events.ending_with(way::LAST),
            false => events,
        }
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
            // A POST is not sent again for all of them.
            Path::Events if self.way == (Way::Cursor { post: true }) => false,
            // An answer without a body, 204, is none to go on with.
            Path::Events => self.events > 0 || self.way.knows_the_end(),
            Path::Echo { .. } => false,
        };
        // An event that had begun is missed when the next answer is a 204, although it was an old one.
        let leaves_doubt = |fault: &Fault| {
            let names = alphabet::names(fault);
            !self.way.knows_the_end() && names.contains(&"IgnoreCursor") && names.len() > 1
        };
        // A part without a length does not go on with what had none either.
        let chunked = |fault: &&Fault| {
            let endless = ["Chunked", "ChunkExtensions", "UntilClose"];
            let names = alphabet::names(fault);
            names.iter().any(|name| endless.contains(name))
        };
        let is_rougher = self.rough.max_event.is_some() || self.rough.jump.is_some();
        let is_without_any_length =
            self.path == Path::Bytes && self.faults.iter().filter(chunked).count() > 1;
        plain
            && !is_without_any_length
            && !self.shifty
            && !is_rougher
            && self.faults.len() < 3
            && self.faults.iter().all(alphabet::heals)
            && !self.faults.iter().any(leaves_doubt)
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
        if self.way != Way::Default {
            write!(f, "way on: {}, ", self.way)?;
        }
        write!(f, "{len} bytes, {events} events, pieces of {}", self.piece)?;
        for (said, what) in [(self.trailers, "trailers"), (self.shifty, "shifty content")] {
            if said {
                write!(f, ", {what}")?;
            }
        }
        if let Some((at, lasts)) = self.pause {
            write!(f, ", the reader pauses for {lasts:?} after {at} bytes")?;
        }
        write!(f, "{}", self.rough)?;
        for (n, fault) in self.faults.iter().enumerate() {
            write!(f, "\n  request {}: {fault}", n + 1)?;
        }
        Ok(())
    }
}
