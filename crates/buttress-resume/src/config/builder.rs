//! How a [`ResumeConfig`] is made, and within what bounds.

use super::{ResumeConfig, Settings, Terminal};
use crate::event::EventView;
use buttress_core::observe::{Observer, Watch};
use buttress_core::{Backoff, ConfigError, RetryBudget};
use std::sync::Arc;
use std::time::Duration;

/// Sets the fields of a [`ResumeConfig`], then [`build`](ResumeConfigBuilder::build)s it.
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ResumeConfigBuilder(pub(super) Settings);

impl ResumeConfigBuilder {
    /// The most tries in a row that bring nothing new: 1 to 100. Default: 5.
    ///
    /// Only a new event, or 64 KiB of new bytes since it began, starts the count afresh.
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
    /// at most 16 MiB. Default: 0, which is none; 64 KiB is a good number.
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

    #[test]
    fn the_ends_of_each_range_belong_to_it() {
        let day = Duration::from_secs(86_400);
        let second = Duration::from_secs(1);
        let builder = ResumeConfig::builder;
        for (field, within, beyond) in [
            ("tries", builder().tries(1), builder().tries(0)),
            ("tries", builder().tries(100), builder().tries(101)),
            ("total", builder().total(1), builder().total(0)),
            (
                "total",
                builder().total(1_000_000),
                builder().total(1_000_001),
            ),
            (
                "max_wait",
                builder().max_wait(day),
                builder().max_wait(day + second),
            ),
            (
                "max_event",
                builder().max_event(1 << 10),
                builder().max_event((1 << 10) - 1),
            ),
            (
                "max_event",
                builder().max_event(1 << 30),
                builder().max_event((1 << 30) + 1),
            ),
            (
                "window",
                builder().window(100_000),
                builder().window(100_001),
            ),
            (
                "overlap",
                builder().overlap(16 << 20),
                builder().overlap((16 << 20) + 1),
            ),
        ] {
            assert!(within.build().is_ok(), "{field}");
            assert_eq!(beyond.build().unwrap_err().field(), field);
        }
    }

    #[test]
    fn who_does_not_ask_for_it_gets_no_report_and_knows_no_last_event() {
        let event = EventView::parse(b"data: end\n\n");
        let config = ResumeConfig::default();
        assert!(!config.report());
        assert_eq!(config.is_terminal(&event), None);
        let config = ResumeConfig::builder().terminal(|event| &*event.data() == b"end");
        let config = config.build().unwrap();
        assert_eq!(config.is_terminal(&event), Some(true));
        let other = EventView::parse(b"data: a\n\n");
        assert_eq!(config.is_terminal(&other), Some(false));
    }
}
