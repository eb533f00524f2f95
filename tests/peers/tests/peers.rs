//! The program as a test, for whoever has built the tests of the whole workspace: so nothing has to be
//! built a second time.

use std::process::Command;

#[test]
#[ignore = "needs nginx, haproxy and curl, and installs them where it can"]
fn every_case_holds() {
    let status = Command::new(env!("CARGO_BIN_EXE_buttress-peers")).status();
    assert!(status.is_ok_and(|status| status.success()));
}
