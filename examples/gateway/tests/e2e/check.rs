//! The command that looks at a file.

use std::path::PathBuf;
use std::process::{Command, Output};

/// A file that is gone with this.
struct Written(PathBuf);

impl Written {
    fn new(name: &str, text: &str) -> Self {
        let name = format!("gateway-{}-{name}.toml", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).unwrap();
        Written(path)
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// What is said about a file: the exit status, and what went to standard output and standard error.
fn check(file: &PathBuf) -> (Option<i32>, String, String) {
    let mut gateway = Command::new(env!("CARGO_BIN_EXE_gateway"));
    let Output {
        status,
        stdout,
        stderr,
    } = gateway.arg("check").arg(file).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn a_file_that_is_right_is_told_with_its_routes() {
    let text = "listen = \"127.0.0.1:4200\"\nproviders = false\nupstream = \"http://a/v1\"\n\
                [[route]]\npath = \"/b\"\nupstream = \"https://b\"\n";
    let file = Written::new("right", text);
    let expected = format!(
        "{} is right. It would listen at 127.0.0.1:4200, with these routes:\n  /b -> https://b\n  / -> http://a/v1\n",
        file.0.display()
    );
    assert_eq!(check(&file.0), (Some(0), expected, String::new()));
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (name, text, told) in [
        ("unread", "# all\nlisten = 1", "line 2: `listen`: "),
        (
            "unbuilt",
            "[retry]\nattempts = 0",
            "line 2: [retry] `attempts` is 0",
        ),
        (
            "unrouted",
            "\nproviders = false",
            "line 2: `providers` is false",
        ),
    ] {
        let file = Written::new(name, text);
        let (status, out, error) = check(&file.0);
        assert_eq!((status, out.as_str()), (Some(2), ""), "{name}");
        let expected = format!("error: {}: {told}", file.0.display());
        assert!(error.starts_with(&expected), "{error}");
    }
    let nowhere = PathBuf::from("/nowhere/at/all.toml");
    let (status, out, error) = check(&nowhere);
    assert_eq!((status, out.as_str()), (Some(2), ""));
    assert!(
        error.starts_with("error: /nowhere/at/all.toml: "),
        "{error}"
    );
}
