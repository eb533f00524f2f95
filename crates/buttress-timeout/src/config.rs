use crate::progress::Progress;
use crate::rate::MinRate;
use crate::watch::Watched;
use buttress_core::ConfigError;
use buttress_core::time::Span;
use http::Extensions;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The limits of a [`TimeoutLayer`](crate::TimeoutLayer). Valid by construction, small, cheap to
/// clone. A limit of more than 584 years is one of 584 years.
///
/// Put one into a request's extensions to override the layer's own for that request. A layer that
/// limits nothing but `total`, or nothing at all, takes from it nothing but a `total`, and keeps its
/// own if there is none: it stands around all attempts, and the other limits are those of one.
///
/// ```
/// use buttress_timeout::TimeoutConfig;
/// use std::time::Duration;
///
/// let config = TimeoutConfig::builder()
///     .head(Duration::from_secs(30))
///     .idle(Duration::from_secs(10))
///     .build()?;
/// assert_eq!(config.idle(), Some(Duration::from_secs(10)));
/// assert_eq!(config.total(), None);
///
/// let error = TimeoutConfig::builder().idle(Duration::ZERO).build().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`idle` is 0ns, but must be more than zero (leave it out for no limit)"
/// );
/// # Ok::<(), buttress_core::ConfigError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct TimeoutConfig {
    pub(crate) head: Span,
    pub(crate) first_frame: Span,
    pub(crate) idle: Span,
    pub(crate) total: Span,
    /// Rarely there, so that the rest stays small.
    pub(crate) watched: Option<Arc<Watched>>,
}

impl TimeoutConfig {
    /// How long to wait for the response head by default.
    pub const DEFAULT_HEAD: Duration = Duration::from_secs(60);
    /// How long the body may be silent by default.
    pub const DEFAULT_IDLE: Duration = Duration::from_secs(60);

    /// No limit at all: such a layer only honours the deadlines that others set, and the `total` of a
    /// request that brings one.
    #[must_use]
    pub const fn none() -> Self {
        TimeoutConfig {
            head: Span::NONE,
            first_frame: Span::NONE,
            idle: Span::NONE,
            total: Span::NONE,
            watched: None,
        }
    }

    /// Starts without any limit.
    pub const fn builder() -> TimeoutConfigBuilder {
        TimeoutConfigBuilder {
            config: TimeoutConfig::none(),
            min_rate: None,
            progress: Progress::EveryFrame,
        }
    }

    /// The limit for the response head, counted from the first wait for it.
    #[must_use]
    pub const fn head(&self) -> Option<Duration> {
        self.head.get()
    }

    /// The limit for the first frame of the body, counted from the first wait for it.
    #[must_use]
    pub const fn first_frame(&self) -> Option<Duration> {
        self.first_frame.get()
    }

    /// The limit for silence between frames of the body.
    #[must_use]
    pub const fn idle(&self) -> Option<Duration> {
        self.idle.get()
    }

    /// The limit for everything, from the call to the end of the body.
    #[must_use]
    pub const fn total(&self) -> Option<Duration> {
        self.total.get()
    }

    /// The least that the body must bring.
    #[must_use]
    pub fn min_rate(&self) -> Option<MinRate> {
        self.watched.as_ref().and_then(|watched| watched.min_rate)
    }

    /// What counts as progress of the body.
    #[must_use]
    pub fn progress(&self) -> &Progress {
        match &self.watched {
            Some(watched) => &watched.progress,
            None => &Progress::EveryFrame,
        }
    }

    /// What holds for a request with these extensions: its own limits if it brings some, but of those
    /// only the total where this is a limit for the whole call. Two layers of a stack see the same
    /// extensions, and the outer one would end the call with the first attempt.
    pub(crate) fn of(&self, extensions: &Extensions) -> TimeoutConfig {
        let Some(own) = extensions.get::<TimeoutConfig>() else {
            return self.clone();
        };
        if !self.is_for_the_whole() {
            return own.clone();
        }
        TimeoutConfig {
            total: own.total.or(self.total),
            ..TimeoutConfig::none()
        }
    }

    /// Whether nothing but the total is limited, if that is.
    const fn is_for_the_whole(&self) -> bool {
        self.head.is_none()
            && self.first_frame.is_none()
            && self.idle.is_none()
            && self.watched.is_none()
    }
}

impl Default for TimeoutConfig {
    /// 60 s for the head, 60 s of silence, nothing else.
    fn default() -> Self {
        TimeoutConfig {
            head: Span::of(Self::DEFAULT_HEAD),
            idle: Span::of(Self::DEFAULT_IDLE),
            ..TimeoutConfig::none()
        }
    }
}

impl fmt::Debug for TimeoutConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimeoutConfig")
            .field("head", &self.head())
            .field("first_frame", &self.first_frame())
            .field("idle", &self.idle())
            .field("total", &self.total())
            .field("min_rate", &self.min_rate())
            .field("progress", self.progress())
            .finish()
    }
}

/// Sets the fields of a [`TimeoutConfig`], then [`build`](TimeoutConfigBuilder::build)s it.
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct TimeoutConfigBuilder {
    config: TimeoutConfig,
    min_rate: Option<MinRate>,
    progress: Progress,
}

impl TimeoutConfigBuilder {
    /// Limits the wait for the response head: more than zero. Default: none.
    ///
    /// Everything before the head counts: connecting, sending the request, the server's thinking. So a
    /// long upload is a late head, and has no limit of its own: a request that sends much needs a longer
    /// one, in a configuration among its extensions.
    pub const fn head(mut self, limit: Duration) -> Self {
        self.config.head = Span::of(limit);
        self
    }

    /// Limits the wait for the first frame of the body: more than zero.
    /// Default: the same as [`idle`](TimeoutConfigBuilder::idle).
    pub const fn first_frame(mut self, limit: Duration) -> Self {
        self.config.first_frame = Span::of(limit);
        self
    }

    /// Limits the silence between frames of the body: more than zero. Default: none.
    ///
    /// Only time in which the consumer waits counts: one that does not poll is no silent server.
    pub const fn idle(mut self, limit: Duration) -> Self {
        self.config.idle = Span::of(limit);
        self
    }

    /// Limits everything, from the call to the end of the body: more than zero. Default: none.
    ///
    /// The time that the consumer takes counts too. A body that may end so asks for the time at every
    /// frame, which others do not.
    ///
    /// Layers below see it as a [`Deadline`](buttress_core::Deadline).
    pub const fn total(mut self, limit: Duration) -> Self {
        self.config.total = Span::of(limit);
        self
    }

    /// Demands that the body brings at least `bytes` in every `per`: both more than zero.
    /// Default: nothing is demanded.
    ///
    /// Counts from the body's first data, and only time in which the consumer waits. A body of
    /// which all data has come, as far as its `Content-Length` says, is not too slow. See
    /// [`MinRate`] for the exact rule. Choose `per` longer than any silence that is in order.
    pub const fn min_rate(mut self, bytes: u64, per: Duration) -> Self {
        self.min_rate = Some(MinRate::new(bytes, per));
        self
    }

    /// What ends a silence, for `first_frame` and `idle`. Default: every frame.
    pub fn progress(mut self, progress: Progress) -> Self {
        self.progress = progress;
        self
    }

    /// Checks every field.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the first field that is zero.
    pub fn build(self) -> Result<TimeoutConfig, ConfigError> {
        let TimeoutConfigBuilder {
            mut config,
            min_rate,
            progress,
        } = self;
        for (field, limit) in [
            ("head", config.head),
            ("first_frame", config.first_frame),
            ("idle", config.idle),
            ("total", config.total),
            (
                "min_rate",
                min_rate.map_or(Span::NONE, |rate| Span::of(rate.per())),
            ),
        ] {
            if limit.is_zero() {
                return Err(zero(field, "0ns"));
            }
        }
        if min_rate.is_some_and(|rate| rate.bytes() == 0) {
            return Err(zero("min_rate", "0 bytes"));
        }
        if min_rate.is_some() || progress != Progress::EveryFrame {
            config.watched = Some(Arc::new(Watched { min_rate, progress }));
        }
        Ok(config)
    }
}

/// The error of a field that is `nothing`.
pub(crate) fn zero(field: &'static str, nothing: &str) -> ConfigError {
    let problem = format!("is {nothing}, but must be more than zero (leave it out for no limit)");
    ConfigError::new(field, problem)
}
