//! A configuration that has not been checked yet.

use super::Config;
use crate::providers;
use crate::route::{Prefix, Route};
use crate::stack::{Limits, RepeatPosts};
use crate::target::Target;
use buttress_core::replay::ReplayMemory;
use buttress_core::{ConfigError, RetryBudgetBuilder};
use buttress_llm::{AnswerLayer, Streams};
use buttress_resume::{ResumeConfig, ResumeConfigBuilder};
use buttress_retry::RetryConfigBuilder;
use buttress_timeout::{TimeoutConfig, TimeoutConfigBuilder};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::error::Error;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// A configuration that has not been checked yet. Begins with the defaults.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where paths go for which there is no route.
    pub upstream: Option<Target>,
    /// Whether there are routes for the public providers.
    pub providers: bool,
    /// How long connecting may take.
    pub connect: Duration,
    /// How long answers may go on once the program is to stop.
    pub shutdown: Duration,
    /// The budget for the further tries of all calls to an upstream.
    pub budget: RetryBudgetBuilder,
    /// MiB of request bodies that are kept over all calls.
    pub total_mib: u32,
    /// What holds for every route that does not say otherwise.
    pub limits: DraftLimits,
    /// The routes of the file.
    pub routes: Vec<DraftRoute>,
}

/// A route that has not been checked yet.
#[derive(Clone, Debug)]
pub struct DraftRoute {
    /// What its paths begin with.
    pub path: Prefix,
    /// Where they go.
    pub upstream: Target,
    /// What holds for it.
    pub limits: DraftLimits,
}

/// Limits that have not been checked yet.
#[derive(Clone, Debug)]
pub struct DraftLimits {
    /// How often and how long a request is tried.
    pub retry: RetryConfigBuilder,
    /// How a broken body goes on.
    pub resume: ResumeConfigBuilder,
    /// Every wait.
    pub timeout: TimeoutConfigBuilder,
    /// Which `POST`s may be sent again.
    pub repeat: RepeatPosts,
    /// MiB of one request's body that are kept.
    pub request_mib: u32,
    /// How much of an answer is held back, and how long.
    pub answers: AnswerLayer,
    /// How a model's stream goes on where it was cut.
    pub streams: Streams,
    /// How long the caller of a model's stream hears nothing.
    pub keep_alive: Duration,
}

/// A field that can't be as it is: which one, of which table, and what is wrong with it.
#[derive(Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Which of the routes, counted from zero, or none of them.
    pub route: Option<usize>,
    /// The table, such as `retry`; empty for the top.
    pub table: &'static str,
    /// What is wrong with the field.
    pub error: ConfigError,
}

impl Default for Draft {
    fn default() -> Self {
        Draft {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 4100)),
            upstream: None,
            providers: true,
            connect: Duration::from_secs(10),
            shutdown: Duration::from_secs(30),
            budget: Limits::budget(),
            total_mib: 256,
            limits: DraftLimits::default(),
            routes: Vec::new(),
        }
    }
}

impl Default for DraftLimits {
    fn default() -> Self {
        DraftLimits {
            retry: Limits::tries(),
            resume: ResumeConfig::builder(),
            timeout: Limits::waits(),
            repeat: RepeatPosts::default(),
            request_mib: 64,
            answers: AnswerLayer::new(),
            streams: Streams::new(),
            keep_alive: Limits::KEEP_ALIVE,
        }
    }
}

impl Draft {
    /// Those of the top, and those of every route: what is set in all of them holds everywhere.
    pub fn every_limits(&mut self) -> impl Iterator<Item = &mut DraftLimits> {
        let routes = self.routes.iter_mut().map(|route| &mut route.limits);
        std::iter::once(&mut self.limits).chain(routes)
    }

    /// Sends paths for which there is no route here, whatever was said before.
    pub fn pass_on_to(&mut self, upstream: Target) {
        match self.routes.iter_mut().find(|route| route.path.is_empty()) {
            Some(rest) => rest.upstream = upstream,
            None => self.upstream = Some(upstream),
        }
    }

    /// Checks every field.
    ///
    /// # Errors
    ///
    /// [`FieldError`] names the first field that is out of range.
    pub fn build(self) -> Result<Config, FieldError> {
        let top = |table| move |error| FieldError::new(None, table, error);
        if self.connect.is_zero() {
            let error = ConfigError::new("connect", "is 0s, but must be more than zero");
            return Err(FieldError::new(None, "", error));
        }
        let limits = self.limits.build(None)?;
        let mut routes = Vec::new();
        for (index, route) in self.routes.into_iter().enumerate() {
            if routes
                .iter()
                .any(|before: &Route| before.prefix == route.path)
            {
                let error = ConfigError::new("path", "is that of another route");
                return Err(FieldError::new(Some(index), "", error));
            }
            if route.path.is_empty() && self.upstream.is_some() {
                let problem = "is \"/\", where `upstream` leads already";
                return Err(FieldError::new(
                    Some(index),
                    "",
                    ConfigError::new("path", problem),
                ));
            }
            routes.push(Route {
                prefix: route.path,
                upstream: route.upstream,
                limits: route.limits.build(Some(index))?,
            });
        }
        // After those of the file, which hold when they have the same path.
        if self.providers {
            routes.extend(providers::routes(&limits));
        }
        if let Some(upstream) = self.upstream {
            routes.push(Route {
                prefix: Prefix::default(),
                upstream,
                limits,
            });
        }
        if routes.is_empty() {
            let problem = "is false, and there is neither an `upstream` nor a route: nothing could be passed on";
            let error = ConfigError::new("providers", problem);
            return Err(FieldError::new(None, "", error));
        }
        // One for each upstream: the trouble of one is not that of the others.
        let mut budgets = HashMap::new();
        for route in &mut routes {
            let budget = match budgets.entry(route.upstream.origin()) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(self.budget.build().map_err(top("budget"))?),
            };
            route.limits.share(budget);
        }
        Ok(Config {
            listen: self.listen,
            routes,
            memory: ReplayMemory::new(mib(self.total_mib)),
            connect: self.connect,
            shutdown: self.shutdown,
        })
    }
}

impl DraftLimits {
    fn build(self, route: Option<usize>) -> Result<Limits, FieldError> {
        let of = |table| move |error| FieldError::new(route, table, error);
        let timeout = self.timeout.build().map_err(of("timeout"))?;
        if self.keep_alive.is_zero() {
            let error = ConfigError::new("keep_alive", "is 0s, but must be more than zero");
            return Err(FieldError::new(route, "llm", error));
        }
        Ok(Limits {
            retry: self.retry.build().map_err(of("retry"))?,
            resume: self.resume.build().map_err(of("resume"))?,
            attempt: attempt(&timeout).map_err(of("timeout"))?,
            total: total(&timeout).map_err(of("timeout"))?,
            repeat: self.repeat,
            replay: mib(self.request_mib),
            answers: self.answers,
            streams: self.streams,
            keep_alive: self.keep_alive,
        })
    }
}

/// The limits of each attempt.
fn attempt(timeout: &TimeoutConfig) -> Result<TimeoutConfig, ConfigError> {
    let mut attempt = TimeoutConfig::builder().progress(timeout.progress().clone());
    if let Some(limit) = timeout.head() {
        attempt = attempt.head(limit);
    }
    if let Some(limit) = timeout.first_frame() {
        attempt = attempt.first_frame(limit);
    }
    if let Some(limit) = timeout.idle() {
        attempt = attempt.idle(limit);
    }
    if let Some(rate) = timeout.min_rate() {
        attempt = attempt.min_rate(rate.bytes(), rate.per());
    }
    attempt.build()
}

/// The limit of the whole call.
fn total(timeout: &TimeoutConfig) -> Result<TimeoutConfig, ConfigError> {
    match timeout.total() {
        Some(limit) => TimeoutConfig::builder().total(limit).build(),
        None => Ok(TimeoutConfig::none()),
    }
}

fn mib(mib: u32) -> usize {
    usize::try_from(u64::from(mib) << 20).unwrap_or(usize::MAX)
}

impl FieldError {
    fn new(route: Option<usize>, table: &'static str, error: ConfigError) -> Self {
        FieldError {
            route,
            table,
            error,
        }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(route) = self.route {
            write!(f, "route {}: ", route + 1)?;
        }
        if !self.table.is_empty() {
            write!(f, "[{}] ", self.table)?;
        }
        self.error.fmt(f)
    }
}

impl Error for FieldError {}
