//! One bounded copy of the text in a form that rules can be written against.
//!
//! Spelling that differs between runtimes but says the same is made equal: `ReadTimeout`,
//! `READ_TIMEOUT`, `read-timeout` and `Read timeout` all become `read timeout`. What differs from
//! one occurrence to the next and says nothing, such as addresses, hosts, paths, ids, files and parts
//! of a program, becomes [`MASK`], so that a host called `timeout.example.com` is not taken for a
//! timeout, nor a file called `timeout.js`.

use super::advice::Facts;
use super::mask::{
    file, is_address, is_id, is_part, is_setting, is_setting_of, metric, points_to_filter,
};
use super::trace::{Line, Lines, frame_within};

/// How much of the beginning of a text is read. Bytes.
pub(in crate::classify) const HEAD: usize = 16 * 1024;
/// How much of the end of a longer text is read. Bytes.
pub(in crate::classify) const TAIL: usize = 4 * 1024;
/// Stands for an address, a host, a path, an id, a file or a part of a program.
const MASK: char = '@';

/// The normal form of `text`: at most [`HEAD`] and [`TAIL`] bytes of it.
pub(in crate::classify) fn normal(text: &str) -> String {
    of_lines(text, Out::add_line)
}

/// The normal form of what `text` says beside advice, if there is advice in it.
pub(super) fn facts(text: &str) -> Option<String> {
    let mut facts = Facts::default();
    let normal = of_lines(text, |out, line| facts.of(line, |part| out.add_line(part)));
    facts.left_out.then_some(normal)
}

fn of_lines(text: &str, mut add_line: impl FnMut(&mut Out, &str)) -> String {
    let mut out = Out(String::with_capacity(text.len().min(HEAD + TAIL) + 64));
    if text.len() <= HEAD + TAIL {
        out.add(text, &mut add_line);
    } else {
        let head = text.get(..boundary(text, HEAD)).unwrap_or_default();
        out.add(head, &mut add_line);
        out.space();
        let tail = boundary(text, text.len() - TAIL);
        out.add(text.get(tail..).unwrap_or_default(), &mut add_line);
    }
    out.0
}

/// The last place for a cut at or before `at`.
pub(in crate::classify) fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

struct Out(String);

impl Out {
    fn add(&mut self, text: &str, add_line: &mut impl FnMut(&mut Out, &str)) {
        let mut in_code = false;
        for line in Lines(text) {
            let kind = Line::of(line);
            in_code = kind == Line::Python || (in_code && kind == Line::Indented);
            if kind == Line::Text || (kind == Line::Indented && !in_code) {
                add_line(self, line);
                self.space();
            }
        }
    }

    fn add_line(&mut self, mut text: &str) {
        let mut before = ' ';
        while let Some(c) = text.chars().next() {
            let run = run_at(text);
            if run.is_empty() {
                let (_, rest) = text.split_at(self.add_char(c, text));
                text = rest;
                before = c;
                continue;
            }
            let frame = frame_within(text).filter(|_| before.is_whitespace());
            let len = match frame {
                Some(len) => {
                    self.0.push(MASK);
                    len
                }
                None => self.add_run(run, before, text),
            };
            let (taken, rest) = text.split_at(len);
            before = taken.chars().next_back().unwrap_or(c);
            text = rest;
        }
    }

    /// Adds what is no part of a run and returns how many bytes of `text` it took.
    fn add_char(&mut self, c: char, text: &str) -> usize {
        match c {
            // The escapes of JSON in a string, and of strings in strings.
            '\\' => match text.as_bytes().get(1) {
                Some(b'n' | b'r' | b't') => {
                    self.space();
                    return 2;
                }
                Some(b'"' | b'\'' | b'\\' | b'/') => {}
                Some(b'u') if escaped(text).is_some() => {
                    self.0
                        .extend(escaped(text).into_iter().flat_map(char::to_lowercase));
                    return 6;
                }
                _ => self.0.push(c),
            },
            // The colours of a terminal.
            '\u{1b}' => {
                self.space();
                return colour(text).unwrap_or(1);
            }
            '\u{2018}' | '\u{2019}' => self.0.push('\''),
            // The frames that terminals draw around a text, and break its lines within.
            '\u{2500}'..='\u{257f}' => self.space(),
            c if c.is_whitespace() || c.is_control() => self.space(),
            c if c.is_ascii() => self.0.push(c.to_ascii_lowercase()),
            c => self.0.extend(c.to_lowercase()),
        }
        c.len_utf8()
    }

    /// Adds a run and returns how many bytes of `text`, which begins with it, it took.
    fn add_run(&mut self, run: &str, before: char, text: &str) -> usize {
        if let Some(colon) = run.find("://") {
            let (before, _) = run.split_at(colon);
            let scheme = before
                .rfind(|c: char| !c.is_ascii_alphanumeric() && c != '+')
                .map_or(0, |at| at + 1);
            let (before, _) = run.split_at(scheme);
            self.words(before, false);
            let end = text.find(ends_url).unwrap_or(text.len()).max(run.len());
            self.mask(text.get(scheme..end).unwrap_or_default());
            return end;
        }
        if is_setting(run)
            && text
                .get(run.len()..)
                .is_some_and(|rest| rest.starts_with('='))
        {
            self.mask(run);
            return run.len();
        }
        let kernel = run.trim_end_matches(['.', ':', '-', '/', '%']);
        let kernel = if kernel.is_empty() { run } else { kernel };
        let path = kernel.len() > 1
            && kernel.starts_with('/')
            && before != '<'
            && !before.is_ascii_alphanumeric();
        if path || is_address(kernel) {
            self.mask(kernel);
            if let Some(metric) = metric(kernel) {
                self.space();
                self.words(metric, false);
            }
            let (_, marks) = run.split_at(kernel.len());
            self.0.push_str(marks);
        } else if let Some(at) = file(kernel) {
            let (label, file) = run.split_at(at);
            self.words(label, false);
            self.0.push(MASK);
            self.0
                .push_str(file.get(kernel.len() - at..).unwrap_or_default());
        } else {
            let after = text.get(run.len()..).unwrap_or_default();
            if matches!(before, '"' | '\'') && is_setting_of(run, before, after) {
                self.0.push(MASK);
                return run.len();
            }
            let labels = [" - ", " : "].iter().any(|mark| after.starts_with(mark))
                || (before == '[' && after.starts_with(']'))
                || (before == '\'' && after.starts_with(before));
            self.words(run, labels);
        }
        run.len()
    }

    fn mask(&mut self, address: &str) {
        self.0.push(MASK);
        if points_to_filter(address) {
            self.0.push_str("blockpage");
        }
    }

    /// Adds a run piece by piece, its names split into words. `labels` if it stands where loggers put
    /// the name of who speaks.
    fn words(&mut self, run: &str, labels: bool) {
        let mut rest = run;
        for piece in run.split_inclusive([':', '.', '/', '%', '@']) {
            rest = rest.get(piece.len()..).unwrap_or_default();
            let name = piece.trim_end_matches([':', '.', '/', '%', '@']);
            let speaks = (labels && name.len() == piece.len()) || piece.ends_with(':')
                // The full stop of a sentence is no label.
                || (piece.ends_with('.') && rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
            if is_id(name) || (speaks && is_part(name)) {
                self.0.push(MASK);
            } else {
                self.name(name.as_bytes());
            }
            let (_, marks) = piece.split_at(name.len());
            self.0.push_str(marks);
        }
    }

    /// Adds `ConnectionReset`, `CONNECTION_RESET` and `connection-reset` as `connection reset`.
    fn name(&mut self, name: &[u8]) {
        let at = |i: usize| name.get(i).copied().unwrap_or(b' ');
        for (i, &b) in name.iter().enumerate() {
            let (before, after) = (at(i.wrapping_sub(1)), at(i + 1));
            match b {
                b'_' => self.space(),
                b'-' if before.is_ascii_alphanumeric() && after.is_ascii_alphabetic() => {
                    self.space();
                }
                b'A'..=b'Z' => {
                    let plural = after == b's' && !at(i + 2).is_ascii_alphabetic();
                    let begins = before.is_ascii_lowercase()
                        || (before.is_ascii_alphanumeric()
                            && after.is_ascii_lowercase()
                            && !plural);
                    if begins {
                        self.space();
                    }
                    self.0.push(b.to_ascii_lowercase().into());
                }
                _ => self.0.push(b.into()),
            }
        }
    }

    fn space(&mut self) {
        if !self.0.ends_with(' ') {
            self.0.push(' ');
        }
    }
}

/// The character that the escape of JSON stands for with which `text` begins.
fn escaped(text: &str) -> Option<char> {
    let digits = text.get(2..6)?;
    let code = u32::from_str_radix(digits, 16).ok()?;
    char::from_u32(code).filter(|c| !c.is_control())
}

/// How long the escape sequence is that `text` begins with (ECMA-48, section 5.4).
fn colour(text: &str) -> Option<usize> {
    let parameters = text.strip_prefix("\u{1b}[")?;
    let len = parameters.find(|c: char| !(c.is_ascii_digit() || c == ';'))?;
    let last = *parameters.as_bytes().get(len)?;
    last.is_ascii_alphabetic().then_some(len + 3)
}

/// The letters, digits and joining marks that `text` begins with.
fn run_at(text: &str) -> &str {
    let joins = |c: char| c.is_ascii_alphanumeric() || "_-.:/@%".contains(c);
    let end = text.find(|c| !joins(c)).unwrap_or(text.len());
    let (run, _) = text.split_at(end);
    run
}

fn ends_url(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '"' | '\'' | '<' | '>' | ')' | '}' | '`' | '\\')
}
