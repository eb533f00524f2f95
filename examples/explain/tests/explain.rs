//! The program itself: what it prints, and how it ends.
#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test feeds the program from a thread and stops at a surprise"
)]

use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Output, Stdio};

fn explain(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_explain"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // A program that has seen enough closes its input.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn printed(args: &[&str], input: &str) -> String {
    let output = explain(args, input.as_bytes());
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The answers to these lines, and the exit status.
fn answers(lines: &[u8]) -> (Vec<Value>, Option<i32>) {
    let output = explain(&["--jsonl"], lines);
    let text = String::from_utf8(output.stdout).unwrap();
    let parse = |line| serde_json::from_str(line).unwrap();
    (text.lines().map(parse).collect(), output.status.code())
}

const CLOSED: &str = "Cannot connect to API: The socket connection was closed unexpectedly. For \
    more information, pass `verbose: true` in the second argument to fetch()";

#[test]
fn tells_a_person_what_happened_and_what_to_do() {
    let expected = "\
The connection was closed
The connection to the server was closed before an answer came.

Whose side it is
  Most likely the network, or something on the way such as a proxy, a VPN or a
  firewall, ended the connection; the server itself may have done so too.
  Nothing suggests that the request was wrong.

Does trying again help?
  Yes, if it does no harm when the request is carried out twice.

What to do
  1. Try again. If the request changes something (a payment, a message, a file),
     check first whether that has already happened.
  2. If it keeps happening, try another network, or switch the VPN or proxy off
     for a moment, to find out which of them is the cause.

Category: connection_closed
";
    assert_eq!(printed(&[CLOSED], ""), expected);
    // From standard input, and as several arguments, it is the same text.
    assert_eq!(printed(&[], CLOSED), expected);
    let words: Vec<&str> = CLOSED.split(' ').collect();
    assert_eq!(printed(&words, ""), expected);
}

#[test]
fn a_wrapper_alone_is_not_said_to_have_come_before_an_answer() {
    for text in ["Connection error.", "fetch failed", "network error"] {
        let told = printed(&[text], "");
        let sentence = "\nThe connection to the server was closed.\n";
        assert!(told.contains(sentence), "{text}: {told}");
    }
}

#[test]
fn names_the_host_and_says_when_to_come_back() {
    let text = printed(&["connect ECONNREFUSED 127.0.0.1:11434"], "");
    assert!(
        text.contains("127.0.0.1:11434 does not accept connections"),
        "{text}"
    );
    assert!(text.contains("the request was not processed"), "{text}");
    let text = printed(
        &[r#"{"error":{"code":429,"message":"Please try again in 20s."}}"#],
        "",
    );
    assert!(text.contains("pause of 20 s"), "{text}");
    assert!(text.contains("Yes, after a pause"), "{text}");
    // Also where words come first and a document after them; but a connection asks for none.
    let text = printed(
        &[r#"Too many requests. Please retry in 12s. [{"retryDelay":"12s"}]"#],
        "",
    );
    assert!(text.contains("pause of 12 s"), "{text}");
    let text = printed(&["Connection error. [retrying in 3s attempt #2]"], "");
    assert!(!text.contains("3 s"), "{text}");
}

#[test]
fn says_so_when_it_does_not_help_or_nobody_knows() {
    let text = printed(&["certificate has expired"], "");
    assert!(
        text.contains("No. Something has to change first."),
        "{text}"
    );
    let text = printed(&["the cat sat on the mat"], "");
    assert!(text.contains("it is not clear why"), "{text}");
    assert!(text.contains("Category: unknown"), "{text}");
    // The first thing to do is to try once more: one must not say that it is of no use.
    assert!(text.contains("Perhaps, once."), "{text}");
}

#[test]
fn shows_nothing_of_the_text_and_obeys_none_of_it() {
    let hostile = "error sending request for url (https://user:hunter2@api.example.com/p4th?key=qu3ry): \
        \u{1b}[31mconnection reset\u{1b}[0m Authorization: Bearer sk-s3cret <script>";
    for args in [&["--json"][..], &[]] {
        let text = printed(args, hostile);
        assert!(text.contains("api.example.com"), "{text}");
        for secret in ["hunter2", "p4th", "qu3ry", "s3cret", "script", "\u{1b}"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[test]
fn answers_in_the_language_that_was_asked_for() {
    for (lang, tag, heading) in [
        ("de", "de", "Was zu tun ist"),
        ("es-MX", "es", "Qué hacer"),
        ("fr", "fr", "Que faire"),
        ("ja", "ja", "すること"),
        ("zh-CN", "zh-Hans", "怎么做"),
        ("pt-BR", "pt-BR", "O que fazer"),
    ] {
        let text = printed(&["--lang", lang], "read ECONNRESET");
        assert!(text.contains(heading), "{text}");
        let answer: Value =
            serde_json::from_str(&printed(&["--json", "--lang", lang], "read ECONNRESET")).unwrap();
        assert_eq!(answer["language"], tag);
        assert_eq!(answer["category"], "connection_reset");
    }
}

#[test]
fn one_document_for_programs() {
    let text = printed(&["--json"], "read ECONNRESET");
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer["category"], "connection_reset");
    assert_eq!(answer["retryable"], true);
    assert_eq!(answer["safe"], "if_repeatable");
    assert_eq!(answer["side"], "network");
    assert_eq!(answer["language"], "en");
    assert!(!answer["steps"].as_array().unwrap().is_empty());
    for text in ["title", "happened", "whose_side", "try_again"] {
        assert!(answer[text].is_string(), "{text}");
    }
}

#[test]
fn flags_may_stand_behind_the_text() {
    for args in [
        &["read ECONNRESET", "--json", "--lang", "de"][..],
        &["read", "ECONNRESET", "--json", "--lang=de"],
        &["read", "--lang", "de", "ECONNRESET", "--json"],
    ] {
        let answer: Value = serde_json::from_str(&printed(args, "")).unwrap();
        assert_eq!(answer["category"], "connection_reset", "{args:?}");
        assert_eq!(answer["language"], "de", "{args:?}");
    }
}

#[test]
fn a_text_may_begin_with_a_hyphen() {
    for args in [
        &["-> read ECONNRESET"][..],
        &["--> read ECONNRESET"],
        &["--", "--json", "read", "--lang", "ECONNRESET"],
        &["curl:", "--", "--json", "read ECONNRESET"],
    ] {
        let told = printed(args, "");
        assert!(
            told.contains("Category: connection_reset"),
            "{args:?}: {told}"
        );
    }
}

#[test]
fn answers_every_line_in_order() {
    let lines = [
        json!({"raw": "read ECONNRESET", "kind": "transport", "status": null}),
        json!({"raw": "x", "kind": "http", "status": 503}),
        json!({"raw": "{\"error\":{\"code\":\"insufficient_quota\"}}", "kind": "http", "status": 429}),
        json!({"raw": "data: {\"error\":{\"type\":\"overloaded_error\"}}\n\n", "kind": "sse", "status": 200}),
        json!({"raw": "{}", "status": 409, "headers": {"x-should-retry": "true"}}),
        json!({"raw": "slow", "status": "429", "headers": {"Retry-After": "7"}}),
        json!({"raw": "qwertz", "kind": "transport"}),
    ];
    let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let (answers, code) = answers(input.trim_end().as_bytes());
    let said = |answer: &Value| {
        let category = answer["category"].as_str().unwrap().to_owned();
        (category, answer["retryable"].as_bool().unwrap())
    };
    let said: Vec<_> = answers.iter().map(said).collect();
    let expected = [
        ("connection_reset", true),
        ("overloaded", true),
        ("quota_exhausted", false),
        ("overloaded", true),
        ("bad_request", true),
        ("rate_limited", true),
        ("connection_closed", true),
    ];
    assert_eq!(
        said,
        expected.map(|(category, retry)| (category.to_owned(), retry))
    );
    assert_eq!(answers[5]["retry_after_ms"], 7000);
    assert_eq!(code, Some(0));
}

#[test]
fn sorts_the_errors_that_people_reported() {
    let corpus = include_bytes!("../../../crates/buttress-core/tests/data/error_corpus.jsonl");
    let (answers, code) = answers(corpus);
    let lines = std::str::from_utf8(corpus).unwrap().lines();
    let cases: Vec<Value> = lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), cases.len());
    let right = |field: &str, transport: bool| {
        let of = |case: &&(&Value, &Value)| (case.0["kind"] == "transport") == transport;
        let pairs: Vec<_> = cases.iter().zip(&answers).collect();
        let all = pairs.iter().filter(of).count();
        let right = pairs
            .iter()
            .filter(of)
            .filter(|(case, said)| case[field] == said[field]);
        right.count() * 100 / all
    };
    assert!(right("category", true) >= 97 && right("retryable", true) >= 98);
    assert!(right("category", false) >= 95 && right("retryable", false) >= 97);
    assert_eq!(code, Some(0));
}

#[test]
fn a_bad_line_is_answered_with_an_error_and_loses_nothing() {
    let mut input = Vec::new();
    for bad in [
        "not json",
        "",
        "[]",
        "{}",
        r#"{"raw":1}"#,
        r#"{"raw":"x","kind":1}"#,
        r#"{"raw":"x","kind":"htp"}"#,
        r#"{"raw":"x","kind":"HTTP"}"#,
        r#"{"raw":"x","status":"many"}"#,
        r#"{"raw":"x","status":99999}"#,
        r#"{"raw":"x","headers":[]}"#,
        r#"{"raw":"x","headers":{"a b":"c"}}"#,
    ] {
        input.extend_from_slice(bad.as_bytes());
        input.extend_from_slice(b"\n{\"raw\":\"EPIPE\"}\n");
    }
    input.extend_from_slice(b"\xff\xfe\n{\"raw\":\"EPIPE\"}");
    let (answers, code) = answers(&input);
    assert_eq!(answers.len(), 26);
    for pair in answers.chunks(2) {
        assert!(pair[0]["error"].is_string(), "{pair:?}");
        assert_eq!(pair[1]["category"], "connection_reset", "{pair:?}");
    }
    assert_eq!(code, Some(1));
}

#[test]
fn a_line_without_end_is_refused_and_the_next_one_answered() {
    let mut input = b"{\"raw\":\"".to_vec();
    input.resize(17 * 1024 * 1024, b'x');
    input.extend_from_slice(b"\"}\n{\"raw\":\"EPIPE\"}\n");
    let (answers, code) = answers(&input);
    assert_eq!(answers.len(), 2);
    assert!(
        answers[0]["error"]
            .as_str()
            .unwrap()
            .contains("longer than")
    );
    assert_eq!(answers[1]["category"], "connection_reset");
    assert_eq!(code, Some(1));
}

#[test]
fn wrong_arguments_are_told_from_bad_input() {
    for args in [
        &["--lang", "tlh", "x"][..],
        &["--jsonl", "--json"],
        &["--jsonl", "x"],
        &["--jsonl", "--lang", "de"],
        &["--jsonl", "--lang", "en"],
        // A flag that there is not, behind the text: it is no part of it unless that is said.
        &["read ECONNRESET", "--jsno"],
    ] {
        let output = explain(args, b"");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
    }
    let output = explain(&["--lang", "tlh", "x"], b"");
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("en"), "{error}");
    assert_eq!(explain(&[], b" \n").status.code(), Some(2));
    assert_eq!(explain(&["--jsonl"], b"").status.code(), Some(0));
}

#[test]
fn of_a_long_log_the_end_is_read() {
    let mut log = "a line of no importance\n".repeat(100_000);
    log.push_str("Error: read ECONNRESET\n");
    let output = explain(&[], log.as_bytes());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("Category: connection_reset"), "{text}");
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        told,
        "explain: of a text this long only the last MiB is read\n"
    );
}
