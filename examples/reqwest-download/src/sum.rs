//! The line for a file, as `sha256sum` prints it and `sha256sum --check` reads it.

use std::path::Path;

/// A name that would break the line is escaped, and a backslash before the sum says so (GNU
/// coreutils, "cksum general options").
pub(crate) fn line(sum: &[u8], file: &Path) -> Vec<u8> {
    let name = file.as_os_str().as_encoded_bytes();
    let mut escaped = Vec::with_capacity(name.len());
    for byte in name {
        match byte {
            b'\\' => escaped.extend(b"\\\\"),
            b'\n' => escaped.extend(b"\\n"),
            b'\r' => escaped.extend(b"\\r"),
            other => escaped.push(*other),
        }
    }
    let mark = if escaped == name { "" } else { "\\" };
    let hex: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut line = format!("{mark}{hex}  ").into_bytes();
    line.append(&mut escaped);
    line.push(b'\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_break_the_line_are_escaped() {
        for (name, expected) in [
            ("a b", "00ff  a b\n"),
            ("a\nb", "\\00ff  a\\nb\n"),
            ("a\rb", "\\00ff  a\\rb\n"),
            ("a\\nb", "\\00ff  a\\\\nb\n"),
        ] {
            assert_eq!(line(&[0, 255], Path::new(name)), expected.as_bytes());
        }
    }
}
