//! A call through the four layers, in the recommended order.

use buttress_testkit::{Collected, Delivered, Rules, Run, check, collect};
use buttress_tests::schedule::{Http, Stack, number, socket_client, stack};
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::Full;
use tower::ServiceExt;

/// What came of a call: a head, and a body read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Collected,
}

/// Asks for this, with these headers.
pub(crate) async fn get(url: &str, headers: &[(&str, &str)]) -> Result<Answer, String> {
    let service = stack(number("HTSR"), 1, true, socket_client(Http::One));
    get_by(service, url, headers).await
}

/// The same through another stack.
pub(crate) async fn get_by(
    service: Stack,
    url: &str,
    headers: &[(&str, &str)],
) -> Result<Answer, String> {
    let mut request = Request::get(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request
        .body(Full::<Bytes>::default())
        .map_err(|e| e.to_string())?;
    let response = service.oneshot(request).await;
    let response = response.map_err(|failure| format!("no answer: {failure}"))?;
    let (parts, body) = response.into_parts();
    let body = collect(body).await;
    match body.lies.first() {
        Some(lie) => Err(format!("the body lied: it {lie}")),
        None => Ok(Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }),
    }
}

/// Asks for this and lets the oracle judge what comes: how it ended.
pub(crate) async fn judged(
    url: &str,
    headers: &[(&str, &str)],
    rules: Rules,
) -> Result<String, String> {
    judge(get(url, headers).await?, &rules)
}

/// Lets the oracle judge an answer: how it ended.
pub(crate) fn judge(answer: Answer, rules: &Rules) -> Result<String, String> {
    if !answer.status.is_success() {
        return Err(format!("the answer is {}", answer.status));
    }
    let end = answer.body.end();
    let run = Run::of(Delivered::from(answer.body));
    check(rules, &run).map_err(|violation| violation.to_string())?;
    Ok(end)
}
