//! The vocabulary that the layers of Buttress share.
//!
//! Most programs take it through the [`buttress`](https://docs.rs/buttress) facade. It is a crate
//! of its own for those who write a layer, a classifier or a client of their own.
//!
//! | you want to | look at |
//! |---|---|
//! | know what went wrong | [`Failure`], [`FailureKind`], [`Phase`], [`Delivery`] |
//! | know what was tried | [`History`], [`StopReason`] |
//! | classify an error or a response yourself | [`classify`] |
//! | read what a server says about trying again | [`Hint`] |
//! | wait between attempts | [`Backoff`] |
//! | limit the retries of all calls together | [`RetryBudget`] |
//! | give a call an end | [`Deadline`], [`Guard`] |
//! | tell the layers below what a call is about | [`About`] |
//! | retry gRPC calls by their status, tell their servers the deadline | [`grpc`] |
//! | send a request body twice | [`ReplayableBody`], [`ReplayBodyLayer`] |
//! | keep what it takes to send a request again | [`Snapshot`] |
//! | know whether a body can be read as it is | [`is_coded`] |
//! | write an error into a stream, or keep a layer from doing so | [`LastWords`] |
//! | watch what happens to calls | [`observe`] |
//! | keep secrets out of texts | [`redact`] |
//! | read a configuration from a file | `settings`, with the feature `serde` |
//!
//! # Features
//!
//! None is on by default. `hyper`, `hyper-util`, `h2`, `rustls`, `reqwest`, `tower` and
//! `tower-http` let [`classify`] read the typed errors of those libraries; without a feature their
//! errors are still classified, by their text, which knows less. `reqwest` also makes
//! `reqwest::Body` a [`ReplayableBody`]. `serde` lets configurations be read and written. `axum`
//! makes a [`Failure`] what a handler may answer with. No feature changes how anything else behaves.
//!
//! # Stability
//!
//! The codes of [`FailureKind`], [`Phase`] and [`StopReason`] are stable. The errors in the chain
//! of [`source`](std::error::Error::source)s belong to the libraries they come from: downcasting
//! them is not covered by this crate's version. Texts may be improved in any release.

mod about;
mod backoff;
pub mod budget;
pub mod classify;
mod coding;
mod config;
pub mod deadline;
pub mod failure;
pub mod grpc;
mod guard;
pub mod hint;
mod last_words;
pub mod observe;
pub mod redact;
pub mod replay;
#[cfg(test)]
mod seed;
mod service;
#[cfg(feature = "serde")]
pub mod settings;
mod snapshot;
pub mod time;

pub use self::about::{About, Told};
pub use self::backoff::{Backoff, Delays, Jitter};
pub use self::budget::{RetryBudget, RetryBudgetBuilder};
pub use self::coding::{is_coded, is_coding, is_transfer_coding};
pub use self::config::ConfigError;
pub use self::deadline::{Deadline, Scope};
pub use self::failure::{
    Action, Attempt, Delivery, Failure, FailureKind, HISTORY_CAP, History, Limit, Phase, Reference,
    Side, StopReason,
};
pub use self::guard::Guard;
pub use self::hint::Hint;
pub use self::last_words::LastWords;
pub use self::replay::{ReplayBody, ReplayBodyLayer, ReplayableBody};
pub use self::service::take_ready;
pub use self::snapshot::Snapshot;

/// The error type that layers accept from the services they wrap.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
