//! What the layers do for a call.

use crate::support::{Running, limits, whole};
use buttress_testkit::{At, Cut, Fault, Origin, Refused, Script};
use buttress_timeout::TimeoutConfig;
use gateway::Limits;
use gateway::stack::RepeatPosts;
use http::Request;
use std::time::Duration;

async fn origin(script: impl Into<Script>) -> (Origin, Running) {
    let origin = Origin::builder().script(script).start().await;
    let gateway = Running::new(&origin.url("")).await;
    (origin, gateway)
}

#[tokio::test]
async fn a_reset_before_any_byte_is_not_noticed() {
    let reset = Fault::CloseOnAccept(Cut::Rst);
    let (origin, gateway) = origin(reset).await;
    let response = gateway.get("/bytes").await;
    assert_eq!(response.status(), 200);
    assert_eq!(whole(response).await.unwrap(), origin.content().whole());
    assert_eq!(
        gateway.log.line().await,
        "method=GET path=/bytes status=200 tries=2 failed=connection_reset bytes=100000 end=complete"
    );
}

#[tokio::test]
async fn a_download_cut_again_and_again_arrives_byte_for_byte() {
    let cut = |how| Fault::cut_after_bytes(30_000, how);
    let (origin, gateway) = origin([cut(Cut::Rst), cut(Cut::Fin), cut(Cut::Rst)]).await;
    let response = gateway.get("/bytes").await;
    assert_eq!(whole(response).await.unwrap(), origin.content().whole());
    assert_eq!(
        gateway.log.line().await,
        "method=GET path=/bytes status=200 tries=4 failed=connection_reset,stream_truncated \
         bytes=100000 end=complete"
    );
}

#[tokio::test]
async fn an_event_stream_goes_on_after_its_last_event() {
    let cut = Fault::cut_after_bytes(1_000, Cut::Rst);
    let (origin, gateway) = origin(cut).await;
    let response = gateway.get("/events").await;
    assert_eq!(whole(response).await.unwrap(), origin.events().whole());
    assert!(origin.log()[1].header("last-event-id").is_some());
}

#[tokio::test]
async fn silence_in_mid_stream_is_noticed() {
    let origin = Origin::builder()
        .script(Fault::StallAfter(At::Events(3)))
        .start()
        .await;
    let limits = Limits {
        attempt: TimeoutConfig::builder()
            .idle(Duration::from_millis(30))
            .build()
            .unwrap(),
        ..limits()
    };
    let gateway = Running::with(&origin.url(""), limits, Duration::MAX).await;
    let response = gateway.get("/events").await;
    assert_eq!(whole(response).await.unwrap(), origin.events().whole());
}

#[tokio::test]
async fn the_log_says_what_failed_and_how_long_was_waited() {
    let cut = Fault::cut_after_bytes(30_000, Cut::Rst);
    let (_origin, gateway) = origin([Fault::status(503), Fault::status(500), cut]).await;
    whole(gateway.get("/bytes").await).await.unwrap();
    let line = gateway.log.lines(1).await.remove(0);
    // Waits of 1 and 2 ms, and one of 1 ms before the rest.
    let told = " tries=4 failed=overloaded,server_error,connection_reset waited=4 bytes=100000 ";
    assert!(line.contains(told), "{line}");
}

#[tokio::test]
async fn in_front_of_nothing_there_is_an_explanation() {
    let nothing = Refused::new();
    let gateway = Running::new(&nothing.url("")).await;
    let response = gateway.get("/anything?key=sk-secret").await;
    assert_eq!(response.status(), 502);
    assert_eq!(
        response.headers()["content-type"],
        "application/problem+json"
    );
    assert_eq!(response.headers()["x-should-retry"], "false");
    let body = whole(response).await.unwrap();
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(problem["code"], "connection_refused");
    assert_eq!(problem["attempts"], 5);
    assert!(!problem["next_steps"].as_array().unwrap().is_empty());
    let text = String::from_utf8(body.to_vec()).unwrap().to_lowercase();
    for name in ["hyper", "tokio", "tower", "rustls", "os error", "secret"] {
        assert!(!text.contains(name), "{name} in {text}");
    }
    assert_eq!(
        gateway
            .log
            .line()
            .await
            .replace(&format!("bytes={}", body.len()), "bytes=n"),
        "method=GET path=/anything status=502 tries=5 failed=connection_refused bytes=n end=complete \
         failure=connection_refused stopped=attempts"
    );
}

#[tokio::test]
async fn an_error_that_stays_is_passed_on_and_asks_for_no_more() {
    // What it says of further tries was true before they were made.
    let canned = buttress_testkit::Canned::new(503)
        .header("x-should-retry", "true")
        .body("closed on Sundays");
    let (origin, gateway) = origin(Script::always(canned.into())).await;
    let response = gateway.get("/").await;
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["x-should-retry"], "false");
    assert_eq!(whole(response).await.unwrap(), "closed on Sundays");
    assert_eq!(origin.log().len(), 5);
}

#[tokio::test]
async fn an_answer_that_is_the_callers_business_is_left_alone() {
    let (origin, gateway) = origin(Fault::status(404)).await;
    let response = gateway.get("/").await;
    assert_eq!(response.status(), 404);
    assert!(!response.headers().contains_key("x-should-retry"));
    assert_eq!(origin.log().len(), 1);
}

#[tokio::test]
async fn only_posts_that_may_be_are_sent_twice() {
    use RepeatPosts::*;
    for (repeat, path, key, sent) in [
        (ToModels, "/v1/chat/completions", false, 2),
        (ToModels, "/orders", false, 1),
        (ToModels, "/orders", true, 2),
        (All, "/orders", false, 2),
        (RepeatPosts::None, "/v1/chat/completions", false, 1),
    ] {
        let origin = Origin::builder()
            .script(Fault::CutBeforeHead(Cut::Rst))
            .start()
            .await;
        let limits = Limits { repeat, ..limits() };
        let gateway = Running::with(&origin.url(""), limits, Duration::MAX).await;
        let mut request = Request::post(gateway.url(path));
        if key {
            request = request.header("idempotency-key", "1");
        }
        let response = gateway.send(request).await;
        let about = format!("{repeat:?} {path} {key}");
        assert_eq!(
            response.status(),
            if sent == 2 { 200 } else { 502 },
            "{about}"
        );
        assert_eq!(origin.effects().total, sent, "{about}");
    }
}
