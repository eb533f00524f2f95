use super::*;
use crate::FailureKind;
use std::convert::Infallible;
use std::time::Duration;
use tower::{ServiceExt, service_fn};

async fn answer(
    request: Request<()>,
    status: Option<&'static str>,
) -> (Option<String>, Response<&'static str>) {
    let seen = std::cell::RefCell::new(None);
    let channel = service_fn(async |request: Request<()>| {
        let timeout = request.headers().get("grpc-timeout");
        *seen.borrow_mut() = timeout.map(|value| value.to_str().unwrap().to_owned());
        let mut response = Response::new("body");
        if let Some(status) = status {
            let status = http::HeaderValue::from_static(status);
            response.headers_mut().insert("grpc-status", status);
        }
        Ok::<_, Infallible>(response)
    });
    let response = GrpcLayer::new().layer(channel).oneshot(request).await;
    let response = response.unwrap();
    (seen.take(), response)
}

#[tokio::test(start_paused = true)]
async fn the_deadline_is_told_to_the_server() {
    let (timeout, _) = answer(Request::new(()), None).await;
    assert_eq!(timeout, None);

    let mut request = Request::new(());
    Deadline::after(Duration::from_secs(7)).tighten(request.extensions_mut());
    tokio::time::advance(Duration::from_secs(2)).await;
    let (timeout, _) = answer(request, None).await;
    assert_eq!(timeout.as_deref(), Some("5000m"));
}

#[tokio::test]
async fn only_an_answer_that_fails_gets_a_failure_and_stays_what_it_is() {
    for (status, kind) in [
        (None, None),
        (Some("0"), None),
        (Some("14"), Some(FailureKind::Overloaded)),
        (Some("5"), Some(FailureKind::NotFound)),
    ] {
        let (_, response) = answer(Request::new(()), status).await;
        let failure = Failure::of(response.extensions());
        assert_eq!(failure.map(Failure::kind), kind, "{status:?}");
        let header = response.headers().get("grpc-status");
        assert_eq!(header.map(|value| value.to_str().unwrap()), status);
        assert_eq!(response.into_body(), "body");
    }
}

/// Such as a retry below, whose tries must not be multiplied by one above.
#[tokio::test]
async fn what_is_known_of_an_answer_already_is_kept() {
    let spent = Failure::new(FailureKind::Overloaded).with_stopped(crate::StopReason::Attempts);
    let channel = service_fn(async |_: Request<()>| {
        let mut response = Response::new("body");
        let status = http::HeaderValue::from_static("14");
        response.headers_mut().insert("grpc-status", status);
        spent.clone().attach(response.extensions_mut());
        Ok::<_, Infallible>(response)
    });
    let response = GrpcLayer::new().layer(channel).oneshot(Request::new(()));
    let response = response.await.unwrap();
    assert!(Failure::of(response.extensions()).unwrap().is_exhausted());
}
