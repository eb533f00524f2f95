//! URLs: where they end, and what of them may be shown.

use super::{MARK, Out, name, token};

/// How long the URL is that `text` begins with; `before` is the character that leads to it, and
/// if it opens something, then what closes it ends the URL.
pub(super) fn length(text: &str, before: Option<char>) -> usize {
    let closer = match before {
        Some('(') => Some(')'),
        Some('[') => Some(']'),
        Some('{') => Some('}'),
        Some('\'') => Some('\''),
        Some('|') => Some('|'),
        _ => None,
    };
    let mut marks = 0;
    text.char_indices()
        .find(|&(at, c)| {
            // A mark of an earlier redaction belongs to the URL, brackets and all.
            if at < marks {
                return false;
            }
            if c == '[' && text.get(at..).is_some_and(|rest| rest.starts_with(MARK)) {
                marks = at + MARK.len();
                return false;
            }
            // U+FFFD is what control characters become.
            let ends = matches!(c, '"' | '<' | '>' | '`' | '…' | '\u{FFFD}');
            c.is_whitespace() || c.is_control() || ends || Some(c) == closer
        })
        .map_or(text.len(), |(at, _)| at)
}

/// Adds the URL: scheme, host, port and path; marks for the rest.
pub(super) fn add(url: &str, out: &mut Out) {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    // What closed something around the URL, or ended a sentence, is no part of it.
    let kernel = rest.trim_end_matches(['.', ',', ';', ':', '!', '\\', '\'', ')', '}']);
    let kernel = if kernel.contains(['?', '#']) {
        kernel
    } else {
        rest
    };
    let (_, marks) = rest.split_at(kernel.len());
    out.copy(scheme);
    out.copy("://");
    let end = kernel.find(['/', '?', '#', '\\']).unwrap_or(kernel.len());
    let (authority, rest) = kernel.split_at(end);
    if add_authority(authority, rest, out) {
        let end = rest.find(['?', '#']).unwrap_or(rest.len());
        let (plain, secret) = rest.split_at(end);
        path(plain, out);
        if let Some(mark) = secret.chars().next() {
            let (mark, secret) = secret.split_at(mark.len_utf8());
            out.copy(mark);
            if !secret.is_empty() {
                out.redact(secret);
            }
        }
    }
    out.copy(marks);
}

/// Adds host and port, and returns whether the path may follow.
fn add_authority(authority: &str, rest: &str, out: &mut Out) -> bool {
    let host = match authority.rsplit_once('@') {
        Some((user, host)) => {
            out.redact(user);
            out.copy("@");
            host
        }
        None => authority,
    };
    // A password with a slash in it: what looks like a host is a name, and the host comes later.
    let port = host.rsplit_once(':').map_or("", |(_, port)| port);
    let odd = !port.bytes().all(|b| b.is_ascii_digit()) && !host.ends_with(']');
    if odd && rest.contains('@') {
        out.redact("");
        return false;
    }
    out.copy(host);
    true
}

/// Adds a path, each segment that looks like a token, or is the value of a secret, replaced.
pub(super) fn path(path: &str, out: &mut Out) {
    let mut assigned = false;
    for segment in path.split_inclusive(['/', ':', '=', '&', ';', ',', '\\']) {
        let name = segment.trim_end_matches(['/', ':', '=', '&', ';', ',', '\\']);
        let (_, mark) = segment.split_at(name.len());
        if token::is_secret(name, "") || (assigned && !name.is_empty()) {
            out.redact(name);
        } else {
            out.copy(name);
        }
        assigned = mark == "=" && name::is_secret(name);
        out.copy(mark);
    }
}
