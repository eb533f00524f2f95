//! What is built with what: the rules of `deny.toml`, for whoever has no `cargo deny` at hand. Of
//! every package of the lock file: its licence, where it comes from, and whether it is wanted.

use super::root;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn rules() -> toml::Table {
    let text = fs::read_to_string(root().join("deny.toml")).expect("deny.toml is there");
    text.parse().expect("deny.toml is TOML")
}

/// The words of a list of `deny.toml`.
fn list<'a>(rules: &'a toml::Table, table: &str, field: &str) -> Vec<&'a str> {
    let list = rules[table][field].as_array().expect("is a list");
    let words = list.iter().map(|entry| match entry.get("crate") {
        Some(name) => name.as_str(),
        None => entry.as_str(),
    });
    words.map(|word| word.expect("is text")).collect()
}

/// Every package that any member needs with any feature, on any platform.
fn packages() -> Vec<Value> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program)
        .args(["metadata", "--locked", "--all-features"])
        .args(["--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo metadata: {errors}");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("is JSON");
    metadata["packages"].as_array().expect("are there").clone()
}

/// Whether an SPDX expression can be met with these licences. `/` is an old way to write `OR`.
fn allowed(expression: &str, licences: &[&str]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ");
    let spaced = spaced.replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (met, rest) = either(&words, licences);
    met && rest.is_empty()
}

/// `A OR B`, and what follows it.
fn either<'a>(words: &'a [&'a str], licences: &[&str]) -> (bool, &'a [&'a str]) {
    let (mut met, mut rest) = both(words, licences);
    while let ["OR", more @ ..] = rest {
        let (other, left) = both(more, licences);
        (met, rest) = (met | other, left);
    }
    (met, rest)
}

/// `A AND B`, and what follows it.
fn both<'a>(words: &'a [&'a str], licences: &[&str]) -> (bool, &'a [&'a str]) {
    let (mut met, mut rest) = one(words, licences);
    while let ["AND", more @ ..] = rest {
        let (other, left) = one(more, licences);
        (met, rest) = (met & other, left);
    }
    (met, rest)
}

/// A licence, one with an exception, or parentheses; and what follows.
fn one<'a>(words: &'a [&'a str], licences: &[&str]) -> (bool, &'a [&'a str]) {
    match words {
        ["(", inner @ ..] => match either(inner, licences) {
            (met, [")", rest @ ..]) => (met, rest),
            (_, rest) => (false, rest),
        },
        [licence, "WITH", exception, rest @ ..] => {
            let whole = format!("{licence} WITH {exception}");
            (licences.contains(&&*whole), rest)
        }
        [licence, rest @ ..] => (licences.contains(licence), rest),
        [] => (false, words),
    }
}

#[test]
fn licences_are_read_as_spdx_says() {
    let licences = ["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"];
    let table = [
        ("MIT", true),
        ("GPL-2.0-only", false),
        ("MIT OR GPL-2.0-only", true),
        ("GPL-2.0-only OR MIT", true),
        ("MIT AND Zlib", true),
        ("MIT AND GPL-2.0-only", false),
        ("GPL-2.0-only AND MIT", false),
        ("GPL-2.0-only AND MIT OR Zlib", true),
        ("(GPL-2.0-only OR MIT) AND Zlib", true),
        ("(GPL-2.0-only OR MIT) AND BSD-3-Clause", false),
        ("Apache-2.0 WITH LLVM-exception OR GPL-2.0-only", true),
        ("Apache-2.0", false),
        ("MIT/Apache-2.0", true),
        ("Apache-2.0 / MIT", true),
        ("(MIT", false),
        ("MIT Zlib", false),
        ("", false),
    ];
    for (expression, expected) in table {
        assert_eq!(allowed(expression, &licences), expected, "{expression}");
    }
}

#[test]
fn every_licence_is_one_that_is_allowed() {
    let rules = rules();
    let licences = list(&rules, "licenses", "allow");
    for package in packages() {
        let licence = package["license"].as_str().unwrap_or_default();
        let name = &package["name"];
        assert!(allowed(licence, &licences), "{name} is under {licence:?}");
    }
}

#[test]
fn nothing_comes_from_elsewhere_than_the_registry() {
    for lock in ["Cargo.lock", "fuzz/Cargo.lock"] {
        let text = fs::read_to_string(root().join(lock)).expect("is committed");
        let table: toml::Table = text.parse().expect("is TOML");
        for package in table["package"].as_array().expect("is a list") {
            let Some(source) = package.get("source").and_then(toml::Value::as_str) else {
                continue; // ours
            };
            assert_eq!(source, CRATES_IO, "{lock}: {:?}", package["name"]);
            assert!(package.get("checksum").is_some(), "{lock}: {package:?}");
        }
    }
}

#[test]
fn what_is_banned_is_nowhere() {
    let rules = rules();
    let banned = list(&rules, "bans", "deny");
    assert!(!banned.is_empty());
    for lock in ["Cargo.lock", "fuzz/Cargo.lock"] {
        let text = fs::read_to_string(root().join(lock)).expect("is committed");
        let table: toml::Table = text.parse().expect("is TOML");
        let packages = table["package"].as_array().expect("is a list");
        let names: BTreeSet<&str> = packages.iter().filter_map(|p| p["name"].as_str()).collect();
        let found: Vec<_> = banned.iter().filter(|name| names.contains(*name)).collect();
        assert!(found.is_empty(), "{lock}: {found:?}");
    }
}

/// No version is left open, and of every dependency only the features that are named are taken.
#[test]
fn members_ask_for_versions_and_features_by_name() {
    let ours = packages()
        .into_iter()
        .filter(|package| package["source"].is_null());
    for member in ours {
        let name = member["name"].as_str().expect("has a name").to_owned();
        for dependency in member["dependencies"].as_array().expect("is a list") {
            if dependency["source"].is_null() {
                continue; // one of ours
            }
            let other = &dependency["name"];
            assert_ne!(
                dependency["req"], "*",
                "{name} takes any version of {other}"
            );
            let defaults = dependency["uses_default_features"] == true;
            assert!(!defaults, "{name} takes the default features of {other}");
        }
    }
}
