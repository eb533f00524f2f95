//! One bounded copy of the text in a form that rules can be written against.
//!
//! Spelling that differs between runtimes but says the same is made equal: `ReadTimeout`,
//! `READ_TIMEOUT`, `read-timeout` and `Read timeout` all become `read timeout`. What differs from
//! one occurrence to the next and says nothing, such as addresses, hosts, paths and ids, becomes
//! [`MASK`], so that a host called `timeout.example.com` is not taken for a timeout.

/// How much of the beginning of a text is read. Bytes.
pub(super) const HEAD: usize = 16 * 1024;
/// How much of the end of a longer text is read. Bytes.
pub(super) const TAIL: usize = 4 * 1024;
/// Stands for an address, a host, a path or an id.
const MASK: char = '@';

/// Endings of host names, beside all of two letters.
const DOMAINS: &[&str] = &[
    "app",
    "arpa",
    "cloud",
    "com",
    "corp",
    "dev",
    "edu",
    "example",
    "gov",
    "home",
    "host",
    "internal",
    "invalid",
    "lan",
    "land",
    "local",
    "localdomain",
    "net",
    "org",
    "svc",
    "test",
    "tech",
    "xyz",
];

/// Vendors of filters whose block pages are known by the hosts they link to.
const FILTERS: &[&str] = &[
    "fortinet",
    "forcepoint",
    "netskope",
    "opendns",
    "radware",
    "websense",
    "zscaler",
    "zscloud",
    "zscalerone",
    "zscalertwo",
    "zscalerthree",
];

/// The normal form of `text`: at most [`HEAD`] and [`TAIL`] bytes of it.
pub(super) fn normal(text: &str) -> String {
    let mut out = Out(String::with_capacity(text.len().min(HEAD + TAIL) + 64));
    if text.len() <= HEAD + TAIL {
        out.add(text);
    } else {
        let (head, rest) = text.split_at(text.floor_char_boundary(HEAD));
        let (_, tail) = rest.split_at(rest.floor_char_boundary(rest.len() - TAIL));
        out.add(head);
        out.space();
        out.add(tail);
    }
    out.0
}

/// The lines of a text; those of a text in a string of JSON, too.
struct Lines<'a>(&'a str);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let bytes = self.0.as_bytes();
        let end = |i: &usize| match bytes.get(*i) {
            Some(b'\n') => true,
            Some(b'\\') => bytes.get(i + 1) == Some(&b'n'),
            _ => false,
        };
        let at = (0..bytes.len()).find(end).unwrap_or(bytes.len());
        let (line, rest) = self.0.split_at(at);
        self.0 = rest
            .strip_prefix('\n')
            .or_else(|| rest.strip_prefix("\\n"))
            .unwrap_or(rest);
        Some(line)
    }
}

/// What a line is in a stack trace: the names of functions say nothing of what happened.
#[derive(PartialEq)]
enum Line {
    Text,
    Indented,
    Frame,
}

impl Line {
    fn of(line: &str) -> Self {
        let line = line.trim_end();
        let bare = line
            .strip_prefix("\\t")
            .unwrap_or(line)
            .trim_start_matches([' ', '\t']);
        let frame = (bare.starts_with("at ") && bare.contains(['(', ':']))
            || (bare.starts_with("File \"") && bare.contains(", line "))
            || (bare.starts_with("from ") && bare.contains(":in "))
            || bare.starts_with("--- End of ")
            || (!bare.is_empty() && bare.bytes().all(|b| b"^~".contains(&b)));
        match frame && bare.len() < line.len() {
            true => Line::Frame,
            false if line.starts_with("    ") => Line::Indented,
            false => Line::Text,
        }
    }
}

struct Out(String);

impl Out {
    fn add(&mut self, text: &str) {
        let mut lines = Lines(text);
        let mut in_frame = false;
        while let Some(line) = lines.next() {
            let kind = Line::of(line);
            // Python prints the line of code below each frame.
            if kind == Line::Text || (kind == Line::Indented && !in_frame) {
                self.add_line(line);
                self.space();
            }
            in_frame = kind == Line::Frame;
        }
    }

    fn add_line(&mut self, mut text: &str) {
        let mut before = ' ';
        while let Some(c) = text.chars().next() {
            let run = run_at(text);
            if run.is_empty() {
                let (_, rest) = text.split_at(self.add_char(c, text));
                text = rest;
                before = c;
                continue;
            }
            let len = self.add_run(run, before, text);
            before = run.chars().next_back().unwrap_or(c);
            let (_, rest) = text.split_at(len);
            text = rest;
        }
    }

    /// Adds what is no part of a run and returns how many bytes of `text` it took.
    fn add_char(&mut self, c: char, text: &str) -> usize {
        match c {
            // The escapes of JSON in a string, and of strings in strings.
            '\\' => match text.as_bytes().get(1) {
                Some(b'n' | b'r' | b't') => {
                    self.space();
                    return 2;
                }
                Some(b'"' | b'\'' | b'\\' | b'/') => {}
                _ => self.0.push(c),
            },
            '\u{2018}' | '\u{2019}' => self.0.push('\''),
            c if c.is_whitespace() || c.is_control() => self.space(),
            c => self.0.push(c.to_ascii_lowercase()),
        }
        c.len_utf8()
    }

    /// Adds a run and returns how many bytes of `text`, which begins with it, it took.
    fn add_run(&mut self, run: &str, before: char, text: &str) -> usize {
        if let Some(colon) = run.find("://") {
            let scheme = run[..colon]
                .rfind(|c: char| !c.is_ascii_alphanumeric() && c != '+')
                .map_or(0, |at| at + 1);
            self.words(&run[..scheme]);
            let end = text.find(ends_url).unwrap_or(text.len()).max(run.len());
            let url = &text[scheme..end];
            self.mask(if points_to_filter(url) {
                "blockpage"
            } else {
                ""
            });
            return end;
        }
        let kernel = run.trim_end_matches(['.', ':', '-', '/', '%']);
        let kernel = if kernel.is_empty() { run } else { kernel };
        let path = kernel.len() > 1
            && kernel.starts_with('/')
            && before != '<'
            && !before.is_ascii_alphanumeric();
        if path || is_address(kernel) {
            self.mask(if points_to_filter(kernel) {
                "blockpage"
            } else {
                ""
            });
            self.0.push_str(&run[kernel.len()..]);
        } else {
            self.words(run);
        }
        run.len()
    }

    fn mask(&mut self, with: &str) {
        self.0.push(MASK);
        self.0.push_str(with);
    }

    /// Adds a run piece by piece, its names split into words.
    fn words(&mut self, run: &str) {
        for piece in run.split_inclusive([':', '.', '/', '%', '@']) {
            let name = piece.trim_end_matches([':', '.', '/', '%', '@']);
            if is_id(name) {
                self.0.push(MASK);
            } else {
                self.name(name.as_bytes());
            }
            self.0.push_str(&piece[name.len()..]);
        }
    }

    /// Adds `ConnectionReset`, `CONNECTION_RESET` and `connection-reset` as `connection reset`.
    fn name(&mut self, name: &[u8]) {
        let at = |i: usize| name.get(i).copied().unwrap_or(b' ');
        for (i, &b) in name.iter().enumerate() {
            let (before, after) = (at(i.wrapping_sub(1)), at(i + 1));
            match b {
                b'_' => self.space(),
                b'-' if before.is_ascii_alphanumeric() && after.is_ascii_alphabetic() => {
                    self.space();
                }
                b'A'..=b'Z' => {
                    let plural = after == b's' && !at(i + 2).is_ascii_alphabetic();
                    let begins = before.is_ascii_lowercase()
                        || (before.is_ascii_alphanumeric()
                            && after.is_ascii_lowercase()
                            && !plural);
                    if begins {
                        self.space();
                    }
                    self.0.push(b.to_ascii_lowercase().into());
                }
                _ => self.0.push(b.into()),
            }
        }
    }

    fn space(&mut self) {
        if !self.0.ends_with(' ') {
            self.0.push(' ');
        }
    }
}

/// The letters, digits and joining marks that `text` begins with.
fn run_at(text: &str) -> &str {
    let joins = |c: char| c.is_ascii_alphanumeric() || "_-.:/@%".contains(c);
    let end = text.find(|c| !joins(c)).unwrap_or(text.len());
    let (run, _) = text.split_at(end);
    run
}

fn ends_url(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '"' | '\'' | '<' | '>' | ')' | '}' | '`' | '\\')
}

/// Hosts with a dot, addresses of both versions, with or without a port, and times of day.
fn is_address(run: &str) -> bool {
    let (first, _) = run.split_once('/').unwrap_or((run, ""));
    let (host, port) = match first.rsplit_once(':') {
        Some((host, port)) if is_number(port) && !host.contains(':') => (host, true),
        _ => (first, false),
    };
    is_v4(host) || is_v6(first) || is_host(host, port)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_v4(text: &str) -> bool {
    text.split('.').count() == 4
        && text
            .split('.')
            .all(|part| part.len() <= 3 && is_number(part))
}

fn is_v6(text: &str) -> bool {
    text.matches(':').count() >= 2
        && text
            .split(':')
            .all(|part| part.len() <= 5 && part.bytes().all(|b| b.is_ascii_hexdigit() || b == b'.'))
}

fn is_host(text: &str, port: bool) -> bool {
    if text == "localhost" {
        return true;
    }
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let Some((_, last)) = text.rsplit_once('.') else {
        return false;
    };
    let letters = last.bytes().all(|b| b.is_ascii_lowercase());
    text.split('.').all(label) && letters && (last.len() == 2 || port || DOMAINS.contains(&last))
}

/// Whether letters and digits change places so often that it is no name that somebody gave.
fn is_id(name: &str) -> bool {
    if name.len() < 12 || name.starts_with("0x") {
        return false;
    }
    let flips = name
        .as_bytes()
        .windows(2)
        .filter(|pair| match pair {
            [a, b] => {
                (a.is_ascii_digit() && b.is_ascii_alphabetic())
                    || (a.is_ascii_alphabetic() && b.is_ascii_digit())
            }
            _ => false,
        })
        .count();
    flips >= 4
}

fn points_to_filter(address: &str) -> bool {
    let host = address.split_once("://").map_or(address, |(_, rest)| rest);
    let (host, _) = host.split_once(['/', '?']).unwrap_or((host, ""));
    host.split(['.', '@', ':'])
        .any(|label| FILTERS.contains(&label))
}
