//! Reading the file, and saying in which line it is wrong.

use super::address;
use super::draft::{Draft, DraftLimits, DraftRoute, FieldError};
use crate::stack::RepeatPosts;
use buttress_core::settings::{HumanTime, Settings, choice, count, flag, read};
use buttress_resume::ResumeConfigBuilder;
use buttress_retry::RetryConfigBuilder;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use std::error::Error;
use std::fmt;
use std::net::SocketAddr;
use std::ops::Range;
use std::str::FromStr;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

/// What is wrong with a file, and where.
#[derive(Debug, PartialEq, Eq)]
pub struct FileError {
    line: usize,
    problem: String,
}

type Value<'i> = Spanned<DeValue<'i>>;

impl Draft {
    /// Reads a file over what this draft says.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong with it as a file of this kind. What the values come to is
    /// checked by [`build`](Draft::build).
    pub fn read(mut self, text: &str) -> Result<Self, FileError> {
        let file = DeTable::parse(text).map_err(|error| FileError::of(text, "", &error, 0..0))?;
        let mut routes = None;
        for (name, value) in file.into_inner() {
            let at = name.span();
            let named = named(name.get_ref(), value.get_ref());
            let wrong = |error| FileError::of(text, &named, &error, at.clone());
            match name.get_ref().as_ref() {
                "listen" => self.listen = listen(value).map_err(wrong)?,
                "upstream" => self.upstream = Some(parsed(value).map_err(wrong)?),
                "providers" => {
                    self.providers = flag(ValueDeserializer::from(value)).map_err(wrong)?;
                }
                "connect" => self.connect = of::<HumanTime>(value).map_err(wrong)?.0,
                "shutdown" => self.shutdown = of::<HumanTime>(value).map_err(wrong)?.0,
                "budget" => {
                    self.budget =
                        read(self.budget, ValueDeserializer::from(value)).map_err(wrong)?;
                }
                "memory" => {
                    let memory = ValueDeserializer::from(value);
                    let memory = read(Memory::default(), memory).map_err(wrong)?;
                    self.total_mib = memory.total.unwrap_or(self.total_mib);
                    self.limits.request_mib = memory.request.unwrap_or(self.limits.request_mib);
                }
                // What they inherit may stand below them.
                "route" => routes = Some((at, value)),
                field => {
                    let known = self.limits.read(field, value).map_err(wrong)?;
                    if !known {
                        return Err(FileError::unknown(text, at, field, FIELDS));
                    }
                }
            }
        }
        if let Some((at, value)) = routes {
            let DeValue::Array(list) = value.into_inner() else {
                return Err(FileError::at(text, at, "a route is written as [[route]]"));
            };
            for route in list {
                self.routes.push(self.limits.route(text, route)?);
            }
        }
        Ok(self)
    }
}

const FIELDS: &str = "listen, upstream, providers, connect, shutdown, retry_post, memory, retry, \
                      resume, timeout, llm, budget, route";
const ROUTE_FIELDS: &str = "path, upstream, retry_post, retry, resume, timeout, llm";

#[derive(Default)]
struct Memory {
    request: Option<u32>,
    total: Option<u32>,
}

impl Settings for Memory {
    const FIELDS: &'static [&'static str] = &["request", "total"];

    fn set<'de, D: Deserializer<'de>>(mut self, field: &str, value: D) -> Result<Self, D::Error> {
        let mib = Some(count("a whole number of MiB", value)?);
        match field {
            "request" => self.request = mib,
            _ => self.total = mib,
        }
        Ok(self)
    }
}

/// What is said to who sets the budget of one layer: both take from one.
const BUDGET: &str = "is set by `[budget]`, for everything that goes to an upstream";

/// What `[retry]` has.
struct Retry(RetryConfigBuilder);

impl Settings for Retry {
    const FIELDS: &'static [&'static str] = RetryConfigBuilder::FIELDS;

    fn set<'de, D: Deserializer<'de>>(self, field: &str, value: D) -> Result<Self, D::Error> {
        match field {
            // It would hold for some requests only: each route has layers for those that may be repeated.
            "consent" => Err(D::Error::custom(
                "is set by `retry_post`: \"llm\", \"always\" or \"never\"",
            )),
            "budget" => Err(D::Error::custom(BUDGET)),
            _ => self.0.set(field, value).map(Retry),
        }
    }
}

/// What `[resume]` has.
struct Resume(ResumeConfigBuilder);

impl Settings for Resume {
    const FIELDS: &'static [&'static str] = ResumeConfigBuilder::FIELDS;

    fn set<'de, D: Deserializer<'de>>(self, field: &str, value: D) -> Result<Self, D::Error> {
        match field {
            "budget" => Err(D::Error::custom(BUDGET)),
            // It would be made for nobody.
            "report" => Err(D::Error::custom(
                "is for programs: the log says what was resumed",
            )),
            _ => self.0.set(field, value).map(Resume),
        }
    }
}

/// What `[llm]` has, over what it had before.
struct Llm(DraftLimits);

impl Settings for Llm {
    const FIELDS: &'static [&'static str] = &[
        "replay",
        "prefill",
        "max_kept",
        "keep_alive",
        "max_events",
        "max_document",
        "max_wait",
    ];

    fn set<'de, D: Deserializer<'de>>(self, field: &str, value: D) -> Result<Self, D::Error> {
        let Llm(mut limits) = self;
        let DraftLimits {
            streams, answers, ..
        } = &mut limits;
        match field {
            "replay" => *streams = streams.replay(flag(value)?),
            "prefill" => *streams = streams.prefill(flag(value)?),
            "max_kept" => *streams = streams.max_kept(bytes(value)?),
            "max_events" => *answers = answers.clone().max_events(bytes(value)?),
            "max_document" => *answers = answers.clone().max_document(bytes(value)?),
            "max_wait" => *answers = answers.clone().max_wait(HumanTime::deserialize(value)?.0),
            _ => limits.keep_alive = HumanTime::deserialize(value)?.0,
        }
        Ok(Llm(limits))
    }
}

fn bytes<'de, D: Deserializer<'de>>(value: D) -> Result<usize, D::Error> {
    count("a whole number of bytes", value)
}

impl DraftLimits {
    /// Reads a field that routes have as well. Says whether it is one.
    fn read(&mut self, field: &str, value: Value<'_>) -> Result<bool, toml::de::Error> {
        let value = ValueDeserializer::from(value);
        match field {
            "retry" => self.retry = read(Retry(self.retry.clone()), value)?.0,
            "resume" => self.resume = read(Resume(self.resume.clone()), value)?.0,
            "timeout" => self.timeout = read(self.timeout.clone(), value)?,
            "retry_post" => self.repeat = choice(&REPEAT, value)?,
            "llm" => *self = read(Llm(self.clone()), value)?.0,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// A route, with these limits where it does not say otherwise.
    fn route(&self, text: &str, route: Value<'_>) -> Result<DraftRoute, FileError> {
        let whole = route.span();
        let DeValue::Table(table) = route.into_inner() else {
            return Err(FileError::at(
                text,
                whole,
                "a route is written as [[route]]",
            ));
        };
        let (mut path, mut upstream, mut limits) = (None, None, self.clone());
        for (name, value) in table {
            let at = name.span();
            let named = named(name.get_ref(), value.get_ref());
            let wrong = |error| FileError::of(text, &named, &error, at.clone());
            match name.get_ref().as_ref() {
                "path" => path = Some(parsed(value).map_err(wrong)?),
                "upstream" => upstream = Some(parsed(value).map_err(wrong)?),
                field => {
                    let known = limits.read(field, value).map_err(wrong)?;
                    if !known {
                        return Err(FileError::unknown(text, at, field, ROUTE_FIELDS));
                    }
                }
            }
        }
        let missing =
            |field| FileError::at(text, whole.clone(), &format!("the route has no `{field}`"));
        Ok(DraftRoute {
            path: path.ok_or_else(|| missing("path"))?,
            upstream: upstream.ok_or_else(|| missing("upstream"))?,
            limits,
        })
    }
}

const REPEAT: [(&str, RepeatPosts); 3] = [
    ("llm", RepeatPosts::ToModels),
    ("always", RepeatPosts::All),
    ("never", RepeatPosts::None),
];

fn of<'i, T: Deserialize<'i>>(value: Value<'i>) -> Result<T, toml::de::Error> {
    T::deserialize(ValueDeserializer::from(value))
}

fn listen(value: Value<'_>) -> Result<SocketAddr, toml::de::Error> {
    address(&of::<String>(value)?).map_err(toml::de::Error::custom)
}

/// A text that is parsed.
fn parsed<T: FromStr<Err: fmt::Display>>(value: Value<'_>) -> Result<T, toml::de::Error> {
    of::<String>(value)?
        .parse()
        .map_err(toml::de::Error::custom)
}

impl FileError {
    /// The line, counted from one.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// Where in the file a field stands that can't be as it is.
    #[must_use]
    pub fn field(text: &str, error: &FieldError) -> Option<Self> {
        let file = DeTable::parse(text).ok()?;
        let mut at = None;
        let mut table = file.get_ref();
        if let Some(index) = error.route {
            let DeValue::Array(routes) = table.get("route")?.get_ref() else {
                return None;
            };
            let route = routes.get(index)?;
            at = Some(route.span());
            let DeValue::Table(route) = route.get_ref() else {
                return None;
            };
            table = route;
        }
        if !error.table.is_empty() {
            // A route may have inherited what is wrong, but that was found before.
            let (name, inner) = entry(table, error.table)?;
            at = Some(name);
            if let DeValue::Table(inner) = inner {
                table = inner;
            }
        }
        let field = error.error.field().split('.').next().unwrap_or_default();
        let at = entry(table, field).map(|(name, _)| name).or(at)?;
        Some(FileError::at(text, at, &error.to_string()))
    }

    fn of(text: &str, named: &str, error: &toml::de::Error, name: Range<usize>) -> Self {
        let problem = [named, error.message()].concat();
        FileError::at(text, error.span().unwrap_or(name), &problem)
    }

    fn unknown(text: &str, at: Range<usize>, field: &str, known: &str) -> Self {
        // The name comes from the file: it is shown as far as it is one.
        let field: String = field.chars().filter(|c| !c.is_control()).take(40).collect();
        FileError::at(
            text,
            at,
            &format!("there is no field `{field}`, only {known}"),
        )
    }

    fn at(text: &str, at: Range<usize>, problem: &str) -> Self {
        let before = text.get(..at.start).unwrap_or_default();
        FileError {
            line: before.matches('\n').count() + 1,
            problem: problem.to_owned(),
        }
    }
}

/// How a field is named before what is wrong with it.
fn named(field: &str, value: &DeValue<'_>) -> String {
    match value {
        DeValue::Table(_) => format!("[{field}] "),
        _ => format!("`{field}`: "),
    }
}

/// A field of a table, and where its name stands.
fn entry<'t, 'i>(table: &'t DeTable<'i>, name: &str) -> Option<(Range<usize>, &'t DeValue<'i>)> {
    table
        .iter()
        .find(|(key, _)| key.get_ref() == name)
        .map(|(key, value)| (key.span(), value.get_ref()))
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

impl Error for FileError {}
