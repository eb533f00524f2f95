//! Says in plain words what a raw network or API error means: what happened, whose side it is,
//! whether trying again helps and when that is safe, and what to do.
//!
//! ```sh
//! cargo run -q -p explain -- "Error: read ECONNRESET"      # or paste the text into standard input
//! cargo run -q -p explain -- --json "Error: read ECONNRESET"
//! cargo run -q -p explain -- --jsonl < errors.jsonl        # one answer a line, in order, in constant memory
//! ```
//!
//! Exit status: 0 when everything was answered, also where the answer is that nobody knows; 1 when
//! a line of `--jsonl` could not be read, or the output could not be written; 2 when the arguments
//! are wrong or there is no text.

mod host;
mod input;
mod lines;
mod report;
mod words;

use crate::input::Input;
use crate::report::Report;
use clap::Parser;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Read, Write};
use std::process::ExitCode;

/// So much of a text from standard input is read, its end: that is where a log has its error. Bytes.
const LONGEST: usize = 1024 * 1024;

/// Says in plain words what a raw network or API error means and what to do about it.
#[derive(Debug, Parser)]
#[command(name = "explain")]
struct Args {
    /// The error's text; without it, it is read from standard input. What stands behind `--` is text
    /// even if it looks like a flag
    #[arg(value_name = "TEXT", conflicts_with = "jsonl")]
    text: Vec<String>,
    /// Answer in one JSON document
    #[arg(long, conflicts_with = "jsonl")]
    json: bool,
    /// Read JSON lines with `raw` and perhaps `kind` (transport, http, sse), `status` and `headers`;
    /// answer each with one
    #[arg(long)]
    jsonl: bool,
    /// The language of the answer
    #[arg(
        long,
        value_name = "LANG",
        default_value = "en",
        conflicts_with = "jsonl",
        value_parser = words::language
    )]
    lang: words::Language,
}

fn main() -> ExitCode {
    let args = Args::parse_from(std::env::args_os().map(no_flag));
    let mut out = io::stdout().lock();
    let done = if args.jsonl {
        lines::answer(io::stdin().lock(), &mut out)
    } else {
        match text(&args.text) {
            Ok(text) if text.trim().is_empty() => {
                say("there is no text to explain");
                return ExitCode::from(2);
            }
            Ok(text) => one(&args, text, &mut out),
            Err(error) => Err(error),
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // Whoever reads the output has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        Err(error) => {
            say(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

/// A text that begins with a hyphen, as a line of a log may, so that it is not taken for a flag. What could
/// be one stays as it is: if it is misspelt, that is said.
fn no_flag(arg: OsString) -> OsString {
    let is_name = |text: &str| {
        let name = text.trim_start_matches('-').split('=').next();
        name.is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_alphabetic()))
    };
    match arg.to_str() {
        Some(text) if text.starts_with('-') && !is_name(text) => format!(" {text}").into(),
        _ => arg,
    }
}

/// The text of the arguments, else of standard input.
fn text(args: &[String]) -> io::Result<String> {
    if !args.is_empty() {
        return Ok(args.join(" "));
    }
    let stdin = io::stdin();
    if stdin.is_terminal() {
        eprintln!("Paste the error, then press Ctrl-D on a line of its own.");
    }
    let mut bytes = Vec::new();
    let mut longer = false;
    while (stdin.lock().take(LONGEST as u64)).read_to_end(&mut bytes)? > 0 {
        let before = bytes.len().saturating_sub(LONGEST);
        longer |= before > 0;
        bytes.drain(..before);
    }
    if longer {
        say("of a text this long only the last MiB is read");
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// To standard error, where perhaps nobody reads.
fn say(words: &str) {
    let _ = writeln!(io::stderr(), "explain: {words}");
}

fn one(args: &Args, text: String, out: &mut impl Write) -> io::Result<bool> {
    let report = Report::new(&Input::text(text), args.lang);
    if args.json {
        writeln!(out, "{:#}", report.json())?;
    } else {
        let colours = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        report.print(out, colours)?;
    }
    Ok(true)
}
