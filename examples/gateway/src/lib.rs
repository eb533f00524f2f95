//! A reverse proxy on your own machine that keeps the calls of agents and SDKs alive over a bad
//! network.
//!
//! ```text
//! cargo run --release -p gateway -- --upstream https://api.example.com
//! cargo run --release -p gateway -- demo
//! ```
//!
//! It listens at a loopback address, passes every request on to one upstream, and puts the layers
//! of Buttress between: what fails before the client has seen anything is tried again, a download
//! or event stream that breaks goes on where it stopped, and what can't be mended ends in an
//! explanation, or in a connection that visibly breaks. Never in half an answer that looks whole.
//!
//! # What is changed on the way
//!
//! Nothing but this, so that client and upstream hardly notice that it is there:
//!
//! - The address is that of the upstream, and so is `Host`.
//! - What belongs to one connection is not passed on ([`hop`]). `Via` and `X-Forwarded-For` are
//!   not added, although RFC 9110, section 7.6.3, asks gateways for `Via`: it is to look like a
//!   direct call, and there is one hop only.
//! - A failing answer on which all tries were spent says `x-should-retry: false`, so that the
//!   tries of the client do not multiply with those made here.
//!
//! # What is refused
//!
//! | request | answer |
//! |---|---|
//! | an upgrade to a WebSocket | 426, on which clients fall back to plain HTTP at once |
//! | `CONNECT` and `TRACE` | 501 |
//! | a whole URL as for a forward proxy, `OPTIONS *` | 421, 400 |
//!
//! # What may be sent twice
//!
//! Requests with idempotent methods or an `Idempotency-Key`, and `POST`s that call a language
//! model, known by the end of their path ([`stack::is_model_call`]): having such an answer twice
//! costs tokens but does no harm. `--retry-post` changes that.

#![allow(
    clippy::disallowed_methods,
    reason = "a program owns its tasks and its timers"
)]
#![allow(
    clippy::exhaustive_enums,
    clippy::exhaustive_structs,
    reason = "this library is for the program beside it"
)]

pub mod cli;
pub mod demo;
mod gateway;
pub mod hop;
pub mod log;
mod refuse;
pub mod server;
mod socket;
pub mod stack;
pub mod target;
pub mod upstream;

pub use self::gateway::{Gateway, GatewayBody};
pub use self::log::AccessLog;
pub use self::stack::Limits;
pub use self::target::{Target, UrlError};
