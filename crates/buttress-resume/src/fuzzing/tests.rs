use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Lines that mean something, and lines that almost do.
const LINES: &[&[u8]] = &[
    b"data: a",
    b"data:a",
    b"data:  b ",
    b"data",
    b"data:",
    b"datas: a",
    b"dat: a",
    b"d",
    b"event: e",
    b"event",
    b"id: 1",
    b"id:22",
    b"id: a rather long id, longer than all that is looked at at once, of 64 bytes and more",
    b"id",
    b"id: \t",
    b"id: 1\x002",
    b"idx: 1",
    b"i",
    b"retry: 10",
    b"retry:20",
    b"retry: 1x",
    b"retry",
    b"retry: 99999999999999999999",
    b"r",
    b": comment",
    b":",
    b"foo: bar",
    b" data: a",
    b"\xef\xbb\xbfdata: a",
    b"\xef\xbbdata: a",
    b"\xef",
    b"data: \xff\xe2\x82",
    b"data: \xe2\x82\xac",
    b"event: \xff",
    b"id: \xff",
    b"",
    b"",
    b"",
    b"",
    b"",
    b"",
    b"",
    b"",
    b"",
    b"",
];

const ENDS: &[&[u8]] = &[b"\n", b"\r", b"\r\n"];
const MARKS: &[&[u8]] = &[b"", b"\xef\xbb\xbf", b"\xef\xbb"];

fn stream() -> impl Strategy<Value = Vec<u8>> {
    let line = (select(LINES), select(ENDS));
    let lines = vec(line, 0..60).prop_map(|lines| {
        let lines = lines.into_iter().map(|(line, end)| [line, end].concat());
        lines.collect::<Vec<_>>().concat()
    });
    let bytes = vec(
        select(&b"dataeventidretry:: \n\n\n\r\r10\0\xef\xbb\xbf"[..]),
        0..60,
    );
    (select(MARKS), lines, bytes).prop_map(|(mark, lines, bytes)| [mark, &lines, &bytes].concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_stream_in_any_chunks(stream in stream(), cuts: u8) {
        events(&[&[cuts], &*stream].concat());
    }

    #[test]
    fn any_bytes_as_a_stream(bytes in vec(any::<u8>(), 0..100)) {
        events(&bytes);
    }

    #[test]
    fn any_stream_of_events_with_ids_cut_and_continued(bytes in vec(any::<u8>(), 0..40)) {
        continued(&bytes);
    }

    #[test]
    fn any_content_range(value in "(bytes|BYTES|items)[ =]{1,2}[0-9]{0,20}[-+]?[0-9*]{0,2}/?[0-9*]{0,20}") {
        content_range(value.as_bytes());
    }

    #[test]
    fn any_entity_tag(value in "(W/)?\"?[ -~\u{80}-\u{ff}]{0,4}\"?") {
        let value: Vec<u8> = value.chars().map(|char| char as u8).collect();
        entity_tag(&value);
    }
}

/// Every way to cut these streams in three.
#[test]
fn all_cuts() {
    for stream in [
        &b"\xef\xbb\xbfid: 1\r\ndata: a\r\n\r\nretry: 5\r\nid: 2\0\r\n\r\ndata\r\n\r\n"[..],
        b"\xef\xbbdata: a\n\ndata: b\rid\r\rdata: c\n\r\n: x\r\n\r",
        b"data:a\ndata: b\ndatad\nevent: e\nid:7\nid: 8\n\ndata\n\n\n\nevent\ndata: \xe2\x82\xac\n\nd",
        b"retry: 1\nretry:2\nretry: 3x\n\nid: 9\n:\n\ndata: unfinished\nid: 10\nretry: 4\n",
    ] {
        for first in 0..=stream.len() {
            for second in first..=stream.len() {
                let chunks = [&stream[..first], &stream[first..second], &stream[second..]];
                let chunks = chunks.map(Bytes::copy_from_slice);
                reads_as_the_standard_says(stream, &chunks);
                passes_whole_events(stream, &chunks);
            }
        }
    }
}

/// Long values go through the same limits whatever the chunks.
#[test]
fn long_lines_in_any_chunks() {
    let long = "7".repeat(1100);
    let zeros = "0".repeat(30) + "5";
    for stream in [
        format!("id: {long}\ndata: a\n\n"),
        format!("id: {long}\0\ndata: a\n\n"),
        format!("id: 1\n\nid: {long}\0\ndata: a\n\n"),
        format!("retry: {long}\n\n"),
        format!("retry: 5\nretry: {long}x\n\n"),
        format!("retry: {zeros}\n\n"),
        format!("data: {long}\n\n"),
        format!("data{long}: {long}\n\n"),
    ] {
        for size in [1, 2, 7, 64, 1024, 1029, 1030, 1031, 1032, 1033, 5000] {
            let chunks: Vec<_> = stream
                .as_bytes()
                .chunks(size)
                .map(Bytes::copy_from_slice)
                .collect();
            reads_as_the_standard_says(stream.as_bytes(), &chunks);
            passes_whole_events(stream.as_bytes(), &chunks);
        }
    }
}
