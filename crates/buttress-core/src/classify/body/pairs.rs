//! Keys and values in a body that may be JSON, or nearly.

/// How much of a body is read. Bytes.
pub(super) const CAP: usize = 16 * 1024;
/// How many pairs are looked at.
const PAIRS: usize = 512;
/// How long a key or a code may be. Bytes.
const LONG: usize = 128;

/// A key and its value, without quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair<'a> {
    pub(super) key: &'a str,
    pub(super) value: Value<'a>,
    /// The key stands in a document of its own, and not in a string of another one.
    pub(super) outer: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Text(&'a str),
    Number(i64),
    /// `null`, `None`, `false`, `{}`, `[]` or an empty string.
    Nothing,
    /// An object, an array, or what else stands there.
    Other,
}

/// The pairs of a text, wherever they stand.
///
/// This is no parser of JSON: what breaks half-way, documents in strings of other documents,
/// Python's single quotes, events with `data:` before them and words around all that are read
/// alike. A key is a short name in quotes with a colon behind it.
pub(super) fn pairs(text: &str) -> impl Iterator<Item = Pair<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let colon = from + text.get(from..)?.find(':')?;
            from = colon + 1;
            let (before, after) = (text.get(..colon)?, text.get(from..)?);
            if let Some((key, outer)) = key_at_end(before) {
                return Some(Pair {
                    key,
                    value: value_at_start(after),
                    outer,
                });
            }
        }
    })
    .take(PAIRS)
}

/// The elements of XML that hold nothing but text, as pairs: `<Code>SlowDown</Code>`.
pub(super) fn elements(text: &str) -> impl Iterator<Item = Pair<'_>> {
    text.split('<').take(PAIRS).filter_map(|tag| {
        let (key, value) = tag.split_once('>')?;
        let name = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric());
        let value = match value.trim() {
            "" => return None,
            value => value.parse().map_or(Value::Text(value), Value::Number),
        };
        let outer = true;
        name.then_some(Pair { key, value, outer })
    })
}

fn is_quote(c: char) -> bool {
    c == '"' || c == '\''
}

/// Takes the quote off, and the marks with which strings in strings escape it.
fn key_at_end(text: &str) -> Option<(&str, bool)> {
    let text = text.trim_end();
    let open = text.strip_suffix(is_quote)?;
    let key = open.trim_end_matches('\\');
    let outer = key.len() == open.len();
    let from = key.rfind(|c: char| !(c.is_ascii_alphanumeric() || "_-.:@$".contains(c)))? + 1;
    let (before, key) = key.split_at_checked(from)?;
    (before.ends_with(is_quote) && !key.is_empty() && key.len() <= LONG).then_some((key, outer))
}

fn value_at_start(text: &str) -> Value<'_> {
    let text = text.trim_start();
    let bare = text.trim_start_matches('\\');
    if let Some(quote) = bare.chars().next().filter(|c| is_quote(*c)) {
        let escapes = text.len() - bare.len();
        let value = until(bare.get(1..).unwrap_or_default(), quote, escapes).trim();
        return match value.parse() {
            Ok(number) => Value::Number(number),
            Err(_) if value.is_empty() => Value::Nothing,
            Err(_) => Value::Text(value),
        };
    }
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)))
        .unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end).unwrap_or_default();
    let number = word.strip_suffix(".0").unwrap_or(word).parse();
    match (word, number) {
        (_, Ok(number)) => Value::Number(number),
        ("null" | "None" | "false" | "False", _) => Value::Nothing,
        ("", _) if is_empty(rest) => Value::Nothing,
        _ => Value::Other,
    }
}

/// What comes before the quote that is escaped no more often than the one it closes.
fn until(text: &str, quote: char, escapes: usize) -> &str {
    let mut ends = text.match_indices(quote).filter_map(|(at, _)| {
        let before = text.get(..at)?;
        let value = before.trim_end_matches('\\');
        (before.len() - value.len() <= escapes).then_some(value)
    });
    ends.next().unwrap_or(text)
}

fn is_empty(text: &str) -> bool {
    let inside = text.strip_prefix(['{', '[']);
    inside.is_some_and(|inside| inside.trim_start().starts_with(['}', ']']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Value::{Nothing, Number, Other, Text};
    use proptest::prelude::*;

    fn of(text: &str) -> Vec<(&str, Value<'_>)> {
        pairs(text).map(|pair| (pair.key, pair.value)).collect()
    }

    #[test]
    fn reads_json_and_what_is_nearly_json() {
        for (text, expected) in [
            (
                r#"{"code":"x_y","n":429}"#,
                vec![("code", Text("x_y")), ("n", Number(429))],
            ),
            (
                r#"{ "code" : "429" , "b" : null }"#,
                vec![("code", Number(429)), ("b", Nothing)],
            ),
            (
                r"{'error': {'type': 'tokens', 'param': None}}",
                vec![
                    ("error", Other),
                    ("type", Text("tokens")),
                    ("param", Nothing),
                ],
            ),
            (
                r#"{"raw":"{\"error\":{\"code\":\"a b\"}}"}"#,
                vec![
                    ("raw", Text(r#"{\"error\":{\"code\":\"a b\"}}"#)),
                    ("error", Other),
                    ("code", Text("a b")),
                ],
            ),
            (
                r#"data: {"error":{"code":50"#,
                vec![("error", Other), ("code", Number(50))],
            ),
            (
                r#"{"error":"", "e":{}, "f":[ ], "g":500.0, "h":-1}"#,
                vec![
                    ("error", Nothing),
                    ("e", Nothing),
                    ("f", Nothing),
                    ("g", Number(500)),
                    ("h", Number(-1)),
                ],
            ),
            ("HTTP 429: no: keys: here", vec![]),
            // A key is one short name, all of it between quotes.
            (r#"{"no error":1,"":2,":3}"#, vec![]),
            ("", vec![]),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }

    #[test]
    fn a_key_is_as_long_as_names_are() {
        let named = |len| format!("{{\"{}\":1}}", "k".repeat(len));
        assert_eq!(of(&named(LONG)).len(), 1);
        assert_eq!(of(&named(LONG + 1)), []);
    }

    #[test]
    fn knows_a_key_from_one_in_a_string() {
        let text = r#"{"content":"{\"error\":1}","error":2}"#;
        let outer: Vec<_> = pairs(text).map(|pair| (pair.key, pair.outer)).collect();
        assert_eq!(
            outer,
            [("content", true), ("error", false), ("error", true)]
        );
    }

    proptest! {
        #[test]
        fn never_panics(text in "[\\PC\"':{}\\\\n0-9]{0,200}") {
            let _ = of(&text).len();
        }
    }
}
