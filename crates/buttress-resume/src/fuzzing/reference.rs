//! The HTML standard's event stream parser, word by word: slow, simple, and written apart from the
//! one that is used.

use std::time::Duration;

/// What a stream comes to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) events: Vec<Dispatched>,
    /// The last event id string of the event source.
    pub(crate) last_id: String,
    pub(crate) retry: Option<Duration>,
    /// Blank lines.
    pub(crate) blocks: usize,
}

/// A `MessageEvent`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Dispatched {
    pub(crate) event: String,
    pub(crate) data: String,
    pub(crate) id: String,
}

/// The buffers of section 9.2.6.
#[derive(Debug, Default)]
struct Buffers {
    data: String,
    event_type: String,
    last_event_id: String,
}

/// Reads a stream that ends after these bytes.
pub(crate) fn read(stream: &[u8]) -> Read {
    // "UTF-8 decode" takes one byte order mark off.
    let text = String::from_utf8_lossy(stream);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut read = Read::default();
    let mut buffers = Buffers::default();
    for line in lines(text) {
        if line.is_empty() {
            dispatch(&mut buffers, &mut read);
        } else if line.starts_with(':') {
            // Ignored.
        } else if let Some((field, value)) = line.split_once(':') {
            let value = value.strip_prefix(' ').unwrap_or(value);
            process(field, value, &mut buffers, &mut read);
        } else {
            process(&line, "", &mut buffers, &mut read);
        }
    }
    read
}

/// The lines that have an end: CRLF, LF, or CR.
fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\r' => {
                chars.next_if_eq(&'\n');
                lines.push(std::mem::take(&mut line));
            }
            '\n' => lines.push(std::mem::take(&mut line)),
            char => line.push(char),
        }
    }
    lines
}

fn process(field: &str, value: &str, buffers: &mut Buffers, read: &mut Read) {
    match field {
        "event" => value.clone_into(&mut buffers.event_type),
        "data" => {
            buffers.data.push_str(value);
            buffers.data.push('\n');
        }
        "id" if !value.contains('\0') => value.clone_into(&mut buffers.last_event_id),
        // "Only ASCII digits", of which there must be some to be a number.
        "retry" if !value.is_empty() && value.chars().all(|char| char.is_ascii_digit()) => {
            read.retry = Some(Duration::from_millis(value.parse().unwrap_or(u64::MAX)));
        }
        _ => {}
    }
}

fn dispatch(buffers: &mut Buffers, read: &mut Read) {
    read.blocks += 1;
    read.last_id.clone_from(&buffers.last_event_id);
    let mut data = std::mem::take(&mut buffers.data);
    let event_type = std::mem::take(&mut buffers.event_type);
    if data.is_empty() {
        return;
    }
    if data.ends_with('\n') {
        data.pop();
    }
    read.events.push(Dispatched {
        event: if event_type.is_empty() {
            "message".to_owned()
        } else {
            event_type
        },
        data,
        id: read.last_id.clone(),
    });
}
