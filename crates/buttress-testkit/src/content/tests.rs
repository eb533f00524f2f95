use super::*;

#[test]
fn any_range_is_the_same_slice_of_the_whole() {
    let content = Content::new(1, 1, 100);
    let whole = content.whole();
    assert_eq!(whole.len(), 100);
    for start in 0..=100 {
        for end in start..=100 {
            let range = content.bytes(start..end);
            assert_eq!(range, whole.slice(start as usize..end as usize));
        }
    }
    assert_eq!(content.bytes(90..500), whole.slice(90..));
    assert_eq!(content.bytes(500..600), Bytes::new());
}

#[test]
fn the_bytes_are_those_of_every_release() {
    // Seeds kept from failed runs stay meaningful only while these do not change.
    let first = [154, 146, 172, 3, 249, 248, 18, 148];
    assert_eq!(Content::new(1, 1, 8).whole()[..], first);
    let event = Events::new(1, 1, 1).whole();
    assert!(event.starts_with(b"id: 1-0\ndata: wkpRZ5dl+9TBHrFPYSuLETWm"));
}

#[test]
fn every_shift_and_every_version_differs() {
    let content = Content::new(3, 1, 4_096);
    let whole = content.whole();
    for shift in 1..64 {
        let shifted = &whole[shift..];
        assert!(content.mismatch(0, shifted).is_some_and(|at| at < 8));
    }
    for version in 2..64 {
        let other = content.with_version(version);
        assert!(other.mismatch(0, &whole).is_some_and(|at| at < 8));
        assert_ne!(other.etag(), content.etag());
    }
}

#[test]
fn the_first_wrong_byte_is_named() {
    let content = Content::new(3, 1, 10_000);
    let mut bytes = content.whole().to_vec();
    assert_eq!(content.mismatch(0, &bytes), None);
    bytes[9_000] ^= 1;
    assert_eq!(content.mismatch(0, &bytes), Some(9_000));
    bytes[9_000] ^= 1;
    bytes.push(0);
    assert_eq!(content.mismatch(0, &bytes), Some(10_000));
    assert_eq!(content.mismatch(10_000, &[]), None);
    assert_eq!(content.mismatch(10_001, b"x"), Some(10_001));
}

#[test]
fn an_event_is_well_formed_and_found_by_its_id() {
    let events = Events::new(5, 2, 40);
    let mut two_lines = 0;
    for index in 0..events.count {
        let event = String::from_utf8(events.event(index).to_vec()).unwrap();
        assert!(event.ends_with("\n\n"));
        assert_eq!(event.matches("\n\n").count(), 1);
        assert!(event.contains(&format!("id: {}\n", events.id(index))));
        assert!(event.lines().filter(|line| !line.is_empty()).all(|line| {
            ["id: ", "event: ", "data: "]
                .iter()
                .any(|field| line.starts_with(field))
        }));
        two_lines += usize::from(event.matches("data: ").count() == 2);
        assert_eq!(events.after(&events.id(index)), Some(index + 1));
    }
    assert_eq!(two_lines, 13);
    for unknown in ["", "2", "2-40", "1-0", "2-00", "2-+1", "x-1", "2--1"] {
        assert_eq!(events.after(unknown), None, "{unknown}");
    }
}

#[test]
fn events_of_two_versions_share_no_payload() {
    let one = Events::new(5, 1, 10).without_ids();
    let two = one.with_version(2);
    for index in 0..10 {
        assert_ne!(one.event(index), two.event(index));
        assert!(!one.event(index).starts_with(b"id"));
    }
    assert_eq!(
        one.pieces(4).concat()[..],
        one.whole()[one.pieces(0)[..4].concat().len()..]
    );
}

#[test]
fn a_reply_says_the_same_in_every_shape() {
    use super::{Api, Reply};
    use serde_json::Value;

    let reply = Reply::new(3, 1, 9);
    for api in Api::ALL {
        let whole: Value = serde_json::from_slice(&reply.whole(api, 1, true)).unwrap();
        let told = match api {
            Api::Chat => &whole["choices"][0]["message"]["content"],
            Api::Responses => &whole["output"][0]["content"][0]["text"],
            Api::Messages => &whole["content"][0]["text"],
            Api::Gemini => &whole["candidates"][0]["content"]["parts"][0]["text"],
            Api::Interactions => &whole["steps"][0]["content"][0]["text"],
        };
        assert_eq!(told.as_str(), Some(&*reply.text()), "{api:?}");

        let mut text = String::new();
        let mut arguments = String::new();
        for event in reply.events(api, 1, true) {
            let event = std::str::from_utf8(&event).unwrap();
            let (_, data) = event.split_once("data: ").unwrap();
            if data == "[DONE]\n\n" {
                continue;
            }
            let data: Value = serde_json::from_str(data).unwrap();
            let tool = &data["choices"][0]["delta"]["tool_calls"][0]["function"]["arguments"];
            let (word, part) = match api {
                Api::Chat => (&data["choices"][0]["delta"]["content"], tool),
                Api::Responses if data["type"] == "response.output_text.delta" => {
                    (&data["delta"], &Value::Null)
                }
                Api::Responses if data["type"] == "response.function_call_arguments.delta" => {
                    (&Value::Null, &data["delta"])
                }
                Api::Responses => (&Value::Null, &Value::Null),
                Api::Messages => (&data["delta"]["text"], &data["delta"]["partial_json"]),
                Api::Gemini => (&data["candidates"][0]["content"]["parts"][0]["text"], tool),
                Api::Interactions => (&data["delta"]["text"], &data["delta"]["arguments"]),
            };
            text.push_str(word.as_str().unwrap_or_default());
            arguments.push_str(part.as_str().unwrap_or_default());
        }
        assert_eq!(text, reply.text(), "{api:?}");
        if api != Api::Gemini {
            assert_eq!(arguments, reply.arguments(), "{api:?}");
        }
        assert!(api.streams(api.path(), &api.request()));
        assert_eq!(Api::of(api.path()), Some(api));
    }
}
