//! The part of Fluent that the built-in texts are written in.
//!
//! Messages with variables, references to other messages, and choices by number, plural category
//! or text (<https://projectfluent.org/fluent/guide/>). Nothing is parsed ahead of time: a message
//! is looked up in the text of its file when it is needed, which is after a failure. The tests
//! compare every message with what the `fluent-bundle` crate makes of it.

use super::language::Plural;

/// What a variable stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    Text(&'a str),
    Number(u64),
}

/// Variables and their values.
pub(crate) type Args<'a> = [(&'static str, Value<'a>)];

/// How deeply messages may refer to each other. The texts need two.
const DEPTH: u8 = 8;

/// The texts of one language: the contents of an `.ftl` file, and how it counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Texts {
    pub(crate) source: &'static str,
    pub(crate) plural: fn(u64) -> Plural,
}

impl Texts {
    /// Adds the message to `out`; false if there is no such message.
    pub(crate) fn write(&self, id: &str, args: &Args<'_>, out: &mut String) -> bool {
        self.message(id, args, out, DEPTH)
    }

    fn message(&self, id: &str, args: &Args<'_>, out: &mut String, depth: u8) -> bool {
        let (Some(pattern), Some(depth)) = (self.pattern(id), depth.checked_sub(1)) else {
            return false;
        };
        self.expand(pattern, args, out, depth);
        true
    }

    /// What follows `id =`, up to the next entry.
    fn pattern(&self, id: &str) -> Option<&'static str> {
        let mut rest = self.source;
        loop {
            let (before, after) = rest.split_once(id)?;
            rest = after;
            let at_line = before.is_empty() || before.ends_with('\n');
            let Some(pattern) = after.strip_prefix(" =").filter(|_| at_line) else {
                continue;
            };
            let of_pattern = |line: &&str| line.starts_with([' ', '}']) || line.trim().is_empty();
            let first = pattern.split_inclusive('\n').next().unwrap_or_default();
            let others = pattern.get(first.len()..).unwrap_or_default();
            let more: usize = others
                .split_inclusive('\n')
                .take_while(of_pattern)
                .map(str::len)
                .sum();
            return pattern.get(..first.len() + more).map(str::trim);
        }
    }

    fn expand(&self, pattern: &str, args: &Args<'_>, out: &mut String, depth: u8) {
        let mut rest = pattern;
        while let Some((text, after)) = rest.split_once('{') {
            out.push_str(text);
            let end = closing(after).unwrap_or(after.len());
            let (inner, after) = after.split_at(end);
            self.place(inner.trim(), args, out, depth);
            rest = after.get(1..).unwrap_or_default();
        }
        out.push_str(rest);
    }

    /// Adds what stands for the inner part of `{ ... }`.
    fn place(&self, inner: &str, args: &Args<'_>, out: &mut String, depth: u8) {
        if let Some((selector, variants)) = inner.split_once("->") {
            let name = selector.trim().strip_prefix('$').unwrap_or_default();
            if let Some(chosen) = self.choose(find(args, name), variants) {
                self.expand(chosen, args, out, depth);
            }
        } else if let Some(name) = inner.strip_prefix('$') {
            match find(args, name) {
                Some(Value::Text(text)) => out.push_str(text),
                Some(Value::Number(n)) => out.push_str(&n.to_string()),
                None => {}
            }
        } else if let Some(literal) = inner.strip_prefix('"') {
            out.push_str(literal.trim_end_matches('"'));
        } else {
            self.message(inner, args, out, depth);
        }
    }

    /// The variant whose key fits, or the one marked as the default.
    fn choose<'a>(&self, value: Option<Value<'_>>, variants: &'a str) -> Option<&'a str> {
        let mut default = None;
        for line in variants.lines() {
            let line = line.trim();
            let (is_default, line) = match line.strip_prefix('*') {
                Some(line) => (true, line),
                None => (false, line),
            };
            let Some((key, text)) = line.strip_prefix('[').and_then(|line| line.split_once(']'))
            else {
                continue;
            };
            let fits = match value {
                Some(Value::Text(text)) => text == key,
                Some(Value::Number(n)) => {
                    key.parse() == Ok(n) || key == (self.plural)(n).category()
                }
                None => false,
            };
            if fits {
                return Some(text.trim());
            }
            if is_default {
                default = Some(text.trim());
            }
        }
        default
    }
}

fn find<'a>(args: &Args<'a>, name: &str) -> Option<Value<'a>> {
    args.iter()
        .find(|(own, _)| *own == name)
        .map(|(_, value)| *value)
}

/// Where the brace closes that was opened before this text.
fn closing(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    text.char_indices().find_map(|(at, c)| {
        match c {
            '{' => open += 1,
            '}' if open == 0 => return Some(at),
            '}' => open -= 1,
            _ => {}
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: Texts = Texts {
        source: "# said = no\nsaid-more = more\nsaid = { $who ->\n    [nobody] Silence\n   \
                 *[somebody] { $who } spoke { x-times }\n}\nx-times = { $n ->\n    [1] once\n    \
                 [one] never\n   *[other] { $n } times{ $none }\n}\n\n# end\nround = { round }x\n\
                 half = { \"{\nempty = {\"\"}\n",
        plural: |n| if n == 1 { Plural::One } else { Plural::Other },
    };

    fn said(id: &str, args: &Args<'_>) -> Option<String> {
        let mut out = String::new();
        TEXTS.write(id, args, &mut out).then_some(out)
    }

    #[test]
    fn messages_are_found_and_filled() {
        let args = |who, n| [("who", Value::Text(who)), ("n", Value::Number(n))];
        for (who, n, expected) in [
            ("nobody", 1, "Silence"),
            ("Ann", 1, "Ann spoke once"),
            ("Ann", 3, "Ann spoke 3 times"),
            ("{ said-more }", 3, "{ said-more } spoke 3 times"),
        ] {
            assert_eq!(said("said", &args(who, n)).as_deref(), Some(expected));
        }
        assert_eq!(said("said-more", &[]).as_deref(), Some("more"));
        assert_eq!(said("empty", &[]).as_deref(), Some(""));
        assert_eq!(said("sai", &[]), None);
        assert_eq!(said("aid-more", &[]), None);
    }

    #[test]
    fn what_is_malformed_ends() {
        assert_eq!(said("round", &[]).as_deref(), Some("xxxxxxxx"));
        assert!(said("half", &[]).is_some());
    }
}
