//! Lines of a terminal.

/// How many columns the text takes.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// Columns of a character: two for those of East Asian scripts (Unicode Standard Annex 11), none
/// for marks that combine with the one before.
fn width(c: char) -> usize {
    match u32::from(c) {
        0x300..=0x36f | 0x200d | 0x20d0..=0x20ff | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0x33ff
        | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff
        | 0xa000..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe4f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// Whether a line may begin with this wide character: closing marks stay with what they close.
fn may_begin(c: char) -> bool {
    !"、。，．：；！？）」』】〉》ー々っゃゅょッャュョァィゥェォ".contains(c)
}

/// The lines of a text of which none is wider than asked, unless a single word is.
///
/// Broken at spaces, and before the characters of scripts that are written without any.
pub(super) struct Wrapped<'a> {
    rest: &'a str,
    width: usize,
}

impl<'a> Wrapped<'a> {
    pub(super) fn new(text: &'a str, width: usize) -> Self {
        Wrapped {
            rest: text.trim(),
            width: width.max(1),
        }
    }
}

impl<'a> Iterator for Wrapped<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let (mut taken, mut last_break) = (0, None);
        for (at, c) in self.rest.char_indices() {
            let wide = width(c) == 2;
            if at > 0 && (c == ' ' || (wide && may_begin(c))) {
                last_break = Some(at);
            }
            taken += width(c);
            // A space at the end takes no room.
            if taken > self.width && c != ' ' {
                if let Some(at) = last_break {
                    let (line, rest) = self.rest.split_at(at);
                    self.rest = rest.trim_start();
                    return Some(line.trim_end());
                }
            }
        }
        Some(std::mem::take(&mut self.rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_where_they_may_be() {
        for (text, width, expected) in [
            ("", 9, &[][..]),
            ("one two three", 20, &["one two three"]),
            ("one two three", 7, &["one two", "three"]),
            ("one two three", 6, &["one", "two", "three"]),
            ("one  two", 4, &["one", "two"]),
            ("incomprehensible is", 5, &["incomprehensible", "is"]),
            ("接続が切れました。", 8, &["接続が切", "れまし", "た。"]),
            ("接続です。", 8, &["接続で", "す。"]),
            ("VPN を切る", 7, &["VPN を", "切る"]),
            ("e\u{301}e\u{301} x", 2, &["e\u{301}e\u{301}", "x"]),
        ] {
            let lines: Vec<&str> = Wrapped::new(text, width).collect();
            assert_eq!(lines, expected, "{text:?} in {width}");
        }
    }
}
