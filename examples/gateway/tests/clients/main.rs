//! Real clients behind the gateway, against an upstream that misbehaves: SDKs, HTTP clients and
//! agents, each as its users run it.
//!
//! They are installed below the target folder, which takes Python 3, Node.js 20 or later, curl and a
//! network, so these tests run only when they are asked for. What can't be installed fails its test,
//! and says what is missing.
//!
//! ```text
//! cargo test -p gateway --test clients -- --ignored --nocapture sdks
//! cargo test -p gateway --test clients -- --ignored --nocapture agents
//! ```
//!
//! The SDKs are of the versions written down in `sdks.rs`, so that a release elsewhere breaks
//! nothing here. The agents are the newest that run on the Node.js at hand: they change every week, and
//! so does what their users have.
#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that finds something else stops there"
)]

mod agents;
mod install;
mod sdks;
mod world;
