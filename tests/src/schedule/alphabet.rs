//! What can go wrong, drawn at random.

use super::{Http, Path};
use buttress_testkit::{At, Canned, Code, Cut, Fault};
use std::time::Duration;

/// The faults that fit a request.
pub(super) struct Letters {
    pub(super) http: Http,
    pub(super) path: Path,
    pub(super) len: u64,
    /// None that takes time.
    pub(super) timeless: bool,
}

/// One of these, all as likely.
pub(super) fn one<T: Clone>(rng: &mut fastrand::Rng, of: &[T]) -> T {
    of[rng.usize(0..of.len())].clone()
}

impl Letters {
    pub(super) fn draw(&self, rng: &mut fastrand::Rng) -> Fault {
        let how = one(rng, &[Cut::Fin, Cut::Rst]);
        let bytes = At::Bytes(rng.u64(0..self.len + 10));
        match rng.u32(0..100) {
            0..=9 if !self.timeless => timed(rng, bytes),
            0..=29 => connection(rng, bytes, how),
            30..=44 => answer(rng),
            45..=64 if self.http == Http::Two => http2(rng, bytes, self.path == Path::Events),
            45..=54 => framing(rng, bytes, how),
            _ => match self.path {
                Path::Bytes => of_bytes(rng, bytes, how),
                Path::Events => of_events(rng, how),
                Path::Echo { .. } => of_requests(rng, bytes, how),
            },
        }
    }
}

fn timed(rng: &mut fastrand::Rng, at: At) -> Fault {
    match rng.u32(0..6) {
        0 => Fault::StallBeforeHead,
        1 => Fault::StallAfter(at),
        2 => Fault::Delay(Duration::from_secs(rng.u64(0..40))),
        3 => Fault::retry_after(503, rng.u64(0..200)),
        4 => Fault::StallRequest(rng.u64(0..1_000)),
        _ => Fault::Pause {
            at,
            lasts: Duration::from_secs(rng.u64(0..30)),
        },
    }
}

fn connection(rng: &mut fastrand::Rng, at: At, how: Cut) -> Fault {
    match rng.u32(0..9) {
        0 => Fault::CloseOnAccept(how),
        1 => Fault::CutBeforeHead(how),
        2 => Fault::Garbage,
        3 => Fault::CutAfterWhole(how),
        4 => Fault::Trickle(rng.usize(500..2_000)),
        5 => Fault::EarlyHints,
        _ => Fault::CutAfter { at, how },
    }
}

fn answer(rng: &mut fastrand::Rng) -> Fault {
    let away = "http://elsewhere.example/bytes";
    Fault::Answer(match rng.u32(0..12) {
        0 => Canned::html(502, "Bad gateway"),
        1 => Canned::new(503).body(vec![b'<'; 300_000]),
        2 => Canned::new(302).header("location", away),
        3 => Canned::new(307).header("location", "/bytes"),
        4 => Canned::new(503).header("retry-after", "99999999999"),
        5 => Canned::new(one(rng, &[400, 401, 403, 404, 409, 410, 412, 416, 425])),
        _ => Canned::new(one(rng, &[408, 429, 500, 502, 503, 504, 529])),
    })
}

fn framing(rng: &mut fastrand::Rng, at: At, how: Cut) -> Fault {
    match rng.u32(0..4) {
        0 => Fault::LengthOver(rng.u64(1..1_000)),
        1 => Fault::Chunked,
        _ => Fault::Chunked.and(Fault::CutAfter { at, how }),
    }
}

/// hyper takes `RST_STREAM` with `NO_ERROR` or `CANCEL` for the end of a body, and so nobody can
/// tell it from one where neither length nor last event is known: `endless`.
fn http2(rng: &mut fastrand::Rng, at: At, endless: bool) -> Fault {
    let loud = one(rng, &[Code::Internal, Code::Calm, Code::Refused]);
    let quiet = one(rng, &[Code::NoError, Code::Cancel]);
    let code = one(rng, &[loud, quiet]);
    let any = if endless { loud } else { code };
    let processed = rng.bool();
    match rng.u32(0..9) {
        0 => Fault::ResetBeforeHead(Code::Refused),
        1 => Fault::ResetBeforeHead(code),
        2 => Fault::GoAwayBeforeHead { code, processed },
        3 => Fault::GoAwayAfter { at, code },
        4 => Fault::Drain,
        5 => Fault::LengthOver(rng.u64(1..1_000)),
        6 => Fault::Chunked.and(Fault::ResetAfter { at, code: loud }),
        _ => Fault::ResetAfter { at, code: any },
    }
}

fn of_bytes(rng: &mut fastrand::Rng, at: At, how: Cut) -> Fault {
    let cut = Fault::CutAfter { at, how };
    match rng.u32(0..12) {
        0 => Fault::IgnoreRange.and(cut),
        1 => Fault::MoveRange {
            first: rng.i64(-50..50),
            last: rng.i64(-50..50),
        },
        2 => Fault::TwoContentRanges,
        3 => Fault::Version(2).and(cut),
        4 => one(rng, &[Fault::WeakEtag, Fault::NoEtag]).and(cut),
        5 => Fault::Header("content-encoding", Some("gzip".into())).and(cut),
        6 => Fault::Unsatisfiable,
        7 => Fault::ContentRange(one(
            rng,
            &["bytes 0-9/10", "bytes 5-1/9", "bytes */9", "lines 1-2/3"].map(str::to_owned),
        )),
        8 => Fault::WrongType.and(cut),
        _ => cut,
    }
}

fn of_events(rng: &mut fastrand::Rng, how: Cut) -> Fault {
    let at = At::Events(rng.usize(0..30));
    match rng.u32(0..8) {
        0 => Fault::WrongType,
        1 => Fault::RepeatLast.and(Fault::CutAfter { at, how }),
        2 => Fault::Trickle(rng.usize(1..100)),
        _ => Fault::CutAfter { at, how },
    }
}

fn of_requests(rng: &mut fastrand::Rng, at: At, how: Cut) -> Fault {
    let bytes = rng.u64(0..20_000);
    match rng.u32(0..2) {
        0 => Fault::CutRequest { bytes, how },
        _ => Fault::CutAfter { at, how },
    }
}

/// The names of what a fault is made of.
pub(super) fn names(fault: &Fault) -> Vec<&'static str> {
    let name = match fault {
        Fault::All(faults) => return faults.iter().flat_map(names).collect(),
        Fault::None => return Vec::new(),
        Fault::CloseOnAccept(_) => "CloseOnAccept",
        Fault::CutRequest { .. } => "CutRequest",
        Fault::CutBeforeHead(_) => "CutBeforeHead",
        Fault::CutAfter { .. } => "CutAfter",
        Fault::CutAfterWhole(_) => "CutAfterWhole",
        Fault::EndAfter(_) => "EndAfter",
        Fault::StallBeforeHead => "StallBeforeHead",
        Fault::StallAfter(_) => "StallAfter",
        Fault::Delay(_) => "Delay",
        Fault::Pause { .. } => "Pause",
        Fault::Trickle(_) => "Trickle",
        Fault::Garbage => "Garbage",
        Fault::EarlyHints => "EarlyHints",
        Fault::Interim(_) => "Interim",
        Fault::StallRequest(_) => "StallRequest",
        Fault::ResetBeforeHead(code) | Fault::ResetAfter { code, .. } => match code {
            Code::NoError => "Reset(NoError)",
            Code::Internal => "Reset(Internal)",
            Code::Refused => "Reset(Refused)",
            Code::Cancel => "Reset(Cancel)",
            Code::Calm => "Reset(Calm)",
            _ => "Reset",
        },
        Fault::GoAwayBeforeHead { .. } => "GoAwayBeforeHead",
        Fault::GoAwayAfter { .. } => "GoAwayAfter",
        Fault::Drain => "Drain",
        Fault::Chunked => "Chunked",
        Fault::ChunkExtensions => "ChunkExtensions",
        Fault::UntilClose => "UntilClose",
        Fault::LengthOver(_) => "LengthOver",
        Fault::TwoLengths(_) => "TwoLengths",
        Fault::Answer(_) => "Answer",
        Fault::Header(..) => "Header",
        Fault::IgnoreRange => "IgnoreRange",
        Fault::MoveRange { .. } => "MoveRange",
        Fault::ContentRange(_) => "ContentRange",
        Fault::TwoContentRanges => "TwoContentRanges",
        Fault::Unsatisfiable => "Unsatisfiable",
        Fault::Version(_) => "Version",
        Fault::DisguisedVersion(_) => "DisguisedVersion",
        Fault::WeakEtag => "WeakEtag",
        Fault::NoEtag => "NoEtag",
        Fault::NoContent => "NoContent",
        Fault::WrongType => "WrongType",
        Fault::IgnoreCursor => "IgnoreCursor",
        Fault::RepeatLast => "RepeatLast",
        other => return vec![unnamed(other)],
    };
    vec![name]
}

fn unnamed(fault: &Fault) -> &'static str {
    panic!("{fault} is not drawn, so it has no name here")
}

/// Whether a fault passes and leaves nothing that forbids to go on.
pub(super) fn heals(fault: &Fault) -> bool {
    match fault {
        Fault::All(faults) => faults.iter().all(heals),
        Fault::None
        | Fault::CloseOnAccept(_)
        | Fault::CutBeforeHead(_)
        | Fault::CutAfter { .. }
        | Fault::CutAfterWhole(_)
        | Fault::Trickle(_)
        | Fault::EarlyHints
        | Fault::Interim(_)
        | Fault::Chunked
        | Fault::ChunkExtensions
        | Fault::UntilClose
        | Fault::ResetBeforeHead(_)
        | Fault::ResetAfter { .. }
        | Fault::GoAwayAfter { .. }
        | Fault::GoAwayBeforeHead { .. }
        | Fault::Drain
        // Drawn only where it can be seen.
        | Fault::EndAfter(_)
        | Fault::IgnoreCursor => true,
        _ => false,
    }
}
