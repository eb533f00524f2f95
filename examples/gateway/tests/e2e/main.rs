//! The gateway between a client and an origin, over real sockets.
#![allow(
    clippy::disallowed_methods,
    reason = "tests own the sockets, tasks and guards on both sides"
)]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that finds something else stops there"
)]

mod ahead;
mod calls;
mod check;
mod demo;
mod ends;
mod framing;
mod headers;
mod leaving;
mod models;
mod routes;
mod secure;
mod streams;
mod support;
