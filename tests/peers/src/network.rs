//! A network namespace of our own, with rules of nftables, in which this program runs once more.

use crate::programs;
use std::io::Write;
use std::process::{Command, Stdio};

/// A network that has nothing but the loopback interface, and these rules.
pub(crate) struct Network {
    /// How this machine lets such a network be made.
    way: &'static [&'static str],
    rules: &'static str,
}

impl Network {
    /// One that can be made here; else why not.
    pub(crate) fn new(rules: &'static str) -> Result<Self, String> {
        programs::find_or_install(&[
            ("unshare", "util-linux"),
            ("ip", "iproute2"),
            ("tc", "iproute2"),
            ("nft", "nftables"),
        ])?;
        let ways = [&["--net"][..], &["--net", "--map-root-user"]];
        let works =
            |way: &&&[&str]| outcome(Command::new("unshare").args(**way).arg("true")).is_ok();
        let way = ways
            .into_iter()
            .find(|way| works(&way))
            .ok_or("no network namespace may be made")?;
        let network = Network { way, rules };
        // What is not allowed is not, and says so; what then fails is a failure.
        network.fed("true")?;
        Ok(network)
    }

    /// Whether this command works in it.
    pub(crate) fn can(&self, command: &str) -> bool {
        self.fed(command).is_ok()
    }

    /// Runs this program in it, told `word`, after a command: whether it succeeded.
    pub(crate) fn run_again(&self, first: &str, word: &str) -> Result<bool, String> {
        let here = std::env::current_exe().map_err(|error| error.to_string())?;
        let again = format!("{first} && exec \"{}\" {word}", here.display());
        Ok(self.can(&again))
    }

    /// Runs a command in it, once the rules hold.
    fn fed(&self, then: &str) -> Result<(), String> {
        // Packets as large as on an Ethernet, and not many of them passed on as one.
        let set_up = format!("ip link set lo up mtu 1500 gso_max_segs 1 && nft -f - && {then}");
        let mut command = Command::new("unshare");
        command.args(self.way).args(["sh", "-c", &set_up]);
        let failed = |error: std::io::Error| error.to_string();
        let mut child = command.stdin(Stdio::piped()).spawn().map_err(failed)?;
        let input = child.stdin.take();
        input
            .ok_or("no input")?
            .write_all(self.rules.as_bytes())
            .map_err(failed)?;
        match child.wait().map_err(failed)? {
            status if status.success() => Ok(()),
            status => Err(format!("{command:?}: {status}")),
        }
    }
}

fn outcome(command: &mut Command) -> Result<(), String> {
    let status = command.stderr(Stdio::null()).status();
    match status.map_err(|error| error.to_string())? {
        status if status.success() => Ok(()),
        status => Err(status.to_string()),
    }
}
