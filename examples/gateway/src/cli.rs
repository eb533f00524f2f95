//! The command line, and what it must say to be accepted.

use crate::stack::{Limits, RepeatPosts};
use crate::target::{Target, UrlError};
use buttress_core::ConfigError;
use buttress_resume::ResumeConfig;
use buttress_retry::RetryConfig;
use buttress_timeout::TimeoutConfig;
use clap::{Args, Parser, Subcommand, ValueEnum};
use humantime::parse_duration;
use std::error::Error;
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

/// Keeps the calls of your agent or SDK alive over a bad network.
///
/// Without a subcommand: serve.
#[derive(Debug, Parser)]
#[command(
    name = "gateway",
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Option<ServeArgs>,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Listen, and pass every request on to the upstream.
    ///
    /// Durations are written like 500ms, 30s, 5m or 1h 30m.
    Serve(ServeArgs),
    /// Make the same calls to a misbehaving server, once straight and once through the layers.
    Demo,
}

/// The flags of `serve`.
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    /// The address to listen at.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:4100")]
    pub listen: SocketAddr,

    /// The base URL requests are passed on to, such as `https://api.example.com/v1`.
    #[arg(long, value_name = "URL")]
    pub upstream: String,

    /// The most times one request is sent, the first included: 1 to 100.
    #[arg(long, value_name = "N", default_value_t = RetryConfig::DEFAULT_ATTEMPTS)]
    pub attempts: u32,

    /// The time after which a request is not sent again.
    #[arg(long, value_name = "TIME", value_parser = parse_duration, default_value = "2m")]
    pub elapsed: Duration,

    /// How long connecting to the upstream may take.
    #[arg(long, value_name = "TIME", value_parser = parse_duration, default_value = "10s")]
    pub connect_timeout: Duration,

    /// How long the upstream may think before it begins to answer, each time it is asked.
    /// Raise it for models that think long and do not stream.
    #[arg(long, value_name = "TIME", value_parser = parse_duration, default_value = "60s")]
    pub head_timeout: Duration,

    /// How long an answer that has begun may be silent.
    #[arg(long, value_name = "TIME", value_parser = parse_duration, default_value = "60s")]
    pub idle_timeout: Duration,

    /// How long a whole call may take, to the end of its answer. Without it: as long as it takes.
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub total_timeout: Option<Duration>,

    /// Which POST requests are sent again although they may have had an effect. Having a call to a
    /// language model twice costs tokens but does no harm.
    #[arg(
        long,
        value_name = "WHICH",
        num_args = 0..=1,
        require_equals = true,
        default_value = "llm",
        default_missing_value = "always"
    )]
    pub retry_post: RetryPost,

    /// How long answers that have begun may go on after Ctrl-C.
    #[arg(long, value_name = "TIME", value_parser = parse_duration, default_value = "30s")]
    pub shutdown_timeout: Duration,
}

/// The values of `--retry-post`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RetryPost {
    /// Calls to language models, known by the end of their path.
    Llm,
    /// All.
    Always,
    /// None.
    Never,
}

/// What the flags of `serve` come to.
#[derive(Debug)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where requests go.
    pub target: Target,
    /// What the layers may do.
    pub limits: Limits,
    /// How long connecting may take.
    pub connect: Duration,
    /// How long answers may go on once the program is to stop.
    pub shutdown: Duration,
}

impl Cli {
    /// What to do.
    ///
    /// Ends the program with a message when that cannot be said.
    #[must_use]
    pub fn command(self) -> Command {
        match (self.command, self.serve) {
            (Some(command), _) => command,
            (None, Some(args)) => Command::Serve(args),
            // The parser asks for `--upstream` when there is no subcommand.
            (None, None) => Cli::parse_from(["gateway", "--help"]).command(),
        }
    }
}

impl ServeArgs {
    /// Checks every flag.
    ///
    /// # Errors
    ///
    /// [`SettingError`] names the first flag that cannot be, and what is wrong with it.
    pub fn settings(self) -> Result<Settings, SettingError> {
        let target = self
            .upstream
            .parse()
            .map_err(|error| SettingError::new("--upstream", error))?;
        let retry = RetryConfig::builder()
            .attempts(self.attempts)
            .elapsed(self.elapsed)
            .build()?;
        let attempt = TimeoutConfig::builder()
            .head(self.head_timeout)
            .idle(self.idle_timeout)
            .build()?;
        let mut total = TimeoutConfig::builder();
        if let Some(limit) = self.total_timeout {
            total = total.total(limit);
        }
        if self.connect_timeout.is_zero() {
            return Err(ConfigError::new("connect", "is 0s, but must be more than zero").into());
        }
        let repeat = match self.retry_post {
            RetryPost::Llm => RepeatPosts::ToModels,
            RetryPost::Always => RepeatPosts::All,
            RetryPost::Never => RepeatPosts::None,
        };
        Ok(Settings {
            listen: self.listen,
            target,
            limits: Limits {
                retry,
                resume: ResumeConfig::default(),
                attempt,
                total: total.build()?,
                repeat,
            },
            connect: self.connect_timeout,
            shutdown: self.shutdown_timeout,
        })
    }
}

/// A flag that cannot be: names it and says what is wrong.
#[derive(Debug)]
pub struct SettingError {
    flag: &'static str,
    problem: Box<dyn Error + Send + Sync>,
}

impl SettingError {
    fn new(flag: &'static str, problem: impl Error + Send + Sync + 'static) -> Self {
        SettingError {
            flag,
            problem: Box::new(problem),
        }
    }

    /// The flag.
    #[must_use]
    pub fn flag(&self) -> &'static str {
        self.flag
    }

    /// What is wrong with the URL, if it is one.
    #[must_use]
    pub fn url(&self) -> Option<UrlError> {
        self.problem.downcast_ref().copied()
    }
}

impl From<ConfigError> for SettingError {
    fn from(error: ConfigError) -> Self {
        let flag = match error.field() {
            "attempts" => "--attempts",
            "connect" => "--connect-timeout",
            "elapsed" => "--elapsed",
            "head" => "--head-timeout",
            "idle" => "--idle-timeout",
            "total" => "--total-timeout",
            // A field without a flag has a default, which is in range.
            field => field,
        };
        SettingError::new(flag, error)
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.flag, self.problem)
    }
}

impl Error for SettingError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.problem)
    }
}

#[cfg(test)]
mod tests;
