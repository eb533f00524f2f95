//! Events that differ from the one before in their text alone, which is most of them.

use super::Only;
use crate::piece::Lane;
use memchr::{memchr, memchr3, memmem};

/// The last event that added to one text and said nothing else: what stood around that.
#[derive(Debug)]
pub(super) struct Alike {
    pub(super) lane: Lane,
    pub(super) key: u64,
    /// The event without what differs.
    around: Vec<u8>,
    holes: [Hole; 3],
}

/// A place where events that are alike differ.
#[derive(Clone, Copy, Debug)]
struct Hole {
    /// Where in what stands around.
    at: usize,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Not there.
    None,
    Text,
    Number,
    /// The event's id.
    Id,
    /// A string of any length that hides the length of the text.
    Noise,
}

/// What an event says that is alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said<'a> {
    pub(super) text: &'a [u8],
    pub(super) number: Option<u64>,
    pub(super) id: Option<&'a [u8]>,
}

/// OpenAI's padding against those who measure the lengths of events.
const NOISE: &[u8] = br#""obfuscation":""#;

impl Alike {
    /// Of an event with these data, if it said only what can be said again in this way.
    pub(super) fn of(
        event: &[u8],
        data: &[u8],
        only: &Only<'_>,
        room: Option<Self>,
    ) -> Option<Self> {
        let (lane, key, text) = only.text.filter(|_| !only.more)?;
        // The data are one line, the last one of the event.
        let ends = event
            .iter()
            .rev()
            .take_while(|byte| matches!(byte, b'\n' | b'\r'));
        let end = event.len().checked_sub(ends.count())?;
        let start = end.checked_sub(data.len())?;
        if event.get(start..end) != Some(data) {
            return None;
        }
        let noise = memmem::find(data, NOISE).and_then(|at| {
            let at = at + NOISE.len();
            Some(at..at + memchr(b'"', data.get(at..)?)?)
        });
        let id = only.id.clone().map(|at| at.start + 1..at.end - 1);
        let mut places = [
            Some((text.at()..text.at() + text.raw().len(), Kind::Text)),
            only.number.clone().map(|at| (at, Kind::Number)),
            // No API has both.
            id.map(|at| (at, Kind::Id))
                .or_else(|| Some((noise?, Kind::Noise))),
        ];
        // Those that are not there last.
        places.sort_by_key(|place| place.as_ref().map_or(usize::MAX, |(at, _)| at.start));

        let mut around = room.map(|room| room.around).unwrap_or_default();
        around.clear();
        let mut holes = [Hole {
            at: 0,
            kind: Kind::None,
        }; 3];
        let mut done = 0;
        for (hole, (at, kind)) in holes.iter_mut().zip(places.into_iter().flatten()) {
            around.extend_from_slice(event.get(done..start + at.start)?);
            *hole = Hole {
                at: around.len(),
                kind,
            };
            done = start + at.end;
        }
        around.extend_from_slice(event.get(done..)?);
        Some(Alike {
            lane,
            key,
            around,
            holes,
        })
    }

    /// What an event says that is alike; `None` if it is not, or if its text has to be looked at.
    #[inline]
    pub(super) fn read<'a>(&self, event: &'a [u8]) -> Option<Said<'a>> {
        let (mut rest, mut done) = (event, 0);
        let (mut text, mut number, mut id) = (&b""[..], None, None);
        for hole in &self.holes {
            if hole.kind == Kind::None {
                break;
            }
            rest = rest.strip_prefix(self.around.get(done..hole.at)?)?;
            done = hole.at;
            let end = match hole.kind {
                Kind::Number => rest.iter().position(|byte| !byte.is_ascii_digit())?,
                // The end of the string, unless an escape or an end of the line comes first.
                _ => memchr3(b'"', b'\\', b'\n', rest)?,
            };
            let (value, after) = rest.split_at_checked(end)?;
            rest = after;
            match hole.kind {
                Kind::Text => text = value,
                Kind::Number => number = Some(std::str::from_utf8(value).ok()?.parse().ok()?),
                Kind::Id => id = Some(value),
                _ => {}
            }
        }
        let is_alike = Some(rest) == self.around.get(done..) && !text.is_empty();
        is_alike.then_some(Said { text, number, id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dialect;
    use buttress_resume::event::EventView;

    fn alike(dialect: Dialect, event: &str) -> Option<Alike> {
        let view = EventView::parse(event.as_bytes());
        let data = view.data();
        let mut only = Only::default();
        dialect.read(&data, &mut |piece| only.see(&piece));
        Alike::of(event.as_bytes(), &data, &only, None)
    }

    #[test]
    fn only_what_is_alike_is_read() {
        let delta = |text: &str, number: &str, noise: &str, item: &str| {
            format!(
                "event: response.output_text.delta\ndata: {{\"type\":\"response.output_text.delta\",\"sequence_number\":{number},\"item_id\":\"{item}\",\"output_index\":0,\"content_index\":0,\"delta\":\"{text}\",\"logprobs\":[],\"obfuscation\":\"{noise}\"}}\n\n"
            )
        };
        let alike = alike(Dialect::Responses, &delta("Hi", "4", "xy", "msg_1")).unwrap();
        for (event, expected) in [
            (delta("you", "5", "", "msg_1"), Some(("you", 5))),
            (delta("é!", "100", "abc", "msg_1"), Some(("é!", 100))),
            (delta("you", "5", "", "msg_2"), None),
            (delta("", "5", "x", "msg_1"), None),
            (delta("a\\n", "5", "x", "msg_1"), None),
            (delta("a\",\"x\":\"b", "5", "x", "msg_1"), None),
            (delta("you", "-5", "x", "msg_1"), None),
            (delta("you", "99999999999999999999999", "x", "msg_1"), None),
            (delta("you", "5", "x", "msg_1") + "\n", None),
            (
                delta("you", "5", "x", "msg_1").replace("}\n\n", ",\"y\":1}\n\n"),
                None,
            ),
            (String::new(), None),
        ] {
            let said = alike.read(event.as_bytes());
            let expected = expected.map(|(text, number): (&str, u64)| Said {
                text: text.as_bytes(),
                number: Some(number),
                id: None,
            });
            assert_eq!(said, expected, "{event}");
        }
    }

    #[test]
    fn of_events_with_ids_each_is_told() {
        let delta = |text: &str, id: &str| {
            format!(
                "event: step.delta\ndata: {{\"index\":0,\"delta\":{{\"text\":\"{text}\",\"type\":\"text\"}},\"event_id\":\"{id}\",\"event_type\":\"step.delta\"}}\n\n"
            )
        };
        let alike = alike(Dialect::Interactions, &delta("Hi", "e1")).unwrap();
        for (event, expected) in [
            (delta("you", "e22"), Some(("you", "e22"))),
            // A server that has escapes in it is better looked at.
            (delta("you", "e\\/2"), None),
            (delta("you", "e1\",\"index\":1,\"x\":\""), None),
        ] {
            let said = alike.read(event.as_bytes()).map(|said| {
                let text = String::from_utf8_lossy(said.text).into_owned();
                (text, String::from_utf8_lossy(said.id.unwrap()).into_owned())
            });
            let expected = expected.map(|(text, id)| (text.to_owned(), id.to_owned()));
            assert_eq!(said, expected, "{event}");
        }
    }

    #[test]
    fn what_says_more_is_no_pattern() {
        for event in [
            "data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\n",
            "data: {\"choices\":[{\"delta\":{\"content\":\"x\",\"refusal\":\"y\"}}]}\n\n",
            "data: {\"choices\":[{\"delta\":{}}]}\n\n",
            "data: {\"choices\":[{\"delta\":\ndata: {\"content\":\"x\"}}]}\n\n",
            "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\nid: 1\n\n",
        ] {
            assert!(alike(Dialect::ChatCompletions, event).is_none(), "{event}");
        }
        let event = "id: 1\ndata: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\r\n\r\n";
        assert!(alike(Dialect::ChatCompletions, event).is_some());
    }
}
