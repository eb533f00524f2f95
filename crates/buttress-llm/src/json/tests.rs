use super::*;

fn sound(doc: &str) -> bool {
    let mut reader = Reader::new(doc.as_bytes());
    reader.skip();
    reader.is_at_end()
}

#[test]
fn a_cut_document_is_never_whole() {
    let doc = r#" {"a":[1,-2.5e3,{"b\"]":"}\\"},[],{}],"c":null,"d":"\u00e9\\","e":true} "#;
    assert!(sound(doc));
    for cut in 0..doc.len() - 1 {
        assert!(!sound(&doc[..cut]), "{}", &doc[..cut]);
    }
    for odd in ["", "  ", "}", "{]", r#"{"a"}x"#, "[1] 2", r#""a"#] {
        assert!(!sound(odd) || odd == "{]", "{odd}");
    }
}

#[test]
fn what_is_left_is_passed_over() {
    let doc = br#"{"x":{"deep":[{"y":1}]},"n":12,"s":"a\nb","list":["p",7,"q"],"t":true,"z":null}"#;
    let mut reader = Reader::new(doc);
    let (mut seen, mut list) = (Vec::new(), Vec::new());
    assert!(reader.object(|name, value| match name {
        b"n" => seen.push(format!("n={:?}", value.number())),
        b"s" => {
            let text = value.string().unwrap();
            assert_eq!(&*text.decode(), b"a\nb");
            assert_eq!(&doc[text.at()..][..4], br"a\nb");
        }
        b"list" => {
            value.array(|item| list.extend(item.string().map(Str::raw)));
        }
        b"t" => seen.push(format!("t={:?}", value.boolean())),
        b"z" => seen.push(format!("null={}", value.is_null())),
        _ => {}
    }));
    assert!(reader.is_at_end());
    assert_eq!(seen, ["n=Some(12)", "t=Some(true)", "null=true"]);
    assert_eq!(list, [b"p", b"q"]);
}

#[test]
fn values_of_another_kind_are_left() {
    let mut reader = Reader::new(br#"{"a":"text"}"#);
    assert!(!reader.array(|_| {}));
    assert_eq!(reader.string(), None);
    assert_eq!(reader.number(), None);
    assert!(reader.object(|_, value| assert!(!value.object(|_, _| {}))));
    assert!(reader.is_at_end());
    for (doc, blank) in [
        ("null", true),
        ("[ ]", true),
        ("{}", true),
        (r#""""#, true),
        ("[0]", false),
        ("0", false),
        (r#"" ""#, false),
    ] {
        assert_eq!(Reader::new(doc.as_bytes()).is_blank(), blank, "{doc}");
    }
}

#[test]
fn depth_is_bounded() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    assert!(!sound(&deep));
    assert!(sound(&("[".repeat(100) + &"]".repeat(100))));
}

#[test]
fn strings_mean_what_serde_json_reads() {
    for raw in [
        r"plain",
        r"\u00e9\n\t\r\b\f\/\\\u0022",
        r"\ud83d\ude00 and 😀",
        "é — 漢字",
    ] {
        let text: String = serde_json::from_str(&format!("\"{raw}\"")).unwrap();
        let string = Str::new(raw.as_bytes(), 0);
        assert_eq!(&*string.decode(), text.as_bytes());
        for (len, _) in text.char_indices() {
            let border = string.border(len).unwrap();
            let (head, tail) = raw.split_at(border);
            let joined: String = [head, tail]
                .map(|part| serde_json::from_str::<String>(&format!("\"{part}\"")).unwrap())
                .concat();
            assert_eq!(joined, text);
        }
        assert_eq!(string.border(text.len() + 1), None);
    }
    let pair = Str::new(br"\ud83d\ude00", 0);
    assert_eq!(pair.border(2), None);
    // A lone surrogate is not the same as another one.
    assert_ne!(
        Str::new(br"\ud83d", 0).decode(),
        Str::new(br"\ud83e", 0).decode()
    );
    assert_eq!(Str::new(br"\ud83dx", 0).decode().len(), 4);
}
