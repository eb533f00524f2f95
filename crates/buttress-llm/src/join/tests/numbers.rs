//! The numbers of events.

use super::*;

fn number(event: &[u8]) -> u64 {
    let view = EventView::parse(event);
    let data: serde_json::Value = serde_json::from_slice(&view.data()).unwrap();
    data["sequence_number"].as_u64().unwrap()
}

/// A server's keep-alives are numbered like other events.
#[test]
fn numbers_grow_by_one_whatever_keeps_alive() {
    let alive = |number: u64| {
        format!(
            "event: keepalive\ndata: {{\"type\":\"keepalive\",\"sequence_number\":{number}}}\n\n"
        )
    };
    let delta = |number: u64, text: &str| {
        let delta = json!({"type": "response.output_text.delta", "sequence_number": number,
            "item_id": "m", "output_index": 0, "content_index": 0, "delta": text});
        format!("data: {delta}\n\n")
    };
    let first = vec![delta(0, "a"), alive(1), delta(2, "b"), alive(3)];
    let second = vec![
        alive(0),
        delta(1, "ab"),
        alive(2),
        delta(3, "c"),
        delta(4, "d"),
    ];
    let out = joined(Dialect::Responses, &[first.clone(), second]).unwrap();
    let numbers: Vec<u64> = EventView::each(&out).map(|it| number(it.bytes())).collect();
    assert_eq!(numbers, [0, 1, 2, 3, 4, 5]);

    // And the stream itself is read on behind the last of them.
    let mut join = Join::new(Dialect::Responses, 1 << 20);
    play(&mut join, &first, &mut Vec::new()).unwrap();
    assert_eq!(join.last_sequence(), Some(3));
}
