//! What the tests, demos and benchmarks of Buttress stand on. Not published.
//!
//! | you need | look at |
//! |---|---|
//! | content of which every byte can be told from every other | [`Content`], [`Events`] |
//! | answers of language models in the shapes of their APIs | [`Reply`], [`Api`] |
//! | a server on a real socket that misbehaves on demand | [`Origin`], [`Fault`], [`Script`] |
//! | the same server in memory, for paused time | [`Origin::connect`] |
//! | a service and a body that follow a script | [`ScriptedService`], [`ScriptedBody`] |
//! | a verdict on what a call delivered | [`oracle`] |
//! | everything that came out of a body | [`collect()`] |
//!
//! The crate knows none of the layers: whatever is under test is driven from outside.
#![allow(
    clippy::disallowed_methods,
    reason = "the testkit is the other end: it owns tasks, sockets and timers"
)]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test tool that finds itself misused stops the test with the reason"
)]

pub mod collect;
pub mod content;
pub mod oracle;
pub mod origin;
pub mod service;

pub use self::collect::{AfterEnd, Collected, Lie, collect};
pub use self::content::{Api, Content, Events, Reply, TOOL};
pub use self::oracle::{Delivered, End, Original, Rules, Run, Try, Violation, check};
pub use self::origin::{
    At, Canned, Code, Cut, Effects, Fault, MemoryStream, Origin, Refused, Script, Seen,
};
pub use self::service::{BodyProbe, Call, CallEnd, Readiness, ScriptedBody, ScriptedService, Step};
