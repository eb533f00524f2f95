//! Links from one document of the repository to another lead somewhere.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// The documents: those at the root, the guide, and those of the crates.
fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut folders = vec![root.to_owned(), root.join("docs"), root.join("fuzz")];
    let crates = fs::read_dir(root.join("crates")).unwrap();
    folders.extend(crates.map(|entry| entry.unwrap().path()));
    let files = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap());
    let files = files.map(|entry| entry.unwrap().path());
    let mut documents: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    documents.sort();
    documents
}

/// The lines of a document that are no code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut code = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        code ^= fence;
        !code && !fence
    })
}

/// The targets of links in a line: `[text](target)`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let after = line.split("](").skip(1);
    after.filter_map(|rest| Some(rest.split_once(')')?.0))
}

/// The name by which a heading is linked to, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter_map(|c| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        c if c.is_alphanumeric() => Some(c.to_ascii_lowercase()),
        _ => None,
    });
    kept.collect()
}

fn has_anchor(document: &Path, name: &str) -> bool {
    let text = fs::read_to_string(document).unwrap();
    let mut headings = prose(&text).filter(|line| line.starts_with('#'));
    headings.any(|line| anchor(line.trim_start_matches('#')) == name)
}

#[test]
fn every_link_leads_somewhere() {
    let documents = documents();
    assert!(documents.len() > 15, "only {documents:?}");
    let mut links = 0;
    for document in &documents {
        let text = fs::read_to_string(document).unwrap();
        for target in prose(&text).flat_map(targets) {
            if target.contains("://") {
                continue;
            }
            links += 1;
            let (path, name) = target.split_once('#').unwrap_or((target, ""));
            let to = match path {
                "" => document.clone(),
                path => document.parent().unwrap().join(path),
            };
            assert!(to.exists(), "{}: {target}", document.display());
            let named = name.is_empty() || has_anchor(&to, name);
            assert!(named, "{}: {target}", document.display());
        }
    }
    assert!(links > 40, "only {links} links");
}

#[test]
fn headings_are_named_as_they_are_linked_to() {
    for (heading, name) in [
        (" What order means", "what-order-means"),
        (" Other people's layers", "other-peoples-layers"),
        (" undici's `RetryAgent`", "undicis-retryagent"),
    ] {
        assert_eq!(anchor(heading), name);
    }
}
