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
    for cut in 3..events.len() {
        // Servers may repeat the event that was asked after.
        for from in [cut - 1, cut] {
            let inner = Inner::new([whole(&events[..cut]), whole(&events[from..])]);
            let response = call(Streams::new(), request(), &inner).await;
            let again = inner.calls().len() > 1;
            if !again {
                assert_eq!(response.body().bytes, events.concat());
                continue;
            }
            let asked = inner.calls()[1].parts.clone();
            if asked.method == http::Method::POST {
                // Nothing was delivered: the call began again.
                continue;
            }
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
    let methods: Vec<_> = inner
        .calls()
        .iter()
        .map(|call| call.parts.method.clone())
        .collect();
    assert_eq!(methods, ["POST", "GET", "POST"]);
}
