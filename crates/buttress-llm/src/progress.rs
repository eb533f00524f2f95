//! What counts as a sign of life.

use memchr::{memchr2, memrchr2};

/// Judges the frames of one stream: whether they bring anything but comments, pings, ids and times to
/// wait. For `Progress::custom` of the timeout layer, so that a server that only keeps its connection
/// alive is noticed.
///
/// Of a line at most its first 32 bytes are kept.
///
/// ```
/// let mut is_progress = buttress_llm::progress();
/// assert!(!is_progress(b": OPENROUTER PROCESSING\n\n"));
/// assert!(!is_progress(b"event: ping\ndata: {\"type\": \"ping\"}\n\n"));
/// assert!(is_progress(b"event: content_block_delta\ndata: {\"type\":\"content_block_delta\"}\n\n"));
/// ```
pub fn progress() -> impl FnMut(&[u8]) -> bool + Send + Sync + 'static {
    let mut lines = Lines::default();
    move |data| lines.read(data)
}

/// Enough of a line to know a ping.
const ENOUGH: usize = 32;

#[derive(Debug, Default)]
struct Lines {
    /// The beginning of the line at hand.
    line: [u8; ENOUGH],
    len: usize,
    /// The event at hand is a ping.
    in_ping: bool,
    /// The last line ended in CR: an LF behind it is the same end.
    is_after_cr: bool,
}

impl Lines {
    /// Reads on. Whether there was a line that is neither blank, nor a comment, nor of a ping.
    fn read(&mut self, data: &[u8]) -> bool {
        if self.len == 0 && !self.in_ping && says_at_once(data) {
            self.skip(data);
            return true;
        }
        let mut rest = data;
        if let (true, Some((b'\n', behind))) = (self.is_after_cr, data.split_first()) {
            rest = behind;
            self.is_after_cr = false;
        }
        while !rest.is_empty() {
            let end = memchr2(b'\n', b'\r', rest);
            let (line, after) = rest.split_at(end.unwrap_or(rest.len()));
            for byte in line.iter().take(ENOUGH - self.len) {
                if let Some(room) = self.line.get_mut(self.len) {
                    *room = *byte;
                    self.len += 1;
                }
            }
            let says = (end.is_some() || self.len == ENOUGH) && self.says();
            if end.is_some() {
                self.len = 0;
            }
            if says {
                self.skip(after);
                return true;
            }
            rest = match after {
                [b'\r', b'\n', behind @ ..] | [_, behind @ ..] => behind,
                [] => after,
            };
            self.is_after_cr = after == b"\r";
        }
        false
    }

    /// Goes to the end of the data: only its last line matters.
    fn skip(&mut self, data: &[u8]) {
        if let [.., b'\n' | b'\r'] = data {
            // As nearly every frame ends.
            *self = Lines::default();
            return;
        }
        let line = match memrchr2(b'\n', b'\r', data) {
            Some(last) => data.get(last + 1..).unwrap_or_default(),
            // It is the first one still.
            None if self.len == 0 => data,
            None => return,
        };
        *self = Lines::default();
        for (room, byte) in self.line.iter_mut().zip(line) {
            *room = *byte;
            self.len += 1;
        }
    }

    /// Whether the line at hand says anything.
    fn says(&mut self) -> bool {
        let line = self.line.get(..self.len).unwrap_or_default();
        if line.is_empty() {
            self.in_ping = false;
            return false;
        }
        // Where it went on, and when to ask again, is nothing that came.
        let is_aside = [&b":"[..], b"id:", b"retry:"];
        if is_aside.iter().any(|field| line.starts_with(field)) || self.in_ping {
            return false;
        }
        let field = |name: &[u8]| {
            let value = line.strip_prefix(name)?;
            Some(value.strip_prefix(b" ").unwrap_or(value))
        };
        if let Some(name) = field(b"event:") {
            self.in_ping = matches!(name, b"ping" | b"keepalive");
        } else if let Some(data) = field(b"data:") {
            self.in_ping = is_ping(data);
        }
        !self.in_ping
    }
}

/// Whether it begins with a line that says something, as far as that shows without a look for its
/// end: nearly every frame does.
fn says_at_once(data: &[u8]) -> bool {
    data.len() >= ENOUGH
        && match data.strip_prefix(b"data:") {
            Some(data) => !is_ping(data.strip_prefix(b" ").unwrap_or(data)),
            None => !matches!(
                data.first(),
                Some(b':' | b'\n' | b'\r' | b'e' | b'i' | b'r')
            ),
        }
}

/// Whether what follows `data:` is a ping's.
fn is_ping(data: &[u8]) -> bool {
    [
        &br#"{"type":"ping""#[..],
        br#"{"type": "ping""#,
        br#"{"type":"keepalive""#,
        br#"{"type": "keepalive""#,
    ]
    .iter()
    .any(|ping| data.starts_with(ping))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_life_are_told_from_pings_over_frames_of_any_size() {
        for (data, expected) in [
            (": hi\n\n: ho\r\n\r\n", false),
            ("\n\n\n", false),
            ("event: ping\ndata: {\"type\": \"ping\"}\n\n", false),
            ("event:ping\r\ndata:{\"type\":\"ping\"}\r\n\r\n", false),
            ("data: {\"type\": \"ping\"}\n\n: x\n\n", false),
            (
                "data: {\"type\":\"keepalive\",\"sequence_number\":3}\n\n",
                false,
            ),
            (
                "event: keepalive\ndata: {\"type\":\"keepalive\",\"sequence_number\":3}\n\n",
                false,
            ),
            (
                "event: ping\ndata: {}\n\nevent: message_stop\ndata: {}\n\n",
                true,
            ),
            ("event: ping\r\ndata: {}\r\n\r\n", false),
            ("event: ping\rdata: {}\r\r", false),
            (
                "event: keepalive\r\ndata: {\"sequence_number\":3,\"type\":\"keepalive\"}\r\n\r\n",
                false,
            ),
            (
                "event: ping\r\ndata: {}\r\n\r\nevent: message_stop\r\ndata: {}\r\n\r\n",
                true,
            ),
            ("id: 7\nevent: ping\ndata: {}\n\n", false),
            ("event: ping\nid: 7\ndata: {}\n\n", false),
            (
                "retry: 3000\nid: an id that is longer than a line is kept\n\n",
                false,
            ),
            ("id: 7\ndata: {\"id\":\"chatcmpl-1\"}\n\n", true),
            ("event: pinged\ndata: {\"type\":\"pinged\"}\n\n", true),
            ("data: {\"type\":\"pin\"}\n\n", true),
            ("data: [DONE]\n\n", true),
            (
                "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\"}\n\n",
                true,
            ),
        ] {
            for size in 1..=data.len() {
                let mut is_progress = progress();
                let mut any = false;
                for frame in data.as_bytes().chunks(size) {
                    any |= is_progress(frame);
                }
                assert_eq!(any, expected, "{data:?} in frames of {size}");
            }
        }
    }

    #[test]
    fn a_line_goes_on_from_frame_to_frame() {
        let mut is_progress = progress();
        let frames = ["d", "ata: {\"id\":\"chatcmpl-1\",\"object\"", ":1}\n\n"];
        assert_eq!(
            frames.map(|frame| is_progress(frame.as_bytes())),
            [false, true, true]
        );

        let alive = "event: keepalive\ndata: {\"sequence_number\":3,\"type\":\"keepalive\"}\n\n";
        for cut in 0..=alive.len() {
            let mut is_progress = progress();
            let (first, second) = alive.as_bytes().split_at(cut);
            assert!(!is_progress(first) && !is_progress(second), "{cut}");
        }
    }

    #[test]
    fn after_progress_pings_are_pings_again() {
        let output = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\"}\n\n";
        let ping = "event: ping\ndata: {\"type\": \"ping\"}\n\n";
        let both = [output, ping].concat();
        for cut in 0..=both.len() {
            let mut is_progress = progress();
            let (first, second) = both.as_bytes().split_at(cut);
            let (one, two) = (is_progress(first), is_progress(second));
            assert!(one | two);
            // What begins within the output goes on with it, and the rest of a ping is none.
            assert_eq!(two, cut + 1 < output.len(), "{cut}");
            assert!(!is_progress(ping.as_bytes()), "{cut}");
            assert!(!is_progress(b": x\n\n"), "{cut}");
            assert!(is_progress(output.as_bytes()), "{cut}");
        }
    }
}
