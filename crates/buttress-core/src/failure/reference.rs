use super::Failure;
use crate::redact;
use http::HeaderMap;
use std::fmt;

/// What the operators of a server need to find a call: its request id, its trace id, and the id
/// that a network in front of the server gave it.
///
/// A failure that a response stands for has the reference of that response's headers. Whoever
/// learns it from elsewhere, such as the body, puts one among the failure's
/// [details](Failure::details_mut).
///
/// ```
/// use buttress_core::{Failure, Reference};
/// use http::{HeaderMap, HeaderValue, StatusCode};
///
/// let mut headers = HeaderMap::new();
/// headers.insert("request-id", HeaderValue::from_static("req_011CSHoEeqs5C35K2UUqR7Fy"));
/// headers.insert("cf-ray", HeaderValue::from_static("8f2d1c3b4a59-FRA"));
/// let failure = Failure::from_head(StatusCode::SERVICE_UNAVAILABLE, &headers).expect("a failure");
/// let reference = Reference::of(&failure).expect("has one");
/// assert_eq!(reference.as_str(), "req_011CSHoEeqs5C35K2UUqR7Fy, cf-ray 8f2d1c3b4a59-FRA");
///
/// assert_eq!(Reference::parse("<script>"), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference(String);

/// What servers call the id of a request, the more telling first. Of these one is kept.
const REQUEST: &[&str] = &[
    "x-request-id",
    "request-id",
    "x-amzn-requestid",
    "x-amz-request-id",
    "apim-request-id",
    "x-ms-request-id",
    "x-generation-id",
    "x-correlation-id",
    "x-trace-id",
];

impl Reference {
    /// An id of 1 to 128 ASCII letters, digits and `-` `_` `.` `:`; anything else is no reference.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let id_like = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':');
        ((1..=128).contains(&text.len()) && text.bytes().all(id_like))
            .then(|| Reference(text.to_owned()))
    }

    /// The reference in the headers of a response: its request id, or else the trace id of
    /// `traceparent` (W3C Trace Context) or of Google's `x-cloud-trace-context`, and `cf-ray`.
    ///
    /// What is no id, or looks like a secret, is left out.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let value = |name: &str| headers.get(name)?.to_str().ok();
        let id = |text: &str| Reference::parse(text).filter(Reference::is_no_secret);
        // `00-TRACE-SPAN-01` and `TRACE/SPAN;o=1`.
        let trace = || id(value("traceparent")?.split('-').nth(1)?);
        let cloud = || id(value("x-cloud-trace-context")?.split(['/', ';']).next()?);
        let trace = || trace().or_else(cloud);
        let request = REQUEST.iter().find_map(|name| id(value(name)?));
        let ray = value("cf-ray").and_then(id);
        match (request.or_else(trace), ray) {
            (Some(Reference(request)), Some(Reference(ray))) => {
                Some(Reference(format!("{request}, cf-ray {ray}")))
            }
            (None, Some(Reference(ray))) => Some(Reference(format!("cf-ray {ray}"))),
            (request, None) => request,
        }
    }

    /// The reference among the failure's details.
    #[must_use]
    pub fn of(failure: &Failure) -> Option<&Self> {
        failure.details().get()
    }

    /// The id, or the ids in one line.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is_no_secret(&self) -> bool {
        let announced = format!("request id: {}", self.0);
        redact::text(&announced) == announced
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    #[test]
    fn a_reference_is_an_id_and_nothing_else() {
        for good in ["a", "8f2d-FRA", "req_1", "00-4bf9.7:1", &"x".repeat(128)] {
            assert_eq!(Reference::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "a b", "a\n", "a/b", "é", "a\"", &"x".repeat(129)] {
            assert_eq!(Reference::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn headers_that_name_the_request() {
        const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        type Lines = &'static [(&'static str, &'static str)];
        let table: &[(Lines, Option<&str>)] = &[
            (&[], None),
            (&[("x-request-id", "r1")], Some("r1")),
            (&[("request-id", "r2"), ("x-request-id", "r1")], Some("r1")),
            (
                &[("x-request-id", "no id"), ("request-id", "r2")],
                Some("r2"),
            ),
            (&[("cf-ray", "8f2d-FRA")], Some("cf-ray 8f2d-FRA")),
            (
                &[("cf-ray", "8f2d-FRA"), ("x-amzn-requestid", "r3")],
                Some("r3, cf-ray 8f2d-FRA"),
            ),
            (
                &[("traceparent", TRACE)],
                Some("4bf92f3577b34da6a3ce929d0e0e4736"),
            ),
            (&[("traceparent", "00")], None),
            // TRACE_ID/SPAN_ID;o=OPTIONS, as Google's servers send it.
            (
                &[(
                    "x-cloud-trace-context",
                    "105445aa7843bc8bf206b12000100000/1;o=1",
                )],
                Some("105445aa7843bc8bf206b12000100000"),
            ),
            (
                &[("x-cloud-trace-context", "105445aa7843bc8bf206b12000100000")],
                Some("105445aa7843bc8bf206b12000100000"),
            ),
            (
                &[("x-request-id", "sk-ant-api03-abcdefghijklmnopqrstuvwx")],
                None,
            ),
        ];
        for (lines, expected) in table {
            let headers = lines
                .iter()
                .map(|(name, value)| {
                    let name = HeaderName::try_from(*name).unwrap();
                    (name, HeaderValue::try_from(*value).unwrap())
                })
                .collect();
            let found = Reference::from_headers(&headers);
            assert_eq!(
                found.as_ref().map(Reference::as_str),
                *expected,
                "{lines:?}"
            );
        }
    }
}
