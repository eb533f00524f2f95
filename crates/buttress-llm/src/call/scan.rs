//! What the outermost members of a JSON document say, read as it passes by.

use super::facts::{Facts, Name};
use crate::json::{escapes_next, is_scalar, nested, whole_string};

/// Reads a document in pieces of any size. Holds nothing of it but the word at hand.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    facts: Facts,
    depth: u32,
    in_string: bool,
    escaped: bool,
    /// The next string at this depth is a name.
    at_name: bool,
    /// The string at hand is one.
    is_name: bool,
    /// The last name that was read.
    name: Name,
    /// The member at hand: of the document, and of the object in it.
    names: [Name; 2],
    /// The innermost bracket of the first two.
    is_object: [bool; 2],
    word: Word,
}

/// The beginning of a name or of a value that is no string.
#[derive(Debug, Default)]
struct Word {
    bytes: [u8; 24],
    len: usize,
}

impl Scan {
    pub(crate) const fn facts(&self) -> Facts {
        self.facts
    }

    /// Whether it is in an array, or an object, and in none of what that has in it.
    pub(crate) const fn is_between(&self) -> bool {
        self.depth == 1 && !self.in_string
    }

    /// Reads on.
    pub(crate) fn read(&mut self, data: &[u8]) {
        let is_new = self.depth == 0 && !self.facts.whole && !self.facts.odd;
        if let Some(facts) = Some(data).filter(|_| is_new).and_then(at_once) {
            self.facts = facts;
            return;
        }
        let mut rest = data;
        while !rest.is_empty() {
            rest = if self.in_string {
                self.string(rest)
            } else if self.depth > 2 {
                self.deep(rest)
            } else {
                self.near(rest)
            };
        }
    }

    /// Reads until a string begins, or what is too deep to be looked at, and returns what follows.
    fn near<'a>(&mut self, data: &'a [u8]) -> &'a [u8] {
        let mut rest = data;
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            match byte {
                b'"' => {
                    self.is_name = std::mem::take(&mut self.at_name);
                    self.word.len = 0;
                    if self.depth == 0 {
                        self.facts.odd = true;
                    }
                    if !self.is_name && self.is_near() {
                        self.facts.value(self.path(), b"\"");
                    }
                    let Some((string, after)) = whole_string(rest) else {
                        self.in_string = true;
                        return rest;
                    };
                    if self.is_name {
                        self.name = Name::of(string);
                    }
                    rest = after;
                }
                b'{' | b'[' => {
                    self.open(byte == b'{');
                    if self.depth > 2 {
                        return rest;
                    }
                }
                b'}' | b']' => self.close(),
                b',' => {
                    self.end_value();
                    self.at_name = self.is_near() && self.innermost_is_object();
                }
                b':' => self.name(),
                b' ' | b'\t' | b'\r' | b'\n' => {}
                _ => {
                    if self.depth == 0 {
                        self.facts.odd = true;
                    }
                    if self.is_near() {
                        self.word.push(&[byte]);
                    }
                }
            }
        }
        rest
    }

    /// Reads until a string begins, or the depth is one to be looked at, and returns what follows.
    fn deep<'a>(&mut self, data: &'a [u8]) -> &'a [u8] {
        let mut rest = data;
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            match byte {
                b'"' => match whole_string(rest) {
                    Some((_, after)) => rest = after,
                    None => {
                        self.in_string = true;
                        return rest;
                    }
                },
                b'{' | b'[' => self.depth = self.depth.saturating_add(1),
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth <= 2 {
                        return rest;
                    }
                }
                _ => {}
            }
        }
        rest
    }

    /// Reads in a string, and what of `data` comes after that.
    fn string<'a>(&mut self, data: &'a [u8]) -> &'a [u8] {
        if std::mem::take(&mut self.escaped) {
            return data.get(1..).unwrap_or_default();
        }
        let Some((part, after)) = whole_string(data) else {
            self.escaped = escapes_next(data);
            self.keep(data);
            return &[];
        };
        self.in_string = false;
        self.keep(part);
        if self.is_name {
            self.name = Name::of(self.word.get());
        }
        after
    }

    fn keep(&mut self, part: &[u8]) {
        if self.is_name {
            self.word.push(part);
        }
    }

    fn open(&mut self, is_object: bool) {
        if self.is_near() {
            self.facts
                .value(self.path(), if is_object { b"{" } else { b"[" });
        }
        if self.depth == 0 && self.facts.whole {
            self.facts.odd = true;
        }
        if let Some(innermost) = self.is_object.get_mut(self.depth as usize) {
            *innermost = is_object;
        }
        self.depth = self.depth.saturating_add(1);
        if let Some(name) = self.names.get_mut((self.depth - 1) as usize) {
            *name = Name::Other;
        }
        self.word.len = 0;
        self.is_name = false;
        self.at_name = is_object && self.is_near();
    }

    fn close(&mut self) {
        self.end_value();
        self.at_name = false;
        match self.depth.checked_sub(1) {
            None => self.facts.odd = true,
            Some(depth) => {
                self.depth = depth;
                self.facts.whole |= depth == 0;
            }
        }
    }

    /// A name has ended, and a value follows.
    fn name(&mut self) {
        if !self.is_near() {
            return;
        }
        let is_name = std::mem::take(&mut self.is_name);
        let name = if is_name { self.name } else { Name::Other };
        self.word.len = 0;
        if let Some(last) = self.names.get_mut((self.depth - 1) as usize) {
            *last = name;
        }
        if self.depth == 1 {
            self.facts.member(name);
        }
    }

    /// A value that is no string, object or array has ended, if there was one.
    fn end_value(&mut self) {
        if self.is_near() && self.word.len > 0 && !self.is_name {
            self.facts.value(self.path(), self.word.get());
        }
        self.word.len = 0;
        self.is_name = false;
    }

    /// Whether it is in the document itself, or in an object or array in it.
    const fn is_near(&self) -> bool {
        matches!(self.depth, 1 | 2)
    }

    fn innermost_is_object(&self) -> bool {
        let innermost = self.is_object.get((self.depth as usize).wrapping_sub(1));
        innermost.copied().unwrap_or(false)
    }

    fn path(&self) -> [Name; 2] {
        let [first, second] = self.names;
        [first, if self.depth == 2 { second } else { Name::None }]
    }
}

/// The facts of a document of which all is at hand, as most are: then nothing has to be remembered from
/// byte to byte. `None` if it is not whole, or odd in any way.
fn at_once(document: &[u8]) -> Option<Facts> {
    if document.trim_ascii_end().last() != Some(&b'}') {
        return None;
    }
    let mut facts = Facts::default();
    let [b'{', rest @ ..] = token(document) else {
        return None;
    };
    let after = members(rest, None, &mut facts)?;
    facts.whole = true;
    after.trim_ascii().is_empty().then_some(facts)
}

/// Reads the members of the object that `data` begins in: of the document, or of the member of that
/// name. Returns what comes after it.
fn members<'a>(data: &'a [u8], of: Option<Name>, facts: &mut Facts) -> Option<&'a [u8]> {
    let mut rest = data;
    loop {
        let [b'"', name @ ..] = token(rest) else {
            return None;
        };
        let (name, after) = whole_string(name)?;
        let name = Name::of(name);
        let path = of.map_or([name, Name::None], |of| [of, name]);
        if of.is_none() {
            facts.member(name);
        }
        let [b':', value @ ..] = token(after) else {
            return None;
        };
        let value = token(value);
        let (beginning, after) = match value {
            [b'"', rest @ ..] => (&b"\""[..], whole_string(rest)?.1),
            [b'[', rest @ ..] => (&b"["[..], nested(rest)?),
            [b'{', rest @ ..] if path == [Name::GenerationConfig, Name::None] => {
                (&b"{"[..], members(rest, Some(name), facts)?)
            }
            [b'{', rest @ ..] => (&b"{"[..], nested(rest)?),
            _ => {
                let end = value.iter().position(|byte| !is_scalar(*byte));
                value.split_at_checked(end.filter(|end| *end > 0)?)?
            }
        };
        if name != Name::Other {
            facts.value(path, beginning);
        }
        match token(after) {
            [b',', after @ ..] => rest = after,
            [b'}', after @ ..] => return Some(after),
            _ => return None,
        }
    }
}

/// The same without white space before it.
fn token(data: &[u8]) -> &[u8] {
    match data {
        [b' ' | b'\t' | b'\r' | b'\n', ..] => data.trim_ascii_start(),
        _ => data,
    }
}

impl Word {
    fn push(&mut self, part: &[u8]) {
        for byte in part {
            if let Some(room) = self.bytes.get_mut(self.len) {
                *room = *byte;
            }
            // One more than there is room for: it is longer than any that is known.
            self.len = (self.len + 1).min(self.bytes.len() + 1);
        }
    }

    fn get(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
