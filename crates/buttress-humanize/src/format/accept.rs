//! Reading `Accept` (RFC 9110, section 12.5.1). Nothing here allocates.

use super::Format;
use crate::weights::{Split, quality};
use http::header::{ACCEPT, HeaderMap, HeaderValue};

/// What a request says about formats, kept unread: most calls do not fail.
pub(crate) enum Accepted {
    /// One line, or none.
    Line(Option<HeaderValue>),
    /// Of several lines the outcome is kept.
    Read(Format),
}

impl Accepted {
    #[inline(always)]
    pub(crate) fn by(headers: &HeaderMap) -> Self {
        let mut lines = headers.get_all(ACCEPT).iter();
        let line = lines.next();
        match lines.next() {
            None => Accepted::Line(line.cloned()),
            Some(_) => Accepted::Read(negotiate(headers)),
        }
    }

    pub(crate) fn format(&self) -> Format {
        match self {
            Accepted::Line(line) => weigh(line.iter()),
            Accepted::Read(format) => *format,
        }
    }
}

pub(super) fn negotiate(headers: &HeaderMap) -> Format {
    weigh(headers.get_all(ACCEPT).iter())
}

fn weigh<'a>(lines: impl Iterator<Item = &'a HeaderValue>) -> Format {
    let mut json = Wish::default();
    let mut text = Wish::default();
    let mut html = Wish::default();
    for value in lines {
        for member in Split::new(value.as_bytes(), b',') {
            let mut parts = Split::new(member, b';');
            let range = parts.next().unwrap_or_default().trim_ascii();
            if let Some(quality) = quality(parts) {
                json.meet(json_fit(range), quality);
                text.meet(text_fit(range, b"text/plain"), quality);
                // A page is for those who ask for one: to `*/*` anything else is better.
                if range != b"*/*" {
                    html.meet(text_fit(range, b"text/html"), quality);
                }
            }
        }
    }
    // Of equal wishes the first one wins.
    let mut best = (Format::ProblemJson, json);
    for (format, wish) in [(Format::Text, text), (Format::Html, html)] {
        if wish.quality > 0 && wish > best.1 {
            best = (format, wish);
        }
    }
    best.0
}

/// How much a format is wished for. Compared by quality first, then by how exactly it was named.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Wish {
    quality: u16,
    fit: u8,
}

impl Wish {
    /// The most exact range that fits decides the quality; a later one of the same exactness
    /// counts only when it wishes for more.
    fn meet(&mut self, fit: u8, quality: u16) {
        if fit > self.fit || (fit > 0 && fit == self.fit && quality > self.quality) {
            *self = Wish { quality, fit };
        }
    }
}

/// How exactly a range names the format: 0 not at all, 1 `*/*`, 2 `type/*`, 3 and more by name.
fn json_fit(range: &[u8]) -> u8 {
    match () {
        () if range.eq_ignore_ascii_case(b"application/problem+json") => 4,
        () if range.eq_ignore_ascii_case(b"application/json") => 3,
        () if range.eq_ignore_ascii_case(b"application/*") => 2,
        () if range == b"*/*" => 1,
        () => 0,
    }
}

fn text_fit(range: &[u8], name: &[u8]) -> u8 {
    match () {
        () if range.eq_ignore_ascii_case(name) => 3,
        () if range.eq_ignore_ascii_case(b"text/*") => 2,
        () if range == b"*/*" => 1,
        () => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str]) -> Format {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(ACCEPT, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        negotiate(&headers)
    }

    #[test]
    fn table() {
        use Format::{Html as H, ProblemJson as J, Text as T};
        let table: &[(&[&str], Format)] = &[
            // What real programs send.
            (&[], J),
            (&["*/*"], J),
            (&["application/json"], J),
            (&["text/event-stream"], J),
            (&["application/json, text/plain, */*"], J),
            (&["application/json, text/event-stream"], J),
            (
                &["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"],
                H,
            ),
            // By name.
            (&["text/plain"], T),
            (&["text/*"], T),
            (&["TEXT/Plain"], T),
            (&["text/plain;charset=utf-8"], T),
            (&["application/problem+json"], J),
            (&["application/*"], J),
            (&["text/html"], H),
            (&["Text/HTML;level=1, text/plain;q=0.9"], H),
            (&["text/html, text/plain"], T),
            (&["text/html, application/json"], J),
            (&["text/html;q=0, text/*"], T),
            (&["text/plain;q=0, text/*"], H),
            (&["*/*, application/json;q=0, text/plain;q=0"], J),
            // Quality decides.
            (&["text/plain, application/json;q=0.5"], T),
            (&["text/plain;q=0.5, application/json"], J),
            (&["text/plain;q=0.5, application/json;q=0.501"], J),
            (&["text/plain;q=0.501, application/json;q=0.5"], T),
            (&["application/json;q=0.5 , text/plain ; q=0.9"], T),
            (&["text/*;q=0.3, */*;q=0.2"], T),
            (&["text/*;q=0.2, */*;q=0.3"], J),
            // Of equal quality, the one named more exactly.
            (&["text/plain, */*"], T),
            (&["text/*, */*"], T),
            (&["text/plain, application/*"], T),
            (&["text/*, application/*"], J),
            (&["text/plain, application/json"], J),
            // The most exact range that fits decides, wherever it stands.
            (
                &["*/*, application/problem+json;q=0.1, text/plain;q=0.2"],
                T,
            ),
            (
                &["application/json, application/problem+json;q=0.1, text/*;q=0.2"],
                T,
            ),
            (&["application/json;q=0, */*"], T),
            (&["text/plain;q=0"], J),
            (&["*/*;q=0"], J),
            (&["text/*, text/plain;q=0, application/json;q=0.1"], H),
            // What we don't have is no wish for what we have.
            (&["text/csv;q=0.9, text/plain;q=0.5"], T),
            (&["image/png, text/html;q=0.1"], H),
            // Named twice, the higher wish counts.
            (&["text/plain;q=0.9, text/plain;q=0.1, */*;q=0.5"], T),
            (&["text/plain;q=0.1, text/plain;q=0.9, */*;q=0.5"], T),
            // Many lines are one list.
            (&["application/json;q=0.4", "text/plain;q=0.6"], T),
            (&["*/*", "text/plain"], T),
            (&["text/plain", "application/json"], J),
            // Quoted strings hide separators.
            (
                &["text/css;a=\"x, text/plain;q=1\", application/json;q=0.1"],
                J,
            ),
            (&["text/css;a=\"\\\", text/plain;b=\\\"\""], J),
            (&["text/plain;a=\";q=0\";q=1"], T),
            // What cannot be read is passed over.
            (&[""], J),
            (&[",,;,"], J),
            (&["text/plain;q=2"], J),
            (&["text/plain;q=1.001"], J),
            (&["text/plain;q=0.1234"], J),
            (&["text/plain;q="], J),
            (&["text/plain;q=-1"], J),
            (&["text/plain;q=0.x, text/plain;q=0.1"], T),
            (&["text"], J),
            (&["text/plain;q=1."], T),
            (&["\u{fc}\u{fc}, text/plain"], T),
            (&["text/plain;a=\"unfinished"], T),
        ];
        for (lines, expected) in table {
            assert_eq!(of(lines), *expected, "{lines:?}");
        }
    }

    #[test]
    fn what_is_kept_says_the_same() {
        let table: &[&[&str]] = &[
            &[],
            &["text/plain"],
            &["text/html, */*;q=0.1"],
            &["text/plain;q=0.1", "text/html"],
        ];
        for lines in table {
            let mut headers = HeaderMap::new();
            for line in *lines {
                headers.append(ACCEPT, HeaderValue::from_static(line));
            }
            assert_eq!(Accepted::by(&headers).format(), of(lines), "{lines:?}");
        }
    }
}
