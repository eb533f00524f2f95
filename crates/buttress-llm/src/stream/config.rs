use super::StreamCursor;
use crate::Call;
use buttress_core::ReplayableBody;
use buttress_resume::Cursors;
use bytes::Bytes;
use http::Request;

/// Knows when a model's stream is whole, and how it goes on where it was cut. For
/// [`ResumeLayer::with_cursor`](buttress_resume::ResumeLayer::with_cursor).
///
/// Ways to go on, first that can be taken:
///
/// 1. A stream of which nothing but the last marker is missing, because the reason for its end was
///    delivered, is completed.
/// 2. A response of OpenAI's, and an interaction of Gemini's, that runs in the background and is
///    stored is read on from the event after the last one.
/// 3. [`replay`](Streams::replay): the same request is sent again. What it answers is compared with
///    what was delivered, reasoning, text and arguments of tool calls, wherever the borders between
///    events are; what is the same is skipped; from there on it is passed on. Ids, dates and event
///    numbers are those of the first stream. At the first difference nothing more is passed on.
///    Interactions keep the ids of their calls alone: see below.
/// 4. [`prefill`](Streams::prefill), if allowed: the model is asked to go on with its text.
///
/// Else the body fails, and never ends as if it were whole.
///
/// ```
/// use buttress_llm::{CallLayer, Streams};
/// use buttress_resume::ResumeLayer;
/// use buttress_testkit::{ScriptedBody, ScriptedService, Step, collect};
/// use bytes::Bytes;
/// use http::Request;
/// use http_body_util::Full;
/// use tower::{ServiceBuilder, ServiceExt};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
/// let chunk = |id, text| format!(
///     "data: {{\"id\":\"{id}\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n"
/// );
/// let end = "data: {\"id\":\"2\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n\
///            data: [DONE]\n\n";
/// let step = |body: ScriptedBody| Step::ok(body).header("content-type", "text/event-stream");
/// let server = ScriptedService::new([
///     step(ScriptedBody::new().data(chunk("1", "Hel")).data("data: {\"id").fail("cut")),
///     step(ScriptedBody::new().data(chunk("2", "H")).data(chunk("2", "ello")).data(end)),
/// ]);
///
/// let client = ServiceBuilder::new()
///     .layer(CallLayer::new())
///     .layer(ResumeLayer::default().with_cursor(Streams::new()))
///     .service(server);
/// let request = Request::post("https://api.example.com/v1/chat/completions")
///     .body(Full::<Bytes>::from(r#"{"messages":[],"stream":true}"#))?;
/// let collected = collect(client.oneshot(request).await?.into_body()).await;
///
/// let whole = chunk("1", "Hel") + &chunk("1", "lo") + &end.replace("\"2\"", "\"1\"");
/// assert_eq!(collected.bytes, whole);
/// assert_eq!(collected.end(), "clean end");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A `Streams` in a request's extensions overrides the layer's own for that request.
///
/// A call that is known before it is sent to ask for a document is not followed.
///
/// # Interactions
///
/// They are stored unless `store` is `false`, and the caller's next request names one by its id. So the
/// last event keeps the id of the interaction that it ends, which is another one than the stream began
/// with; and the ids of its events, which lead nowhere in the one that the caller knows, become `null`.
/// One that is stored is not asked for again once a call of a function has begun: the caller will
/// answer the call by an id that only the first one has.
///
/// # Responses
///
/// They are stored as well unless `store` is `false`. A request that itself names a
/// `previous_response_id` or a `conversation` tells that the next turn will refer to this answer. One
/// that is joined from two responses has the id of the first, which the server may not have kept, and
/// then the next turn would fail. So such a stream is not asked for again once anything was delivered;
/// its caller, who is told, can send the same request once more. All others are, and so is one whose
/// request is compressed, which can't be looked into. Callers that send their whole history with
/// `store: false` lose nothing; others should know that an item of a joined answer may not be found by
/// its id alone.
///
/// Reasoning whose `encrypted_content` comes from another stream than its beginning is a difference:
/// the server would not take it back under the id that it began with.
///
/// # What cannot be joined
///
/// Streams of several choices, which come in any order; what is not JSON; what is longer than
/// [`max_kept`](Streams::max_kept); an event that would have to be divided and says more about its
/// text than is understood, such as log probabilities.
///
/// # What a joined stream says of itself
///
/// Its usage is that of the last stream alone, which brought the whole answer: what the others cost
/// is not in it. Signatures of reasoning are those of the stream that was in hand when they came;
/// the text they sign is the same in all. The id of a response is that of the first stream, which an
/// API that stores responses may not know as a whole one.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Streams {
    pub(super) replay: bool,
    pub(super) prefill: bool,
    pub(super) max_kept: usize,
}

impl Streams {
    /// With replay, and up to 8 MiB kept.
    pub const fn new() -> Self {
        Streams {
            replay: true,
            prefill: false,
            max_kept: 8 << 20,
        }
    }

    /// Whether the same request may be sent again after output was delivered. Default: yes.
    pub const fn replay(mut self, replay: bool) -> Self {
        self.replay = replay;
        self
    }

    /// Whether the model may be asked to go on with the text that was delivered, where nothing else
    /// continues it. Default: no.
    ///
    /// The rest is then another answer to another request. Its beginning is billed once more, and
    /// the usage at the end is that of the rest. A comment in the stream, `: continued by prefill`,
    /// says where it begins.
    ///
    /// It is done for messages and chat completions whose output so far is one text: never within a
    /// tool call or reasoning, nor behind any, and not when the last message of the request is the
    /// assistant's own, as when a client has sent its part of the answer back. Turn it on only where
    /// the model can do it: Anthropic's up to 4.5, and servers that know `continue_final_message`
    /// (vLLM, SGLang). Others refuse, or start over without a sign.
    pub const fn prefill(mut self, prefill: bool) -> Self {
        self.prefill = prefill;
        self
    }

    /// The most bytes of a stream's output that are kept to be compared with. A stream that is
    /// longer can't be replayed. Default: 8 MiB.
    pub const fn max_kept(mut self, bytes: usize) -> Self {
        self.max_kept = bytes;
        self
    }
}

impl Default for Streams {
    fn default() -> Self {
        Streams::new()
    }
}

impl<B: ReplayableBody + From<Bytes>> Cursors<B> for Streams {
    type Cursor = StreamCursor;

    fn begin(&self, request: &Request<B>) -> Option<StreamCursor> {
        let call = Call::find(request.extensions())?;
        // Most calls that ask for a document say so before they are sent.
        if call.is_streaming() == Some(false) {
            return None;
        }
        let own = request.extensions().get::<Streams>();
        StreamCursor::new(call, *own.unwrap_or(self))
    }
}
