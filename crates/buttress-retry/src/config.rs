use crate::{Consent, Gate};
use buttress_core::observe::{Observer, Watch};
use buttress_core::{Backoff, ConfigError, RetryBudget};
use http::{Extensions, Request};
use std::sync::Arc;
use std::time::Duration;

/// What a [`RetryLayer`](crate::RetryLayer) may do. Valid by construction, cheap to clone.
///
/// Put one into a request's extensions to override the layer's own for that request.
///
/// ```
/// use buttress_retry::{Consent, RetryConfig};
/// use std::time::Duration;
///
/// let config = RetryConfig::builder()
///     .attempts(3)
///     .elapsed(Duration::from_secs(30))
///     .consent(Consent::Always)
///     .build()?;
/// assert_eq!(config.attempts(), 3);
///
/// let error = RetryConfig::builder().attempts(0).build().unwrap_err();
/// assert_eq!(error.to_string(), "`attempts` is 0, but must be 1 to 100 (1 means no retry)");
/// # Ok::<(), buttress_core::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct RetryConfig(Arc<Settings>);

#[derive(Clone, Debug)]
struct Settings {
    attempts: u32,
    elapsed: Duration,
    backoff: Backoff,
    consent: Consent,
    gate: Option<Gate>,
    watch: Watch,
    budget: Option<RetryBudget>,
    idempotency_key: bool,
    /// There is no consent to send the request again, which was not kept: whatever is asked now.
    forbidden: bool,
}

impl RetryConfig {
    /// Attempts of one call by default, the first included.
    pub const DEFAULT_ATTEMPTS: u32 = 5;
    /// The time after which no further attempt of a call begins by default.
    pub const DEFAULT_ELAPSED: Duration = Duration::from_secs(120);

    /// Starts from the defaults.
    pub fn builder() -> RetryConfigBuilder {
        RetryConfigBuilder(Settings {
            attempts: Self::DEFAULT_ATTEMPTS,
            elapsed: Self::DEFAULT_ELAPSED,
            backoff: Backoff::default(),
            consent: Consent::default(),
            gate: None,
            watch: Watch::default(),
            budget: None,
            idempotency_key: false,
            forbidden: false,
        })
    }

    /// A builder that begins with these values.
    pub fn to_builder(&self) -> RetryConfigBuilder {
        RetryConfigBuilder(Settings::clone(&self.0))
    }

    /// The most attempts of one call, the first included.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The time after which no further attempt begins, counted from the call.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// How long to wait between attempts.
    #[must_use]
    pub fn backoff(&self) -> &Backoff {
        &self.0.backoff
    }

    /// Which requests may be sent again although they may have had an effect.
    #[must_use]
    pub fn consent(&self) -> &Consent {
        &self.0.consent
    }

    /// What a response has to prove before it is passed on, if anything.
    #[must_use]
    pub fn gate(&self) -> Option<&Gate> {
        self.0.gate.as_ref()
    }

    /// Who is told what happens.
    #[must_use]
    pub fn watch(&self) -> &Watch {
        &self.0.watch
    }

    /// The budget that retries take from.
    #[must_use]
    pub fn budget(&self) -> Option<&RetryBudget> {
        self.0.budget.as_ref()
    }

    /// Whether requests that need an `Idempotency-Key` get one.
    #[must_use]
    pub fn idempotency_key(&self) -> bool {
        self.0.idempotency_key
    }

    /// The same with this budget.
    #[must_use]
    pub fn with_budget(mut self, budget: RetryBudget) -> Self {
        Arc::make_mut(&mut self.0).budget = Some(budget);
        self
    }

    /// What holds for a request with these extensions: its own configuration if it brings one, but
    /// this layer's budget and observer too, unless it brings those.
    pub(crate) fn of(&self, extensions: &Extensions) -> RetryConfig {
        let Some(own) = extensions.get::<RetryConfig>() else {
            return self.clone();
        };
        let mut config = own.clone();
        if own.budget().is_none() && self.budget().is_some() {
            Arc::make_mut(&mut config.0).budget = self.0.budget.clone();
        }
        if !own.watch().has_observer() && self.watch().has_observer() {
            Arc::make_mut(&mut config.0).watch = self.0.watch.clone();
        }
        config
    }

    /// Remembers whether there is consent to send this request again, which cannot be kept.
    #[cold]
    #[inline(never)]
    pub(crate) fn ask_now<B>(&mut self, request: &Request<B>) {
        if !self.consent().allows(request.method(), request.headers()) {
            Arc::make_mut(&mut self.0).forbidden = true;
        }
    }

    /// Whether there may be consent for a request of which nothing was kept.
    pub(crate) fn may_allow(&self) -> bool {
        !self.0.forbidden
    }

    /// Whether a second attempt can ever follow.
    pub(crate) fn can_retry(&self) -> bool {
        self.0.attempts > 1 && !self.is_only_once()
    }

    /// Whether no request may be sent again, whatever became of it.
    pub(crate) fn is_only_once(&self) -> bool {
        matches!(self.0.consent, Consent::Never)
    }
}

impl Default for RetryConfig {
    fn default() -> Self {
        RetryConfig(Arc::new(RetryConfig::builder().0))
    }
}

/// Sets the fields of a [`RetryConfig`], then [`build`](RetryConfigBuilder::build)s it.
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct RetryConfigBuilder(Settings);

impl RetryConfigBuilder {
    /// The most attempts of one call, the first included: 1 to 100. Default: 5.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// The time after which no further attempt begins, counted from the call: more than zero, a
    /// day at most. A wait that would end later is not begun, and one for readiness ends then. An
    /// attempt that has begun goes on: what ends it is a limit of its own, or a total one.
    /// Default: 120 s.
    pub fn elapsed(mut self, elapsed: Duration) -> Self {
        self.0.elapsed = elapsed;
        self
    }

    /// How long to wait between attempts. Default: exponential from 250 ms to 20 s, full jitter.
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.0.backoff = backoff;
        self
    }

    /// Which requests may be sent again although they may have had an effect.
    /// Default: [`Consent::Standard`].
    pub fn consent(mut self, consent: Consent) -> Self {
        self.0.consent = consent;
        self
    }

    /// What a response has to prove before it is passed on. Default: nothing.
    pub fn gate(mut self, gate: Gate) -> Self {
        self.0.gate = Some(gate);
        self
    }

    /// Who is told of attempts besides `tracing`: see [`observe`](buttress_core::observe).
    /// Default: nobody.
    ///
    /// Of a request whose own configuration has no observer the layer's is told.
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.0.watch = Watch::by(observer);
        self
    }

    /// The budget that retries take from, and that calls fill: a clone of one that all calls to
    /// the same server share. Default: none.
    ///
    /// A configuration in a request's extensions that has none of its own is held to the layer's.
    pub fn budget(mut self, budget: RetryBudget) -> Self {
        self.0.budget = Some(budget);
        self
    }

    /// Whether a request gets an [`Idempotency-Key`](crate::IDEMPOTENCY_KEY) when its method is
    /// not idempotent and it has none. Default: no.
    ///
    /// The key is made once per call and the same on every attempt. It makes the request
    /// repeatable under [`Consent::Standard`], so ask for it only where the server honours it: any
    /// other server would have the effect twice.
    ///
    /// It is a random UUID (version 4, RFC 9562) from the operating system's randomness and the
    /// clock: unique, but not made to be kept secret. A `CONNECT` gets none.
    ///
    /// What is outside of this layer does not see the key. A resume there that asks again, by its
    /// `any_method` or `prefix_replay`, sends each re-opening under another key, or none: where that
    /// matters, put the key on the request before it reaches the resume.
    pub fn idempotency_key(mut self, generate: bool) -> Self {
        self.0.idempotency_key = generate;
        self
    }

    /// Checks every field.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the first field that is out of range, or both fields where all waits of the
    /// backoff are longer than the time for all attempts.
    pub fn build(self) -> Result<RetryConfig, ConfigError> {
        let Settings {
            attempts, elapsed, ..
        } = self.0;
        if !(1..=100).contains(&attempts) {
            return Err(ConfigError::new(
                "attempts",
                format!("is {attempts}, but must be 1 to 100 (1 means no retry)"),
            ));
        }
        if elapsed.is_zero() || elapsed > Duration::from_secs(24 * 60 * 60) {
            return Err(ConfigError::new(
                "elapsed",
                format!("is {elapsed:?}, but must be more than zero and at most 24 h"),
            ));
        }
        let shortest = self.0.backoff.shortest();
        if attempts > 1 && shortest >= elapsed {
            return Err(ConfigError::new(
                "backoff",
                format!("is {shortest:?} at least, but must be less than `elapsed` ({elapsed:?})"),
            ));
        }
        if let Some(gate) = &self.0.gate {
            let (most, named) = gate.most_bytes();
            if !(1..=most).contains(&gate.max_bytes) {
                return Err(ConfigError::new(
                    "gate.max_bytes",
                    format!("is {}, but must be 1 byte to {named}", gate.max_bytes),
                ));
            }
            if gate.max_wait.is_zero() {
                return Err(ConfigError::new(
                    "gate.max_wait",
                    "is 0ns, but must be more than zero",
                ));
            }
        }
        Ok(RetryConfig(Arc::new(self.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use buttress_core::Jitter;

    #[test]
    fn out_of_range_names_the_field() {
        let builder = RetryConfig::builder;
        let field = |b: RetryConfigBuilder| b.build().unwrap_err().field();
        assert_eq!(field(builder().attempts(0)), "attempts");
        assert_eq!(field(builder().attempts(101)), "attempts");
        assert_eq!(field(builder().elapsed(Duration::ZERO)), "elapsed");
        assert_eq!(field(builder().elapsed(Duration::MAX)), "elapsed");
        let gate = Gate::first_frame;
        assert_eq!(field(builder().gate(gate().max_bytes(0))), "gate.max_bytes");
        assert_eq!(
            field(builder().gate(gate().max_bytes(usize::MAX))),
            "gate.max_bytes"
        );
        let no_wait = gate().max_wait(Duration::ZERO);
        assert_eq!(field(builder().gate(no_wait)), "gate.max_wait");
        assert!(builder().attempts(100).gate(gate()).build().is_ok());
    }

    #[test]
    fn a_backoff_that_outlasts_the_time_for_all_attempts_is_an_error_that_names_both() {
        let second = Duration::from_secs(1);
        let backoff = |jitter| {
            let backoff = Backoff::exponential(30 * second, 60 * second).unwrap();
            RetryConfig::builder().backoff(backoff.jitter(jitter))
        };
        for (jitter, least) in [
            (Jitter::None, 30),
            (Jitter::Decorrelated, 30),
            (Jitter::Equal, 15),
        ] {
            let error = backoff(jitter).elapsed(10 * second).build().unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("`backoff` is {least}s at least, but must be less than `elapsed` (10s)")
            );
            // A wait that ends with the time is not begun.
            let elapsed = |elapsed| backoff(jitter).elapsed(elapsed).build();
            assert!(elapsed(least * second).is_err());
            assert!(elapsed(least * second + Duration::from_nanos(1)).is_ok());
            assert!(backoff(jitter).elapsed(second).attempts(1).build().is_ok());
        }
        assert!(backoff(Jitter::Full).elapsed(second).build().is_ok());
    }

    #[test]
    fn the_ends_of_each_range_belong_to_it() {
        let builder = RetryConfig::builder;
        let (instant, day) = (Duration::from_nanos(1), Duration::from_secs(86_400));
        let bytes = |bytes| builder().gate(Gate::first_frame().max_bytes(bytes));
        for (field, within, beyond) in [
            ("attempts", builder().attempts(1), builder().attempts(0)),
            ("attempts", builder().attempts(100), builder().attempts(101)),
            (
                "elapsed",
                builder().elapsed(day),
                builder().elapsed(day + instant),
            ),
            ("gate.max_bytes", bytes(1), bytes(0)),
            ("gate.max_bytes", bytes(16 << 20), bytes((16 << 20) + 1)),
        ] {
            assert!(within.build().is_ok(), "{field}");
            assert_eq!(beyond.build().unwrap_err().field(), field);
        }
    }
}
