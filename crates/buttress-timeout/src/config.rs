use buttress_core::ConfigError;
use std::time::Duration;

/// The limits of a [`TimeoutLayer`](crate::TimeoutLayer). Valid by construction, small, `Copy`.
///
/// Put one into a request's extensions to override the layer's own for that request.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeoutConfig {
    head: Option<Duration>,
    first_frame: Option<Duration>,
    idle: Option<Duration>,
    total: Option<Duration>,
}

impl TimeoutConfig {
    /// How long to wait for the response head by default.
    pub const DEFAULT_HEAD: Duration = Duration::from_secs(60);
    /// How long the body may be silent by default.
    pub const DEFAULT_IDLE: Duration = Duration::from_secs(60);

    /// No limit at all: such a layer only honours the deadlines that others set.
    #[must_use]
    pub const fn none() -> Self {
        TimeoutConfig {
            head: None,
            first_frame: None,
            idle: None,
            total: None,
        }
    }

    /// Starts without any limit.
    pub const fn builder() -> TimeoutConfigBuilder {
        TimeoutConfigBuilder(TimeoutConfig::none())
    }

    /// The limit for the response head, counted from the first wait for it.
    #[must_use]
    pub const fn head(&self) -> Option<Duration> {
        self.head
    }

    /// The limit for the first frame of the body, counted from the first wait for it.
    #[must_use]
    pub const fn first_frame(&self) -> Option<Duration> {
        self.first_frame
    }

    /// The limit for silence between frames of the body.
    #[must_use]
    pub const fn idle(&self) -> Option<Duration> {
        self.idle
    }

    /// The limit for everything, from the call to the end of the body.
    #[must_use]
    pub const fn total(&self) -> Option<Duration> {
        self.total
    }

    pub(crate) const fn without_total(mut self) -> Self {
        self.total = None;
        self
    }

    /// What the next frame is waited for: the first has a limit of its own.
    pub(crate) fn for_frame(&self, first: bool) -> Option<Duration> {
        if first {
            self.first_frame.or(self.idle)
        } else {
            self.idle
        }
    }
}

impl Default for TimeoutConfig {
    /// 60 s for the head, 60 s of silence, nothing else.
    fn default() -> Self {
        TimeoutConfig {
            head: Some(Self::DEFAULT_HEAD),
            idle: Some(Self::DEFAULT_IDLE),
            ..TimeoutConfig::none()
        }
    }
}

/// Sets the fields of a [`TimeoutConfig`], then [`build`](TimeoutConfigBuilder::build)s it.
#[derive(Clone, Copy, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct TimeoutConfigBuilder(TimeoutConfig);

impl TimeoutConfigBuilder {
    /// Limits the wait for the response head: more than zero. Default: none.
    ///
    /// Everything before the head counts: connecting, sending the request, the server's thinking.
    pub const fn head(mut self, limit: Duration) -> Self {
        self.0.head = Some(limit);
        self
    }

    /// Limits the wait for the first frame of the body: more than zero.
    /// Default: the same as [`idle`](TimeoutConfigBuilder::idle).
    pub const fn first_frame(mut self, limit: Duration) -> Self {
        self.0.first_frame = Some(limit);
        self
    }

    /// Limits the silence between frames of the body: more than zero. Default: none.
    ///
    /// Only time in which the consumer waits counts: one that does not poll is no silent server.
    pub const fn idle(mut self, limit: Duration) -> Self {
        self.0.idle = Some(limit);
        self
    }

    /// Limits everything, from the call to the end of the body: more than zero. Default: none.
    ///
    /// Layers below see it as a [`Deadline`](buttress_core::Deadline).
    pub const fn total(mut self, limit: Duration) -> Self {
        self.0.total = Some(limit);
        self
    }

    /// Checks every field.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the first field that is zero.
    pub fn build(self) -> Result<TimeoutConfig, ConfigError> {
        let config = self.0;
        for (field, limit) in [
            ("head", config.head),
            ("first_frame", config.first_frame),
            ("idle", config.idle),
            ("total", config.total),
        ] {
            if limit.is_some_and(|limit| limit.is_zero()) {
                return Err(ConfigError::new(
                    field,
                    "is 0ns, but must be more than zero (leave it out for no limit)",
                ));
            }
        }
        Ok(config)
    }
}
