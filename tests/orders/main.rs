//! Every ordered subset of the four layers, on every stack, over real sockets: the types are
//! inferred, a subset with a retry survives a connection that is dropped before the head, one with
//! a resume survives one that is dropped in the body, and the others fail and say so.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod drive;
mod stacks;
