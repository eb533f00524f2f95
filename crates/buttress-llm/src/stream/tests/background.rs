//! Responses that are made in the background.

use super::*;

fn request() -> Request<Full<Bytes>> {
    let body = r#"{"input":"x","background":true,"stream":true}"#;
    Request::post("https://api.example.com/v1/responses?api-version=1")
        .header("authorization", "Bearer k")
        .header("content-type", "application/json")
        .body(Full::from(body))
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn it_is_read_on_from_the_event_after_the_last_one() {
    let answer = small(Dialect::Responses);
    let events = stream(Dialect::Responses, &answer, 1, &mut Rng::with_seed(5));
    // Even from the first one: to ask once more would make a second response.
    for cut in 1..events.len() {
        // Servers may repeat the event that was asked after.
        for from in [cut - 1, cut] {
            let inner = Inner::new([whole(&events[..cut]), whole(&events[from..])]);
            let response = call(Streams::new(), request(), &inner).await;
            let asked = inner.calls()[1].parts.clone();
            let last = cut - 1;
            assert_eq!(
                asked.uri.to_string(),
                format!(
                    "https://api.example.com/v1/responses/resp_1?api-version=1&stream=true&starting_after={last}"
                )
            );
            assert_eq!(asked.headers["authorization"], "Bearer k");
            assert!(!asked.headers.contains_key("content-type"));
            assert_eq!(inner.take_collected(1).unwrap().bytes, "");
            assert_eq!(response.body().bytes, events.concat(), "{cut} {from}");
            assert_eq!(response.body().end(), "clean end");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_server_does_not_have_is_said_again() {
    let answer = small(Dialect::Responses);
    let mut rng = Rng::with_seed(5);
    let first = stream(Dialect::Responses, &answer, 1, &mut rng);
    let second = stream(Dialect::Responses, &answer, 2, &mut rng);
    let inner = Inner::new([whole(&first[..8]), Step::status(404), whole(&second)]);
    let response = call(Streams::new(), request(), &inner).await;
    let got = put_together(Dialect::Responses, &response.body().bytes);
    assert_eq!(normal(got.answer), normal(answer));
    assert_eq!(methods(&inner), ["POST", "GET", "POST"]);
}

/// What has failed at its server has failed for every reader.
#[tokio::test(start_paused = true)]
async fn what_has_failed_in_the_background_is_not_read_on() {
    let answer = small(Dialect::Responses);
    let mut rng = Rng::with_seed(5);
    let first = stream(Dialect::Responses, &answer, 1, &mut rng);
    let failed = "event: response.failed\ndata: {\"type\":\"response.failed\",\"sequence_number\":8,\"response\":{\"id\":\"resp_1\",\"error\":{\"code\":\"server_error\",\"message\":\"x\"}}}\n\n";
    let error = "event: error\ndata: {\"type\":\"error\",\"sequence_number\":8,\"code\":\"server_error\",\"message\":\"x\"}\n\n";
    let broken = |how: &str| {
        let half = first[..8].concat() + how;
        step(ScriptedBody::from(Bytes::from(half)))
    };
    // An error of the stream alone says nothing of what is streamed.
    for (how, again, expected) in [
        (failed, 0, &["POST", "POST"][..]),
        (error, 8, &["POST", "GET"]),
    ] {
        let run = if again == 0 { 2 } else { 1 };
        let rest = stream(Dialect::Responses, &answer, run, &mut Rng::with_seed(5));
        let inner = Inner::new([broken(how), whole(&rest[again..])]);
        let response = call(Streams::new(), request(), &inner).await;
        let got = put_together(Dialect::Responses, &response.body().bytes);
        assert_eq!(response.body().end(), "clean end", "{how}");
        assert_eq!(normal(got.answer), normal(answer.clone()), "{how}");
        assert_eq!(methods(&inner), expected, "{how}");
    }
    // Who reads what was begun before is told in the server's own words.
    let uri = "https://api.example.com/v1/responses/resp_1?stream=true";
    let get = Request::get(uri).body(Full::default()).unwrap();
    let inner = Inner::new([broken(failed)]);
    let response = call(Streams::new(), get, &inner).await;
    assert_eq!(response.body().bytes, first[..8].concat() + failed);
    assert_eq!(response.body().end(), "clean end");
}

fn methods(inner: &Inner) -> Vec<String> {
    let calls = inner.calls();
    let method = |at: usize| calls[at].parts.method.to_string();
    (0..calls.len()).map(method).collect()
}

fn interaction(method: http::Method, rest: &str, body: &'static str) -> Request<Full<Bytes>> {
    Request::builder()
        .method(method)
        .uri(format!("https://api.example.com/v1beta/interactions{rest}"))
        .header("x-goog-api-key", "k")
        .body(Full::from(body))
        .unwrap()
}

fn created() -> Request<Full<Bytes>> {
    let body = r#"{"agent":"a","input":"x","background":true,"stream":true}"#;
    interaction(http::Method::POST, "?key=k", body)
}

#[tokio::test(start_paused = true)]
async fn an_interaction_is_read_on_behind_the_last_event_that_has_an_id() {
    let answer = Answer::full();
    let seed = seed();
    let mut rng = Rng::with_seed(seed);
    let events = stream(Dialect::Interactions, &answer, 1, &mut rng);
    // A status that has no id may be said twice: it says nothing of the answer.
    for cut in (1..events.len() - 1).filter(|cut| *cut != 2) {
        let half = put_together(Dialect::Interactions, events[..cut].concat().as_bytes());
        let last = half.event_ids.last().cloned().unwrap_or_default();
        let has_it = |event: &String| !last.is_empty() && event.contains(&last);
        // Servers may repeat the event that was asked after.
        let behind = events.iter().position(has_it).map_or(0, |at| at + 1);
        for from in [behind, behind.saturating_sub(1)] {
            let inner = Inner::new([whole(&events[..cut]), whole(&events[from..])]);
            let response = call(Streams::new(), created(), &inner).await;
            let what = format!("seed {seed}, cut after {cut}, from {from}");
            let asked = inner.calls()[1].parts.clone();
            let id = last.replace('/', "%2F").replace('=', "%3D");
            let after = if id.is_empty() {
                String::new()
            } else {
                format!("&last_event_id={id}")
            };
            assert_eq!(
                asked.uri.to_string(),
                format!(
                    "https://api.example.com/v1beta/interactions/v1_1?key=k&stream=true{after}"
                )
            );
            assert_eq!(asked.headers["x-goog-api-key"], "k");
            assert_eq!(inner.take_collected(1).unwrap().bytes, "");
            assert_eq!(response.body().bytes, events.concat(), "{what}");
            assert_eq!(response.body().end(), "clean end", "{what}");
        }
    }
}

fn without_id(event: &str) -> String {
    let (name, data) = event.split_once("data: ").unwrap();
    let Ok(mut data) = serde_json::from_str::<serde_json::Value>(data) else {
        return event.to_owned();
    };
    data.as_object_mut().unwrap().remove("event_id");
    format!("{name}data: {data}\n\n")
}

#[tokio::test(start_paused = true)]
async fn a_reader_of_an_interaction_is_read_on_for() {
    let events = stream(
        Dialect::Interactions,
        &Answer::plain(),
        1,
        &mut Rng::with_seed(5),
    );
    let events: Vec<String> = events.iter().map(|event| without_id(event)).collect();
    let get = || {
        let rest = "/v1_1?stream=true&last_event_id=e9";
        interaction(http::Method::GET, rest, "")
    };
    // No event has an id: all of them are read again, behind the one that the caller knows.
    let inner = Inner::new([whole(&events[..6]), whole(&events)]);
    let response = call(Streams::new(), get(), &inner).await;
    assert_eq!(response.body().bytes, events.concat());
    assert_eq!(
        inner.calls()[1].parts.uri.to_string(),
        "https://api.example.com/v1beta/interactions/v1_1?last_event_id=e9&stream=true"
    );
    let with_id = events[5].replacen("data: {", "data: {\"event_id\":\"e10\",", 1);
    let first = [&events[..5], std::slice::from_ref(&with_id)].concat();
    let inner = Inner::new([whole(&first), whole(&events[6..])]);
    let response = call(Streams::new(), get(), &inner).await;
    assert_eq!(
        response.body().bytes,
        [&first[..], &events[6..]].concat().concat()
    );
    assert_eq!(
        inner.calls()[1].parts.uri.to_string(),
        "https://api.example.com/v1beta/interactions/v1_1?stream=true&last_event_id=e10"
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_not_kept_is_asked_for_again() {
    let answer = small(Dialect::Interactions);
    let mut rng = Rng::with_seed(5);
    let first = stream(Dialect::Interactions, &answer, 1, &mut rng);
    let second = stream(Dialect::Interactions, &answer, 2, &mut rng);
    let stored_not = r#"{"model":"m","input":"x","background":true,"store":false,"stream":true}"#;
    let not_behind = r#"{"model":"m","input":"x","stream":true}"#;
    for (body, refused, expected) in [
        (stored_not, false, &["POST", "POST"][..]),
        (not_behind, false, &["POST", "POST"]),
        (
            r#"{"model":"m","input":"x","background":true,"stream":true}"#,
            true,
            &["POST", "GET", "POST"],
        ),
    ] {
        let mut steps = vec![whole(&first[..5])];
        steps.extend(refused.then(|| Step::status(404)));
        steps.push(whole(&second));
        let inner = Inner::new(steps);
        let request = interaction(http::Method::POST, "", body);
        let response = call(Streams::new(), request, &inner).await;
        let got = put_together(Dialect::Interactions, &response.body().bytes);
        assert_eq!(normal(got.answer), normal(answer.clone()), "{body}");
        assert_eq!(methods(&inner), expected, "{body}");
    }
}
