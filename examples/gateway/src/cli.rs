//! The command line.

use crate::config::{Draft, FieldError, FileError, address};
use crate::setup::Client;
use crate::stack::RepeatPosts;
use clap::{Args, Parser, Subcommand, ValueEnum};
use humantime::parse_duration;
use std::error::Error;
use std::fmt;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Keeps the calls of your agent or SDK alive over a bad network.
///
/// Without a subcommand: serve.
#[derive(Debug, Parser)]
#[command(name = "gateway", args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeArgs,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Listen, and pass every request on to its upstream.
    ///
    /// Durations are written like 500ms, 30s, 5m or 1h 30m. Flags outweigh the file.
    Serve(Box<ServeArgs>),
    /// Make the same calls to a misbehaving server, once straight and once through the layers.
    Demo,
    /// Say whether a configuration file is right, and if not, in which line it is wrong.
    Check {
        /// The file.
        file: PathBuf,
    },
    /// Print what to paste where, so that a client calls through the gateway.
    Setup {
        /// The client.
        client: Client,
        /// The address the gateway listens at.
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:4100", value_parser = address)]
        listen: SocketAddr,
    },
}

/// The flags of `serve`.
#[derive(Args, Clone, Debug, Default)]
pub struct ServeArgs {
    /// A configuration file in TOML: limits, and routes of your own.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// The address to listen at [default: 127.0.0.1:4100].
    #[arg(long, value_name = "ADDR", value_parser = address)]
    pub listen: Option<SocketAddr>,

    /// The base URL requests are passed on to for which there is no route, such as
    /// `https://api.example.com/v1`. The public providers have routes: /openai, /anthropic, ...
    #[arg(long, value_name = "URL")]
    pub upstream: Option<String>,

    /// The most times one request is sent, the first included: 1 to 100 [default: 10].
    #[arg(long, value_name = "N")]
    pub attempts: Option<u32>,

    /// The time after which a request is not sent again [default: 15m].
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub elapsed: Option<Duration>,

    /// How long connecting to the upstream may take [default: 10s].
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub connect_timeout: Option<Duration>,

    /// How long the upstream may think before it begins to answer, each time it is asked
    /// [default: 10m]. What is no stream begins when it is whole.
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub head_timeout: Option<Duration>,

    /// How long a stream may be silent, before its first event and between events [default: 5m].
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub idle_timeout: Option<Duration>,

    /// How long a whole call may take, to the end of its answer [default: as long as it takes].
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub total_timeout: Option<Duration>,

    /// Which POST requests are sent again although they may have had an effect [default: llm].
    /// Having a call to a language model twice costs tokens but does no harm.
    #[arg(
        long,
        value_name = "WHICH",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "always"
    )]
    pub retry_post: Option<RetryPost>,

    /// How long answers that have begun may go on after Ctrl-C [default: 30s].
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub shutdown_timeout: Option<Duration>,
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

impl From<RetryPost> for RepeatPosts {
    fn from(which: RetryPost) -> Self {
        match which {
            RetryPost::Llm => RepeatPosts::ToModels,
            RetryPost::Always => RepeatPosts::All,
            RetryPost::Never => RepeatPosts::None,
        }
    }
}

impl Cli {
    /// What to do.
    #[must_use]
    pub fn command(self) -> Command {
        self.command
            .unwrap_or_else(|| Command::Serve(Box::new(self.serve)))
    }
}

impl ServeArgs {
    /// What file and flags come to.
    ///
    /// # Errors
    ///
    /// [`SettingError`] names the file and its line, or the flag, and says what is wrong.
    pub fn config(self) -> Result<Checked, SettingError> {
        let file = self.config.clone().map(File::open).transpose()?;
        let mut draft = match &file {
            Some(file) => file.draft()?,
            None => Draft::default(),
        };
        self.apply(&mut draft)?;
        let flags = self;
        Ok(Checked { file, flags, draft })
    }

    fn apply(&self, draft: &mut Draft) -> Result<(), SettingError> {
        fn set<T>(to: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *to = value;
            }
        }
        if let Some(url) = &self.upstream {
            let wrong = |error| SettingError::new("--upstream", error);
            draft.pass_on_to(url.parse().map_err(wrong)?);
        }
        set(&mut draft.listen, self.listen);
        set(&mut draft.connect, self.connect_timeout);
        set(&mut draft.shutdown, self.shutdown_timeout);
        for limits in draft.every_limits() {
            set(&mut limits.repeat, self.retry_post.map(Into::into));
            if let Some(attempts) = self.attempts {
                limits.retry = limits.retry.clone().attempts(attempts);
            }
            if let Some(elapsed) = self.elapsed {
                limits.retry = limits.retry.clone().elapsed(elapsed);
            }
            if let Some(limit) = self.head_timeout {
                limits.timeout = limits.timeout.clone().head(limit);
            }
            if let Some(limit) = self.idle_timeout {
                limits.timeout = limits.timeout.clone().idle(limit);
            }
            if let Some(limit) = self.total_timeout {
                limits.timeout = limits.timeout.clone().total(limit);
            }
        }
        Ok(())
    }
}

impl ServeArgs {
    /// The flag that a field comes from: it holds whatever the file says.
    fn sets(&self, error: &FieldError) -> Option<&'static str> {
        let (flag, is_set) = match (error.table, error.error.field()) {
            ("", "connect") => ("--connect-timeout", self.connect_timeout.is_some()),
            ("retry", "attempts") => ("--attempts", self.attempts.is_some()),
            ("retry", "elapsed") => ("--elapsed", self.elapsed.is_some()),
            ("timeout", "head") => ("--head-timeout", self.head_timeout.is_some()),
            ("timeout", "idle") => ("--idle-timeout", self.idle_timeout.is_some()),
            ("timeout", "total") => ("--total-timeout", self.total_timeout.is_some()),
            _ => return None,
        };
        is_set.then_some(flag)
    }
}

/// A configuration file.
#[derive(Debug)]
pub struct File {
    path: PathBuf,
    text: String,
}

impl File {
    /// Reads it.
    ///
    /// # Errors
    ///
    /// When it can't be read.
    pub fn open(path: PathBuf) -> Result<Self, SettingError> {
        match fs::read_to_string(&path) {
            Ok(text) => Ok(File { path, text }),
            Err(error) => Err(SettingError::new(path.display().to_string(), error)),
        }
    }

    /// The draft it comes to.
    ///
    /// # Errors
    ///
    /// When it is no file of this kind: names the line.
    pub fn draft(&self) -> Result<Draft, SettingError> {
        Draft::default()
            .read(&self.text)
            .map_err(|error| self.wrong(error))
    }

    fn wrong(&self, error: FileError) -> SettingError {
        SettingError::new(self.path.display().to_string(), error)
    }
}

/// A draft, and the file and the flags it comes from.
#[derive(Debug)]
pub struct Checked {
    file: Option<File>,
    flags: ServeArgs,
    /// The draft.
    pub draft: Draft,
}

impl Checked {
    /// Only from a file.
    ///
    /// # Errors
    ///
    /// Those of reading it.
    pub fn of(path: PathBuf) -> Result<Self, SettingError> {
        let file = File::open(path)?;
        let draft = file.draft()?;
        Ok(Checked {
            file: Some(file),
            flags: ServeArgs::default(),
            draft,
        })
    }

    /// Checks every field.
    ///
    /// # Errors
    ///
    /// [`SettingError`] names the line of the field in the file, or its flag.
    pub fn build(self) -> Result<crate::Config, SettingError> {
        self.draft.build().map_err(|error| {
            if let Some(flag) = self.flags.sets(&error) {
                return SettingError::new(flag, error);
            }
            let line = self.file.as_ref().and_then(|file| {
                let line = FileError::field(&file.text, &error)?;
                Some(file.wrong(line))
            });
            // Defaults are in range: what is set nowhere is not wrong.
            line.unwrap_or_else(|| SettingError::new(error.error.field(), error))
        })
    }
}

/// A setting that cannot be: names the flag, or the file and its line, and says what is wrong.
#[derive(Debug)]
pub struct SettingError {
    place: String,
    problem: Box<dyn Error + Send + Sync>,
}

impl SettingError {
    fn new(place: impl Into<String>, problem: impl Error + Send + Sync + 'static) -> Self {
        SettingError {
            place: place.into(),
            problem: Box::new(problem),
        }
    }

    /// The flag or the file.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

impl Error for SettingError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.problem)
    }
}

#[cfg(test)]
mod tests;
