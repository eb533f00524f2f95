//! The client stack in the recommended order.

use buttress_core::{ConfigError, RetryBudget};
use buttress_humanize::{ErrorMode, Humanize, HumanizeLayer};
use buttress_resume::{Resume, ResumeConfig, ResumeLayer};
use buttress_retry::{Gate, Retry, RetryConfig, RetryLayer};
use buttress_timeout::{Timeout, TimeoutConfig, TimeoutLayer};
use std::time::Duration;
use tower_layer::Layer;

/// The standard client: all four layers in the recommended order, with their defaults, and one
/// [`RetryBudget`] for the retries and the re-openings of all services made from it.
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use http_body_util::{Empty, Full};
/// use std::io;
/// use tower::{Layer, ServiceExt, service_fn};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
/// // Any client of http types: here one whose connections break.
/// let transport = service_fn(|_: Request<Empty<Bytes>>| async {
///     Err::<Response<Full<Bytes>>, _>(io::Error::from(io::ErrorKind::ConnectionReset))
/// });
///
/// let client = buttress::client().layer(transport);
/// let request = Request::get("http://example.com/").body(Empty::new())?;
/// let failure = client.oneshot(request).await.unwrap_err();
///
/// assert_eq!(failure.kind().code(), "connection_reset");
/// assert_eq!(failure.history().len(), 4); // and a fifth attempt
/// assert!(failure.to_string().contains("example.com"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn client() -> ClientLayer {
    ClientLayer::builder().stack(TimeoutConfig::none())
}

/// The client stack: humanize > total timeout > resume > retry > attempt timeout > transport.
///
/// Made by [`client()`], or by [`builder`](ClientLayer::builder) with limits of its own.
#[derive(Clone, Debug)]
pub struct ClientLayer {
    humanize: HumanizeLayer,
    total: TimeoutConfig,
    resume: ResumeConfig,
    retry: RetryConfig,
    attempt: TimeoutConfig,
    /// What the caller has set, so that another preset keeps it.
    #[cfg(feature = "llm")]
    own: Own,
}

#[cfg(feature = "llm")]
#[derive(Clone, Copy, Debug)]
struct Own {
    retry: bool,
    attempt: bool,
}

impl ClientLayer {
    /// Starts from the defaults.
    pub fn builder() -> ClientBuilder {
        ClientBuilder {
            total: None,
            resume: ResumeConfig::default(),
            retry: None,
            attempt: None,
            budget: Some(RetryBudget::default()),
        }
    }
}

impl<S> Layer<S> for ClientLayer {
    type Service = Humanize<Timeout<Resume<Retry<Timeout<S>>>>, ErrorMode>;

    fn layer(&self, transport: S) -> Self::Service {
        let attempt = TimeoutLayer::new(self.attempt.clone()).layer(transport);
        let retry = RetryLayer::new(self.retry.clone()).layer(attempt);
        let resume = ResumeLayer::new(self.resume.clone()).layer(retry);
        let total = TimeoutLayer::new(self.total.clone()).layer(resume);
        self.humanize.layer(total)
    }
}

/// Sets the limits of a [`ClientLayer`], then [`build`](ClientBuilder::build)s it.
///
/// ```
/// use buttress::prelude::*;
/// use std::time::Duration;
///
/// let client = ClientLayer::builder()
///     .total(Duration::from_secs(300))
///     .retry(RetryConfig::builder().attempts(3).build()?)
///     .attempt(TimeoutConfig::builder().head(Duration::from_secs(30)).build()?)
///     .build()?;
///
/// let long = TimeoutConfig::builder().head(Duration::from_secs(60)).build()?;
/// let builder = ClientLayer::builder().total(Duration::from_secs(30)).attempt(long);
/// assert_eq!(
///     builder.build().unwrap_err().to_string(),
///     "`attempt.head` is 60s, but must be at most `total` (30s)"
/// );
/// # Ok::<(), buttress::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    total: Option<Duration>,
    resume: ResumeConfig,
    retry: Option<RetryConfig>,
    attempt: Option<TimeoutConfig>,
    budget: Option<RetryBudget>,
}

impl ClientBuilder {
    /// Limits the whole call, from the request to the end of the body. Default: none.
    pub fn total(mut self, limit: Duration) -> Self {
        self.total = Some(limit);
        self
    }

    /// How bodies are resumed. Default: [`ResumeConfig::default`].
    pub fn resume(mut self, config: ResumeConfig) -> Self {
        self.resume = config;
        self
    }

    /// How requests are retried. Default: [`RetryConfig::default`].
    pub fn retry(mut self, config: RetryConfig) -> Self {
        self.retry = Some(config);
        self
    }

    /// The limits of one attempt. Default: [`TimeoutConfig::default`], but no longer than
    /// [`total`](ClientBuilder::total).
    pub fn attempt(mut self, config: TimeoutConfig) -> Self {
        self.attempt = Some(config);
        self
    }

    /// The budget for retries and re-openings, unless their configurations have one of their own;
    /// `None` for none. Default: a [`RetryBudget::default`], shared by all clones and services.
    ///
    /// It belongs to one server, or to servers that fail together. A client of many wants a budget
    /// for each, in the `RetryConfig` and `ResumeConfig` of the requests' extensions.
    pub fn budget(mut self, budget: impl Into<Option<RetryBudget>>) -> Self {
        self.budget = budget.into();
        self
    }

    /// Checks that the limits that were set fit together.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names a limit of zero, or both limits of the first pair that does not fit.
    pub fn build(self) -> Result<ClientLayer, ConfigError> {
        let total = match self.total {
            Some(limit) => TimeoutConfig::builder().total(limit).build()?,
            None => TimeoutConfig::none(),
        };
        let attempt = self.attempt.as_ref();
        let of_attempt = attempt.and_then(TimeoutConfig::total);
        let parts = attempt.map(|attempt| {
            [
                ("attempt.head", attempt.head()),
                ("attempt.first_frame", attempt.first_frame()),
                ("attempt.idle", attempt.idle()),
                (
                    "attempt.min_rate.per",
                    attempt.min_rate().map(|rate| rate.per()),
                ),
            ]
        });
        let parts = parts.unwrap_or_default();
        at_most("attempt.total", of_attempt, parts)?;
        at_most("total", self.total, parts)?;
        at_most("total", self.total, [("attempt.total", of_attempt)])?;
        at_most("total", self.total, self.of_retry())?;
        Ok(self.stack(total))
    }

    /// The times of the retry that somebody has set: as long as the defaults they are no mistake.
    fn of_retry(&self) -> [(&'static str, Option<Duration>); 2] {
        let retry = self.retry.as_ref();
        let elapsed = retry.map(RetryConfig::elapsed);
        let wait = retry.and_then(RetryConfig::gate).map(Gate::longest_wait);
        [
            (
                "retry.elapsed",
                elapsed.filter(|elapsed| *elapsed != RetryConfig::DEFAULT_ELAPSED),
            ),
            (
                "retry.gate.max_wait",
                wait.filter(|wait| *wait != Gate::DEFAULT_MAX_WAIT),
            ),
        ]
    }

    fn stack(self, total: TimeoutConfig) -> ClientLayer {
        #[cfg(feature = "llm")]
        let own = Own {
            retry: self.retry.is_some(),
            attempt: self.attempt.is_some(),
        };
        let (mut resume, mut retry) = (self.resume, self.retry.unwrap_or_default());
        if let Some(budget) = self.budget {
            if resume.budget().is_none() {
                resume = resume.with_budget(budget.clone());
            }
            if retry.budget().is_none() {
                retry = retry.with_budget(budget);
            }
        }
        ClientLayer {
            humanize: HumanizeLayer::new(),
            total,
            resume,
            retry,
            attempt: self.attempt.unwrap_or_else(|| within(self.total)),
            #[cfg(feature = "llm")]
            own,
        }
    }
}

/// An error if one of these is longer than the limit with this name, under which it has no effect.
fn at_most<const N: usize>(
    name: &str,
    limit: Option<Duration>,
    parts: [(&'static str, Option<Duration>); N],
) -> Result<(), ConfigError> {
    let Some(limit) = limit else {
        return Ok(());
    };
    for (field, part) in parts {
        if let Some(part) = part.filter(|part| *part > limit) {
            let problem = format!("is {part:?}, but must be at most `{name}` ({limit:?})");
            return Err(ConfigError::new(field, problem));
        }
    }
    Ok(())
}

/// The limits of one attempt that nobody has set.
fn within(total: Option<Duration>) -> TimeoutConfig {
    let total = total.unwrap_or(Duration::MAX);
    let attempt = TimeoutConfig::builder()
        .head(TimeoutConfig::DEFAULT_HEAD.min(total))
        .idle(TimeoutConfig::DEFAULT_IDLE.min(total));
    // No limit is zero, which is all that could be wrong.
    attempt.build().unwrap_or_default()
}

#[cfg(feature = "llm")]
mod llm;
#[cfg(feature = "llm")]
pub use self::llm::{Consenting, LlmClientLayer};
#[cfg(feature = "serde")]
mod settings;
#[cfg(test)]
mod tests;
