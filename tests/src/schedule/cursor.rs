//! A cursor for the origin's events, which are numbered.

use super::way::LAST;
use buttress::resume::event::EventView;
use buttress::resume::{Cursor, End, Ending, Step, Verdict};
use buttress::{Failure, FailureKind, StopReason};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, response};
use http_body_util::Full;

/// Goes on after the last number, with a `GET`, and leaves out what comes again.
#[derive(Debug, Default)]
pub(super) struct Numbered {
    /// The number that comes next.
    next: usize,
    last_id: Option<HeaderValue>,
}

impl Cursor<Full<Bytes>> for Numbered {
    fn open(&mut self, _: &response::Parts) -> bool {
        true
    }

    fn event(&mut self, event: &Bytes) -> Step {
        let view = EventView::parse(event);
        if &*view.data() == LAST.as_bytes() {
            return Step::pass().last();
        }
        let id = view.id().and_then(|id| std::str::from_utf8(id).ok());
        let number = id.and_then(|id| id.split_once('-')?.1.parse::<usize>().ok());
        match number {
            Some(number) if number < self.next => return Step::skip(),
            Some(number) => self.next = number + 1,
            None => return Step::pass(),
        }
        self.last_id = id.and_then(|id| HeaderValue::from_str(id).ok());
        Step::pass()
    }

    fn end(&mut self, _: &End<'_>) -> Ending {
        Ending::Reopen
    }

    fn reopen(
        &mut self,
        mut request: Request<Full<Bytes>>,
    ) -> Result<Request<Full<Bytes>>, StopReason> {
        *request.method_mut() = Method::GET;
        *request.body_mut() = Full::default();
        if let Some(id) = &self.last_id {
            request.headers_mut().insert("last-event-id", id.clone());
        }
        Ok(request)
    }

    /// Its streams have a last event: none is over without it.
    fn verify(&mut self, response: &response::Parts) -> Verdict {
        if response.status == StatusCode::NO_CONTENT {
            return Verdict::Stop(Failure::new(FailureKind::StreamTruncated));
        }
        Verdict::of_event_stream(response)
    }
}
