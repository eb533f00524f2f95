//! Lines of a text, and which of them are frames of a stack trace.

use super::mask::file;

/// The lines of a text; those of a text in a string of JSON, too.
pub(super) struct Lines<'a>(pub(super) &'a str);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let bytes = self.0.as_bytes();
        let end = |i: &usize| match bytes.get(*i) {
            Some(b'\n') => true,
            Some(b'\\') => bytes.get(i + 1) == Some(&b'n'),
            _ => false,
        };
        let at = (0..bytes.len()).find(end).unwrap_or(bytes.len());
        let (line, rest) = self.0.split_at(at);
        self.0 = rest
            .strip_prefix('\n')
            .or_else(|| rest.strip_prefix("\\n"))
            .unwrap_or(rest);
        Some(line)
    }
}

/// What a line is in a stack trace: the names of functions say nothing of what happened.
#[derive(PartialEq)]
pub(super) enum Line {
    Text,
    Indented,
    Frame,
    /// A frame of Python's, which prints the lines of code below it.
    Python,
}

impl Line {
    pub(super) fn of(line: &str) -> Self {
        let line = line.trim_end();
        let bare = line
            .strip_prefix("\\t")
            .unwrap_or(line)
            .trim_start_matches([' ', '\t', '\u{2502}', '\u{2503}']);
        let python = bare.starts_with("File ") && bare.contains(", line ");
        let frame = python
            || (bare.starts_with("at ") && bare.contains(['(', ':']))
            || (bare.starts_with("from ") && bare.contains(":in "))
            || bare.starts_with("--- End of ")
            || (!bare.is_empty() && bare.bytes().all(|b| b"^~".contains(&b)));
        match frame && bare.len() < line.len() {
            true if python => Line::Python,
            true => Line::Frame,
            false if line.starts_with("    ") => Line::Indented,
            false => Line::Text,
        }
    }
}

/// How long the frame is that `text` begins with, where it stands in the middle of a line, as in a
/// trace whose lines were joined: `at Timeout.run (timeout.js:42:7)`.
pub(super) fn frame_within(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("at ")?;
    let rest = rest.strip_prefix("async ").unwrap_or(rest);
    let rest = rest.strip_prefix("new ").unwrap_or(rest);
    let in_name = |c: char| c.is_ascii_alphanumeric() || "_$.<>/#".contains(c);
    let (name, rest) = rest.split_at(rest.find(|c| !in_name(c)).unwrap_or(rest.len()));
    // A member of something that begins with a capital, as classes do and hosts do not.
    let member = name.rsplit_once('.').is_some_and(|(of, member)| {
        let class = of.rsplit_once('.').map_or(of, |(_, class)| class);
        let small = |c: char| c.is_ascii_lowercase() || "_<".contains(c);
        class.starts_with(|c: char| c.is_ascii_uppercase()) && member.starts_with(small)
    });
    let place = || {
        let inside = rest.trim_start().strip_prefix('(')?;
        let (place, after) = inside.split_once(')')?;
        let line = place.rsplit_once(':').is_some_and(|(file, line)| {
            let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            digits(line) && (file.contains('.') || file.rsplit(':').next().is_some_and(digits))
        });
        // Words say what happened there.
        let known = !place.contains(char::is_whitespace)
            && ((line && !name.is_empty())
                || (member && (place.starts_with('<') || file(place).is_some())));
        known.then_some(after)
    };
    let after = place().or(member.then_some(rest))?;
    Some(text.len() - after.len())
}
