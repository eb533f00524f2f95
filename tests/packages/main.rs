//! What is published: what each crate says of itself, what is in its package, and of which other
//! crates it may show something.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod supply;

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The most that a package may hold. Bytes.
const MOST: u64 = 5 << 18;

/// A crate that is published. Manifests can't say which dependencies are shown, so that this is the
/// place where it is written down.
struct Published {
    name: &'static str,
    /// Other crates of which something is in its API: a new major version of one is a new major
    /// version of this crate. A new line here is a promise.
    shows: &'static [&'static str],
    /// Other crates that it uses and does not show.
    hides: &'static [&'static str],
}

const PUBLISHED: &[Published] = &[
    Published {
        name: "buttress",
        shows: &[
            "buttress-core",
            "buttress-humanize",
            "buttress-llm",
            "buttress-reqwest",
            "buttress-resume",
            "buttress-retry",
            "buttress-timeout",
            "http",
            "serde",
            "tower-layer",
            "tower-service",
        ],
        hides: &["metrics"],
    },
    Published {
        name: "buttress-core",
        shows: &[
            "axum-core",
            "bytes",
            "http",
            "http-body",
            "http-body-util",
            "reqwest",
            "serde",
            "tokio",
            "tower-layer",
            "tower-service",
        ],
        hides: &[
            "fastrand",
            "h2",
            "httpdate",
            "humantime",
            "hyper",
            "hyper-util",
            "memchr",
            "pin-project-lite",
            "rustls",
            "tower",
            "tower-http",
            "tracing",
        ],
    },
    Published {
        name: "buttress-humanize",
        shows: &[
            "buttress-core",
            "bytes",
            "http",
            "http-body",
            "tower-layer",
            "tower-service",
        ],
        hides: &["memchr", "pin-project-lite"],
    },
    Published {
        name: "buttress-llm",
        shows: &[
            "buttress-core",
            "buttress-humanize",
            "buttress-resume",
            "bytes",
            "http",
            "http-body",
            "reqwest",
            "tower-layer",
            "tower-service",
        ],
        hides: &["memchr", "pin-project-lite"],
    },
    Published {
        name: "buttress-reqwest",
        shows: &[
            "buttress-core",
            "bytes",
            "http",
            "http-body",
            "reqwest",
            "reqwest-middleware",
            "tower-layer",
            "tower-service",
        ],
        hides: &["pin-project-lite", "sync_wrapper"],
    },
    Published {
        name: "buttress-resume",
        shows: &[
            "buttress-core",
            "bytes",
            "futures-core",
            "http",
            "http-body",
            "serde",
            "tower-layer",
            "tower-service",
        ],
        hides: &["httpdate", "memchr", "pin-project-lite"],
    },
    Published {
        name: "buttress-retry",
        shows: &[
            "buttress-core",
            "http",
            "http-body",
            "serde",
            "tower-layer",
            "tower-service",
        ],
        hides: &["bytes", "pin-project-lite"],
    },
    Published {
        name: "buttress-timeout",
        shows: &[
            "buttress-core",
            "http",
            "http-body",
            "serde",
            "tower-layer",
            "tower-service",
        ],
        hides: &["bytes", "pin-project-lite"],
    },
];

/// The root of the workspace.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("it is a member").to_owned()
}

/// What cargo says, offline.
fn cargo(arguments: &[&str]) -> String {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program)
        .args(arguments)
        .arg("--offline")
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?}: {errors}");
    String::from_utf8(output.stdout).expect("cargo speaks UTF-8")
}

/// The manifests of the members.
fn members() -> Vec<Value> {
    let metadata = cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&metadata).expect("is JSON");
    metadata["packages"].as_array().expect("are there").clone()
}

/// The manifests of the members that may be published, by name.
fn published() -> Vec<(&'static Published, Value)> {
    let mut members = members();
    members.retain(|member| member["publish"] != Value::Array(Vec::new()));
    members.sort_by_key(|member| member["name"].to_string());
    let found: Vec<&str> = members
        .iter()
        .map(|m| m["name"].as_str().unwrap())
        .collect();
    let known: Vec<&str> = PUBLISHED.iter().map(|published| published.name).collect();
    assert_eq!(found, known, "what is published, and what is known here");
    PUBLISHED.iter().zip(members).collect()
}

fn texts(value: &Value) -> Vec<&str> {
    let list = value.as_array().expect("is a list");
    list.iter().map(|text| text.as_str().unwrap()).collect()
}

#[test]
fn every_crate_says_what_it_is() {
    for (crate_, manifest) in published() {
        let name = crate_.name;
        for field in [
            "description",
            "license",
            "repository",
            "readme",
            "rust_version",
        ] {
            let value = manifest[field].as_str().unwrap_or_default();
            assert!(!value.is_empty(), "{name} has no {field}");
        }
        let docs = &manifest["metadata"]["docs"]["rs"]["all-features"];
        assert_eq!(*docs, true, "docs.rs leaves out features of {name}");
        let (keywords, categories) = (texts(&manifest["keywords"]), texts(&manifest["categories"]));
        // As many as crates.io takes, and of the form that it takes.
        assert!((1..=5).contains(&keywords.len()), "{name}: {keywords:?}");
        assert!(
            (1..=5).contains(&categories.len()),
            "{name}: {categories:?}"
        );
        for keyword in keywords {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_+".contains(c);
            assert!(
                keyword.len() <= 20 && keyword.chars().all(plain),
                "{name}: {keyword}"
            );
        }
    }
}

#[test]
fn every_feature_is_described() {
    for (crate_, manifest) in published() {
        let name = crate_.name;
        let source = root().join("crates").join(name).join("src/lib.rs");
        let source = fs::read_to_string(source).unwrap();
        let docs: Vec<_> = source.lines().filter(|l| l.starts_with("//!")).collect();
        let features = manifest["features"].as_object().unwrap().keys();
        for feature in features.filter(|feature| *feature != "default") {
            let quoted = format!("`{feature}`");
            let described = docs.iter().any(|line| line.contains(&quoted));
            assert!(described, "{name} does not say what {feature} is");
        }
    }
}

#[test]
fn a_crate_shows_and_uses_only_what_is_listed() {
    for (crate_, manifest) in published() {
        let mut found: Vec<&str> = Vec::new();
        for dependency in manifest["dependencies"].as_array().unwrap() {
            let name = dependency["name"].as_str().unwrap();
            let kind = dependency["kind"].as_str().unwrap_or("normal");
            if kind == "dev" {
                continue;
            }
            assert_eq!(kind, "normal", "{} builds with {name}", crate_.name);
            assert!(
                dependency["source"].is_string() || dependency["req"] != "*",
                "{} needs {name}, which is not published",
                crate_.name
            );
            found.push(name);
        }
        found.sort_unstable();
        let mut known = [crate_.shows, crate_.hides].concat();
        known.sort_unstable();
        assert_eq!(found, known, "the dependencies of {}", crate_.name);
    }
}

#[test]
fn a_package_holds_what_it_must_and_nothing_else() {
    for (crate_, manifest) in published() {
        let name = crate_.name;
        let list = cargo(&["package", "--list", "--allow-dirty", "-p", name]);
        let files: Vec<&str> = list.lines().collect();
        for file in [
            "Cargo.toml",
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "README.md",
            "src/lib.rs",
        ] {
            assert!(files.contains(&file), "{name} has no {file}");
        }
        let home = Path::new(manifest["manifest_path"].as_str().unwrap());
        let home = home.parent().expect("is in a directory");
        let mut bytes = 0;
        for file in files {
            // What cargo makes or takes from elsewhere.
            let made = [
                "Cargo.lock",
                "Cargo.toml.orig",
                ".cargo_vcs_info.json",
                "README.md",
            ];
            if made.contains(&file) {
                continue;
            }
            let allowed = file.starts_with("src/") || !file.contains('/');
            assert!(allowed, "{name} has {file} in it");
            let path = home.join(file);
            bytes += path
                .metadata()
                .unwrap_or_else(|error| panic!("{file}: {error}"))
                .len();
        }
        assert!(bytes <= MOST, "{name} has {bytes} bytes");
    }
}

#[test]
fn both_licences_are_those_of_the_workspace() {
    for (crate_, manifest) in published() {
        let home = Path::new(manifest["manifest_path"].as_str().unwrap());
        for file in ["LICENSE-APACHE", "LICENSE-MIT"] {
            let read = |path: PathBuf| std::fs::read_to_string(&path).expect("can be read");
            let (here, there) = (read(home.with_file_name(file)), read(root().join(file)));
            assert!(here == there, "{}: {file} is another", crate_.name);
        }
    }
}
