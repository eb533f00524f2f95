//! Clients, installed below the target folder.

use std::path::{Path, PathBuf};
use tokio::process::Command;
use tokio::sync::Mutex;

/// One installs at a time.
static BUSY: Mutex<()> = Mutex::const_new(());

/// The Python of an environment that has these packages.
pub(crate) async fn python(packages: &[&str]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients-python");
    let python = folder.join("bin/python");
    let _busy = BUSY.lock().await;
    if !has(&folder, packages) {
        let needed = "the SDKs for Python need python3 with venv and pip, and a network";
        run(
            "python3",
            &["-m", "venv"],
            &[folder.to_str().unwrap()],
            needed,
        )
        .await;
        let pip = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ];
        run(python.to_str().unwrap(), &pip, packages, needed).await;
        has_now(&folder, packages);
    }
    python
}

/// A folder in which these packages of npm are.
pub(crate) async fn node(name: &str, packages: &[&str]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _busy = BUSY.lock().await;
    if !has(&folder, packages) {
        std::fs::create_dir_all(&folder).unwrap();
        let place = folder.to_str().unwrap();
        let npm = [
            "install",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            "--prefix",
            place,
        ];
        let needed = "the clients for JavaScript need Node.js 20 or later with npm, and a network";
        run("npm", &npm, packages, needed).await;
        has_now(&folder, packages);
    }
    folder
}

async fn run(program: &str, args: &[&str], packages: &[&str], needed: &str) {
    let mut command = Command::new(program);
    let done = command.args(args).args(packages).status().await;
    let told = match done {
        Ok(status) if status.success() => return,
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    };
    panic!(
        "{}: can't be installed: {program}: {told}. To be tried, {needed}.",
        packages.join(", ")
    );
}

/// Whether exactly these were installed.
fn has(folder: &Path, packages: &[&str]) -> bool {
    std::fs::read_to_string(folder.join("installed")).is_ok_and(|names| names == packages.join(" "))
}

fn has_now(folder: &Path, packages: &[&str]) {
    std::fs::write(folder.join("installed"), packages.join(" ")).unwrap();
}
