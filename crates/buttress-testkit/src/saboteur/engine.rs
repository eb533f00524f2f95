//! Retry and resume without any care for time, and the places where they can be wrong.

use super::Flaw;
use super::events::Whole;
use super::naive::Item;
use buttress_core::{BoxError, Failure, FailureKind, Phase};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode, header, response};
use http_body::{Body, Frame};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use tower_service::Service;

const TRIES: usize = 8;

/// One call, from its first answer on.
pub(super) struct Engine<S, B, RB> {
    inner: S,
    request: Request<B>,
    flaw: Option<Flaw>,
    reading: Pin<Box<RB>>,
    way: Way,
    delivered: u64,
    ready: VecDeque<Frame<Bytes>>,
    last: Bytes,
    over: bool,
}

/// How the body can go on.
enum Way {
    Never,
    Range {
        etag: String,
        /// Where the body begins in the whole, and how long the body and the whole are.
        first: u64,
        total: Option<u64>,
        complete: Option<u64>,
    },
    Events(Whole),
}

/// What a request for the rest came to.
enum Rest<RB> {
    Body(RB),
    Nothing,
    No(Failure),
    Again(Failure),
}

/// Sends the request until there is an answer.
pub(super) async fn open<S, B, RB>(
    mut inner: S,
    request: Request<B>,
    flaw: Option<Flaw>,
) -> Result<(Engine<S, B, RB>, response::Parts), Failure>
where
    S: Service<Request<B>, Response = Response<RB>> + Clone,
    S::Error: Into<BoxError>,
    B: Clone,
{
    let repeats = request.method() == Method::GET || flaw == Some(Flaw::ResendPost);
    let mut tries = 0;
    let answer = loop {
        tries += 1;
        match send(&mut inner, request.clone()).await {
            Err(_) if repeats && tries < TRIES => {}
            answer => break answer?,
        }
    };
    let (parts, body) = answer.into_parts();
    let way = match *request.method() {
        Method::GET if parts.status == StatusCode::OK => way(&parts.headers, None, flaw),
        Method::GET if parts.status == StatusCode::PARTIAL_CONTENT => {
            let part = part(&parts.headers);
            part.map_or(Way::Never, |part| way(&parts.headers, Some(part), flaw))
        }
        _ => Way::Never,
    };
    let engine = Engine {
        inner,
        request,
        flaw,
        reading: Box::pin(body),
        way,
        delivered: 0,
        ready: VecDeque::new(),
        last: Bytes::new(),
        over: false,
    };
    Ok((engine, parts))
}

async fn send<S, B, RB>(inner: &mut S, request: Request<B>) -> Result<Response<RB>, Failure>
where
    S: Service<Request<B>, Response = Response<RB>>,
    S::Error: Into<BoxError>,
{
    let ready = poll_fn(|cx| inner.poll_ready(cx)).await;
    ready.map_err(Failure::unready)?;
    let response = inner.call(request).await;
    response.map_err(|error| Failure::from_error(error.into(), Phase::Head))
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// The tag, if it tells one version from another.
fn tag(headers: &HeaderMap, flaw: Option<Flaw>) -> Option<String> {
    let tag = text(headers, header::ETAG)?;
    match flaw {
        Some(Flaw::AcceptWeakEtag) => Some(tag.trim_start_matches("W/").to_owned()),
        _ => tag.starts_with('"').then(|| tag.to_owned()),
    }
}

/// First and last byte, and the length of the whole.
fn part(headers: &HeaderMap) -> Option<(u64, u64, u64)> {
    let range = text(headers, header::CONTENT_RANGE)?;
    let (part, complete) = range.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = part.split_once('-')?;
    let (first, last, complete) = (
        first.parse().ok()?,
        last.parse().ok()?,
        complete.parse().ok()?,
    );
    let length = text(headers, header::CONTENT_LENGTH).and_then(|text| text.parse::<u64>().ok());
    let fits = first <= last && last < complete;
    let fits = fits && length.is_none_or(|length| length == last - first + 1);
    fits.then_some((first, last, complete))
}

fn way(headers: &HeaderMap, part: Option<(u64, u64, u64)>, flaw: Option<Flaw>) -> Way {
    if headers.contains_key(header::CONTENT_ENCODING) {
        return Way::Never;
    }
    if text(headers, header::CONTENT_TYPE) == Some("text/event-stream") {
        return Way::Events(Whole::default());
    }
    let etag = match tag(headers, flaw) {
        None if flaw == Some(Flaw::IgnoreEtag) => Some(String::new()),
        etag => etag,
    };
    let length = text(headers, header::CONTENT_LENGTH).and_then(|text| text.parse().ok());
    let (first, total, complete) = match part {
        Some((first, last, complete)) => (first, Some(last - first + 1), Some(complete)),
        None => (0, length, length),
    };
    match etag {
        Some(etag) => Way::Range {
            etag,
            first,
            total,
            complete,
        },
        None => Way::Never,
    }
}

fn changed() -> Failure {
    Failure::new(FailureKind::RepresentationChanged)
}

impl<S, B, RB> Engine<S, B, RB>
where
    S: Service<Request<B>, Response = Response<RB>>,
    S::Error: Into<BoxError>,
    B: Clone,
    RB: Body<Data = Bytes>,
    RB::Error: Into<BoxError>,
{
    /// The next frame.
    pub(super) async fn next(&mut self) -> Item {
        loop {
            if let Some(frame) = self.ready.pop_front() {
                return Some(Ok(frame));
            }
            if self.over {
                return None;
            }
            let failure = match poll_fn(|cx| self.reading.as_mut().poll_frame(cx)).await {
                Some(Ok(frame)) => {
                    self.take(frame);
                    continue;
                }
                None if self.is_whole() => {
                    self.finish();
                    continue;
                }
                None => Failure::new(FailureKind::StreamTruncated),
                Some(Err(error)) => Failure::in_body(error, self.delivered),
            };
            let swallow = self.flaw == Some(Flaw::SwallowEnd);
            if swallow || (self.is_whole() && self.is_counted()) {
                self.finish();
            } else if let Err(failure) = self.go_on(failure).await {
                self.over = true;
                return Some(Err(failure));
            }
        }
    }

    fn take(&mut self, frame: Frame<Bytes>) {
        let data = match frame.into_data() {
            Ok(data) => data,
            Err(trailers) => {
                self.ready.push_back(trailers);
                if self.flaw == Some(Flaw::ResumeAfterTrailers) {
                    self.ready.push_back(Frame::data(self.last.clone()));
                }
                return;
            }
        };
        let delivered = self.delivered;
        match &mut self.way {
            Way::Never => self.deliver(data),
            Way::Range { total, .. } => {
                let passes = self.flaw == Some(Flaw::PassPart);
                let total = total.filter(|_| !passes);
                let room = total.map_or(u64::MAX, |total| total - delivered);
                self.deliver(data.slice(..data.len().min(room as usize)));
            }
            Way::Events(whole) => {
                for event in whole.add(&data) {
                    self.deliver(event);
                }
            }
        }
    }

    fn deliver(&mut self, data: Bytes) {
        self.delivered += data.len() as u64;
        self.last = data.clone();
        self.ready.push_back(Frame::data(data));
    }

    /// Whether an end here would be one, as far as can be known.
    fn is_whole(&self) -> bool {
        match &self.way {
            Way::Never => true,
            Way::Range { total, .. } => total.is_none_or(|total| self.delivered >= total),
            Way::Events(whole) => !whole.torn(),
        }
    }

    /// Whether that is known from a length.
    fn is_counted(&self) -> bool {
        matches!(self.way, Way::Range { total: Some(_), .. })
    }

    fn finish(&mut self) {
        self.over = true;
        if self.flaw == Some(Flaw::OverDeliver) {
            self.ready.push_back(Frame::data(self.last.clone()));
        }
    }

    /// Asks for the rest.
    async fn go_on(&mut self, mut failure: Failure) -> Result<(), Failure> {
        for _ in 0..TRIES {
            if let Way::Never = self.way {
                break;
            }
            if let (Way::Events(whole), Some(Flaw::FinishHalf)) = (&mut self.way, self.flaw) {
                if let Some(event) = whole.finish_half() {
                    self.deliver(event);
                }
            }
            let request = self.request_for_the_rest();
            let rest = match send(&mut self.inner, request).await {
                Ok(answer) => self.judge(answer),
                Err(failure) => Rest::Again(failure),
            };
            match rest {
                Rest::Body(body) => {
                    self.reading = Box::pin(body);
                    return Ok(());
                }
                Rest::Nothing => {
                    self.finish();
                    return Ok(());
                }
                Rest::No(failure) => return Err(failure),
                Rest::Again(again) => failure = again,
            }
        }
        Err(failure)
    }

    fn from(&self) -> u64 {
        match self.flaw {
            Some(Flaw::DuplicateByte) => self.delivered.saturating_sub(1),
            Some(Flaw::SkipByte) => self.delivered + 1,
            _ => self.delivered,
        }
    }

    /// The last byte of the part, in the whole.
    fn last_byte(&self, first: u64, total: Option<u64>) -> Option<u64> {
        let total = total.filter(|_| self.flaw != Some(Flaw::PassPart))?;
        (first + total).checked_sub(1)
    }

    fn request_for_the_rest(&self) -> Request<B> {
        let mut request = self.request.clone();
        let from = self.from();
        let mut set = |name, value: &str| {
            let value = value.parse().expect("a value that came in a header");
            request.headers_mut().insert(name, value);
        };
        match &self.way {
            Way::Range {
                etag, first, total, ..
            } => {
                let last = self.last_byte(*first, *total);
                let last = last.map_or(String::new(), |last| last.to_string());
                set(header::RANGE, &format!("bytes={}-{last}", first + from));
                if self.flaw != Some(Flaw::IgnoreEtag) {
                    set(header::IF_RANGE, etag);
                }
            }
            Way::Events(Whole { last: Some(id), .. }) if self.flaw != Some(Flaw::ForgetCursor) => {
                set(header::HeaderName::from_static("last-event-id"), id);
            }
            Way::Events(_) | Way::Never => {}
        }
        request
    }

    fn judge(&mut self, answer: Response<RB>) -> Rest<RB> {
        let from = self.from();
        let (parts, body) = answer.into_parts();
        let fits = match &mut self.way {
            Way::Never => false,
            Way::Events(_) if parts.status == StatusCode::NO_CONTENT => return Rest::Nothing,
            Way::Events(whole) => {
                let kind = text(&parts.headers, header::CONTENT_TYPE);
                whole.reopened();
                if self.flaw == Some(Flaw::LoseLong) {
                    whole.shorter_than = Some(300);
                }
                parts.status == StatusCode::OK && kind == Some("text/event-stream")
            }
            Way::Range {
                etag,
                first,
                total,
                complete,
            } => match parts.status {
                StatusCode::RANGE_NOT_SATISFIABLE => {
                    let end = format!("bytes */{}", *first + from);
                    if text(&parts.headers, header::CONTENT_RANGE) == Some(&*end) {
                        return Rest::Nothing;
                    }
                    false
                }
                StatusCode::OK => self.flaw == Some(Flaw::OkAsPartial),
                StatusCode::PARTIAL_CONTENT => {
                    let known = text(&parts.headers, header::CONTENT_RANGE)
                        .and_then(|range| range.rsplit_once('/')?.1.parse().ok());
                    let len: u64 = complete.or(known).unwrap_or(0);
                    *complete = Some(len);
                    let is_part = total.is_some() && self.flaw != Some(Flaw::PassPart);
                    let all = total
                        .filter(|_| is_part)
                        .unwrap_or(len.saturating_sub(*first));
                    *total = Some(all.max(self.delivered));
                    let last = (*first + all).saturating_sub(1);
                    let range = format!("bytes {}-{last}/{len}", *first + from);
                    let same = self.flaw == Some(Flaw::IgnoreEtag)
                        || tag(&parts.headers, self.flaw).as_ref() == Some(etag);
                    same && text(&parts.headers, header::CONTENT_RANGE) == Some(&*range)
                        && !parts.headers.contains_key(header::CONTENT_ENCODING)
                }
                _ => false,
            },
        };
        if fits {
            Rest::Body(body)
        } else if parts.status.is_server_error() {
            Rest::No(Failure::new(FailureKind::ServerError))
        } else {
            Rest::No(changed())
        }
    }
}
