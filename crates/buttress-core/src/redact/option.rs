//! Options of command lines, behind which a secret stands without a mark: `--password hunter2`.

use super::{MARK, Out, name, value};

/// Options whose value is `name:password` (curl, wget, docker).
const LOGINS: &[&str] = &["u", "U", "user", "proxy-user", "proxyuser"];
/// What a `-p` stands near where it is no port, path or package.
const NEAR_PASSWORD: &[&str] = &[
    "login", "sshpass", "mysql", "mariadb", " -u ", "\"-u\"", "'-u'", "--user",
];
/// Commands that want the password joined: `-phunter2`.
const JOINED: &[&str] = &["mysql", "mariadb"];
/// How far before an option its command is looked for. Bytes.
const NEAR: usize = 120;
/// What follows an option where it is spoken of and not used.
const PROSE: &[&str] = &[
    "and",
    "argument",
    "arguments",
    "can",
    "cannot",
    "flag",
    "flags",
    "for",
    "from",
    "has",
    "in",
    "instead",
    "is",
    "must",
    "needs",
    "not",
    "on",
    "option",
    "options",
    "or",
    "parameter",
    "required",
    "requires",
    "should",
    "to",
    "was",
    "when",
    "with",
    "without",
];

/// Adds the option that `rest` begins with, which is `run`, and its value, if that is a secret.
pub(super) fn add(run: &str, rest: &str, out: &mut Out) -> Option<usize> {
    let name = run.trim_start_matches('-');
    if name.is_empty() || name.len() == run.len() {
        return None;
    }
    if let Some(password) = name.strip_prefix('p').filter(|rest| !rest.is_empty()) {
        let short = run.len() - name.len() == 1;
        let asked = has_any(last(&out.text), JOINED);
        if short && asked && !name::is_secret(name) && !is_port(password) {
            let (option, _) = run.split_at(run.len() - password.len());
            out.copy(option);
            out.redact(password);
            return Some(run.len());
        }
    }
    let after = rest.get(run.len()..)?;
    let gap = value::gap(after, &out.text)?;
    let (mark, text) = after.split_at(gap);
    let bare = text.trim_start_matches(['"', '\'']);
    let word = bare
        .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ','))
        .map_or(bare, |end| bare.split_at(end).0);
    let secret = if LOGINS.contains(&name) {
        // What is redacted behind a name is no secret any more.
        let password = word.split_once(':').map(|(_, password)| password);
        password.is_some_and(|password| password != MARK) && !word.contains("://") && !is_port(word)
    } else if name == "p" {
        let behind = text.as_bytes().get(..NEAR).unwrap_or(text.as_bytes());
        let before = last(&out.text);
        let asked = has_any(before, NEAR_PASSWORD) || has_any(behind, NEAR_PASSWORD);
        asked && !is_port(word)
    } else {
        let quoted = bare.len() < text.len();
        name::is_secret(name) && (quoted || !PROSE.contains(&word))
    };
    if !secret || word.is_empty() || word.starts_with('-') {
        return None;
    }
    out.copy(run);
    out.copy(mark);
    Some(run.len() + gap + value::add(text, name, out))
}

/// The end of the text, as far as a command can be from its option.
fn last(text: &str) -> &[u8] {
    let from = text.len().saturating_sub(NEAR);
    text.as_bytes().get(from..).unwrap_or_default()
}

fn has_any(text: &[u8], words: &[&str]) -> bool {
    words
        .iter()
        .any(|word| text.windows(word.len()).any(|part| part == word.as_bytes()))
}

/// `2222`, `8080:80`, `1000:1000`.
fn is_port(word: &str) -> bool {
    word.bytes()
        .all(|b| b.is_ascii_digit() || b":/.".contains(&b))
}
