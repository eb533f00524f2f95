//! Finding phrases and numbers in a normal form.

use memchr::memmem;

/// How far apart the two sides of a `..` may be. Bytes.
const GAP: usize = 80;
/// How many places of a phrase are tried before the rest of its pattern is given up.
const TRIES: usize = 16;

/// A text in [normal form](super::normal), to be asked for phrases.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<'a>(pub(super) &'a str);

impl<'a> Words<'a> {
    /// Whether the pattern occurs.
    ///
    /// A pattern is a phrase that must not touch letters or digits on either side, or that may on
    /// the side of a `*`. `a .. b` asks for `b` somewhere within the next 80 bytes after `a`.
    pub(super) fn has(self, pattern: &str) -> bool {
        self.matches(pattern, 0, self.0.len())
    }

    pub(super) fn has_any(self, patterns: &[&str]) -> bool {
        patterns.iter().any(|pattern| self.has(pattern))
    }

    fn matches(self, pattern: &str, from: usize, to: usize) -> bool {
        let Some((first, rest)) = pattern.split_once(" .. ") else {
            return self.places(pattern, from, to).next().is_some();
        };
        self.places(first, from, to)
            .take(TRIES)
            .any(|end| self.matches(rest, end, (end + GAP).min(self.0.len())))
    }

    /// Where the phrase ends, each time it occurs.
    fn places(
        self,
        phrase: &'a str,
        from: usize,
        to: usize,
    ) -> impl Iterator<Item = usize> + use<'a> {
        let text = self.0.as_bytes();
        let open_before = phrase.starts_with('*');
        let open_after = phrase.ends_with('*');
        let phrase = phrase.trim_matches('*').as_bytes();
        let near = text.get(from..to).unwrap_or_default();
        memmem::find_iter(near, phrase).filter_map(move |at| {
            let (start, end) = (from + at, from + at + phrase.len());
            let joined =
                |inside: Option<&u8>, outside: Option<&u8>| is_word(inside) && is_word(outside);
            let before = start.checked_sub(1).and_then(|i| text.get(i));
            let ok = (open_before || !joined(phrase.first(), before))
                && (open_after || !joined(phrase.last(), text.get(end)));
            ok.then_some(end)
        })
    }

    /// The whole numbers that stand right behind the label: `label 7`, `label: -7`, `label=(7`.
    pub(super) fn numbers(self, label: &'a str) -> impl Iterator<Item = i64> + use<'a> {
        self.places(label, 0, self.0.len())
            .take(TRIES)
            .filter_map(move |end| number_at(self.0.get(end..)?))
    }
}

fn is_word(byte: Option<&u8>) -> bool {
    byte.is_some_and(u8::is_ascii_alphanumeric)
}

/// The number the text begins with, after at most a few marks.
pub(super) fn number_at(text: &str) -> Option<i64> {
    let rest = text.trim_start_matches([' ', ':', '=', '(', '[', '"', '\'', '#']);
    if text.len() - rest.len() > 4 {
        return None;
    }
    let digits = rest.strip_prefix('-').unwrap_or(rest);
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    if is_word(digits.as_bytes().get(end)) {
        return None;
    }
    let (number, _) = rest.split_at(rest.len() - digits.len() + end);
    number.parse().ok()
}
