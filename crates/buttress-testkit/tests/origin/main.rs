//! The origin does what its honest table and every fault promise, as seen by a raw client.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests, on real sockets"
)]

mod client;
mod connection;
mod framing;
mod honest;
mod http2;
mod memory;
mod streams;
