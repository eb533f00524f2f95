use super::*;

/// Name, data if there is a field of it, id, milliseconds to wait.
type Said<'a> = (&'a str, Option<&'a str>, Option<&'a str>, Option<u64>);

fn said(view: &EventView<'_>) -> (String, Option<String>, Option<String>, Option<u64>) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        text(view.name()),
        view.has_data().then(|| text(&view.data())),
        view.id().map(text),
        view.retry()
            .map(|retry| u64::try_from(retry.as_millis()).unwrap()),
    )
}

#[test]
fn fields() {
    let table: &[(&str, Said<'_>)] = &[
        ("", ("", None, None, None)),
        ("\n", ("", None, None, None)),
        ("data: a\n\n", ("", Some("a"), None, None)),
        ("data:a\n\n", ("", Some("a"), None, None)),
        ("data:  a \n\n", ("", Some(" a "), None, None)),
        ("data:\ta\n\n", ("", Some("\ta"), None, None)),
        ("data\n\n", ("", Some(""), None, None)),
        ("data:\n\n", ("", Some(""), None, None)),
        ("data: \n\n", ("", Some(""), None, None)),
        ("data: a: b\n\n", ("", Some("a: b"), None, None)),
        // Nothing behind the blank line belongs to it.
        ("data: a\n\ndata: b\n\n", ("", Some("a"), None, None)),
        // Several lines.
        ("data\ndata\n\n", ("", Some("\n"), None, None)),
        (
            "data: a\nid: 1\ndata: b\n:c\ndata\n\n",
            ("", Some("a\nb\n"), Some("1"), None),
        ),
        (
            "data: a\r\ndata: b\rdata: c\n\r",
            ("", Some("a\nb\nc"), None, None),
        ),
        // The last one counts.
        ("event: a\nevent: b\n\n", ("b", None, None, None)),
        ("event: a\nevent\n\n", ("", None, None, None)),
        ("id: 1\nid: 2\n\n", ("", None, Some("2"), None)),
        ("id: 1\nid: 2\x003\n\n", ("", None, Some("1"), None)),
        ("id\n\n", ("", None, Some(""), None)),
        ("retry: 1\nretry: 20\n\n", ("", None, None, Some(20))),
        // A retry of anything but digits does not.
        ("retry: 1\nretry: 2x\n\n", ("", None, None, Some(1))),
        ("retry: +1\n\n", ("", None, None, None)),
        ("retry: -1\n\n", ("", None, None, None)),
        ("retry: 1.5\n\n", ("", None, None, None)),
        ("retry:  1\n\n", ("", None, None, None)),
        ("retry\n\n", ("", None, None, None)),
        ("retry:\n\n", ("", None, None, None)),
        ("retry: 0\n\n", ("", None, None, Some(0))),
        (
            "retry: 99999999999999999999\n\n",
            ("", None, None, Some(u64::MAX)),
        ),
        // Other fields, names in the wrong case, with spaces, or of which a field's name is a part.
        ("foo: a\n\n", ("", None, None, None)),
        ("Data: a\n\n", ("", None, None, None)),
        (" data: a\n\n", ("", None, None, None)),
        ("data : a\n\n", ("", None, None, None)),
        ("datas: a\n\n", ("", None, None, None)),
        ("dat: a\n\n", ("", None, None, None)),
        ("idx: a\n\n", ("", None, None, None)),
        // Without a blank line all lines count.
        ("data: a", ("", Some("a"), None, None)),
        ("data: a\nid: 1", ("", Some("a"), Some("1"), None)),
        ("data: a\ndata: b", ("", Some("a\nb"), None, None)),
        ("data: a\ndata", ("", Some("a\n"), None, None)),
        ("data: a\n", ("", Some("a"), None, None)),
    ];
    for (bytes, (name, data, id, retry)) in table {
        let expected = (
            (*name).to_owned(),
            data.map(str::to_owned),
            id.map(str::to_owned),
            *retry,
        );
        assert_eq!(
            said(&EventView::parse(bytes.as_bytes())),
            expected,
            "{bytes:?}"
        );
    }
}

#[test]
fn what_is_more_than_comments() {
    for (bytes, comments) in [
        ("", true),
        ("\n", true),
        (":\n\n", true),
        (": data: a\n:b\n\n", true),
        (":a\n\ndata: b\n\n", true),
        (":a", true),
        ("data\n\n", false),
        ("foo\n\n", false),
        (":a\nfoo: b\n\n", false),
        (" \n\n", false),
        ("event: a\n\n", false),
        ("id: 1\n\n", false),
        ("id: 1\0\n\n", false),
        (&format!(":\nid: {}\n\n", "x".repeat(99)), false),
        (&format!("id: {}\0\n\n", "x".repeat(99)), false),
    ] {
        let view = EventView::parse(bytes.as_bytes());
        assert_eq!(view.is_comment_only(), comments, "{bytes:?}");
    }
}

#[test]
fn each_event_knows_its_bytes() {
    let stream = b"data: a\r\n\r\n\ndata: b\r\rdata: c\n\ndata: d\n";
    let mut events = EventView::each(stream);
    let bytes: Vec<&[u8]> = events.by_ref().map(|event| event.bytes()).collect();
    let expected: [&[u8]; 4] = [b"data: a\r\n\r\n", b"\n", b"data: b\r\r", b"data: c\n\n"];
    assert_eq!(bytes, expected);
    assert_eq!(events.rest(), b"data: d\n");
    assert_eq!(events.next(), None);
}

#[test]
fn one_line_of_data_is_not_copied() {
    let view = EventView::parse(b"data: a\nfoo\n\n");
    assert!(matches!(view.data(), Cow::Borrowed(b"a")));
}

#[test]
fn equal_events_are_equal_whatever_follows() {
    let event = "data: a\ndata: b\n\n";
    let followed = format!("{event}data: c\n\n");
    let mut events = EventView::each(followed.as_bytes());
    assert_eq!(events.next(), Some(EventView::parse(event.as_bytes())));
}
