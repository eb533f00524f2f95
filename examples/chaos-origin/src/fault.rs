//! Faults as words of a command line.

use buttress_testkit::{At, Canned, Cut, Fault};
use std::time::Duration;

pub(crate) const HELP: &str = "\
Faults:
  ok              nothing is wrong
  reset           the connection is reset as soon as it is there
  close           the connection is closed instead of an answer
  garbage         something that is not HTTP
  stall           no answer at all
  delay=MS        the answer comes so many milliseconds later
  status=N        this status, with a short text
  busy=S          503 with Retry-After: S
  html=N          this status, with a page of HTML
  cut=N           reset after N bytes of the body
  cut-events=N    reset after N events
  end-events=N    a clean end after N events
  stall-events=N  silence after N events
  error-events=N  an error event of a model's API after N events
  trickle=N       N bytes at a time
  other=N         version N of everything: a model that says something else
  weak-etag       the entity tag is a weak one
  ignore-range    ranges are ignored
  ignore-cursor   Last-Event-ID is ignored";

/// The fault of a word.
pub(crate) fn parse(word: &str) -> Result<Fault, String> {
    let (name, value) = match word.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (word, None),
    };
    let number = || -> Result<u64, String> {
        let value = value.ok_or(format!("{name} needs a number: {name}=N"))?;
        let number = value.parse().map_err(|_| format!("{value} is no number"))?;
        Ok(number)
    };
    let events = || Ok::<_, String>(At::Events(usize::try_from(number()?).unwrap_or(usize::MAX)));
    let status = || match number()? {
        status @ 200..=599 => Ok(u16::try_from(status).unwrap_or(500)),
        other => Err(format!("{other} is no status from 200 to 599")),
    };
    Ok(match name {
        "ok" => Fault::None,
        "reset" => Fault::CloseOnAccept(Cut::Rst),
        "close" => Fault::CutBeforeHead(Cut::Fin),
        "garbage" => Fault::Garbage,
        "stall" => Fault::StallBeforeHead,
        "delay" => Fault::Delay(Duration::from_millis(number()?)),
        "status" => Fault::Answer(Canned::new(status()?).body("told to say so\n")),
        "busy" => {
            let seconds = number()?.to_string();
            Fault::Answer(
                Canned::new(503)
                    .header("retry-after", seconds)
                    .body("busy\n"),
            )
        }
        "html" => Fault::Answer(Canned::html(status()?, "Something is wrong")),
        "cut" => Fault::cut_after_bytes(number()?, Cut::Rst),
        "cut-events" => Fault::CutAfter {
            at: events()?,
            how: Cut::Rst,
        },
        "end-events" => Fault::EndAfter(events()?),
        "stall-events" => Fault::StallAfter(events()?),
        "error-events" => Fault::ErrorAfter(events()?),
        "trickle" => Fault::Trickle(usize::try_from(number()?.max(1)).unwrap_or(usize::MAX)),
        "other" => Fault::Version(number()?),
        "weak-etag" => Fault::WeakEtag,
        "ignore-range" => Fault::IgnoreRange,
        "ignore-cursor" => Fault::IgnoreCursor,
        _ => return Err("there is no such fault: see --help".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_help_is_a_fault() {
        for line in HELP.lines().skip(1) {
            let word = line.split_whitespace().next().unwrap_or_default();
            let word = word
                .replace("=N", "=200")
                .replace("=MS", "=5")
                .replace("=S", "=1");
            assert!(parse(&word).is_ok(), "{word}");
        }
    }

    #[test]
    fn what_is_no_fault_says_why() {
        for (word, told) in [
            ("", "no such fault"),
            ("cut", "cut=N"),
            ("cut=x", "x is no number"),
            ("status=99", "no status"),
            ("explode", "--help"),
        ] {
            let error = parse(word).map(|fault| fault.to_string()).expect_err(word);
            assert!(error.contains(told), "{word}: {error}");
        }
    }
}
