use crate::event::EventView;
use buttress_core::observe::{Observer, Watch};
use buttress_core::{Backoff, ConfigError, RetryBudget};
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
    /// Bytes to compare where a range is continued, for those who want that: 64 KiB.
    pub const DEFAULT_OVERLAP: usize = 64 << 10;

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

    /// The most bytes that may be read again and thrown away when a server ignores ranges, or by a
    /// [prefix replay](ResumeConfigBuilder::prefix_replay). Default: 16 MiB. 0 forbids it.
    pub fn max_reread(mut self, bytes: u64) -> Self {
        self.0.max_reread = bytes;
        self
    }

    /// The most bytes of an unfinished event that are held back: 1 KiB to 1 GiB. Default: 1 MiB.
    ///
    /// A longer event is passed on as it comes, and a cut within it can't be mended. Right after a
    /// re-opening it goes by its id whether it was delivered before; without one among its first
    /// lines the body fails, rather than repeat it.
    pub fn max_event(mut self, bytes: usize) -> Self {
        self.0.max_event = bytes;
        self
    }

    /// How many ids of events, the first and the last ones, are known again when a re-opened stream
    /// repeats them: at most 100,000. Default: 64, each up to 1 KiB.
    ///
    /// A server that ignores `Last-Event-ID` begins again with what was delivered. From the first
    /// event that is known on, events are left out up to the last one delivered, as long as they
    /// are no more than [`max_reread`](ResumeConfigBuilder::max_reread) bytes. With 0, only the last
    /// one is known again.
    pub fn window(mut self, ids: usize) -> Self {
        self.0.window = ids;
        self
    }

    /// Tells the event after which an event stream is whole, such as `data: [DONE]`. Default: none,
    /// so that a clean end is the end.
    ///
    /// With it, a stream that ends without that event was cut, however it ended: it is opened again
    /// if it can be, or else fails with `stream_truncated`. After that event no end is a failure.
    /// It holds for every event stream that is not coded, that of a `POST` too.
    ///
    /// ```
    /// use buttress_resume::ResumeConfig;
    /// use buttress_resume::event::EventView;
    ///
    /// let done = |event: &EventView<'_>| &*event.data() == b"[DONE]";
    /// let config = ResumeConfig::builder().terminal(done).build()?;
    /// let last = EventView::parse(b"data: [DONE]\n\n");
    /// assert_eq!(config.is_terminal(&last), Some(true));
    /// # Ok::<(), buttress_core::ConfigError>(())
    /// ```
    pub fn terminal(
        mut self,
        is_last: impl Fn(&EventView<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.0.terminal = Some(Terminal(Arc::new(is_last)));
        self
    }

    /// Consents to sending any request again, not only a `GET` or a `QUERY`, to go on with an event
    /// stream by `Last-Event-ID`: for APIs that stream the answer to a `POST` with ids and know
    /// what that header means there. Default: no.
    ///
    /// A server that does not know it does the work a second time. Best set for single requests,
    /// through their extensions.
    pub fn any_method(mut self, consent: bool) -> Self {
        self.0.any_method = consent;
        self
    }

    /// Where nothing else can prove that a continuation fits: sends the same request again,
    /// compares what was delivered with a hash of it, leaves it out and goes on. Default: no.
    ///
    /// For what is always the same bytes: files without validators, recorded streams. Up to
    /// [`max_reread`](ResumeConfigBuilder::max_reread) bytes are read again, and each byte is hashed
    /// on its way. For a `GET` or a `QUERY`, or with [`any_method`](ResumeConfigBuilder::any_method)
    /// for a request with an `Idempotency-Key`.
    pub fn prefix_replay(mut self, consent: bool) -> Self {
        self.0.prefix_replay = consent;
        self
    }

    /// Where a range is continued, asks for this many of the last bytes again and compares them:
    /// at most 16 MiB. Default: 0, which is none; [`DEFAULT_OVERLAP`](ResumeConfig::DEFAULT_OVERLAP)
    /// is a good number.
    ///
    /// A strong entity tag is a promise that some servers do not keep: those made of a time and a
    /// length stay the same when a file is written twice in a second. The overlap shows that the
    /// last bytes are the same, not those before them. It is held in memory.
    pub fn overlap(mut self, bytes: usize) -> Self {
        self.0.overlap = bytes;
        self
    }

    /// Continues ranges without a strong validator too, on the proof of the
    /// [`overlap`](ResumeConfigBuilder::overlap) alone. Default: no.
    ///
    /// Weak validators must be the same where there are any. A file that changed only before the
    /// overlap is not noticed.
    pub fn overlap_alone(mut self, consent: bool) -> Self {
        self.0.overlap_alone = consent;
        self
    }

    /// Puts a [`ResumeReport`](crate::ResumeReport) into the extensions of every response that could
    /// be continued. Default: no, because that takes up to four allocations for each such call, and
    /// hardly a body breaks. What a body fails with has the history in any case.
    pub fn report(mut self, wanted: bool) -> Self {
        self.0.report = wanted;
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
            window,
            overlap,
            overlap_alone,
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
        if window > 100_000 {
            return out_of_range("window", format!("is {window}, but must be at most 100000"));
        }
        if overlap > 16 << 20 {
            return out_of_range(
                "overlap",
                format!("is {overlap} bytes, but must be at most 16 MiB"),
            );
        }
        if overlap_alone && overlap == 0 {
            return out_of_range(
                "overlap",
                "is 0 bytes, but must be more with `overlap_alone`".to_owned(),
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
        assert_eq!(field(builder().window(usize::MAX)), "window");
        assert_eq!(field(builder().overlap(usize::MAX)), "overlap");
        assert_eq!(field(builder().overlap_alone(true)), "overlap");
        assert!(builder().overlap(1).overlap_alone(true).build().is_ok());
        assert!(builder().max_reread(0).build().is_ok());
    }
}
