use buttress_core::observe::{Observer, Watch};
use buttress_core::{Backoff, ConfigError, RetryBudget};
use std::sync::Arc;
use std::time::Duration;

/// What a [`ResumeLayer`](crate::ResumeLayer) may do. Valid by construction, cheap to clone.
///
/// Put one into a request's extensions to override the layer's own for that request.
///
/// ```
/// use buttress_resume::ResumeConfig;
///
/// let config = ResumeConfig::builder().tries(3).build()?;
/// assert_eq!(config.tries(), 3);
///
/// let error = ResumeConfig::builder().tries(0).build().unwrap_err();
/// assert_eq!(error.to_string(), "`tries` is 0, but must be 1 to 100");
/// # Ok::<(), buttress_core::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ResumeConfig(Arc<Settings>);

#[derive(Clone, Debug)]
struct Settings {
    tries: u32,
    total: u32,
    backoff: Backoff,
    max_wait: Duration,
    max_reread: u64,
    max_event: usize,
    watch: Watch,
    budget: Option<RetryBudget>,
}

impl ResumeConfig {
    /// Tries without progress by default.
    pub const DEFAULT_TRIES: u32 = 5;
    /// Tries over the whole life of a body by default.
    pub const DEFAULT_TOTAL: u32 = 100;
    /// The longest wait a server may ask for by default.
    pub const DEFAULT_MAX_WAIT: Duration = Duration::from_secs(60);
    /// Bytes that may be read again by default: 16 MiB.
    pub const DEFAULT_MAX_REREAD: u64 = 16 << 20;
    /// Bytes of an unfinished event that are held back by default: 1 MiB.
    pub const DEFAULT_MAX_EVENT: usize = 1 << 20;

    /// Starts from the defaults.
    pub fn builder() -> ResumeConfigBuilder {
        ResumeConfigBuilder(Settings {
            tries: Self::DEFAULT_TRIES,
            total: Self::DEFAULT_TOTAL,
            backoff: Backoff::default(),
            max_wait: Self::DEFAULT_MAX_WAIT,
            max_reread: Self::DEFAULT_MAX_REREAD,
            max_event: Self::DEFAULT_MAX_EVENT,
            watch: Watch::default(),
            budget: None,
        })
    }

    /// A builder that begins with these values.
    pub fn to_builder(&self) -> ResumeConfigBuilder {
        ResumeConfigBuilder(Settings::clone(&self.0))
    }

    /// The most tries in a row that bring nothing new.
    #[must_use]
    pub fn tries(&self) -> u32 {
        self.0.tries
    }

    /// The most tries over the whole life of a body.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.0.total
    }

    /// How long to wait before a try.
    #[must_use]
    pub fn backoff(&self) -> &Backoff {
        &self.0.backoff
    }

    /// The longest wait a server may ask for.
    #[must_use]
    pub fn max_wait(&self) -> Duration {
        self.0.max_wait
    }

    /// The most bytes that may be read again and thrown away when a server ignores ranges.
    #[must_use]
    pub fn max_reread(&self) -> u64 {
        self.0.max_reread
    }

    /// The most bytes of an unfinished event that are held back.
    #[must_use]
    pub fn max_event(&self) -> usize {
        self.0.max_event
    }

    /// Who is told what happens.
    #[must_use]
    pub fn watch(&self) -> &Watch {
        &self.0.watch
    }

    /// The budget that tries take from.
    #[must_use]
    pub fn budget(&self) -> Option<&RetryBudget> {
        self.0.budget.as_ref()
    }

    /// The same with this budget.
    #[must_use]
    pub fn with_budget(mut self, budget: RetryBudget) -> Self {
        Arc::make_mut(&mut self.0).budget = Some(budget);
        self
    }

    /// What holds for a request that brings this configuration: the layer's budget too, unless it
    /// brings one.
    pub(crate) fn within(&self, layer: &ResumeConfig) -> ResumeConfig {
        match layer.budget() {
            Some(budget) if self.0.budget.is_none() => self.clone().with_budget(budget.clone()),
            _ => self.clone(),
        }
    }
}

impl Default for ResumeConfig {
    fn default() -> Self {
        ResumeConfig(Arc::new(ResumeConfig::builder().0))
    }
}

/// Sets the fields of a [`ResumeConfig`], then [`build`](ResumeConfigBuilder::build)s it.
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ResumeConfigBuilder(Settings);

impl ResumeConfigBuilder {
    /// The most tries in a row that bring nothing new: 1 to 100. Default: 5.
    ///
    /// Only a new event, or 64 KiB of new bytes, starts the count afresh.
    pub fn tries(mut self, tries: u32) -> Self {
        self.0.tries = tries;
        self
    }

    /// The most tries over the whole life of a body: 1 to 1,000,000. Default: 100.
    pub fn total(mut self, total: u32) -> Self {
        self.0.total = total;
        self
    }

    /// How long to wait before a try. Default: exponential from 250 ms to 20 s, full jitter.
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.0.backoff = backoff;
        self
    }

    /// The longest wait a server may ask for: at most a day. Default: 60 s. A server that asks
    /// for more ends the body.
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.0.max_wait = wait;
        self
    }

    /// The most bytes that may be read again and thrown away when a server ignores ranges.
    /// Default: 16 MiB. 0 forbids it.
    pub fn max_reread(mut self, bytes: u64) -> Self {
        self.0.max_reread = bytes;
        self
    }

    /// The most bytes of an unfinished event that are held back: 1 KiB to 1 GiB. Default: 1 MiB.
    ///
    /// A longer event is passed on as it comes, and a cut within it can't be mended.
    pub fn max_event(mut self, bytes: usize) -> Self {
        self.0.max_event = bytes;
        self
    }

    /// Who is told of tries to re-open besides `tracing`: see [`observe`](buttress_core::observe).
    /// Default: nobody.
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.0.watch = Watch::by(observer);
        self
    }

    /// The budget that tries take from: the one of the retry layer below, which its calls fill, or
    /// one that only time fills. Default: none.
    ///
    /// A try's tokens are spent when its request is sent, and go back when it is not. A
    /// configuration in a request's extensions that has no budget is held to the layer's.
    pub fn budget(mut self, budget: RetryBudget) -> Self {
        self.0.budget = Some(budget);
        self
    }

    /// Checks every field.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the first field that is out of range.
    pub fn build(self) -> Result<ResumeConfig, ConfigError> {
        let Settings {
            tries,
            total,
            max_wait,
            max_event,
            ..
        } = self.0;
        let out_of_range = |field, problem| Err(ConfigError::new(field, problem));
        if !(1..=100).contains(&tries) {
            return out_of_range("tries", format!("is {tries}, but must be 1 to 100"));
        }
        if !(1..=1_000_000).contains(&total) {
            return out_of_range("total", format!("is {total}, but must be 1 to 1000000"));
        }
        if max_wait > Duration::from_secs(24 * 60 * 60) {
            return out_of_range(
                "max_wait",
                format!("is {max_wait:?}, but must be at most 24 h"),
            );
        }
        if !(1 << 10..=1 << 30).contains(&max_event) {
            return out_of_range(
                "max_event",
                format!("is {max_event} bytes, but must be 1 KiB to 1 GiB"),
            );
        }
        Ok(ResumeConfig(Arc::new(self.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn out_of_range_names_the_field() {
        let builder = ResumeConfig::builder;
        let field = |b: ResumeConfigBuilder| b.build().unwrap_err().field();
        assert_eq!(field(builder().tries(0)), "tries");
        assert_eq!(field(builder().total(0)), "total");
        assert_eq!(field(builder().max_wait(Duration::MAX)), "max_wait");
        assert_eq!(field(builder().max_event(0)), "max_event");
        assert!(builder().max_reread(0).build().is_ok());
    }
}
