//! Values behind names: how far they reach.

use super::{MARK, MORE, Out, name};

/// What stands between a name and its value.
pub(super) struct Assignment {
    /// How long it is. Bytes.
    pub(super) len: usize,
    /// Whether it can be nothing but an assignment: `=`, or the name in quotes.
    pub(super) plain: bool,
}

/// The assignment that `text`, which follows a name, begins with.
pub(super) fn assignment(text: &str, before: &str) -> Option<Assignment> {
    let mut rest = text.trim_start_matches('\\');
    let quoted = rest.starts_with(['"', '\'']) && before.ends_with(['"', '\'']);
    if quoted {
        rest = rest.get(1..)?;
    }
    rest = rest.trim_start_matches(char::is_whitespace);
    let plain = quoted || rest.starts_with('=');
    rest = match rest
        .strip_prefix("=>")
        .or_else(|| rest.strip_prefix([':', '=']))
    {
        Some(rest) => rest,
        None if quoted => rest.strip_prefix(',')?,
        None => return None,
    };
    rest = rest.trim_start_matches(char::is_whitespace);
    Some(Assignment {
        len: text.len() - rest.len(),
        plain,
    })
}

/// Adds the value that `text` begins with, redacted, and returns how much of `text` it was.
pub(super) fn add(text: &str, of: &str, out: &mut Out) -> usize {
    let mut opened = 0;
    for opener in ["Some(", "b", "["] {
        let rest = text.get(opened..).unwrap_or_default();
        let after = rest.strip_prefix(opener);
        // `b` only before a quote: it is a letter of values otherwise.
        let bytes = opener != "b" || after.is_some_and(|after| after.starts_with(['"', '\'']));
        if after.is_some() && bytes && !is_marked(rest) {
            opened += opener.len();
            if opener == "[" {
                return list(text, opened, out);
            }
        }
    }
    let (start, rest) = text.split_at(opened);
    out.copy(start);
    let slashes = rest.len() - rest.trim_start_matches('\\').len();
    let (escape, inner) = rest.split_at(slashes);
    let len = match inner.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            out.copy(escape);
            let (mark, inner) = inner.split_at(1);
            out.copy(mark);
            let len = quoted(inner, quote, slashes > 0);
            secret(inner.get(..len).unwrap_or_default(), out);
            slashes + 1 + len
        }
        _ => {
            let len = words(rest, of);
            secret(rest.get(..len).unwrap_or_default(), out);
            len
        }
    };
    opened + len
}

/// Adds the mark, unless there is nothing to hide.
fn secret(value: &str, out: &mut Out) {
    let bare = value.strip_suffix(MORE).unwrap_or(value);
    if bare.trim().is_empty() || bare == MARK {
        out.copy(value);
    } else {
        out.redact(value);
    }
}

/// Whether `text` begins with the mark of an earlier redaction and nothing joined to it.
fn is_marked(text: &str) -> bool {
    text.strip_prefix(MARK)
        .is_some_and(|rest| !rest.starts_with(is_inner))
}

/// Whether the character can go on a word that it stands in.
fn is_inner(c: char) -> bool {
    !c.is_whitespace()
        && !matches!(
            c,
            '"' | '\'' | '`' | '<' | '>' | ',' | ';' | ')' | ']' | '}' | '…' | '\\'
        )
}

/// A list in brackets, such as Go's headers: `[Bearer abc]`, `["a=1", "b=2"]`.
fn list(text: &str, opened: usize, out: &mut Out) -> usize {
    let (start, rest) = text.split_at(opened);
    out.copy(start);
    if is_marked(rest) {
        out.copy(MARK);
        return opened + MARK.len();
    }
    let mut quote = None;
    let len = rest
        .char_indices()
        .find(|&(_, c)| match (quote, c) {
            (None, ']') => true,
            (None, '"') => {
                quote = Some(c);
                false
            }
            (Some(open), c) if open == c => {
                quote = None;
                false
            }
            _ => false,
        })
        .map_or(rest.len(), |(at, _)| at);
    secret(rest.get(..len).unwrap_or_default(), out);
    opened + len
}

/// How long the content is up to the quote that closes it.
fn quoted(text: &str, quote: char, escaped: bool) -> usize {
    let mut slashes = 0;
    for (at, c) in text.char_indices() {
        if c == quote && (escaped || slashes % 2 == 0) {
            // The escape of the closing quote is no part of the value.
            return if escaped { at - slashes } else { at };
        }
        slashes = if c == '\\' { slashes + 1 } else { 0 };
    }
    text.len()
}

/// How long a value without quotes is: one word, or more where the name says so.
fn words(text: &str, of: &str) -> usize {
    if is_marked(text) {
        return MARK.len();
    }
    let mut len = word(text);
    if name::has_scheme(of) && is_scheme(text.get(..len).unwrap_or_default()) {
        len = next(text, len, |_| true);
    }
    // `a=1; b=2` and `username="ann", response="..."`.
    while name::has_scheme(of) || name::is_cookie(of) {
        let list = text
            .get(len..)
            .is_some_and(|rest| rest.starts_with([',', ';']));
        if !list {
            break;
        }
        let longer = next(text, len + 1, |word| word.contains('='));
        if longer == len + 1 {
            break;
        }
        len = longer;
    }
    len
}

/// Where the word after the white space at `from` ends, or `from` if it is not `wanted`.
fn next(text: &str, from: usize, wanted: impl Fn(&str) -> bool) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    let bare = rest.trim_start_matches(char::is_whitespace);
    let len = word(bare);
    match bare.get(..len) {
        Some(word) if len > 0 && bare.len() < rest.len() && !is_marked(bare) && wanted(word) => {
            text.len() - bare.len() + len
        }
        _ => from,
    }
}

fn is_scheme(word: &str) -> bool {
    !word.is_empty()
        && (word.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')
            || word.eq_ignore_ascii_case("AWS4-HMAC-SHA256"))
}

/// How long the word is that `text` begins with; quotes behind a `=` belong to it.
fn word(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    let mut last = ' ';
    while let Some((at, c)) = chars.next() {
        if matches!(c, '"' | '\'') && last == '=' {
            if chars.any(|(_, other)| other == c) {
                last = c;
                continue;
            }
            return text.len();
        }
        match c {
            c if c.is_whitespace() => return at,
            '"' | '\'' | '`' | '<' | '>' | '…' => return at,
            '\\' if chars
                .peek()
                .is_some_and(|(_, next)| matches!(next, '"' | '\'' | '\\')) =>
            {
                return at;
            }
            // Marks close or part something unless the word goes on behind them.
            ',' | ';' | ')' | ']' | '}'
                if chars.peek().is_none_or(|&(_, next)| !is_inner(next)) =>
            {
                return at;
            }
            _ => {}
        }
        last = c;
    }
    text.len()
}
