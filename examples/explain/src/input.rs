//! What is known of a failure, and what it is classified as.

use buttress_core::classify::{self, Classification};
use buttress_core::hint::{self, Hint};
use buttress_core::{Failure, FailureKind, Phase};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

/// What somebody has of a failure: its text, and perhaps more.
#[derive(Debug, Default)]
pub(crate) struct Input {
    raw: String,
    kind: Option<Kind>,
    status: Option<StatusCode>,
    headers: HeaderMap,
}

/// Where a text comes from.
#[derive(Clone, Copy, Debug)]
enum Kind {
    /// A library that connects, sends or receives.
    Transport,
    /// The body of an answer.
    Http,
    /// An event of a stream.
    Sse,
}

impl Input {
    /// A text of which nothing else is known.
    pub(crate) fn text(raw: String) -> Self {
        Input {
            raw,
            ..Input::default()
        }
    }

    /// The fields of one line: `raw`, and if it has them `kind`, `status` and `headers`.
    pub(crate) fn from_json(line: &str) -> Result<Self, String> {
        let value: Value =
            serde_json::from_str(line).map_err(|error| format!("no JSON: {error}"))?;
        let Value::Object(mut fields) = value else {
            return Err("not a JSON object".to_owned());
        };
        let Some(Value::String(raw)) = fields.remove("raw") else {
            return Err("the field `raw` is missing or no string".to_owned());
        };
        let kind = match fields.remove("kind") {
            None | Some(Value::Null) => None,
            Some(Value::String(kind)) => Some(match kind.as_str() {
                "transport" => Kind::Transport,
                "http" => Kind::Http,
                "sse" => Kind::Sse,
                _ => {
                    let known = "the field `kind` is none of `transport`, `http` and `sse`";
                    return Err(known.to_owned());
                }
            }),
            Some(_) => return Err("the field `kind` is no string".to_owned()),
        };
        Ok(Input {
            raw,
            kind,
            status: status(fields.get("status"))?,
            headers: headers(fields.get("headers"))?,
        })
    }

    /// The text itself.
    pub(crate) fn raw(&self) -> &str {
        &self.raw
    }

    /// What it means; nothing if nothing is known.
    pub(crate) fn classify(&self) -> Option<Classification> {
        match self.kind {
            Some(Kind::Transport) => classify::text(&self.raw),
            _ => classify::body(self.status, &self.headers, self.raw.as_bytes())
                .or_else(|| classify::text(&self.raw).map(|class| self.with_pause(class))),
        }
    }

    /// A limit that is told in words, with the pause that the same words ask for.
    fn with_pause(&self, mut class: Classification) -> Classification {
        use FailureKind::{Overloaded, QuotaExhausted, RateLimited};
        let asked = matches!(class.kind, RateLimited | QuotaExhausted | Overloaded);
        let pause = hint::in_text(&self.raw).filter(|_| asked);
        class.hint = class.hint.or(pause.map(Hint::after_delay));
        class
    }

    /// The failure to be explained.
    ///
    /// Of a text that nobody knows at least the place is known, if that was said: what broke in
    /// transport was a connection, and what an event stream says of itself is the server's.
    pub(crate) fn failure(&self) -> Failure {
        let class = self.classify().unwrap_or_else(|| match self.kind {
            Some(Kind::Transport) => {
                Classification::new(FailureKind::ConnectionClosed, Phase::Head).without_phase()
            }
            Some(Kind::Sse) => Classification::new(FailureKind::ServerError, Phase::Body),
            Some(Kind::Http) | None => Classification::new(FailureKind::Unknown, Phase::Head),
        });
        Failure::from(class)
    }
}

fn status(value: Option<&Value>) -> Result<Option<StatusCode>, String> {
    let number = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(_) => None,
    };
    number
        .and_then(|number| StatusCode::from_u16(u16::try_from(number).ok()?).ok())
        .map(Some)
        .ok_or_else(|| "the field `status` is no status".to_owned())
}

fn headers(value: Option<&Value>) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    match value {
        None | Some(Value::Null) => {}
        Some(Value::Object(fields)) => {
            for (name, value) in fields {
                let values = match value {
                    Value::Array(values) => values.as_slice(),
                    one => std::slice::from_ref(one),
                };
                for value in values {
                    let text = match value {
                        Value::String(text) => text.clone(),
                        other => other.to_string(),
                    };
                    let (name, value) = HeaderName::try_from(name)
                        .ok()
                        .zip(HeaderValue::try_from(text).ok())
                        .ok_or_else(|| format!("not a header: {name:?}"))?;
                    headers.append(name, value);
                }
            }
        }
        Some(_) => return Err("the field `headers` is no object".to_owned()),
    }
    Ok(headers)
}
