//! What every layer owes the services around it.
//!
//! | rule | what is checked |
//! |---|---|
//! | [`Rule::ReadiedReceiver`] | the service that was polled ready is the one that is called, and no other is asked |
//! | [`Rule::PendingWake`] | an inner service that becomes ready later wakes the task |
//! | [`Rule::ReadinessError`] | an error of readiness arrives, or is got over, and the service lives on |
//! | [`Rule::Clones`] | clones get in nobody's way |
//! | [`Rule::DropBeforeCall`] | a service, and a future that was never polled, leave nothing behind |
//! | [`Rule::DropAnywhere`] | dropped after any poll, a call leaves nothing in flight, no body and no task |
//! | [`Rule::Forwarding`] | status, headers, frames, trailers, length, end and causes of errors arrive |
//!
//! Auto traits are checked by the compiler: call [`auto_traits`].
//!
//! ```
//! use buttress_testkit::contract::{self, Rule};
//! use buttress_testkit::saboteur::DropSizeHint;
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
//! contract::check(|inner| inner).await?;
//! let breach = contract::check(DropSizeHint::new).await.unwrap_err();
//! assert_eq!(breach.rule, Rule::Forwarding);
//! # Ok::<(), contract::Breach>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod drive;
mod drops;
mod forward;
mod ready;

pub use self::drops::{Scene, check_scenes};

use crate::service::ScriptedService;
use buttress_core::{BoxError, Failure};
use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use std::fmt;
use tower_service::Service;

/// The service at the bottom.
pub type Inner = ScriptedService<String>;

/// One thing that is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the module's table has them")]
pub enum Rule {
    ReadiedReceiver,
    PendingWake,
    ReadinessError,
    Clones,
    DropBeforeCall,
    DropAnywhere,
    Forwarding,
}

/// A rule that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Breach {
    /// Which one.
    pub rule: Rule,
    /// How.
    pub what: String,
}

impl Breach {
    fn new(rule: Rule, what: impl Into<String>) -> Self {
        let what = what.into();
        Breach { rule, what }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.rule, self.what)
    }
}

impl std::error::Error for Breach {}

/// Checks the services that `make` builds over a scripted one: the first breach, or how many drops
/// were tried.
///
/// Must run in paused time.
pub async fn check<S, RB>(make: impl Fn(Inner) -> S) -> Result<usize, Breach>
where
    S: Service<Request<String>, Response = Response<RB>> + Clone,
    S::Error: Into<BoxError>,
    RB: Body<Data = Bytes>,
    RB::Error: Into<BoxError>,
{
    ready::check(&make).await?;
    forward::check(&make).await?;
    check_drops(make, |_| Ok(())).await
}

/// Like the part of [`check`] that drops calls, with one more question after each drop: the inner
/// service tells what was sent, `quiet` whether all that was lent is back.
pub async fn check_drops<S, RB>(
    make: impl Fn(Inner) -> S,
    quiet: impl Fn(&Inner) -> Result<(), String>,
) -> Result<usize, Breach>
where
    S: Service<Request<String>, Response = Response<RB>> + Clone,
    S::Error: Into<BoxError>,
    RB: Body<Data = Bytes>,
    RB::Error: Into<BoxError>,
{
    check_scenes(&drops::SCENES, drops::request, make, quiet).await
}

/// Compiles only when the service, its future and its body can be moved between threads, the
/// service can be shared, and errors are [`Failure`]s or none.
pub fn auto_traits<S, RB>(_: &impl Fn(Inner) -> S)
where
    S: Service<Request<String>, Response = Response<RB>> + Clone + Send + Sync + Unpin + 'static,
    S::Future: Send,
    S::Error: Into<BoxError> + Send + Sync,
    RB: Body<Data = Bytes, Error = Failure> + Send + Unpin + 'static,
{
}
