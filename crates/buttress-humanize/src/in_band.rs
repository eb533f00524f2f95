//! Words at the end of a stream that has begun and broken.

use crate::asked::Asked;
use crate::explainer::Explainer;
use crate::render::Tail;
use crate::{Explanation, Format, Framing, HumanizeBody, Render};
use buttress_core::{Failure, LastWords, is_coded};
use bytes::Bytes;
use http::Response;
use http::header::{CONTENT_LENGTH, CONTENT_RANGE};
use http_body::{Body, Frame};
use std::sync::Arc;

/// What it takes to end a broken stream in words. Made for streams only, when their head arrives.
pub(crate) struct InBand {
    explainer: Explainer,
    render: Option<Arc<dyn Render>>,
    framing: Framing,
    tail: Tail,
    /// There was an event with an id.
    ids: bool,
    words: LastWords,
    /// Nothing can follow them.
    trailers: bool,
}

impl InBand {
    /// The response to a request for a stream. Nothing can be said in a body whose length is
    /// announced, or that is encoded or a part of something.
    #[cold]
    pub(crate) fn stream<RB: Body>(
        mut response: Response<RB>,
        asked: &Asked,
        explainer: Explainer,
        framing: Framing,
    ) -> Response<HumanizeBody<RB>> {
        let headers = response.headers();
        let bound = [CONTENT_LENGTH, CONTENT_RANGE];
        let silent = asked.head_only
            || is_coded(headers)
            || bound.iter().any(|name| headers.contains_key(name))
            || response.body().size_hint().exact().is_some();
        let explainer = if silent {
            explainer
        } else {
            Explainer::speaking(Box::new(InBand {
                explainer,
                render: asked.render.clone(),
                framing,
                tail: Tail::default(),
                ids: false,
                words: LastWords::attach(response.extensions_mut()),
                trailers: false,
            }))
        };
        response.map(|body| HumanizeBody::watching(body, explainer))
    }

    pub(crate) const fn explainer(&self) -> &Explainer {
        &self.explainer
    }

    #[inline]
    pub(crate) fn saw(&mut self, frame: &Frame<Bytes>) {
        match frame.data_ref() {
            Some(data) => {
                self.ids |= self.framing == Framing::Events && self.tail.has_id(data);
                self.tail.saw(data);
            }
            None => self.trailers = true,
        }
    }

    /// The end of what was cut off and then the event that tells of the failure; empty if somebody
    /// further out wants silence, or if the reader would take half an event for delivered and go on
    /// behind its id.
    #[cold]
    pub(crate) fn words(&self, failure: &Failure, told: &Explanation) -> Bytes {
        let end = self.framing.finish(self.tail);
        let misleads = self.ids && !end.is_empty();
        if self.trailers || misleads || self.words.are_held_back() {
            return Bytes::new();
        }
        let event = match &self.render {
            Some(render) => render.event(failure, told),
            None => Format::error_event(failure, told).into(),
        };
        if event.is_empty() || end.is_empty() {
            return event;
        }
        [end, &event[..]].concat().into()
    }
}
