//! JSON read in place: one pass, no allocation, and every value knows where it stands.
//!
//! Only what is asked for is looked at; the rest is passed over by its brackets and quotes, so
//! malformed numbers or literals inside of it go unnoticed. What counts is that nothing whole is
//! ever seen in a document that was cut.

mod pass;
mod string;

pub(crate) use self::pass::{escapes_next, nested, whole_string};
pub(crate) use self::string::Str;

use std::ops::Range;

/// A place in a document, moving forward.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    doc: &'a [u8],
    at: usize,
    /// The document is cut or malformed here: nothing more is read.
    broken: bool,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(doc: &'a [u8]) -> Self {
        Reader {
            doc,
            at: 0,
            broken: false,
        }
    }

    /// Whether what has been read so far was well formed.
    pub(crate) const fn is_sound(&self) -> bool {
        !self.broken
    }

    /// Whether nothing but white space is left.
    pub(crate) fn is_at_end(&mut self) -> bool {
        self.peek().is_none() && !self.broken
    }

    /// Reads an object: `member` is shown each name as it was sent, and reads the value or leaves
    /// it. `false` when the next value is no object, which is left.
    pub(crate) fn object(&mut self, mut member: impl FnMut(&'a [u8], &mut Self)) -> bool {
        if self.peek() != Some(b'{') {
            return false;
        }
        self.at += 1;
        if self.ends(b'}') {
            return true;
        }
        loop {
            let Some(name) = self.string() else {
                return self.fail();
            };
            if self.peek() != Some(b':') {
                return self.fail();
            }
            self.at += 1;
            self.value(|reader| member(name.raw(), reader));
            if self.broken || self.goes_on(b'}') != Some(true) {
                return true;
            }
        }
    }

    /// Reads an array: `item` is shown each place in it, and reads the value or leaves it. `false`
    /// when the next value is no array, which is left.
    pub(crate) fn array(&mut self, mut item: impl FnMut(&mut Self)) -> bool {
        if self.peek() != Some(b'[') {
            return false;
        }
        self.at += 1;
        if self.ends(b']') {
            return true;
        }
        loop {
            self.value(&mut item);
            if self.broken || self.goes_on(b']') != Some(true) {
                return true;
            }
        }
    }

    /// Reads a string; `None` when the next value is none, which is left.
    pub(crate) fn string(&mut self) -> Option<Str<'a>> {
        if self.peek() != Some(b'"') {
            return None;
        }
        let start = self.at + 1;
        let Some((raw, _)) = self.doc.get(start..).and_then(whole_string) else {
            self.fail();
            return None;
        };
        self.at = start + raw.len() + 1;
        Some(Str::new(raw, start))
    }

    /// Reads a number that is a whole one and not negative; `None` when the next value is no such
    /// number.
    pub(crate) fn number(&mut self) -> Option<u64> {
        if !self.peek()?.is_ascii_digit() {
            return None;
        }
        let span = self.skip();
        let text = std::str::from_utf8(self.doc.get(span)?).ok()?;
        text.trim_ascii_end().parse().ok()
    }

    /// Reads `true` or `false`; `None` when the next value is neither.
    pub(crate) fn boolean(&mut self) -> Option<bool> {
        let is = match self.peek()? {
            b't' => true,
            b'f' => false,
            _ => return None,
        };
        self.skip();
        Some(is)
    }

    /// Whether the next value is `null`. It is left.
    pub(crate) fn is_null(&mut self) -> bool {
        self.peek() == Some(b'n')
    }

    /// Whether the next value says nothing: `null`, or an empty string, array or object. It is left.
    pub(crate) fn is_blank(&mut self) -> bool {
        let mut look = self.clone();
        match look.peek() {
            Some(b'n') => true,
            Some(b'[') => {
                look.at += 1;
                look.peek() == Some(b']')
            }
            Some(b'{') => {
                look.at += 1;
                look.peek() == Some(b'}')
            }
            Some(b'"') => self.doc.get(look.at + 1) == Some(&b'"'),
            _ => false,
        }
    }

    /// Whether the next value is a string, array or object that says something. It is left.
    pub(crate) fn is_said(&mut self) -> bool {
        matches!(self.peek(), Some(b'"' | b'[' | b'{')) && !self.is_blank()
    }

    /// Passes over the next value: where it stands.
    pub(crate) fn skip(&mut self) -> Range<usize> {
        let Some(first) = self.peek() else {
            self.fail();
            return self.at..self.at;
        };
        let start = self.at;
        match first {
            b'"' => {
                self.string();
            }
            b'{' | b'[' => self.skip_nested(),
            b'}' | b']' | b',' | b':' => {
                self.fail();
            }
            _ => {
                while self.doc.get(self.at).is_some_and(|b| is_scalar(*b)) {
                    self.at += 1;
                }
                // A number at the very end may have been cut.
            }
        }
        start..self.at
    }

    /// The bytes of a place in the document.
    pub(crate) fn bytes(&self, span: Range<usize>) -> &'a [u8] {
        self.doc.get(span).unwrap_or_default()
    }

    fn skip_nested(&mut self) {
        match self.doc.get(self.at + 1..).and_then(nested) {
            Some(after) => self.at = self.doc.len() - after.len(),
            None => {
                self.fail();
            }
        }
    }

    /// Shows a value to `read`, and passes over it if it was left.
    fn value(&mut self, read: impl FnOnce(&mut Self)) {
        if self.peek().is_none() {
            self.fail();
            return;
        }
        let before = self.at;
        read(self);
        if self.at == before && !self.broken {
            self.skip();
        }
    }

    /// After a value: whether another one follows, or this was the last.
    fn goes_on(&mut self, close: u8) -> Option<bool> {
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Some(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Some(false)
            }
            _ => {
                self.fail();
                None
            }
        }
    }

    fn ends(&mut self, close: u8) -> bool {
        let ends = self.peek() == Some(close);
        if ends {
            self.at += 1;
        }
        ends
    }

    /// The first byte of the next token.
    fn peek(&mut self) -> Option<u8> {
        if self.broken {
            return None;
        }
        loop {
            match self.doc.get(self.at)? {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                byte => return Some(*byte),
            }
        }
    }

    fn fail(&mut self) -> bool {
        self.broken = true;
        true
    }
}

pub(crate) const fn is_scalar(byte: u8) -> bool {
    !matches!(
        byte,
        b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' | b'}' | b']' | b'{' | b'[' | b'"'
    )
}

#[cfg(test)]
mod tests;
