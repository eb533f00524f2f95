use super::{SECRETS, Sent, Transport, bare, request, reset};
use crate::{Explanation, Humanize, HumanizeLayer, ResponseMode};
use buttress_core::{Delivery, Failure, FailureKind, Hint, StopReason};
use bytes::Bytes;
use http::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use http::{Method, Response, StatusCode, Uri};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use serde_json::Value;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::SystemTime;
use tower_test::mock::{Handle, Spawn, spawn_layer};

type Answer = Response<Full<Bytes>>;
type Server = Spawn<Humanize<Transport, ResponseMode>>;

fn spawn() -> (Server, Handle<Sent, Answer>) {
    spawn_layer(HumanizeLayer::new().into_responses())
}

/// The whole answer to this request when the call ends in this failure.
async fn answer(request: Sent, failure: Failure) -> Response<String> {
    let (mut service, mut handle) = spawn();
    assert!(service.poll_ready::<Sent>().is_ready());
    let call = service.call(request);
    let (_, responder) = handle.next_request().await.unwrap();
    responder.send_error(failure);
    let Ok(response) = call.await;
    read(response).await
}

async fn read<B: Body<Data = Bytes, Error = Failure>>(response: Response<B>) -> Response<String> {
    let (head, body) = response.into_parts();
    let announced = body.size_hint().exact();
    let bytes = body.collect().await.unwrap().to_bytes();
    assert_eq!(announced, Some(bytes.len() as u64));
    Response::from_parts(head, String::from_utf8(bytes.to_vec()).unwrap())
}

fn wanting(accept: &'static str) -> Sent {
    let mut request = request();
    let accept = HeaderValue::from_static(accept);
    request.headers_mut().insert("accept", accept);
    request
}

fn header<'a>(response: &'a Response<String>, name: &str) -> Option<&'a str> {
    response
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_failed_call_becomes_a_problem_document() {
    let response = answer(wanting("*/*"), Failure::from(reset())).await;
    assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
    assert_eq!(
        header(&response, "content-type"),
        Some("application/problem+json")
    );
    assert_eq!(header(&response, "cache-control"), Some("no-store"));
    assert_eq!(header(&response, "content-language"), Some("en"));
    let length = response.body().len().to_string();
    assert_eq!(header(&response, "content-length"), Some(&*length));
    assert_eq!(header(&response, "retry-after"), None);
    assert_eq!(header(&response, "x-should-retry"), None);

    let problem: Value = serde_json::from_str(response.body()).unwrap();
    assert_eq!(problem["type"], "urn:buttress:problem:connection_reset");
    assert_eq!(problem["title"], "The connection was cut off");
    assert_eq!(problem["status"], 502);
    assert_eq!(problem["phase"], "head");
    assert_eq!(problem["side"], "network");
    assert_eq!(problem["attempts"], 1);
    assert_eq!(problem["waited_ms"], 0);
    assert_eq!(problem["may_retry"], true);
    assert_eq!(problem["next_steps"].as_array().unwrap().len(), 2);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("api.example.com:8443"), "{detail}");
}

#[tokio::test]
async fn text_for_those_who_prefer_it() {
    let response = answer(wanting("text/plain"), Failure::from(reset())).await;
    assert_eq!(
        header(&response, "content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert!(
        response
            .body()
            .starts_with("The connection was cut off\n\n")
    );
    assert!(response.body().contains("\n  1. Try again."));
}

#[tokio::test]
async fn a_head_request_gets_the_headers_only() {
    let mut head = wanting("text/plain");
    *head.method_mut() = Method::HEAD;
    let to_get = answer(wanting("text/plain"), Failure::from(reset())).await;
    let to_head = answer(head, Failure::from(reset())).await;
    assert_eq!(to_head.status(), to_get.status());
    assert_eq!(to_head.headers(), to_get.headers());
    assert_eq!(to_head.body(), "");
}

#[tokio::test]
async fn an_outer_layer_still_sees_the_failure() {
    let below = Failure::from(reset()).with_stopped(StopReason::Attempts);
    let response = answer(request(), below).await;
    assert_eq!(header(&response, "x-should-retry"), Some("false"));
    let seen = Failure::of_response(&response).unwrap();
    assert_eq!(seen.kind(), FailureKind::ConnectionReset);
    assert_eq!(seen.delivery(), Delivery::Unknown);
    assert!(seen.is_exhausted());
    assert!(Explanation::of(&seen).is_some());
}

#[tokio::test]
async fn retry_after_is_in_whole_seconds_rounded_up() {
    for (said, passed_on) in [("30", "30"), ("0.2", "1"), ("7.000001", "8"), ("0", "0")] {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static(said));
        let hint = Hint::from_headers(&headers, SystemTime::UNIX_EPOCH).unwrap();
        let failure = Failure::new(FailureKind::RateLimited).with_hint(hint);
        let response = answer(request(), failure).await;
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(header(&response, "retry-after"), Some(passed_on), "{said}");
        let problem: Value = serde_json::from_str(response.body()).unwrap();
        assert_eq!(problem["retry_after_s"].to_string(), passed_on);
    }
}

#[tokio::test]
async fn nothing_secret_is_told() {
    for accept in ["*/*", "text/plain"] {
        let response = answer(wanting(accept), Failure::from(reset())).await;
        let all = format!("{:?} {}", response.headers(), response.body());
        for secret in SECRETS {
            assert!(!all.contains(secret), "{secret} in {all}");
        }
    }
}

#[tokio::test]
async fn a_service_that_is_not_ready_is_answered_for() {
    let (mut service, mut handle) = spawn();
    handle.send_error(reset());
    assert!(matches!(service.poll_ready::<Sent>(), Poll::Ready(Ok(()))));
    // Asked again, it neither forgets nor asks below.
    assert!(matches!(service.poll_ready::<Sent>(), Poll::Ready(Ok(()))));

    // A clone has nothing to answer for.
    let clone = service.get_ref().clone();
    assert!(!format!("{clone:?}").contains("ConnectionReset"));

    let call = pin!(service.call(wanting("text/plain")));
    let Poll::Ready(Ok(response)) = call.poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("must answer at once");
    };
    let response = read(response).await;
    assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
    assert!(response.body().contains("api.example.com:8443"));
    let failure = Failure::of_response(&response).unwrap();
    assert_eq!(failure.delivery(), Delivery::NotSent);
    // It was told once; now the service below is asked again.
    assert!(!format!("{:?}", service.get_ref()).contains("ConnectionReset"));
}

#[tokio::test]
async fn readiness_is_that_of_the_service_below() {
    let (mut service, mut handle) = spawn();
    handle.allow(0);
    assert!(service.poll_ready::<Sent>().is_pending());
    handle.allow(1);
    assert!(service.is_woken());
    assert!(service.poll_ready::<Sent>().is_ready());
}

#[tokio::test]
async fn every_kind_becomes_a_response_that_can_be_read() {
    for failure in bare() {
        let kind = failure.kind();
        let status = failure.response_status();
        let retried = kind.is_transient();
        let response = answer(request(), failure).await;
        assert_eq!(response.status(), status);
        let said_no = header(&response, "x-should-retry") == Some("false");
        assert_eq!(said_no, !retried, "{kind}");
        let problem: Value = serde_json::from_str(response.body()).unwrap();
        assert_eq!(problem["code"], kind.code());
        assert_eq!(problem["status"], status.as_u16());
        assert_eq!(problem["may_retry"], retried, "{kind}");
        assert!(problem.get("retry_after_s").is_none());
        assert!(problem.get("reference").is_none());
    }
}

#[tokio::test]
async fn hostile_hosts_are_not_repeated() {
    // All that a URI lets through; the worst never becomes one.
    assert!("http://a\"b/".parse::<Uri>().is_err());
    for host in ["x'y;z", "(a)", "a,b", "~!$&*+=", "u%0d%0a:evil@(b)"] {
        let uri: Uri = format!("http://{host}/").parse().unwrap();
        let mut request = request();
        *request.uri_mut() = uri;
        let response = answer(request, Failure::from(reset())).await;
        let problem: Value = serde_json::from_str(response.body()).unwrap();
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.contains("The connection to the server was"),
            "{detail}"
        );
    }
}

#[tokio::test]
async fn a_browser_gets_a_page_that_can_do_nothing() {
    let response = answer(wanting("text/html, */*;q=0.8"), Failure::from(reset())).await;
    let kind = header(&response, "content-type");
    assert_eq!(kind, Some("text/html; charset=utf-8"));
    let policy = header(&response, "content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'"));
    let body = response.body();
    assert!(body.starts_with("<!doctype html>\n<html lang=\"en\">"));
    assert!(body.contains("<h1>The connection was cut off</h1>"));
    for never in ["<script", "http-equiv", "src=", "href=", "@import", "url("] {
        assert!(!body.contains(never), "{never}");
    }
}

#[cfg(feature = "languages")]
#[tokio::test]
async fn the_language_is_the_one_that_is_preferred() {
    let speak = async |layer: HumanizeLayer<ResponseMode>, accept: &'static str| {
        let (mut service, mut handle) = spawn_layer(layer);
        assert!(service.poll_ready::<Sent>().is_ready());
        let mut request = wanting("text/plain");
        let languages = HeaderValue::from_static(accept);
        request.headers_mut().insert("accept-language", languages);
        let call = service.call(request);
        let (_, responder) = handle.next_request().await.unwrap();
        responder.send_error(reset());
        let Ok(response): Result<Response<crate::HumanizeBody<Full<Bytes>>>, _> = call.await;
        read(response).await
    };
    let layer = HumanizeLayer::new().into_responses();
    let response = speak(layer.clone(), "de").await;
    assert_eq!(header(&response, "content-language"), Some("en"));
    assert_eq!(header(&response, "vary"), Some("accept"));

    let response = speak(layer.clone().negotiate_language(), "tlh, de;q=0.5").await;
    assert_eq!(header(&response, "content-language"), Some("de"));
    assert_eq!(header(&response, "vary"), Some("accept, accept-language"));
    assert!(
        response
            .body()
            .starts_with("Die Verbindung wurde abgebrochen\n\n")
    );
    assert!(
        response
            .body()
            .contains("\nWas Sie jetzt tun können:\n  1. ")
    );

    let response = speak(layer.catalog(crate::Language::French), "de").await;
    assert_eq!(header(&response, "content-language"), Some("fr"));
}
