mod builder;

pub use self::builder::ResumeConfigBuilder;

use crate::event::EventView;
use buttress_core::observe::Watch;
use buttress_core::{Backoff, RetryBudget};
use std::fmt;
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
    window: usize,
    terminal: Option<Terminal>,
    any_method: bool,
    prefix_replay: bool,
    overlap: usize,
    overlap_alone: bool,
    report: bool,
    watch: Watch,
    budget: Option<RetryBudget>,
}

/// Tells the last event of a stream.
#[derive(Clone)]
pub(crate) struct Terminal(Arc<dyn Fn(&EventView<'_>) -> bool + Send + Sync>);

impl Terminal {
    pub(crate) fn is(&self, event: &EventView<'_>) -> bool {
        (self.0)(event)
    }
}

impl fmt::Debug for Terminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Terminal")
    }
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
    /// Ids of events that are known again by default: 64.
    pub const DEFAULT_WINDOW: usize = 64;

    /// Starts from the defaults.
    pub fn builder() -> ResumeConfigBuilder {
        ResumeConfigBuilder(Settings {
            tries: Self::DEFAULT_TRIES,
            total: Self::DEFAULT_TOTAL,
            backoff: Backoff::default(),
            max_wait: Self::DEFAULT_MAX_WAIT,
            max_reread: Self::DEFAULT_MAX_REREAD,
            max_event: Self::DEFAULT_MAX_EVENT,
            window: Self::DEFAULT_WINDOW,
            terminal: None,
            any_method: false,
            prefix_replay: false,
            overlap: 0,
            overlap_alone: false,
            report: false,
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

    /// How many ids of events are known again when a re-opened stream repeats them.
    #[must_use]
    pub fn window(&self) -> usize {
        self.0.window
    }

    /// Whether this is the event after which a stream is whole; `None` if nobody knows.
    #[must_use]
    pub fn is_terminal(&self, event: &EventView<'_>) -> Option<bool> {
        self.0.terminal.as_ref().map(|terminal| terminal.is(event))
    }

    pub(crate) fn terminal(&self) -> Option<&Terminal> {
        self.0.terminal.as_ref()
    }

    /// Whether requests of any method may be sent again.
    #[must_use]
    pub fn any_method(&self) -> bool {
        self.0.any_method
    }

    /// Whether what nothing else proves may be read again from its beginning.
    #[must_use]
    pub fn prefix_replay(&self) -> bool {
        self.0.prefix_replay
    }

    /// How many of the last bytes are read again and compared where a range is continued.
    #[must_use]
    pub fn overlap(&self) -> usize {
        self.0.overlap
    }

    /// Whether the overlap is proof enough where there is no strong validator.
    #[must_use]
    pub fn overlap_alone(&self) -> bool {
        self.0.overlap_alone
    }

    /// Whether responses that could be continued have a report among their extensions.
    #[must_use]
    pub fn report(&self) -> bool {
        self.0.report
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
