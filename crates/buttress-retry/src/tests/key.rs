//! The generated `Idempotency-Key`.

use super::*;
use crate::IDEMPOTENCY_KEY;

fn keyed() -> RetryConfig {
    config().idempotency_key(true).build().unwrap()
}

/// Fails all attempts but the third: the keys that came with them.
async fn keys_of(config: RetryConfig, request: Req) -> Vec<Option<String>> {
    let (service, mut handle) = pair(config);
    let server = async {
        let mut keys = Vec::new();
        while let Some((request, reply)) = handle.next_request().await {
            let key = request.headers().get(IDEMPOTENCY_KEY);
            keys.push(key.map(|key| key.to_str().unwrap().to_owned()));
            if keys.len() < 3 {
                reply.send_error(reset());
            } else {
                reply.send_response(status(200));
            }
        }
        keys
    };
    let (_, keys) = tokio::join!(service.oneshot(request), server);
    keys
}

#[tokio::test(start_paused = true)]
async fn a_post_gets_one_key_for_all_its_attempts() {
    let keys = keys_of(keyed(), post()).await;
    let first = keys[0].clone().unwrap();
    assert_eq!(first.len(), 36);
    assert_eq!(
        keys,
        [
            Some(first.clone()),
            Some(first.clone()),
            Some(first.clone())
        ]
    );
    // The next call is another one.
    let next = keys_of(keyed(), post()).await;
    assert_ne!(next[0].as_ref(), Some(&first));
}

#[tokio::test(start_paused = true)]
async fn nobody_gets_a_key_who_did_not_ask_for_one() {
    // Without it a POST is not repeated.
    assert_eq!(keys_of(config().build().unwrap(), post()).await, [None]);
}

#[tokio::test(start_paused = true)]
async fn what_needs_no_key_gets_none() {
    assert_eq!(keys_of(keyed(), get()).await, [None, None, None]);
    let mut request = post();
    let own = "order-17".to_owned();
    request
        .headers_mut()
        .insert(IDEMPOTENCY_KEY, own.parse().unwrap());
    let keys = keys_of(keyed(), request).await;
    assert_eq!(keys, [Some(own.clone()), Some(own.clone()), Some(own)]);
}

#[tokio::test(start_paused = true)]
async fn one_request_can_ask_for_it() {
    let mut request = post();
    request.extensions_mut().insert(keyed());
    let keys = keys_of(config().build().unwrap(), request).await;
    assert_eq!(keys.len(), 3);
    assert!(keys[0].is_some());
}

#[tokio::test(start_paused = true)]
async fn two_layers_agree_on_one_key() {
    let (mock, mut handle) = mock::pair::<Req, Res>();
    let layer = RetryLayer::new(keyed());
    let service = layer.layer(layer.layer(mock));
    let server = async {
        let (request, reply) = handle.next_request().await.unwrap();
        let keys = request.headers().get_all(IDEMPOTENCY_KEY);
        assert_eq!(keys.iter().count(), 1);
        reply.send_response(status(200));
    };
    let (response, ()) = tokio::join!(service.oneshot(post()), server);
    response.unwrap();
}
