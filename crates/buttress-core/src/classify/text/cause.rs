//! What was being done, and what became of it: `Authentication failed: fetch failed`.
//!
//! Behind such a mark stands the reason. Where it is one of the connection's, no server has
//! said a word, and what stands before the mark only names the errand.

use super::find::Words;

/// What ends the name of an errand.
const DONE: &[&str] = &[
    "failed",
    "failure",
    "fails",
    "unsuccessful",
    "fehlgeschlagen",
    "gescheitert",
    "échoué",
    "fallida",
    "falló",
    "falhou",
    "失败",
    "失敗",
    "실패",
];
/// What begins the name of an errand, which ends at the next colon.
const BEGUN: &[&str] = &[
    "failed to",
    "fail to",
    "could not",
    "couldn't",
    "unable to",
    "cannot",
    "can't",
    "failure to",
    "error while",
    "error when",
    "error during",
    "error checking",
    "error creating",
    "error fetching",
    "error getting",
    "error listing",
    "error loading",
    "error refreshing",
    "error updating",
    "error validating",
    "error verifying",
];
/// How long the rest of an errand's name may be. Bytes.
const ERRAND: usize = 120;

/// What stands behind a name that is given to whatever was met: JSON-RPC's code -32603 (JSON-RPC 2.0,
/// section 5.1), and what Google's clients say when they have tried for as long as they may.
pub(super) fn within(words: Words<'_>) -> Option<Words<'_>> {
    if let Some((_, last)) = words.text.split_once("exceeded, last exception: ") {
        // They number what became of a connection, too, as if an answer had come.
        let text = last.trim_start_matches(|c: char| c.is_ascii_digit());
        return Some(Words { text, ..words });
    }
    let (before, text) = words.text.split_once("internal error: ")?;
    // In brackets, or behind a word, it is a remark.
    let word = before.strip_suffix(' ').unwrap_or_default();
    let is_remark = |last: char| last.is_alphanumeric() || last == ',';
    if before.ends_with('(') || word.ends_with(is_remark) {
        return None;
    }
    Some(Words { text, ..words })
}

/// What stands behind the first errand of the text.
pub(super) fn behind(words: Words<'_>) -> Option<Words<'_>> {
    let done = DONE.iter().filter_map(|mark| {
        let end = words.place(mark)?;
        let rest = words.text.get(end..)?;
        let reason =
            rest.trim_start_matches([':', '.', ',', '-', '(', '\u{ff1a}', '\u{ff0c}', ' ']);
        (reason.len() < rest.trim_start().len()).then_some(reason)
    });
    let begun = BEGUN.iter().filter_map(|mark| {
        let end = words.place(mark)?;
        let rest = words.text.get(end..)?;
        let (colon, mark) = rest
            .match_indices([':', '\u{ff1a}'])
            .find(|(at, _)| rest.get(at + 1..).is_some_and(|rest| rest.starts_with(' ')))?;
        (colon <= ERRAND)
            .then(|| rest.get(colon + mark.len()..))
            .flatten()
    });
    let text = done.chain(begun).max_by_key(|reason| reason.len())?;
    Some(Words { text, ..words })
}
