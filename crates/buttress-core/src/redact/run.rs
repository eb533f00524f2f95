//! One step through a text: a run of characters that a secret can be made of, or what is between.

use super::{LIMIT, MARK, Out, name, option, token, url, value};

const PEM: &str = "-----BEGIN ";
const PEM_END: &str = "-----END ";

/// Adds what `rest`, which begins with `c`, begins with, and returns how many bytes it was.
///
/// What leads to it is read from what was written, so that a second time finds the same.
pub(super) fn step(rest: &str, c: char, out: &mut Out) -> usize {
    let run = run_at(rest);
    let strange = rest
        .get(run.len()..)
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii()));
    if let Some(len) = strange.then(|| foreign(rest, out)).flatten() {
        return len;
    }
    if run.is_empty() {
        let (c, _) = rest.split_at(c.len_utf8());
        out.copy(c);
        return c.len();
    }
    // No word is that long, and what follows would not fit.
    if run.len() > LIMIT {
        out.redact(rest);
        return rest.len();
    }
    // What leads to it may be joined to it: `key=-----BEGIN`, or the `n` of a `\n` in JSON.
    let (head, block) = rest.split_at(run.strip_suffix(PEM.trim_end()).map_or(0, str::len));
    if let Some(len) = pem(block) {
        let mut left = head;
        while let Some(c) = left.chars().next() {
            left = left.get(step(left, c, out)..).unwrap_or_default();
        }
        out.changed = true;
        if !out.text.ends_with(MARK) {
            out.redact("");
        }
        return head.len() + len;
    }
    if let Some(colon) = run.find("://") {
        let (head, _) = run.split_at(colon);
        let scheme = head
            .rfind(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c))
            .map_or(0, |at| at + 1);
        if let Some(len) = assigned(run.get(..scheme).unwrap_or_default(), rest, out) {
            return len;
        }
        let (head, link) = rest.split_at(scheme);
        pieces(head, out);
        let len = url::length(link, out.text.chars().next_back());
        url::add(link.get(..len).unwrap_or_default(), out);
        return scheme + len;
    }
    if let Some(len) = assigned(run, rest, out) {
        return len;
    }
    if let Some(len) = option::add(run, rest, out) {
        return len;
    }
    if let Some((len, secret)) = announced(run, rest) {
        let (head, _) = rest.split_at(len);
        out.copy(head);
        let (secret, _) = rest.get(len..).unwrap_or_default().split_at(secret);
        out.redact(secret);
        return len + secret.len();
    }
    relative(run, out);
    run.len()
}

/// The characters of tokens, paths and addresses that `text` begins with.
fn run_at(text: &str) -> &str {
    let of_run = |c: char| c.is_ascii_alphanumeric() || "_-+/=.~%@:*?&#$!".contains(c);
    let end = text.find(|c| !of_run(c)).unwrap_or(text.len());
    let (run, _) = text.split_at(end);
    run
}

/// How long the PEM block is that the text begins with (RFC 7468).
fn pem(text: &str) -> Option<usize> {
    let body = text.strip_prefix(PEM)?;
    let Some(end) = body.find(PEM_END) else {
        return Some(text.len());
    };
    let label = body.get(end + PEM_END.len()..).unwrap_or_default();
    let tail = label.find("-----").map_or(label.len(), |at| at + 5);
    let len = PEM.len() + end + PEM_END.len() + tail;
    // What is joined to it would be read with the mark, a second time.
    Some(len + run_at(text.get(len..).unwrap_or_default()).len())
}

/// Adds the run up to a name of a secret, the name and its value, if there is one in it.
fn assigned(run: &str, rest: &str, out: &mut Out) -> Option<usize> {
    let joins = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let mut from = 0;
    while let Some(start) = run.get(from..)?.find(joins).map(|at| from + at) {
        let tail = run.get(start..)?;
        let end = start + tail.find(|c| !joins(c)).unwrap_or(tail.len());
        let name = run.get(start..end)?;
        let lead = if start > 0 {
            run.get(..start)?
        } else {
            &out.text
        };
        let two_words = is_api_key(name, lead);
        let password = name.eq_ignore_ascii_case("password");
        let certain = two_words || name::is_certain(name);
        if certain || name::is_secret(name) {
            let after = rest.get(end..)?;
            let assignment = value::assignment(after, lead)
                .or_else(|| value::quoted_behind(after).filter(|_| two_words || password))
                .or_else(|| value::of_netrc(after, lead).filter(|_| password));
            let said = |value: &str| {
                // How MySQL says whether there was one.
                lead.ends_with("using ") && (value.starts_with("YES)") || value.starts_with("NO)"))
            };
            let assignment = assignment
                .filter(|a| certain || a.plain)
                .filter(|a| !after.get(a.len..).is_some_and(said));
            if let Some(assignment) = assignment {
                pieces(run.get(..start)?, out);
                let (head, value) = after.split_at(assignment.len);
                out.copy(name);
                out.copy(head);
                return Some(end + assignment.len + value::add(value, name, out));
            }
        }
        from = end;
    }
    None
}

/// Adds a name of a secret in another script and its value, if `rest` begins with them.
fn foreign(rest: &str, out: &mut Out) -> Option<usize> {
    let len = name::foreign(rest, &out.text)?;
    let (name, after) = rest.split_at(len);
    let assignment = value::assignment(after, &out.text)?;
    out.copy(name);
    let (head, value) = after.split_at(assignment.len);
    out.copy(head);
    Some(len + head.len() + value::add(value, name, out))
}

/// Names of two words: `API key: ...`, `access token: ...`, `API key provided: ...`.
fn is_api_key(name: &str, before: &str) -> bool {
    let after = |words: &[&str]| {
        let lead = before.strip_suffix(' ').unwrap_or_default();
        words.iter().any(|word| {
            let at = lead.len().checked_sub(word.len());
            let lead = at.and_then(|at| lead.get(at..));
            lead.is_some_and(|lead| lead.eq_ignore_ascii_case(word))
        })
    };
    match name.to_ascii_lowercase().as_str() {
        "key" => after(&[
            "api",
            "invalid",
            "incorrect",
            "wrong",
            "expired",
            "secret",
            "private",
            "access",
            "signing",
            "encryption",
            "master",
            "account",
            "shared",
            "license",
        ]),
        "token" => after(&[
            "access", "refresh", "auth", "api", "bearer", "session", "security", "secret",
            "expired",
        ]),
        "id" => after(&["session"]),
        "passe" => after(&["mot de"]),
        "api" => after(&["clave", "chave", "chave de", "clé", "cle", "ключ"]),
        "provided" => after(&["key", "token"]),
        _ => false,
    }
}

/// Where the credential behind `Bearer` or `Basic` begins and how long it is.
fn announced(run: &str, rest: &str) -> Option<(usize, usize)> {
    let bearer = run.eq_ignore_ascii_case("bearer");
    if !bearer && !run.eq_ignore_ascii_case("basic") {
        return None;
    }
    let after = rest.get(run.len()..)?;
    let word = after.trim_start_matches(char::is_whitespace);
    let spaced = word.len() < after.len();
    let word = word.strip_prefix(['"', '\'']).unwrap_or(word);
    let gap = after.len() - word.len();
    let secret = run_at(word).trim_end_matches(['.', ':', '?', '!']);
    let prose = if bearer {
        AFTER_BEARER
            .iter()
            .any(|word| secret.eq_ignore_ascii_case(word))
    } else {
        // `basic authentication`, `basic usage`: a name and a password in base64 look different.
        let capital = secret.bytes().skip(1).any(|b| b.is_ascii_uppercase());
        !capital && !secret.bytes().any(|b| b.is_ascii_digit() || b == b'=')
    };
    (spaced && !secret.is_empty() && !prose).then_some((run.len() + gap, secret.len()))
}

const AFTER_BEARER: &[&str] = &[
    "a",
    "and",
    "auth",
    "authentication",
    "authorization",
    "challenge",
    "credential",
    "credentials",
    "error",
    "format",
    "header",
    "in",
    "is",
    "not",
    "of",
    "or",
    "prefix",
    "realm",
    "required",
    "scheme",
    "string",
    "token",
    "tokens",
    "was",
];

/// Adds a run that is no URL: what it has of user names, queries and fragments goes.
fn relative(run: &str, out: &mut Out) {
    if let Some((head, secret, tail)) = encoded(run) {
        relative(head, out);
        out.redact(secret);
        relative(tail, out);
        return;
    }
    if let Some((user, host)) = run.rsplit_once('@') {
        if user.contains(':') {
            out.redact(user);
            out.copy("@");
            relative(host, out);
            return;
        }
    }
    if let Some(at) = run.find(['?', '#']) {
        let (path, query) = run.split_at(at);
        // Behind something redacted a path goes on, as it did before that was redacted.
        let is_path = path.starts_with('/') && !out.text.ends_with(']');
        let assigns = query.contains('=') || is_path;
        if assigns && query.bytes().any(|b| b.is_ascii_alphanumeric()) {
            let (mark, query) = query.split_at(1);
            let bare = query.trim_end_matches(['.', ':', '!', '?']);
            pieces(path, out);
            out.copy(mark);
            let (query, marks) = query.split_at(bare.len());
            if !query.is_empty() {
                out.redact(query);
            }
            out.copy(marks);
            return;
        }
    }
    pieces(run, out);
}

/// What a URL in percent-encoding, as it stands in queries and forms, has to hide: its user, or else
/// its query; what is before it, and what behind.
fn encoded(run: &str) -> Option<(&str, &str, &str)> {
    let user = || {
        let (head, tail) = split_encoded(run, "%3A%2F%2F")?;
        let (user, _) = split_encoded(tail, "%40")?;
        let (user, rest) = tail.split_at(user.len() - "%40".len());
        (!user.is_empty() && !user.contains('&')).then_some((head, user, rest))
    };
    let query = || {
        let (head, tail) = split_encoded(run, "%3F")?;
        let (query, rest) = tail.split_at(tail.find('&').unwrap_or(tail.len()));
        split_encoded(query, "%3D")?;
        Some((head, query, rest))
    };
    user().or_else(query)
}

/// What is up to the end of this mark, in either case of its digits, and what is behind it.
fn split_encoded<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let mut windows = text.as_bytes().windows(mark.len());
    let at = windows.position(|part| part.eq_ignore_ascii_case(mark.as_bytes()))?;
    text.split_at_checked(at + mark.len())
}

/// Adds a run, each piece of it that looks like a secret replaced.
fn pieces(run: &str, out: &mut Out) {
    let marks = [':', '=', '&', '@', '?', '#', '%', '$', '!'];
    for part in run.split_inclusive(marks) {
        let piece = part.trim_end_matches(marks);
        add_piece(piece, out);
        let (_, mark) = part.split_at(piece.len());
        out.copy(mark);
    }
}

/// Adds a piece: whole, or part by part where it is a path or a name with dots.
fn add_piece(piece: &str, out: &mut Out) {
    let bare = piece.trim_end_matches(['.', '-', '/', '*']);
    let (bare, marks) = piece.split_at(bare.len());
    let parted = bare.starts_with('/') || bare.contains('.');
    if token::is_known(bare) || (!parted && token::is_secret(bare, &out.text)) {
        out.redact(bare);
    } else {
        for part in bare.split_inclusive(['/', '.']) {
            let name = part.trim_end_matches(['/', '.']);
            if token::is_secret(name, &out.text) {
                out.redact(name);
            } else {
                out.copy(name);
            }
            let (_, mark) = part.split_at(name.len());
            out.copy(mark);
        }
    }
    out.copy(marks);
}
