//! Finding phrases and numbers in a normal form.

use memchr::memmem;

/// How far apart the two sides of a `..` may be. Bytes.
const GAP: usize = 80;
/// What stands between two messages of one body.
const BETWEEN_MESSAGES: &[u8] = b" | ";
/// How many places of a phrase are tried before the rest of its pattern is given up.
const TRIES: usize = 16;

/// Which two bytes follow one another somewhere in a text: most patterns are turned down by this
/// alone, without looking at the text.
#[derive(Clone, Debug)]
pub(in crate::classify) struct Pairs([u64; 64]);

impl Pairs {
    pub(in crate::classify) fn of(text: &str) -> Self {
        let mut pairs = Pairs([0; 64]);
        for pair in text.as_bytes().windows(2) {
            let (row, bit) = Pairs::place(pair);
            if let Some(row) = pairs.0.get_mut(row) {
                *row |= bit;
            }
        }
        pairs
    }

    /// Whether the phrase that the pattern begins with can be in the text.
    fn may_have(&self, pattern: &str) -> bool {
        let pattern = pattern.trim_start_matches('*').as_bytes();
        // The space before `..` is none that the text must have.
        let gap = |at: usize| pattern.get(at..at + 3) == Some(b" ..");
        pattern
            .windows(2)
            .enumerate()
            .take_while(|(at, pair)| {
                !matches!(pair, [b'.' | b'*', _] | [_, b'.' | b'*']) && !gap(at + 1)
            })
            .take(6)
            .all(|(_, pair)| {
                let (row, bit) = Pairs::place(pair);
                self.0.get(row).is_some_and(|row| row & bit != 0)
            })
    }

    fn place(pair: &[u8]) -> (usize, u64) {
        match pair {
            [a, b] => (usize::from(a & 63), 1 << (b & 63)),
            _ => (0, 0),
        }
    }
}

/// A text in [normal form](super::normal), to be asked for phrases.
#[derive(Clone, Copy, Debug)]
pub(in crate::classify) struct Words<'a> {
    pub(in crate::classify) text: &'a str,
    pub(in crate::classify) pairs: &'a Pairs,
}

impl<'a> Words<'a> {
    /// Whether the pattern occurs.
    ///
    /// A pattern is a phrase that must not touch letters or digits on either side, or that may on
    /// the side of a `*`. `a .. b` asks for `b` somewhere within the next 80 bytes after `a`.
    pub(in crate::classify) fn has(self, pattern: &str) -> bool {
        self.pairs.may_have(pattern) && self.matches(pattern, 0, self.text.len())
    }

    pub(in crate::classify) fn has_any(self, patterns: &[&str]) -> bool {
        patterns.iter().any(|pattern| self.has(pattern))
    }

    /// Whether one of the first occurs and one of the second soon after it.
    pub(in crate::classify) fn has_in_turn(self, first: &'a [&'a str], second: &[&str]) -> bool {
        first.iter().any(|phrase| {
            self.pairs.may_have(phrase)
                && self
                    .places(phrase, 0, self.text.len())
                    .take(TRIES)
                    .any(|end| {
                        let to = self.reach(end);
                        second
                            .iter()
                            .any(|next| self.pairs.may_have(next) && self.matches(next, end, to))
                    })
        })
    }

    /// Where the phrase ends first.
    pub(in crate::classify) fn place(self, phrase: &'a str) -> Option<usize> {
        if self.pairs.may_have(phrase) {
            self.places(phrase, 0, self.text.len()).next()
        } else {
            None
        }
    }

    fn matches(self, pattern: &str, from: usize, to: usize) -> bool {
        let Some((first, rest)) = pattern.split_once(" .. ") else {
            return self.places(pattern, from, to).next().is_some();
        };
        self.places(first, from, to)
            .take(TRIES)
            .any(|end| self.matches(rest, end, self.reach(end)))
    }

    /// How far what belongs to the phrase that ends at `end` may be: not in the next message.
    fn reach(self, end: usize) -> usize {
        let to = (end + GAP).min(self.text.len());
        let gap = self.text.as_bytes().get(end..to).unwrap_or_default();
        memmem::find(gap, BETWEEN_MESSAGES).map_or(to, |at| end + at)
    }

    /// Where the phrase ends, each time it occurs.
    fn places(
        self,
        phrase: &'a str,
        from: usize,
        to: usize,
    ) -> impl Iterator<Item = usize> + use<'a> {
        let text = self.text.as_bytes();
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
                && (open_after || !joined(phrase.last(), text.get(end)))
                && !text
                    .get(..start)
                    .is_some_and(|before| is_averted(before, phrase));
            ok.then_some(end)
        })
    }

    /// The whole numbers that stand right behind the label: `label 7`, `label: -7`, `label=(7`.
    pub(in crate::classify) fn numbers(
        self,
        label: &'a str,
    ) -> impl Iterator<Item = i64> + use<'a> {
        self.behind(label).filter_map(number_at)
    }

    /// What stands right behind the label, each time it occurs.
    pub(in crate::classify) fn behind(
        self,
        label: &'a str,
    ) -> impl Iterator<Item = &'a str> + use<'a> {
        let to = if self.pairs.may_have(label) {
            self.text.len()
        } else {
            0
        };
        self.places(label, 0, to)
            .take(TRIES)
            .filter_map(move |end| self.text.get(end..))
    }
}

/// Whether the phrase that follows is said not to be so, or shall not be: `to avoid overload`, `not a
/// timeout`. What is not valid is said with `not`, and what was turned down to avoid something met it.
fn is_averted(before: &[u8], phrase: &[u8]) -> bool {
    const DENIED: [&[u8]; 2] = [b"not a ", b"not an "];
    const AVOIDED: [&[u8]; 4] = [b"avoid ", b"avoiding ", b"prevent ", b"preventing "];
    const TURNED_DOWN: [&[u8]; 5] = [
        b"rejected",
        b"refused",
        b"throttled",
        b"dropped",
        b"declined",
    ];
    let ends_with = |words: &[&[u8]]| words.iter().any(|word| before.ends_with(word));
    if ends_with(&DENIED) {
        return !phrase.starts_with(b"valid");
    }
    let turned_down = || {
        let near = before.get(before.len().saturating_sub(GAP)..);
        let sentence = near.and_then(|near| near.rsplit(|b| *b == b'.').next());
        TURNED_DOWN
            .iter()
            .any(|word| sentence.is_some_and(|text| memmem::find(text, word).is_some()))
    };
    ends_with(&AVOIDED) && !turned_down()
}

fn is_word(byte: Option<&u8>) -> bool {
    byte.is_some_and(u8::is_ascii_alphanumeric)
}

/// The number the text begins with, after at most a few marks.
pub(in crate::classify) fn number_at(text: &str) -> Option<i64> {
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
