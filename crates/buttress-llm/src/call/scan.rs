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
mod tests {
    use super::*;
    use crate::call::facts::Answers;
    use fastrand::Rng;

    /// The facts, read in pieces of this many bytes.
    fn facts(doc: &str, piece: usize) -> Facts {
        let mut scan = Scan::default();
        for piece in doc.as_bytes().chunks(piece) {
            scan.read(piece);
        }
        scan.facts()
    }

    #[test]
    fn members_are_read_in_pieces_of_any_size() {
        let doc = r#" {"model":"m","messages":[{"role":"user","content":"\"stream\":true,{\\"}],
            "max_tokens":10,"n" : 2 ,"stream":true,"stream_options":{"include_usage":true},
            "background":true,"store":false,"error":null} "#;
        for piece in 1..doc.len() {
            let facts = facts(doc, piece);
            assert!(facts.whole && !facts.odd);
            assert!(facts.stream && facts.background);
            assert_eq!(facts.answers, Answers::Many(2));
            assert!(facts.not_stored && facts.messages && facts.max_tokens && !facts.error);
        }
    }

    enum Json {
        Word(&'static str),
        Text(&'static str),
        List(Vec<Json>),
        Object(Vec<(&'static str, Json)>),
    }

    impl Json {
        fn any(depth: u32, rng: &mut Rng) -> Self {
            let some = rng.usize(0..4);
            match rng.u32(0..if depth < 5 { 6 } else { 3 }) {
                0 => {
                    let texts = ["", "}", r"\\", r#"\",true"#, "stream", "long: ]} {\\n :,"];
                    Json::Text(rng.choice(texts).unwrap())
                }
                1 | 2 => {
                    let words = ["true", "false", "null", "1", "3", "-1.5e3"];
                    Json::Word(rng.choice(words).unwrap())
                }
                3 => Json::List((0..some).map(|_| Json::any(depth + 1, rng)).collect()),
                _ => Json::object(depth, some, rng),
            }
        }

        fn object(depth: u32, members: usize, rng: &mut Rng) -> Self {
            let names = [
                "stream",
                "background",
                "store",
                "n",
                "generation_config",
                "candidate_count",
                "messages",
                "max_tokens",
                "prompt",
                "error",
                "choices",
                "model",
                "contents",
                "input",
                "previous_response_id",
                "conversation",
                r"str\u0065am",
                "anthropic_version",
                "a name longer than all that are known",
            ];
            let mut member = || (rng.choice(names).unwrap(), Json::any(depth + 1, rng));
            Json::Object((0..members).map(|_| member()).collect())
        }

        fn write(&self, out: &mut String, rng: &mut Rng) {
            let mut space = |out: &mut String| {
                out.push_str(rng.choice(["", "", " ", "\t", "\r\n"]).unwrap());
            };
            space(out);
            match self {
                Json::Word(word) => out.push_str(word),
                Json::Text(text) => out.extend(["\"", text, "\""]),
                Json::List(items) => {
                    out.push('[');
                    for (n, item) in items.iter().enumerate() {
                        out.push_str(if n > 0 { "," } else { "" });
                        item.write(out, rng);
                    }
                    out.push(']');
                }
                Json::Object(members) => {
                    out.push('{');
                    for (n, (name, value)) in members.iter().enumerate() {
                        out.push_str(if n > 0 { ", \"" } else { "\"" });
                        out.extend([name, "\"\t:"]);
                        value.write(out, rng);
                    }
                    out.push('}');
                }
            }
            out.push_str(rng.choice(["", "", " ", "\n"]).unwrap());
        }

        fn beginning(&self) -> &[u8] {
            match self {
                Json::Word(word) => word.as_bytes(),
                Json::Text(_) => b"\"",
                Json::List(_) => b"[",
                Json::Object(_) => b"{",
            }
        }
    }

    #[test]
    fn a_document_of_any_shape_says_what_its_outer_members_say() {
        let rng = &mut Rng::with_seed(crate::samples::seed());
        for _ in 0..2_000 {
            let members = rng.usize(0..6);
            let json = Json::object(1, members, rng);
            let mut expected = Facts {
                whole: true,
                ..Facts::default()
            };
            let Json::Object(members) = &json else {
                unreachable!("asked for an object");
            };
            for (name, value) in members {
                let name = Name::of(name.as_bytes());
                expected.member(name);
                expected.value([name, Name::None], value.beginning());
                if let Json::Object(inner) = value {
                    for (inner, value) in inner {
                        expected.value([name, Name::of(inner.as_bytes())], value.beginning());
                    }
                }
            }
            let mut doc = String::new();
            json.write(&mut doc, rng);
            for piece in [1, 2, 3, rng.usize(4..40), doc.len()] {
                assert_eq!(facts(&doc, piece), expected, "{doc} by {piece}");
            }
        }
    }

    /// By single bytes nothing is read at once.
    #[test]
    fn what_is_read_at_once_is_what_is_read_by_bytes() {
        let rng = &mut Rng::with_seed(crate::samples::seed());
        let mut sound = 0;
        for _ in 0..4_000 {
            let mut doc = String::new();
            let members = rng.usize(0..4);
            Json::object(1, members, rng).write(&mut doc, rng);
            let mut doc = doc.into_bytes();
            for _ in 0..rng.usize(0..3) {
                let at = rng.usize(0..doc.len());
                match rng.choice(b"{}[]\",:\\ n1").unwrap() {
                    b'n' => {
                        doc.remove(at);
                    }
                    other => doc[at] = *other,
                }
            }
            let Ok(doc) = String::from_utf8(doc) else {
                continue;
            };
            sound += usize::from(at_once(doc.as_bytes()).is_some());
            assert_eq!(facts(&doc, doc.len().max(1)), facts(&doc, 1), "{doc}");
        }
        assert!((400..3_600).contains(&sound), "{sound}");
    }

    #[test]
    fn the_number_of_answers_may_stand_deeper() {
        let doc = r#"{"contents":[],"generationConfig":{"topK":1,"candidateCount":3}}"#;
        for piece in 1..doc.len() {
            assert_eq!(facts(doc, piece).answers, Answers::Many(3));
        }
        let one = r#"{"contents":[{"candidateCount":3}],"generationConfig":{"candidateCount":1}}"#;
        assert_eq!(facts(one, 7).answers, Answers::One);
        for unclear in [
            r#"{"contents":[],"generationConfig":{"candidateCount":"2"}}"#,
            r#"{"prompt":["a","b"],"stream":true}"#,
            r#"{"messages":[],"n":-1}"#,
        ] {
            assert_eq!(facts(unclear, 7).answers, Answers::Many(0), "{unclear}");
        }
    }

    #[test]
    fn only_the_outermost_members_count() {
        for doc in [
            r#"{"messages":[{"stream":true,"n":3}],"metadata":{"stream":true}}"#,
            r#"{"messages":["stream",true],"x":"stream"}"#,
            r#"{"messages":[],"stream":false,"n":1}"#,
            r#"{"messages":[],"stream":"true","n":null}"#,
            r#"{"messages":[],"str\u0065am":true}"#,
        ] {
            let facts = facts(doc, 3);
            assert!(facts.whole && facts.messages, "{doc}");
            assert!(!facts.stream && facts.answers == Answers::One, "{doc}");
        }
    }

    #[test]
    fn a_cut_document_is_not_whole() {
        let doc = r#"{"id":"x","choices":[{"message":{"content":"}]}"}}],"error":{"a":1}}"#;
        for cut in 0..doc.len() {
            assert!(!facts(&doc[..cut], 5).whole, "{}", &doc[..cut]);
        }
        assert!(facts(doc, 5).whole);
        assert!(facts(doc, 5).error);
    }

    #[test]
    fn a_quotation_mark_after_an_odd_number_of_escapes_is_part_of_the_string() {
        for escapes in 0..40 {
            // The member is one of the document, or in the string before it.
            let doc = format!(
                "{{\"x\":\"{}\",\"n\":2,\"y\":\"{}\"}}",
                "\\".repeat(escapes),
                "\\".repeat(escapes)
            );
            let expected = if escapes % 2 == 0 {
                Answers::Many(2)
            } else {
                Answers::One
            };
            for piece in [1, 2, 3, 5, 8, 13, doc.len()] {
                let facts = facts(&doc, piece);
                assert_eq!(facts.answers, expected, "{doc} {piece}");
                assert_eq!(facts.whole, escapes % 2 == 0, "{doc} {piece}");
            }
        }
    }

    #[test]
    fn what_is_no_document_is_odd() {
        for (doc, odd) in [
            ("<html>", true),
            ("\"text\"", true),
            ("{}{}", true),
            ("}", true),
            ("[1,2]", false),
            ("", false),
            ("  {} \n", false),
        ] {
            assert_eq!(facts(doc, 2).odd, odd, "{doc}");
        }
    }
}
