//! Sentences of advice and of guesses: they name what may be at fault, and nothing that happened.
//!
//! `fetch failed. Check your API key and proxy.` speaks of no key that was refused, and of no proxy
//! that failed.

/// What such a sentence begins with.
const OPENERS: &[&str] = &[
    "are you",
    "ask your",
    "check",
    "common cause",
    "common causes",
    "common reasons",
    "confirm",
    "consider",
    "contact",
    "did you",
    "double check",
    "double-check",
    "ensure",
    "for more",
    "have you",
    "hint",
    "if it",
    "if the",
    "if this",
    "if you",
    "if you're",
    "if your",
    "is your",
    "it could",
    "it may",
    "it might",
    "learn more",
    "likely cause",
    "likely causes",
    "make sure",
    "maybe",
    "no credits consumed",
    "no credits were charged",
    "no credits were consumed",
    "no credits were used",
    "perhaps",
    "please check",
    "please confirm",
    "please contact",
    "please ensure",
    "please make sure",
    "please verify",
    "please see",
    "possible cause",
    "possible causes",
    "possible reasons",
    "probable cause",
    "probably",
    "read more",
    "see",
    "suggestion",
    "suggestions",
    "the api provider's servers are",
    "there could be",
    "there may be",
    "there might be",
    "things to check",
    "this can",
    "this could",
    "this is likely",
    "this is often",
    "this is probably",
    "this is typically",
    "this is usually",
    "this may",
    "this might",
    "this often",
    "this probably",
    "this typically",
    "this usually",
    "this request was not billed",
    "tip",
    "troubleshooting",
    "usually",
    "verify",
    "you have not been charged",
    "you were not charged",
    "you will not be charged",
    "请检查",
    "请确认",
    "请确保",
    "可能是",
    "請檢查",
    "請確認",
    "bitte prüfe",
    "bitte prüfen",
    "bitte überprüfe",
    "bitte überprüfen",
    "überprüfen sie",
    "prüfen sie",
    "vérifiez",
    "veuillez vérifier",
    "comprueba",
    "compruebe",
    "verifica",
    "verifique",
];

/// What makes a remark in brackets a guess: `timeout (your server may be overloaded)`.
const GUESSES: &[&str] = &[" may be ", " might be "];

/// The same of one behind a dash, where facts stand more often: `refused - a firewall may be blocking it`.
const SUSPICIONS: &[&str] = &["may be blocking", "might be blocking"];

/// The parts of the lines of a text that are no advice.
#[derive(Default)]
pub(super) struct Facts {
    /// The last line announced a list: `Possible causes:`.
    listing: bool,
    /// Whether something has been left out.
    pub(super) left_out: bool,
}

impl Facts {
    /// Hands on what of the line is no advice.
    pub(super) fn of<'a>(&mut self, line: &'a str, mut keep: impl FnMut(&'a str)) {
        let item = line.trim_start();
        let is_item = item.starts_with(['-', '*', '\u{2022}', '\u{b7}'])
            || item.trim_start_matches(|c: char| c.is_ascii_digit()).len() < item.len();
        if self.listing && is_item {
            self.left_out = true;
            return;
        }
        self.listing = false;
        let (mut from, mut rest) = (line, line);
        let mut dashed = false;
        while !rest.is_empty() {
            let (sentence, after) = rest.split_at(end(rest));
            if advises(sentence) || (dashed && has_any(sentence, SUSPICIONS)) {
                let (before, _) = from.split_at(from.len() - rest.len());
                keep(before);
                from = after;
                self.left_out = true;
                self.listing = after.is_empty() && sentence.trim_end().ends_with(':');
            }
            dashed = sentence.ends_with(['-', '\u{2013}', '\u{2014}']);
            rest = after;
        }
        keep(from);
    }
}

/// Where the sentence ends with which the text begins: behind the mark that ends it, or before what
/// stands between it and the next message.
fn end(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        // What stands between two messages is left to the next.
        let is_between = |rest: &str| rest.starts_with(" | ");
        if at > 0 && c == ' ' && text.get(at..).is_some_and(is_between) {
            return at;
        }
        let next = chars.peek().map_or(' ', |(_, next)| *next);
        let ends = match c {
            // Not the dot of `e.g.`.
            '.' => ends_sentence(next) && !text.get(..at).is_some_and(is_short),
            '!' | '?' | ';' => ends_sentence(next),
            '-' | '\u{2013}' | '\u{2014}' => before == ' ' && next == ' ',
            '(' | ')' | '"' | '\u{3002}' | '\u{ff01}' | '\u{ff0c}' | '\u{ff1b}' | '\u{2026}' => {
                true
            }
            // Some begin a sentence without having ended the one before.
            ' ' if next.is_uppercase() => text.get(at + 1..).is_some_and(advises),
            _ => false,
        };
        if ends {
            return at + c.len_utf8();
        }
        before = c;
    }
    text.len()
}

fn ends_sentence(next: char) -> bool {
    next.is_whitespace() || matches!(next, '"' | '\'' | ')' | ']' | '}' | '\\')
}

fn is_short(before: &str) -> bool {
    before.ends_with("e.g") || before.ends_with("i.e") || before.ends_with(" etc")
}

fn advises(sentence: &str) -> bool {
    let sentence = sentence.strip_prefix("\\t").unwrap_or(sentence);
    let sentence = sentence.trim_start_matches(|c: char| !c.is_alphanumeric());
    if sentence.ends_with(')') && has_any(sentence, GUESSES) {
        return true;
    }
    OPENERS.iter().any(|opener| {
        let mut chars = sentence.chars();
        opener
            .chars()
            .all(|want| chars.next().is_some_and(|c| c.to_lowercase().eq([want])))
            && (!opener.is_ascii() || chars.next().is_none_or(|c| !c.is_alphanumeric()))
    })
}

fn has_any(remark: &str, guesses: &[&str]) -> bool {
    guesses.iter().any(|guess| remark.contains(guess))
}
