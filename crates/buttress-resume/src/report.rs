use crate::plan::Plan;
use buttress_core::{Attempt, History};
use http::Extensions;
use std::sync::{Arc, Mutex, MutexGuard};

/// What became of a body so far: in the extensions of every response that could be continued, where
/// the [configuration](crate::ResumeConfigBuilder::report) asks for it.
///
/// Clones share one report, which goes on while the body is read: keep one to look at afterwards.
///
/// ```
/// use buttress_resume::{ResumeConfig, ResumeLayer, ResumePlan, ResumeReport};
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use http_body_util::{BodyExt, Empty, Full};
/// use std::convert::Infallible;
/// use tower::{Layer, ServiceExt, service_fn};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let server = service_fn(|_: Request<Empty<Bytes>>| async {
///     let response = Response::builder().header("etag", "\"v1\"");
///     Ok::<_, Infallible>(response.body(Full::new(Bytes::from("hello"))).expect("is valid"))
/// });
/// let config = ResumeConfig::builder().report(true).build()?;
/// let client = ResumeLayer::new(config).layer(server);
/// let response = client.oneshot(Request::new(Empty::new())).await?;
///
/// let report = ResumeReport::of(response.extensions()).cloned().expect("it has a strong tag");
/// assert_eq!(report.plan(), ResumePlan::Range);
/// response.into_body().collect().await?;
/// assert_eq!((report.reopened(), report.reread()), (0, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ResumeReport {
    plan: ResumePlan,
    counts: Arc<Mutex<Counts>>,
}

/// How a body is continued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResumePlan {
    /// As a [`Cursor`](crate::Cursor) says.
    Cursor,
    /// By `Last-Event-ID`.
    Events,
    /// By `Range`.
    Range,
    /// By the same request again.
    Prefix,
}

#[derive(Debug, Default)]
struct Counts {
    reopened: u32,
    reread: u64,
    history: History,
}

impl ResumePlan {
    /// The stable `snake_case` name of the plan.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            ResumePlan::Cursor => "cursor",
            ResumePlan::Events => "events",
            ResumePlan::Range => "range",
            ResumePlan::Prefix => "prefix",
        }
    }

    pub(crate) fn of(plan: &Plan) -> Option<Self> {
        match plan {
            Plan::None => None,
            Plan::Cursor => Some(ResumePlan::Cursor),
            Plan::Events => Some(ResumePlan::Events),
            Plan::Range(_) => Some(ResumePlan::Range),
            Plan::Prefix(_) => Some(ResumePlan::Prefix),
        }
    }
}

impl ResumeReport {
    pub(crate) fn new(plan: ResumePlan) -> Self {
        ResumeReport {
            plan,
            counts: Arc::default(),
        }
    }

    /// The report in these response extensions.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get::<ResumeReport>()
    }

    /// How the body is continued where it breaks.
    #[must_use]
    pub fn plan(&self) -> ResumePlan {
        self.plan
    }

    /// How many further requests have been sent for it.
    #[must_use]
    pub fn reopened(&self) -> u32 {
        self.lock().reopened
    }

    /// How many bytes came again that had been delivered, and were compared or left out.
    #[must_use]
    pub fn reread(&self) -> u64 {
        self.lock().reread
    }

    /// Why its connections ended, and when: one entry for each try, the newest 64.
    #[must_use]
    pub fn history(&self) -> History {
        self.lock().history.clone()
    }

    pub(crate) fn note_request(&self) {
        let mut counts = self.lock();
        counts.reopened = counts.reopened.saturating_add(1);
    }

    pub(crate) fn note_reread(&self, bytes: u64) {
        let mut counts = self.lock();
        counts.reread = counts.reread.saturating_add(bytes);
    }

    pub(crate) fn note(&self, attempt: Attempt) {
        self.lock().history.push(attempt);
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        // Nothing in here panics while it is locked.
        self.counts
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
