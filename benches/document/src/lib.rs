//! Writes what was measured into `docs/benchmarks.md`, so that nobody types a figure, and draws it.
//!
//! A table stands between two comments, `<!-- NAME -->` and `<!-- /NAME -->`. What is between them
//! belongs to the program that measures.

mod bars;

pub use self::bars::{Bar, bars};

use std::path::{Path, PathBuf};
use std::{fs, io};

/// The root of the workspace.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// Puts `text` into `docs/benchmarks.md`, between the two comments of this name.
///
/// # Errors
///
/// When the file can't be read or written, or has no such comments.
pub fn write(name: &str, text: &str) -> io::Result<()> {
    let file = root().join("docs/benchmarks.md");
    let old = fs::read_to_string(&file)?;
    let new = replaced(&old, name, text);
    fs::write(
        file,
        new.ok_or_else(|| io::Error::other(format!("no place for {name}")))?,
    )
}

/// Writes a picture into `docs`.
///
/// # Errors
///
/// When the file can't be written.
pub fn draw(file: &str, svg: &str) -> io::Result<()> {
    fs::write(root().join("docs").join(file), svg)
}

/// The version of a package that this was built with, by the lock file.
///
/// # Errors
///
/// When the lock file can't be read, or has no such package.
pub fn version(package: &str) -> io::Result<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock"))?;
    let found = latest(&lock, package);
    found.ok_or_else(|| io::Error::other(format!("no {package} in Cargo.lock")))
}

/// Of several versions the last one, which is the youngest.
fn latest(lock: &str, package: &str) -> Option<String> {
    let lock: toml::Table = lock.parse().ok()?;
    let field = |entry: &toml::Value, name| Some(entry.get(name)?.as_str()?.to_owned());
    let entries = lock.get("package")?.as_array()?.iter();
    entries
        .filter(|entry| field(entry, "name").as_deref() == Some(package))
        .filter_map(|entry| field(entry, "version"))
        .next_back()
}

fn replaced(old: &str, name: &str, text: &str) -> Option<String> {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (head, rest) = old.split_once(&begin)?;
    let (_, tail) = rest.split_once(&end)?;
    Some(format!("{head}{begin}\n{}\n\n{end}{tail}", text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_the_comments_is_replaced() {
        let old = "a\n<!-- t -->\nold\n<!-- /t -->\nb\n<!-- u -->\n<!-- /u -->\n";
        let new = replaced(old, "t", "| x |\n").unwrap();
        let expected =
            "a\n<!-- t -->\n\n| x |\n\n<!-- /t -->\nb\n<!-- u -->\n<!-- /u -->\n".to_owned();
        assert_eq!(new, expected);
        assert_eq!(replaced(&new, "t", "| x |"), Some(expected));
        assert_eq!(replaced(old, "v", ""), None);
        assert_eq!(replaced("<!-- t -->\n", "t", ""), None);
    }

    #[test]
    fn the_version_is_that_of_the_lock_file() {
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n\
                    [[package]]\nname = \"a\"\nversion = \"2.1.0\"\n\
                    [[package]]\nname = \"b\"\nversion = \"3.0.0\"\n";
        assert_eq!(latest(lock, "a").as_deref(), Some("2.1.0"));
        assert_eq!(latest(lock, "c"), None);
        assert!(version("toml").is_ok());
    }
}
