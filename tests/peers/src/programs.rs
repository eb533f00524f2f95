//! Finding the programs, or installing them.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where Debian keeps servers, which is not always on the path.
const ALSO: [&str; 2] = ["/usr/sbin", "/usr/local/sbin"];

/// Where the program is.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(ALSO.iter().map(PathBuf::from))
        .map(|dir| dir.join(name))
        .find(|file| file.is_file())
}

/// Makes sure that the programs are there, or says what to do: each with its package.
pub(crate) fn find_or_install(programs: &[(&str, &str)]) -> Result<(), String> {
    let missing = || -> Vec<&str> {
        let missing = programs.iter().filter(|(name, _)| find(name).is_none());
        missing.map(|(_, package)| *package).collect()
    };
    let before = missing();
    if before.is_empty() {
        return Ok(());
    }
    println!("missing: {}; trying apt-get", before.join(", "));
    install(&before);
    let after = missing();
    if after.is_empty() {
        return Ok(());
    }
    Err(format!(
        "These tests need {0}, and nothing here could install it.\n\
         On Debian or Ubuntu: apt-get install {0}\n\
         Elsewhere the packages have the same names: brew install {0}, dnf install {0}",
        after.join(" ")
    ))
}

/// The variable that names a gateway which is built already.
const GATEWAY: &str = "GATEWAY";

/// The gateway: the one that was named, or the one beside this program, once it is built.
pub(crate) fn gateway() -> Result<PathBuf, String> {
    if let Some(named) = env::var_os(GATEWAY) {
        return Ok(named.into());
    }
    let here = env::current_exe().map_err(|error| error.to_string())?;
    Ok(here.with_file_name("gateway"))
}

/// Builds the gateway as this program was built, where none was named.
pub(crate) fn build_gateway() -> Result<(), String> {
    if env::var_os(GATEWAY).is_some() {
        return Ok(());
    }
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--quiet", "--locked", "--package", "gateway"]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    match cargo.current_dir(env!("CARGO_MANIFEST_DIR")).status() {
        Ok(status) if status.success() => Ok(()),
        other => Err(format!("{cargo:?}: {other:?}")),
    }
}

/// What happens where this is not Debian, or not root, is that the programs are missing still.
fn install(names: &[&str]) {
    if !Path::new("/etc/debian_version").exists() {
        return;
    }
    let apt = |args: &[&str]| {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        // No service is to start by itself.
        command.env("RUNLEVEL", "1").stdin(Stdio::null());
        let status = command.args(args).status();
        status.is_ok_and(|status| status.success())
    };
    let install = [&["install", "-y", "--no-install-recommends"], names].concat();
    if !apt(&install) && apt(&["update"]) {
        apt(&install);
    }
}
