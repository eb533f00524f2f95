//! What can go wrong, drawn from a seed.

use crate::orders::ORDERS;
use buttress_testkit::{At, Canned, Cut, Fault};
use std::time::Duration;

/// One schedule: everything about it follows from its seed.
#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    pub(crate) seed: u64,
    pub(crate) order: usize,
    pub(crate) path: Path,
    pub(crate) len: u64,
    pub(crate) events: usize,
    /// How many bytes the origin writes at once.
    pub(crate) piece: usize,
    /// One a request; after them the origin is honest.
    pub(crate) faults: Vec<Fault>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Path {
    Bytes,
    Events,
}

impl Path {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Path::Bytes => "/bytes",
            Path::Events => "/events",
        }
    }
}

impl Schedule {
    pub(crate) fn of(seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let path = *rng
            .choice([Path::Bytes, Path::Bytes, Path::Events].iter())
            .unwrap();
        let len = rng.u64(0..200_000);
        let events = rng.usize(0..30);
        let count = rng.usize(0..5);
        Schedule {
            seed,
            order: rng.usize(0..ORDERS),
            path,
            len,
            events,
            piece: rng.usize(1..20_000),
            faults: (0..count).map(|_| fault(&mut rng, path, len)).collect(),
        }
    }
}

fn fault(rng: &mut fastrand::Rng, path: Path, len: u64) -> Fault {
    let how = *rng.choice([Cut::Fin, Cut::Rst].iter()).unwrap();
    let bytes = At::Bytes(rng.u64(0..len + 10));
    match rng.u32(0..20) {
        0 => Fault::CloseOnAccept(how),
        1 => Fault::CutBeforeHead(how),
        2 => Fault::CutAfter { at: bytes, how },
        3 => Fault::Chunked.and(Fault::CutAfter { at: bytes, how }),
        4 => Fault::StallBeforeHead,
        5 => Fault::StallAfter(bytes),
        6 => Fault::Trickle(rng.usize(500..2_000)),
        7 => Fault::Answer(Canned::new(
            *rng.choice([408, 429, 500, 502, 503, 504].iter()).unwrap(),
        )),
        8 => Fault::retry_after(503, rng.u64(0..200)),
        9 => Fault::Garbage,
        10 => Fault::CutAfterWhole(how),
        11 => Fault::Delay(Duration::from_secs(rng.u64(0..40))),
        12 => Fault::Pause {
            at: bytes,
            lasts: Duration::from_secs(rng.u64(0..30)),
        },
        13 => Fault::EarlyHints,
        other => match path {
            Path::Bytes => of_bytes(rng, other, bytes, how),
            Path::Events => of_events(rng, other, how),
        },
    }
}

fn of_bytes(rng: &mut fastrand::Rng, which: u32, at: At, how: Cut) -> Fault {
    let cut = Fault::CutAfter { at, how };
    match which {
        14 => Fault::IgnoreRange.and(cut),
        15 => Fault::MoveRange {
            first: rng.i64(-50..50),
            last: rng.i64(-50..50),
        },
        16 => Fault::TwoContentRanges,
        17 => Fault::Version(2).and(cut),
        18 => (*rng.choice([Fault::WeakEtag, Fault::NoEtag].iter()).unwrap())
            .clone()
            .and(cut),
        _ => Fault::LengthOver(rng.u64(1..1_000)),
    }
}

fn of_events(rng: &mut fastrand::Rng, which: u32, how: Cut) -> Fault {
    let at = At::Events(rng.usize(0..30));
    match which {
        14 => Fault::StallAfter(at),
        15 => Fault::WrongType,
        16 => Fault::RepeatLast.and(Fault::CutAfter { at, how }),
        _ => Fault::CutAfter { at, how },
    }
}
