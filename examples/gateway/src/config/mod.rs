//! What the gateway does, put together from defaults, a file and flags, in that order.
//!
//! The file is TOML. Everything in it may be left out:
//!
//! ```toml
//! listen = "127.0.0.1:4100"
//! # Where paths go for which there is no route.
//! upstream = "http://127.0.0.1:30000"
//! # Routes for the public providers: /openai, /anthropic and so on.
//! providers = true
//! connect = "10s"
//! shutdown = "30s"
//! # Which POST requests are sent again although they may have had an effect: "llm", "always", "never".
//! retry_post = "llm"
//!
//! [memory]                 # for request bodies that may be sent again, in MiB
//! request = 64
//! total = 256
//!
//! [retry]                  # how often, how long
//! attempts = 10
//! elapsed = "15m"
//! backoff = { base = "250ms", cap = "20s", jitter = "full" }
//!
//! [resume]                 # how a body that broke goes on
//! tries = 5
//! total = 100
//!
//! [timeout]                # of each attempt; `total` of the whole call
//! head = "10m"
//! # first_frame = "2m"     # the first event that says something; as `idle` by default
//! idle = "5m"
//!
//! [llm]                    # streams of models
//! # Neither of these two with retry_post = "never".
//! replay = true            # ask again and go on where the same answer was cut
//! prefill = false          # ask the model to go on with its text: see `Streams::prefill`
//! max_kept = 8388608       # bytes of a stream that are kept to be compared with what is said again
//! keep_alive = "15s"       # how long the client hears nothing
//! # Until it is known that an answer says something, so much of it is held, in bytes, and so long:
//! max_events = 1048576     # of a stream
//! max_document = 8388608   # of an answer in one document
//! max_wait = "5m"
//!
//! [budget]                 # for the further tries of all clients together, at each host and port
//! ratio = 0.2
//! reserve = 1000
//! min_per_second = 1.0
//!
//! [[route]]
//! path = "/sglang"
//! upstream = "http://10.0.0.7:30000"
//! retry_post = "always"
//! timeout = { idle = "10m" }  # the rest is as above
//! ```
//!
//! Times have a unit. `[retry]`, `[resume]`, `[timeout]` and `[budget]` have the fields of
//! [`RetryConfig`](buttress_retry::RetryConfig), [`ResumeConfig`](buttress_resume::ResumeConfig),
//! [`TimeoutConfig`](buttress_timeout::TimeoutConfig) and
//! [`RetryBudget`](buttress_core::RetryBudget); a field that does not exist is an error. `consent`,
//! `budget` and `report` are errors too: `retry_post`, `[budget]` and the [log](crate::log) are in their stead.

mod draft;
mod file;

pub use self::draft::{Draft, DraftLimits, DraftRoute, FieldError};
pub use self::file::FileError;

use crate::route::Route;
use buttress_core::replay::ReplayMemory;
use std::net::SocketAddr;
use std::time::Duration;

/// What the gateway does.
#[derive(Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where requests go.
    pub routes: Vec<Route>,
    /// What the request bodies of all calls together may keep.
    pub memory: ReplayMemory,
    /// How long connecting may take.
    pub connect: Duration,
    /// How long answers may go on once the program is to stop.
    pub shutdown: Duration,
}

/// An address to listen at.
pub(crate) fn address(text: &str) -> Result<SocketAddr, &'static str> {
    let named = text.strip_prefix("localhost:");
    let text = named.map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
    let wrong = "expected an address of this machine and a port, as in 127.0.0.1:4100";
    text.parse().map_err(|_| wrong)
}

#[cfg(test)]
mod tests;
