//! Answers to which the next turn refers.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_call_that_only_one_stored_interaction_knows_stays_with_it() {
    let dialect = Dialect::Interactions;
    let answer = small(dialect);
    let mut rng = Rng::with_seed(5);
    let first = stream(dialect, &answer, 1, &mut rng);
    let begins = first
        .iter()
        .position(|event| event.contains("fc_1_0"))
        .unwrap();
    for (store, cut, expected) in [
        ("", begins, true),
        ("", begins + 1, false),
        (r#""store":true,"#, begins + 2, false),
        (r#""store":false,"#, begins + 2, true),
    ] {
        let body = format!(r#"{{"model":"m","input":"x",{store}"stream":true}}"#);
        let request = Request::post("https://api.example.com/v1beta/interactions");
        let request = request.body(Full::from(body)).unwrap();
        let second = stream(dialect, &answer, 2, &mut rng);
        let inner = Inner::new([whole(&first[..cut]), whole(&second)]);
        let response = call(Streams::new(), request, &inner).await;
        let what = format!("{store} {cut}");
        if expected {
            let got = put_together(dialect, &response.body().bytes);
            assert_eq!(response.body().end(), "clean end", "{what}");
            assert_eq!(normal(got.answer), normal(answer.clone()), "{what}");
        } else {
            check_honest(&response, dialect, &what);
            assert_eq!(inner.calls().len(), 1, "{what}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_next_turn_names_by_its_id_is_not_joined_from_two_responses() {
    let dialect = Dialect::Responses;
    let mut rng = Rng::with_seed(5);
    let answer = small(dialect);
    let first = stream(dialect, &answer, 1, &mut rng);
    let begins = |what: &str| first.iter().position(|event| event.contains(what)).unwrap();
    let (text, item) = (
        begins("output_text.delta") + 1,
        begins("\"function_call\"") + 1,
    );
    for (asked, cut, is_joined) in [
        ("", text, true),
        ("", item, true),
        (r#""previous_response_id":null,"#, item, true),
        (r#""previous_response_id":"resp_0","#, 0, true),
        (r#""previous_response_id":"resp_0","#, text, false),
        (r#""conversation":{"id":"conv_0"},"#, text, false),
        (r#""conversation":"conv_0","#, item, false),
        (r#""metadata":{"conversation":"conv_0"},"#, item, true),
        (
            r#""store":false,"previous_response_id":"resp_0","#,
            item,
            true,
        ),
    ] {
        let body = format!(r#"{{"model":"m","input":"x",{asked}"stream":true}}"#);
        let request = Request::post("https://api.example.com/v1/responses");
        let request = request.body(Full::from(body)).unwrap();
        let second = stream(dialect, &answer, 2, &mut rng);
        let inner = Inner::new([whole(&first[..cut]), whole(&second)]);
        let response = call(Streams::new(), request, &inner).await;
        let what = format!("{asked} {cut}");
        if is_joined {
            assert_eq!(response.body().end(), "clean end", "{what}");
            assert_eq!(inner.calls().len(), 2, "{what}");
        } else {
            check_honest(&response, dialect, &what);
            assert_eq!(inner.calls().len(), 1, "{what}");
        }
    }
}
