//! A failure as a response.

use crate::asked::Asked;
use crate::explainer::Explainer;
use crate::{Explanation, Format, HumanizeBody};
use buttress_core::Failure;
use bytes::Bytes;
use http::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, VARY,
};

/// Understood by the OpenAI and Anthropic client libraries, among others.
const X_SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");

#[cold]
#[inline(never)]
pub(crate) fn respond<RB>(
    failure: Failure,
    explainer: &Explainer,
    asked: &Asked,
) -> Response<HumanizeBody<RB>> {
    let (failure, explanation) = explainer.tell(failure);
    let format = asked.accepted.format();
    let (status, (content_type, text)) = match &asked.render {
        Some(render) => (
            render.status(&failure),
            render.document(&failure, &explanation).into_parts(),
        ),
        None => {
            let text = format.render(&failure, &explanation);
            (
                failure.response_status(),
                (format.content_type(), text.into()),
            )
        }
    };

    let mut response = Response::new(());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, content_type);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(text.len()));
    let vary = match (asked.render.is_some(), asked.negotiates_language) {
        (false, false) => Some("accept"),
        (false, true) => Some("accept, accept-language"),
        (true, true) => Some("accept-language"),
        (true, false) => None,
    };
    if let Some(vary) = vary {
        headers.insert(VARY, HeaderValue::from_static(vary));
    }
    if asked.render.is_none() && format == Format::Html {
        // The page needs nothing but its own style; should something foreign ever get into it, it
        // can do nothing.
        let only_style = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'");
        headers.insert(CONTENT_SECURITY_POLICY, only_style);
    }
    set_shared_headers(headers, &failure, &explanation);
    failure.attach(response.extensions_mut());

    // To HEAD, the length is the one that GET would have had (RFC 9110, section 8.6).
    let body = if asked.head_only { Bytes::new() } else { text };
    response.map(|()| HumanizeBody::saying(body))
}

fn set_shared_headers(headers: &mut HeaderMap, failure: &Failure, explanation: &Explanation) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(language) = HeaderValue::from_str(explanation.language()) {
        headers.insert(CONTENT_LANGUAGE, language);
    }
    if let Some(seconds) = failure.retry_after_seconds() {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if !failure.may_be_retried() {
        headers.insert(X_SHOULD_RETRY, HeaderValue::from_static("false"));
    }
}
