//! The four layers in each of their 24 orders, behind one type.

use buttress::prelude::*;
use buttress_tests::ordered_subsets;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use std::time::Duration;
use tower::Layer;
use tower::util::{BoxCloneService, ServiceExt};

use crate::connector::Connector;

pub(crate) type Stack =
    BoxCloneService<Request<Full<Bytes>>, Response<UnsyncBoxBody<Bytes, Failure>>, Failure>;

pub(crate) const ORDERS: usize = 24;

const SECOND: Duration = Duration::from_secs(1);

macro_rules! layer {
    (H $seed:expr) => {
        HumanizeLayer::new()
    };
    (T $seed:expr) => {{
        let limits = TimeoutConfig::builder().head(30 * SECOND).idle(20 * SECOND);
        TimeoutLayer::new(limits.total(900 * SECOND).build().unwrap())
    }};
    (S $seed:expr) => {{
        let config = ResumeConfig::builder().backoff(Backoff::default().seed($seed));
        ResumeLayer::new(config.build().unwrap())
    }};
    (R $seed:expr) => {{
        let config = RetryConfig::builder().backoff(Backoff::default().seed($seed));
        RetryLayer::new(config.build().unwrap())
    }};
}

macro_rules! wrap {
    ($seed:ident $inner:expr;) => { $inner };
    ($seed:ident $inner:expr; $first:ident $($rest:ident)*) => {
        layer!($first $seed).layer(wrap!($seed $inner; $($rest)*))
    };
}

/// The stack in the order of this number, below 24. Its waits follow from the seed.
pub(crate) fn stack(order: usize, seed: u64, client: Client<Connector, Full<Bytes>>) -> Stack {
    type Make = Box<dyn FnOnce(Client<Connector, Full<Bytes>>) -> Stack>;
    let mut stacks: Vec<Make> = Vec::new();
    macro_rules! note {
        ($a:ident $b:ident $c:ident $d:ident) => {
            stacks.push(Box::new(move |client| {
                let service = wrap!(seed client; $a $b $c $d);
                BoxCloneService::new(
                    service.map_response(|response| response.map(BodyExt::boxed_unsync)),
                )
            }));
        };
        ($($fewer:ident)+) => {};
    }
    ordered_subsets!(note: H T S R);
    assert_eq!(stacks.len(), ORDERS);
    stacks.swap_remove(order)(client)
}
