//! A reverse proxy on your own machine that keeps the calls of agents and SDKs alive over a bad
//! network.
//!
//! ```text
//! cargo run --release -p gateway
//! cargo run --release -p gateway -- --upstream https://api.example.com
//! cargo run --release -p gateway -- setup opencode
//! cargo run --release -p gateway -- demo
//! ```
//!
//! It listens at a loopback address and passes every request on: paths below `/openai`,
//! `/anthropic` and [so on](providers::PROVIDERS) to the public APIs, those below the routes of a
//! [file](config) to theirs, and all others to `--upstream`. In between it puts the layers of
//! Buttress: what fails before the client has seen anything is tried again, a download or event
//! stream that breaks goes on where it stopped, and what can't be mended ends in an explanation, or
//! in a connection that visibly breaks. Never in half an answer that looks whole.
//!
//! `GET /healthz` and `GET /metrics` are answered by the gateway itself ([`metrics`]); an upstream's own are
//! reached through a route with a path. Every other request leaves a line in the [log]. Upstreams elsewhere are reached through the environment's
//! [proxy].
//!
//! # What is changed on the way
//!
//! Nothing but this, so that client and upstream hardly notice that it is there:
//!
//! - The address is that of the upstream, and so is `Host`.
//! - What belongs to one connection is not passed on ([`hop`]). `Via` and `X-Forwarded-For` are
//!   not added, although RFC 9110, section 7.6.3, asks gateways for `Via`: it is to look like a
//!   direct call, and there is one hop only.
//! - A call to a model asks for its answer as it is, and not compressed: what can't be read can't be
//!   judged, nor go on where it was cut.
//! - A call to a model is sent when its body has come, if that takes no longer than 10 s and the body is no
//!   longer than what is kept. All other bodies are passed on while they come.
//! - Answers before the answer, such as 103, are not passed on.
//! - A failing answer on which all tries were spent says `x-should-retry: false`, so that the
//!   tries of the client do not multiply with those made here.
//!
//! # What is refused
//!
//! | request | answer |
//! |---|---|
//! | an upgrade to a WebSocket | 426, on which clients fall back to plain HTTP at once |
//! | `CONNECT` and `TRACE`, a body in a transfer coding besides chunks | 501 |
//! | a whole URL as for a forward proxy, with another address than the gateway's; `OPTIONS *` | 421, 400 |
//! | a path without a route | 404 |
//!
//! # What may be sent twice
//!
//! Requests with idempotent methods or an `Idempotency-Key`, and `POST`s that call a language
//! model, known by the end of their path ([`stack::is_model_call`]), unless their body shows that they
//! are something else: having such an answer twice costs tokens, or the price of a picture, but does no
//! harm. `--retry-post` changes that; with `never` no stream that was cut is asked for again either.
//!
//! For that, up to 64 MiB of each request's body are kept, and 256 MiB over all requests; a body
//! that does not fit is passed on, and is sent once. The further tries of all clients take from one
//! [budget](buttress_core::RetryBudget) for each upstream, so that an upstream in trouble is left in peace.

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
pub mod config;
mod consent;
pub mod demo;
mod early;
mod framed;
mod gateway;
pub mod hop;
pub mod log;
pub mod metrics;
pub mod providers;
pub mod proxy;
mod quiet;
mod refuse;
mod route;
pub mod server;
pub mod setup;
mod socket;
pub mod stack;
pub mod target;
pub mod tries;
mod turn;
pub mod upstream;

pub use self::config::Config;
pub use self::early::Early;
pub use self::gateway::{Gateway, GatewayBody, Parts};
pub use self::log::AccessLog;
pub use self::metrics::Metrics;
pub use self::route::{Prefix, PrefixError, Route};
pub use self::stack::Limits;
pub use self::target::{Target, UrlError};
