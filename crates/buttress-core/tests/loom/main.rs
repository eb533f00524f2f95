//! What shares state between threads, in every order in which its steps can happen:
//!
//! ```sh
//! RUSTFLAGS='--cfg loom' cargo test -p buttress-core --test loom
//! ```
//!
//! The modules are compiled in from their sources, with loom's atomics in the place of the
//! standard ones; without the flag there is nothing here.
#![cfg(loom)]
#![allow(
    dead_code,
    unreachable_pub,
    reason = "the modules' whole interfaces are here, and only their tests use them"
)]

use buttress_core::{ConfigError, FailureKind, time};

#[path = "../../src/budget/mod.rs"]
mod budget;

// Of another crate: with a test like this one each would build a second tokio.
#[path = "../../../buttress-timeout/src/bell.rs"]
mod bell;
mod bell_tests;
