//! The page that documents the `type` URIs of problem documents says what the code says.
//!
//! `UPDATE_DOCS=1 cargo test -p buttress-humanize --test problems` writes it anew.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic as tests may"
)]

use buttress_core::{Failure, FailureKind, Side};
use buttress_humanize::{Call, Catalog, English};
use std::fmt::Write;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/problems.md");

const TOP: &str = "\
# Problems

The problem documents (RFC 9457) that Buttress answers with have one of these `type`s. Each is
`urn:buttress:problem:` and the stable code of the kind of failure: a name to compare with, not an
address to fetch. The `status` is the usual one; what a server itself answered with is kept where it
fits. Whether a program may send the same request again by itself is the member `may_retry`, which
knows more than the kind does: what is here is where it starts from.

The other members are described at `buttress_humanize::Format`. This page is written by the test
`problems` of `buttress-humanize`.
";

#[test]
fn the_page_is_up_to_date() {
    let mut page = TOP.to_owned();
    for kind in FailureKind::ALL {
        let failure = Failure::new(*kind);
        let told = English.explain(&failure, &Call::unknown());
        let side = match kind.side() {
            Side::Caller => "the caller's side",
            Side::Network => "the network",
            Side::Intermediary => "something in between",
            Side::Server => "the server's side",
            _ => "not known whose side",
        };
        let again = if failure.may_be_retried() {
            "may be retried"
        } else {
            "not to be retried as it is"
        };
        let status = failure.response_status().as_u16();
        writeln!(
            page,
            "\n## {kind}\n\n`urn:buttress:problem:{kind}`: status {status}, {side}, {again}.\n"
        )
        .unwrap();
        writeln!(
            page,
            "**{}.** {} {}\n",
            told.title(),
            told.happened(),
            told.side().unwrap()
        )
        .unwrap();
        for (n, step) in told.next_steps().iter().enumerate() {
            writeln!(page, "{}. {step}", n + 1).unwrap();
        }
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(FILE, &page).unwrap();
    }
    let written = std::fs::read_to_string(FILE).unwrap();
    for (n, (now, then)) in page.lines().zip(written.lines()).enumerate() {
        assert_eq!(now, then, "line {} of docs/problems.md", n + 1);
    }
    assert_eq!(page.len(), written.len(), "docs/problems.md ends elsewhere");
}
