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
    let limits = TimeoutConfig::builder().head(30 * SECOND).idle(20 * SECOND);
    TimeoutLayer::new(limits.total(900 * SECOND).build().unwrap())
}

fn backoff(seed: u64, fast: bool) -> Backoff {
    if fast {
        return Backoff::constant(Duration::from_millis(1));
    }
    Backoff::default().seed(seed)
}

/// Resumes in this way: a cursor is there only where it is to be used.
fn resume(
    backoff: Backoff,
    way: Way,
) -> ResumeLayer<impl Fn(&Request<Full<Bytes>>) -> Option<Numbered> + Clone> {
    let config = way.config().backoff(backoff).build().unwrap();
    ResumeLayer::new(config)
        .with_cursor(move |_: &_| matches!(way, Way::Cursor { .. }).then(Numbered::default))
}

macro_rules! layer {
    (H $backoff:expr, $way:expr) => {
        HumanizeLayer::new()
    };
    (T $backoff:expr, $way:expr) => {
        limits()
    };
    (S $backoff:expr, $way:expr) => {
        resume($backoff, $way)
    };
    (R $backoff:expr, $way:expr) => {
        RetryLayer::new(RetryConfig::builder().backoff($backoff).build().unwrap())
    };
}

macro_rules! wrap {
    ($backoff:ident $way:ident $inner:expr;) => { $inner };
    ($backoff:ident $way:ident $inner:expr; $first:ident $($rest:ident)*) => {
        layer!($first $backoff.clone(), $way).layer(wrap!($backoff $way $inner; $($rest)*))
    };
}

type Make = fn(Inner, Backoff, Way) -> Stack;

/// Every order by its name, outermost layer first: `H`umanize, `T`imeout, re`S`ume, `R`etry.
fn orders() -> Vec<(&'static str, Make)> {
    let mut orders: Vec<(&'static str, Make)> = Vec::new();
    macro_rules! note {
        ($a:ident $b:ident $c:ident $d:ident) => {
            orders.push((concat!(stringify!($a), stringify!($b), stringify!($c), stringify!($d)),
            |inner, backoff, way| {
                let service = wrap!(backoff way inner; $a $b $c $d);
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
    orders()[order].1(inner, backoff(seed, fast), Way::Default)
}

/// The stack for a schedule: in its order, with its way to go on. The same waits.
#[must_use]
pub fn stack_for(schedule: &Schedule, fast: bool, inner: Inner) -> Stack {
    let backoff = backoff(schedule.seed, fast);
    orders()[schedule.order].1(inner, backoff, schedule.way)
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
