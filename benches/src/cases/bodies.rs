//! What long bodies cost, frame by frame and byte by byte.

use super::stacks::five;
use super::{Case, Unit, frames};
use crate::body::{EVENT, Kind, Stream};
use crate::identity::Identity;
use crate::service::Sent;
use crate::service::When::{self, PendingOnce, Ready};
use buttress_core::StopReason;
use buttress_resume::{Cursor, End, Ending, ResumeLayer, Step};
use buttress_retry::RetryLayer;
use buttress_timeout::{TimeoutConfig, TimeoutLayer};
use bytes::Bytes;
use http::{Request, response};
use std::convert::identity;
use std::hint::black_box;
use std::time::Duration;
use tower::Layer;
use tower_http::timeout::ResponseBodyTimeoutLayer;

const LIMIT: Duration = Duration::from_secs(60);
/// About what one packet carries.
pub(super) const PACKET: usize = 1448;
/// About what one read brings.
pub(super) const READ: usize = 16 << 10;

pub(super) const CASES: &[Case] = &[
    bare(Unit::Frame, "frame, bare", |n| {
        frames(plain(Ready, n), identity);
    }),
    bare(Unit::Frame, "frame, bare, pending between", |n| {
        frames(plain(PendingOnce, n), identity);
    }),
    frame("frame, identity", "frame, bare", |n| {
        frames(plain(Ready, n), Identity);
    })
    .by("tower"),
    frame(
        "frame, identity, pending between",
        "frame, bare, pending between",
        |n| {
            frames(plain(PendingOnce, n), Identity);
        },
    )
    .by("tower"),
    frame("frame, tower-http idle", "frame, bare", |n| {
        frames(plain(Ready, n), |s| {
            ResponseBodyTimeoutLayer::new(LIMIT).layer(s)
        });
    })
    .by("tower-http"),
    frame(
        "frame, tower-http idle, pending between",
        "frame, bare, pending between",
        |n| {
            frames(plain(PendingOnce, n), |s| {
                ResponseBodyTimeoutLayer::new(LIMIT).layer(s)
            });
        },
    )
    .by("tower-http"),
    frame("frame, idle", "frame, bare", |n| {
        frames(plain(Ready, n), |s| idle().layer(s));
    }),
    frame(
        "frame, idle, pending between",
        "frame, bare, pending between",
        |n| {
            frames(plain(PendingOnce, n), |s| idle().layer(s));
        },
    ),
    frame("frame, retry", "frame, bare", |n| {
        frames(plain(Ready, n), |s| RetryLayer::default().layer(s));
    }),
    frame("frame, resume, no plan", "frame, bare", |n| {
        frames(plain(Ready, n), |s| ResumeLayer::default().layer(s));
    }),
    frame("frame, resume, range", "frame, bare", |n| {
        frames(Stream::new(Kind::Ranged, 1024, Ready, n), |s| {
            ResumeLayer::default().layer(s)
        });
    }),
    frame("frame, five", "frame, bare", |n| {
        frames(plain(Ready, n), five);
    }),
    frame(
        "frame, five, pending between",
        "frame, bare, pending between",
        |n| {
            frames(plain(PendingOnce, n), five);
        },
    ),
    bare(
        Unit::Byte { chunk: EVENT },
        "events, each its chunk, bare",
        |n| frames(events(EVENT, n), identity),
    ),
    bare(
        Unit::Byte { chunk: PACKET },
        "events, 1448 bytes, bare",
        |n| frames(events(PACKET, n), identity),
    ),
    bare(Unit::Byte { chunk: READ }, "events, 16 KiB, bare", |n| {
        frames(events(READ, n), identity);
    }),
    bytes(
        EVENT,
        "events, each its chunk, resume",
        "events, each its chunk, bare",
        |n| {
            frames(events(EVENT, n), |s| ResumeLayer::default().layer(s));
        },
    ),
    bytes(
        EVENT,
        "events, each its chunk, cursor",
        "events, each its chunk, bare",
        |n| {
            frames(events(EVENT, n), |s| {
                ResumeLayer::default()
                    .with_cursor(|_: &Request<Sent>| Some(Passes))
                    .layer(s)
            });
        },
    ),
    bytes(
        PACKET,
        "events, 1448 bytes, resume",
        "events, 1448 bytes, bare",
        |n| {
            frames(events(PACKET, n), |s| ResumeLayer::default().layer(s));
        },
    ),
    bytes(
        READ,
        "events, 16 KiB, resume",
        "events, 16 KiB, bare",
        |n| {
            frames(events(READ, n), |s| ResumeLayer::default().layer(s));
        },
    ),
];

const fn bare(unit: Unit, name: &'static str, run: fn(u64)) -> Case {
    Case {
        unit,
        ..Case::bare(name, run)
    }
}

const fn frame(name: &'static str, bare: &'static str, run: fn(u64)) -> Case {
    Case {
        unit: Unit::Frame,
        ..Case::call(name, bare, run)
    }
}

pub(super) const fn bytes(
    size: usize,
    name: &'static str,
    bare: &'static str,
    run: fn(u64),
) -> Case {
    Case {
        unit: Unit::Byte { chunk: size },
        ..Case::call(name, bare, run)
    }
}

/// The least a cursor can do.
struct Passes;

impl Cursor<Sent> for Passes {
    fn open(&mut self, _: &response::Parts) -> bool {
        true
    }

    fn event(&mut self, event: &Bytes) -> Step {
        black_box(event);
        Step::pass()
    }

    fn end(&mut self, _: &End<'_>) -> Ending {
        Ending::Complete(Bytes::new())
    }

    fn reopen(&mut self, request: Request<Sent>) -> Result<Request<Sent>, StopReason> {
        Ok(request)
    }
}

fn plain(each: When, n: u64) -> Stream {
    Stream::new(Kind::Plain, 1024, each, n)
}

pub(super) fn events(size: usize, n: u64) -> Stream {
    Stream::new(Kind::Events, size, Ready, n)
}

/// 60 s of silence.
fn idle() -> TimeoutLayer {
    let idle = TimeoutConfig::builder().idle(LIMIT);
    TimeoutLayer::new(idle.build().expect("is in range"))
}
