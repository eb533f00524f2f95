//! Values behind names: how far they reach.

use super::{MARK, MORE, Out, name};

/// What stands between a name and its value.
pub(super) struct Assignment {
    /// How long it is. Bytes.
    pub(super) len: usize,
    /// Whether it can be nothing but an assignment: `=`, or the name in quotes.
    pub(super) plain: bool,
}

/// Quotes in the escapes of URLs and of HTML.
const ESCAPED_QUOTES: &[&str] = &["%22", "%27", "&quot;", "&#34;", "&#39;"];

/// The assignment that `text`, which follows a name, begins with.
pub(super) fn assignment(text: &str, before: &str) -> Option<Assignment> {
    if text.starts_with('>') && before.ends_with('<') {
        return Some(Assignment {
            len: 1,
            plain: true,
        });
    }
    let mut rest = text.trim_start_matches('\\');
    let quoted = rest.starts_with(['"', '\'']) && before.ends_with(['"', '\'']);
    if quoted {
        rest = rest.get(1..)?;
    }
    let bare = strip_any(rest, ESCAPED_QUOTES);
    rest = bare.unwrap_or(rest).trim_start_matches(char::is_whitespace);
    let plain = quoted || bare.is_some() || rest.starts_with('=');
    let sign = rest
        .strip_prefix("=>")
        .or_else(|| rest.strip_prefix([':', '=', '\u{ff1a}']));
    if let Some(after) = sign.or_else(|| strip_any(rest, &["%3D", "%3A"])) {
        rest = after.trim_start_matches(char::is_whitespace);
        return Some(Assignment {
            len: text.len() - rest.len(),
            plain: plain || sign.is_none(),
        });
    }
    if !quoted {
        return None;
    }
    // `("authorization", "...")`, and `{"name": "authorization", "value": "..."}`.
    rest = rest
        .strip_prefix(',')?
        .trim_start_matches(char::is_whitespace);
    let member = rest.trim_start_matches(['"', '\'', '\\']);
    let key = member.find(['"', '\'', '\\']).and_then(|end| {
        let (key, tail) = member.split_at_checked(end)?;
        let tail = tail.trim_start_matches(['"', '\'', '\\']);
        let value = tail.trim_start().strip_prefix(':')?;
        Some((key, value))
    });
    if let Some((key, value)) = key {
        if !key.eq_ignore_ascii_case("value") {
            return None;
        }
        rest = value.trim_start_matches(char::is_whitespace);
    }
    Some(Assignment {
        len: text.len() - rest.len(),
        plain: true,
    })
}

/// The value in quotes that `text` begins with: `API key 'abc'`.
pub(super) fn quoted_behind(text: &str) -> Option<Assignment> {
    let value = text.trim_start_matches(char::is_whitespace);
    let len = text.len() - value.len();
    (len > 0 && value.starts_with(['"', '\''])).then_some(Assignment { len, plain: true })
}

/// The value in `machine m login l password p`, as `.netrc` has it.
pub(super) fn of_netrc(text: &str, before: &str) -> Option<Assignment> {
    let login = before.split_whitespace().rev().nth(1)?;
    let value = text.trim_start_matches(char::is_whitespace);
    let len = text.len() - value.len();
    (len > 0 && login == "login").then_some(Assignment { len, plain: true })
}

/// How long the gap is between an option and its value, in a command or a list of its words.
pub(super) fn gap(text: &str, before: &str) -> Option<usize> {
    let rest = match text.strip_prefix(['"', '\'']) {
        Some(rest) if before.ends_with(['"', '\'']) => rest.strip_prefix(',')?,
        Some(_) => return None,
        None if text.starts_with(char::is_whitespace) => text,
        None => return None,
    };
    Some(text.len() - rest.trim_start_matches(char::is_whitespace).len())
}

/// What follows one of these marks, in either case.
fn strip_any<'a>(text: &'a str, marks: &[&str]) -> Option<&'a str> {
    marks.iter().find_map(|mark| {
        let (head, tail) = text.split_at_checked(mark.len())?;
        head.eq_ignore_ascii_case(mark).then_some(tail)
    })
}

/// Adds the value that `text` begins with, redacted, and returns how much of `text` it was.
pub(super) fn add(text: &str, of: &str, out: &mut Out) -> usize {
    let mut opened = 0;
    for opener in ["Some(", "b", "[", "{"] {
        let rest = text.get(opened..).unwrap_or_default();
        let after = rest.strip_prefix(opener);
        // `b` only before a quote: it is a letter of values otherwise.
        let bytes = opener != "b" || after.is_some_and(|after| after.starts_with(['"', '\'']));
        if after.is_some() && bytes && !is_marked(rest) {
            opened += opener.len();
            if matches!(opener, "[" | "{") {
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

/// A list in brackets, such as Go's headers, or an object in braces: `[Bearer abc]`,
/// `["a=1", "b=2"]`, `{"sid": "1"}`.
fn list(text: &str, opened: usize, out: &mut Out) -> usize {
    let (start, rest) = text.split_at(opened);
    out.copy(start);
    if is_marked(rest) {
        out.copy(MARK);
        return opened + MARK.len();
    }
    let (mut quote, mut depth, mut last) = (None, 0_usize, ' ');
    let len = rest
        .char_indices()
        .find(|&(_, c)| {
            match (quote, c) {
                (None, ']' | '}') if depth == 0 => return true,
                (None, ']' | '}') => depth -= 1,
                (None, '[' | '{') => depth += 1,
                (None, '"') => quote = Some(c),
                // In a word it is an apostrophe.
                (None, '\'') if !last.is_alphanumeric() => quote = Some(c),
                (Some(open), c) if open == c && last != '\\' => quote = None,
                _ => {}
            }
            last = c;
            false
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
        len += date(text.get(..len), text.get(len..));
        let list = text
            .get(len..)
            .is_some_and(|rest| rest.starts_with([',', ';']));
        if !list {
            break;
        }
        let longer = next(text, len + 1, |word| word.contains('=') || is_flag(word));
        if longer == len + 1 {
            break;
        }
        len = longer;
    }
    len
}

/// Attributes of cookies that have no value (RFC 6265, section 4.1.1).
fn is_flag(word: &str) -> bool {
    word.eq_ignore_ascii_case("secure") || word.eq_ignore_ascii_case("httponly")
}

/// How long the rest of the date is that a cookie expires at, if it ends in one: it has a comma.
fn date(taken: Option<&str>, rest: Option<&str>) -> usize {
    let (Some(taken), Some(rest)) = (taken, rest) else {
        return 0;
    };
    let at = taken.rfind('=').unwrap_or_default();
    let name = taken.get(at.saturating_sub("expires".len())..at);
    if !name.is_some_and(|name| name.eq_ignore_ascii_case("expires")) {
        return 0;
    }
    let near = rest.char_indices().nth(32).map_or(rest.len(), |(at, _)| at);
    let zone = rest.get(..near).and_then(|near| near.find(" GMT"));
    zone.map_or(0, |at| at + " GMT".len())
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
