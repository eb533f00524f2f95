//! What faults do: to the facts an answer is made from, and to the answer.

use super::fault::{Fault, header_value};
use super::plan::{Body, Framing, Place, Plan, Stop};
use super::shared::Site;
use super::{Canned, Cut};
use bytes::Bytes;
use http::{HeaderName, StatusCode};

/// An error in a stream, as OpenAI and Anthropic send them, in one.
const ERROR: &[u8] =
    b"event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\
    \"code\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";

/// Facts that are bent before an answer is made.
#[derive(Clone, Debug, Default)]
pub(super) struct Bend {
    pub(super) version: Option<u64>,
    pub(super) disguised: Option<u64>,
    pub(super) ignore_range: bool,
    pub(super) ignore_cursor: bool,
    pub(super) repeat_last: bool,
    pub(super) skip_events: usize,
    move_range: (i64, i64),
}

impl Bend {
    /// What this fault bends.
    pub(super) fn of(fault: &Fault) -> Self {
        let mut bend = Bend::default();
        bend.add(fault);
        bend
    }

    fn add(&mut self, fault: &Fault) {
        match fault {
            Fault::All(faults) => faults.iter().for_each(|fault| self.add(fault)),
            Fault::Version(version) => self.version = Some(*version),
            Fault::DisguisedVersion(version) => self.disguised = Some(*version),
            Fault::IgnoreRange => self.ignore_range = true,
            Fault::IgnoreCursor => self.ignore_cursor = true,
            Fault::RepeatLast => self.repeat_last = true,
            Fault::SkipEvents(count) => self.skip_events = *count,
            Fault::MoveRange { first, last } => self.move_range = (*first, *last),
            _ => {}
        }
    }

    /// The range that is served instead of this one: never empty, never past the end.
    pub(super) fn moved(&self, first: u64, last: u64, len: u64) -> (u64, u64) {
        let end = len.saturating_sub(1);
        let first = first.saturating_add_signed(self.move_range.0).min(end);
        let last = last.saturating_add_signed(self.move_range.1).min(end);
        (first, last.max(first))
    }
}

/// Does to an answer what this fault does to answers.
pub(super) fn apply(fault: &Fault, plan: &mut Plan, site: &Site) {
    match fault {
        Fault::All(faults) => faults.iter().for_each(|fault| apply(fault, plan, site)),

        Fault::CloseOnAccept(how) | Fault::CutBeforeHead(how) | Fault::CutRequest { how, .. } => {
            plan.stop = Some((Place::BeforeHead, Stop::Cut(*how)));
        }
        Fault::CutAfter { at, how } => {
            plan.stop = Some((Place::Body(plan.offset(*at)), Stop::Cut(*how)));
        }
        Fault::CutAfterWhole(how) => plan.after = Some(*how),
        Fault::EndAfter(at) => plan.body.truncate(plan.offset(*at)),
        Fault::ErrorAfter(at) => {
            plan.body.truncate(plan.offset(*at));
            plan.body.push(Bytes::from_static(ERROR));
        }
        Fault::StallBeforeHead => plan.stop = Some((Place::BeforeHead, Stop::Stall)),
        Fault::StallAfter(at) => plan.stop = Some((Place::Body(plan.offset(*at)), Stop::Stall)),
        Fault::Delay(time) => plan.delay = Some(*time),
        Fault::Pause { at, lasts } => plan.pause = Some((plan.offset(*at), *lasts)),
        Fault::Trickle(bytes) => plan.trickle = Some((*bytes).max(1)),
        Fault::Garbage => plan.garbage = true,
        Fault::EarlyHints => plan.interim = &[103],
        Fault::Interim(statuses) => plan.interim = statuses,
        Fault::StallRequest(_) => plan.stop = Some((Place::BeforeHead, Stop::Stall)),

        Fault::ResetBeforeHead(code) => plan.stop = Some((Place::BeforeHead, Stop::Reset(*code))),
        Fault::ResetAfter { at, code } => {
            plan.stop = Some((Place::Body(plan.offset(*at)), Stop::Reset(*code)));
        }
        Fault::GoAwayBeforeHead { code, processed } => {
            let (code, processed) = (*code, *processed);
            plan.stop = Some((Place::BeforeHead, Stop::GoAway { code, processed }));
        }
        Fault::GoAwayAfter { at, code } => {
            let (code, processed) = (*code, true);
            let place = Place::Body(plan.offset(*at));
            plan.stop = Some((place, Stop::GoAway { code, processed }));
        }
        Fault::Drain => plan.drain = true,

        Fault::Chunked => plan.framing = Framing::Chunked,
        Fault::UntilClose => plan.framing = Framing::UntilClose,
        Fault::LengthOver(by) => {
            plan.length_lie = i64::try_from(*by).unwrap_or(i64::MAX);
            plan.after = Some(Cut::Fin);
        }
        Fault::LengthUnder(by) => plan.length_lie = i64::try_from(*by).map_or(i64::MIN, |by| -by),

        Fault::TwoLengths(by) => plan.second_length = Some(*by),
        Fault::ChunkExtensions => {
            plan.framing = Framing::Chunked;
            plan.extensions = true;
        }

        Fault::Answer(canned) => replace(plan, canned),
        Fault::Header(name, Some(value)) => {
            let value = header_value(value);
            plan.headers.insert(HeaderName::from_static(name), value);
        }
        Fault::Header(name, None) => {
            plan.headers.remove(*name);
        }

        Fault::ContentRange(value) => {
            if plan.range.is_some() {
                plan.set("content-range", value);
            }
        }
        Fault::TwoContentRanges => {
            if let Some((first, last, total)) = plan.range {
                let other = format!("bytes {}-{}/{total}", first + 1, last + 1);
                plan.headers.append("content-range", header_value(&other));
            }
        }
        Fault::Unsatisfiable => {
            let range = format!("bytes */{}", site.content.len);
            let canned = Canned::new(416).header("content-range", range);
            replace(plan, &canned);
        }

        Fault::WeakEtag => {
            let etag = plan.headers.get("etag").and_then(|tag| tag.to_str().ok());
            if let Some(weak) = etag.map(|tag| format!("W/{tag}")) {
                plan.set("etag", &weak);
            }
        }
        Fault::NoEtag => {
            plan.headers.remove("etag");
        }
        Fault::NoContent => {
            replace(plan, &Canned::new(204));
            plan.status = StatusCode::NO_CONTENT;
        }
        Fault::WrongType => plan.set("content-type", "text/html"),

        // These bend facts: the answer was made from them already.
        Fault::None
        | Fault::Version(_)
        | Fault::DisguisedVersion(_)
        | Fault::IgnoreRange
        | Fault::MoveRange { .. }
        | Fault::IgnoreCursor
        | Fault::RepeatLast
        | Fault::SkipEvents(_) => {}
    }
}

/// Another status, other headers, another body; what goes wrong on the way stays.
fn replace(plan: &mut Plan, canned: &Canned) {
    let date = plan.headers.remove("date");
    plan.status = canned.status;
    plan.headers = canned.headers.clone();
    if let (Some(date), false) = (date, plan.headers.contains_key("date")) {
        plan.headers.insert("date", date);
    }
    plan.body = Body::one(canned.body.clone());
    plan.range = None;
    plan.framing = match canned.status.as_u16() {
        100..=199 | 204 | 304 => Framing::Nothing,
        _ => Framing::Length,
    };
}
