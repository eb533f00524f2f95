use super::*;
use crate::call::facts::Answers;
use fastrand::Rng;

/// The facts, read in pieces of this many bytes.
fn facts(doc: &str, piece: usize) -> Facts {
    let mut scan = Scan::default();
    for piece in doc.as_bytes().chunks(piece) {
        scan.read(piece);
    }
    scan.facts()
}

#[test]
fn members_are_read_in_pieces_of_any_size() {
    let doc = r#" {"model":"m","messages":[{"role":"user","content":"\"stream\":true,{\\"}],
        "max_tokens":10,"n" : 2 ,"stream":true,"stream_options":{"include_usage":true},
        "background":true,"store":false,"error":null} "#;
    for piece in 1..doc.len() {
        let facts = facts(doc, piece);
        assert!(facts.whole && !facts.odd);
        assert!(facts.stream && facts.background);
        assert_eq!(facts.answers, Answers::Many(2));
        assert!(facts.not_stored && facts.messages && facts.max_tokens && !facts.error);
    }
}

enum Json {
    Word(&'static str),
    Text(&'static str),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
}

impl Json {
    fn any(depth: u32, rng: &mut Rng) -> Self {
        let some = rng.usize(0..4);
        match rng.u32(0..if depth < 5 { 6 } else { 3 }) {
            0 => {
                let texts = ["", "}", r"\\", r#"\",true"#, "stream", "long: ]} {\\n :,"];
                Json::Text(rng.choice(texts).unwrap())
            }
            1 | 2 => {
                let words = ["true", "false", "null", "1", "3", "-1.5e3"];
                Json::Word(rng.choice(words).unwrap())
            }
            3 => Json::List((0..some).map(|_| Json::any(depth + 1, rng)).collect()),
            _ => Json::object(depth, some, rng),
        }
    }

    fn object(depth: u32, members: usize, rng: &mut Rng) -> Self {
        let names = [
            "stream",
            "background",
            "store",
            "n",
            "generation_config",
            "candidate_count",
            "messages",
            "max_tokens",
            "prompt",
            "error",
            "choices",
            "model",
            "contents",
            "input",
            "previous_response_id",
            "conversation",
            r"str\u0065am",
            "anthropic_version",
            "a name longer than all that are known",
        ];
        let mut member = || (rng.choice(names).unwrap(), Json::any(depth + 1, rng));
        Json::Object((0..members).map(|_| member()).collect())
    }

    fn write(&self, out: &mut String, rng: &mut Rng) {
        let mut space = |out: &mut String| {
            out.push_str(rng.choice(["", "", " ", "\t", "\r\n"]).unwrap());
        };
        space(out);
        match self {
            Json::Word(word) => out.push_str(word),
            Json::Text(text) => out.extend(["\"", text, "\""]),
            Json::List(items) => {
                out.push('[');
                for (n, item) in items.iter().enumerate() {
                    out.push_str(if n > 0 { "," } else { "" });
                    item.write(out, rng);
                }
                out.push(']');
            }
            Json::Object(members) => {
                out.push('{');
                for (n, (name, value)) in members.iter().enumerate() {
                    out.push_str(if n > 0 { ", \"" } else { "\"" });
                    out.extend([name, "\"\t:"]);
                    value.write(out, rng);
                }
                out.push('}');
            }
        }
        out.push_str(rng.choice(["", "", " ", "\n"]).unwrap());
    }

    fn beginning(&self) -> &[u8] {
        match self {
            Json::Word(word) => word.as_bytes(),
            Json::Text(_) => b"\"",
            Json::List(_) => b"[",
            Json::Object(_) => b"{",
        }
    }
}

#[test]
fn a_document_of_any_shape_says_what_its_outer_members_say() {
    let rng = &mut Rng::with_seed(crate::samples::seed());
    for _ in 0..2_000 {
        let members = rng.usize(0..6);
        let json = Json::object(1, members, rng);
        let mut expected = Facts {
            whole: true,
            ..Facts::default()
        };
        let Json::Object(members) = &json else {
            unreachable!("asked for an object");
        };
        for (name, value) in members {
            let name = Name::of(name.as_bytes());
            expected.member(name);
            expected.value([name, Name::None], value.beginning());
            if let Json::Object(inner) = value {
                for (inner, value) in inner {
                    expected.value([name, Name::of(inner.as_bytes())], value.beginning());
                }
            }
        }
        let mut doc = String::new();
        json.write(&mut doc, rng);
        for piece in [1, 2, 3, rng.usize(4..40), doc.len()] {
            assert_eq!(facts(&doc, piece), expected, "{doc} by {piece}");
        }
    }
}

/// By single bytes nothing is read at once.
#[test]
fn what_is_read_at_once_is_what_is_read_by_bytes() {
    let rng = &mut Rng::with_seed(crate::samples::seed());
    let mut sound = 0;
    for _ in 0..4_000 {
        let mut doc = String::new();
        let members = rng.usize(0..4);
        Json::object(1, members, rng).write(&mut doc, rng);
        let mut doc = doc.into_bytes();
        for _ in 0..rng.usize(0..3) {
            let at = rng.usize(0..doc.len());
            match rng.choice(b"{}[]\",:\\ n1").unwrap() {
                b'n' => {
                    doc.remove(at);
                }
                other => doc[at] = *other,
            }
        }
        let Ok(doc) = String::from_utf8(doc) else {
            continue;
        };
        sound += usize::from(at_once(doc.as_bytes()).is_some());
        assert_eq!(facts(&doc, doc.len().max(1)), facts(&doc, 1), "{doc}");
    }
    assert!((400..3_600).contains(&sound), "{sound}");
}

#[test]
fn the_number_of_answers_may_stand_deeper() {
    let doc = r#"{"contents":[],"generationConfig":{"topK":1,"candidateCount":3}}"#;
    for piece in 1..doc.len() {
        assert_eq!(facts(doc, piece).answers, Answers::Many(3));
    }
    let one = r#"{"contents":[{"candidateCount":3}],"generationConfig":{"candidateCount":1}}"#;
    assert_eq!(facts(one, 7).answers, Answers::One);
    for unclear in [
        r#"{"contents":[],"generationConfig":{"candidateCount":"2"}}"#,
        r#"{"prompt":["a","b"],"stream":true}"#,
        r#"{"messages":[],"n":-1}"#,
    ] {
        assert_eq!(facts(unclear, 7).answers, Answers::Many(0), "{unclear}");
    }
}

#[test]
fn only_the_outermost_members_count() {
    for doc in [
        r#"{"messages":[{"stream":true,"n":3}],"metadata":{"stream":true}}"#,
        r#"{"messages":["stream",true],"x":"stream"}"#,
        r#"{"messages":[],"stream":false,"n":1}"#,
        r#"{"messages":[],"stream":"true","n":null}"#,
        r#"{"messages":[],"str\u0065am":true}"#,
    ] {
        let facts = facts(doc, 3);
        assert!(facts.whole && facts.messages, "{doc}");
        assert!(!facts.stream && facts.answers == Answers::One, "{doc}");
    }
}

/// Each prompt gets so many answers, and nobody counts the prompts.
#[test]
fn how_many_answers_several_prompts_get_can_not_be_told() {
    for doc in [
        r#"{"prompt":["a","b"],"n":1,"stream":true}"#,
        r#"{"n":2,"prompt":["a","b"]}"#,
        r#"{"prompt":["a","b"]}"#,
    ] {
        assert_eq!(facts(doc, 7).answers, Answers::Many(0), "{doc}");
    }
    assert_eq!(facts(r#"{"prompt":"a","n":1}"#, 7).answers, Answers::One);
}

#[test]
fn a_cut_document_is_not_whole() {
    let doc = r#"{"id":"x","choices":[{"message":{"content":"}]}"}}],"error":{"a":1}}"#;
    for cut in 0..doc.len() {
        assert!(!facts(&doc[..cut], 5).whole, "{}", &doc[..cut]);
    }
    assert!(facts(doc, 5).whole);
    assert!(facts(doc, 5).error);
}

#[test]
fn a_quotation_mark_after_an_odd_number_of_escapes_is_part_of_the_string() {
    for escapes in 0..40 {
        // The member is one of the document, or in the string before it.
        let doc = format!(
            "{{\"x\":\"{}\",\"n\":2,\"y\":\"{}\"}}",
            "\\".repeat(escapes),
            "\\".repeat(escapes)
        );
        let expected = if escapes % 2 == 0 {
            Answers::Many(2)
        } else {
            Answers::One
        };
        for piece in [1, 2, 3, 5, 8, 13, doc.len()] {
            let facts = facts(&doc, piece);
            assert_eq!(facts.answers, expected, "{doc} {piece}");
            assert_eq!(facts.whole, escapes % 2 == 0, "{doc} {piece}");
        }
    }
}

#[test]
fn what_is_no_document_is_odd() {
    for (doc, odd) in [
        ("<html>", true),
        ("\"text\"", true),
        ("{}{}", true),
        ("}", true),
        ("[1,2]", false),
        ("", false),
        ("  {} \n", false),
    ] {
        assert_eq!(facts(doc, 2).odd, odd, "{doc}");
    }
}
