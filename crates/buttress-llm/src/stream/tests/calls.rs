//! Calls of tools.

use super::*;

/// Proxies that lose their server end the stream as if it were whole.
#[tokio::test(start_paused = true)]
async fn half_a_call_is_none_whatever_marker_of_the_end_follows() {
    let seed = seed();
    let mut rng = Rng::with_seed(seed);
    for dialect in [Dialect::ChatCompletions, Dialect::Messages] {
        let answer = Answer::full();
        let first = stream(dialect, &answer, 1, &mut rng);
        let end = std::str::from_utf8(dialect.end()).unwrap();
        for cut in 1..first.len() - 2 {
            let half = first[..cut].concat();
            let begun = put_together(dialect, half.as_bytes());
            let is_half = |(_, arguments): &(String, String)| {
                let value = serde_json::from_str::<serde_json::Value>(arguments);
                !arguments.is_empty() && value.is_err()
            };
            if begun.finished || !begun.answer.calls.iter().any(is_half) {
                continue;
            }
            let what = format!("seed {seed}, {dialect:?}, cut after {cut}");
            let marked = || step(ScriptedBody::from(Bytes::from(half.clone() + end)));
            let second = stream(dialect, &answer, 2, &mut rng);
            let inner = Inner::new([marked(), whole(&second)]);
            let response = call(Streams::new(), request(dialect), &inner).await;
            assert_eq!(response.body().end(), "clean end", "{what}");
            let got = put_together(dialect, &response.body().bytes);
            assert_eq!(normal(got.answer), normal(answer.clone()), "{what}");
            assert!(got.finished && got.ended, "{what}");

            let inner = Inner::new([marked()]);
            let streams = Streams::new().replay(false);
            let response = call(streams, request(dialect), &inner).await;
            check_honest(&response, dialect, &what);
        }
    }
}
