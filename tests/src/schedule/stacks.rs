//! The four layers in each of their 24 orders, behind one type.

use super::cursor::Numbered;
use super::{Inner, Schedule, Way};
use crate::ordered_subsets;
use buttress::prelude::*;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use std::time::Duration;
use tower::Layer;
use tower::util::{BoxCloneService, ServiceExt};

/// A client behind layers.
pub type Stack =
    BoxCloneService<Request<Full<Bytes>>, Response<UnsyncBoxBody<Bytes, Failure>>, Failure>;

/// How many orders there are.
pub const ORDERS: usize = 24;

const SECOND: Duration = Duration::from_secs(1);

/// The limits of every stack: generous ones for the head and for silence, one over all.
#[must_use]
pub fn limits() -> TimeoutLayer {
    limits_and(Duration::ZERO)
}

/// The same with so much more over all.
fn limits_and(more: Duration) -> TimeoutLayer {
    let limits = TimeoutConfig::builder().head(30 * SECOND).idle(20 * SECOND);
    TimeoutLayer::new(limits.total(900 * SECOND + more).build().unwrap())
}

/// What the layers are made with.
struct Make {
    backoff: Backoff,
    way: Way,
    max_event: Option<usize>,
    /// How long the reader pauses, which is no fault of the origin's.
    pause: Duration,
}

fn backoff(seed: u64, fast: bool) -> Backoff {
    if fast {
        return Backoff::constant(Duration::from_millis(1));
    }
    Backoff::default().seed(seed)
}

/// Resumes in this way: a cursor is there only where it is to be used.
fn resume(
    make: &Make,
) -> ResumeLayer<impl Fn(&Request<Full<Bytes>>) -> Option<Numbered> + Clone + use<>> {
    let way = make.way;
    let mut config = way.config().backoff(make.backoff);
    if let Some(bytes) = make.max_event {
        config = config.max_event(bytes);
    }
    ResumeLayer::new(config.build().unwrap())
        .with_cursor(move |_: &_| matches!(way, Way::Cursor { .. }).then(Numbered::default))
}

macro_rules! layer {
    (H $make:expr) => {
        HumanizeLayer::new()
    };
    (T $make:expr) => {
        limits_and($make.pause)
    };
    (S $make:expr) => {
        resume(&$make)
    };
    (R $make:expr) => {
        RetryLayer::new(
            RetryConfig::builder()
                .backoff($make.backoff)
                .build()
                .unwrap(),
        )
    };
}

macro_rules! wrap {
    ($make:ident $inner:expr;) => { $inner };
    ($make:ident $inner:expr; $first:ident $($rest:ident)*) => {
        layer!($first $make).layer(wrap!($make $inner; $($rest)*))
    };
}

type Made = fn(Inner, Make) -> Stack;

/// Every order by its name, outermost layer first: `H`umanize, `T`imeout, re`S`ume, `R`etry.
fn orders() -> Vec<(&'static str, Made)> {
    let mut orders: Vec<(&'static str, Made)> = Vec::new();
    macro_rules! note {
        ($a:ident $b:ident $c:ident $d:ident) => {
            orders.push((concat!(stringify!($a), stringify!($b), stringify!($c), stringify!($d)),
            |inner, make| {
                let service = wrap!(make inner; $a $b $c $d);
                BoxCloneService::new(
                    service.map_response(|response| response.map(BodyExt::boxed_unsync)),
                )
            }));
        };
        ($($fewer:ident)+) => {};
    }
    ordered_subsets!(note: H T S R);
    assert_eq!(orders.len(), ORDERS);
    orders
}

/// The stack in the order of this number. Its waits follow from the seed, or are short.
#[must_use]
pub fn stack(order: usize, seed: u64, fast: bool, inner: Inner) -> Stack {
    let make = Make {
        backoff: backoff(seed, fast),
        way: Way::Default,
        max_event: None,
        pause: Duration::ZERO,
    };
    orders()[order].1(inner, make)
}

/// The stack for a schedule: in its order, with its way to go on. The same waits.
#[must_use]
pub fn stack_for(schedule: &Schedule, fast: bool, inner: Inner) -> Stack {
    let make = Make {
        backoff: backoff(schedule.seed, fast),
        way: schedule.way,
        max_event: schedule.rough.max_event,
        pause: schedule.pause.map_or(Duration::ZERO, |(_, lasts)| lasts),
    };
    orders()[schedule.order].1(inner, make)
}

/// The letters of an order, outermost layer first.
#[must_use]
pub fn name(order: usize) -> &'static str {
    orders()[order].0
}

/// The number of the order with these letters.
#[must_use]
pub fn number(name: &str) -> usize {
    let found = orders().iter().position(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("no order is called {name}"))
}
