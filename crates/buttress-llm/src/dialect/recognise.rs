//! Which API a request speaks: by its method and the end of its path, then by its body, never by
//! its host.

use super::Dialect;
use crate::call::facts::Facts;
use http::{Method, Uri};

impl Dialect {
    /// The API that a request with this head speaks, if it speaks one, as far as method and address
    /// say.
    ///
    /// ```
    /// use buttress_llm::Dialect;
    /// use http::{Method, Uri};
    ///
    /// let of = |path| Dialect::of(&Method::POST, &Uri::from_static(path));
    /// assert_eq!(of("/v1/messages"), Some(Dialect::Messages));
    /// assert_eq!(of("/v1/messages/batches"), None);
    /// ```
    #[must_use]
    pub fn of(method: &Method, uri: &Uri) -> Option<Self> {
        Dialect::recognise(method, uri.path(), uri.query()).map(|(dialect, _)| dialect)
    }

    /// The API that a request with this method and address speaks, unless its body says otherwise,
    /// and whether the address alone says that the answer is streamed.
    pub(crate) fn recognise(
        method: &Method,
        path: &str,
        query: Option<&str>,
    ) -> Option<(Self, bool)> {
        let path = path.strip_suffix('/').unwrap_or(path);
        if *method == Method::GET {
            return reading(path, query).map(|dialect| (dialect, true));
        }
        if *method != Method::POST {
            return None;
        }
        super::gemini::recognise::path(path, query)
            .map(|streams| (Dialect::Gemini, streams))
            .or_else(|| {
                super::messages::recognise::path(path).then_some((Dialect::Messages, false))
            })
            .or_else(|| super::chat::recognise::path(path).map(|dialect| (dialect, false)))
            .or_else(|| {
                super::responses::recognise::path(path).then_some((Dialect::Responses, false))
            })
            .or_else(|| {
                super::interactions::recognise::path(path).then_some((Dialect::Interactions, false))
            })
    }

    /// Whether a body that says so much can be one of this API.
    pub(crate) fn fits(self, facts: &Facts) -> bool {
        !facts.odd
            && match self {
                Dialect::ChatCompletions | Dialect::Completions => {
                    super::chat::recognise::fits(self, facts)
                }
                Dialect::Responses => super::responses::recognise::fits(facts),
                Dialect::Messages => super::messages::recognise::fits(facts),
                Dialect::Gemini => super::gemini::recognise::fits(facts),
                Dialect::Interactions => super::interactions::recognise::fits(facts),
            }
    }
}

/// The API at which a `GET` reads the events of what was begun before.
fn reading(path: &str, query: Option<&str>) -> Option<Dialect> {
    let (all, id) = path.rsplit_once('/')?;
    if id.is_empty() || !query?.split('&').any(|part| part == "stream=true") {
        return None;
    }
    if super::responses::recognise::path(all) {
        return Some(Dialect::Responses);
    }
    super::interactions::recognise::path(all).then_some(Dialect::Interactions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_path_says_which() {
        use Dialect::*;
        let cases: &[(&str, Option<(Dialect, bool)>)] = &[
            ("/v1/chat/completions", Some((ChatCompletions, false))),
            ("/chat/completions/", Some((ChatCompletions, false))),
            ("/api/v1/chat/completions", Some((ChatCompletions, false))),
            (
                "/openai/deployments/x/chat/completions?api-version=1",
                Some((ChatCompletions, false)),
            ),
            (
                "/v1beta/openai/chat/completions",
                Some((ChatCompletions, false)),
            ),
            ("/v1/completions", Some((Completions, false))),
            ("/completions", Some((Completions, false))),
            ("/v1/incompletions", None),
            ("/v1/responses", Some((Responses, false))),
            ("/backend-api/codex/responses", Some((Responses, false))),
            ("/v1/responses/resp_1/cancel", None),
            ("/v1/responses/input_tokens", None),
            ("/v1/messages", Some((Messages, false))),
            ("/anthropic/v1/messages?beta=true", Some((Messages, false))),
            ("/v1/messages/count_tokens", None),
            ("/v1/messages/batches", None),
            ("/v1/threads/t_1/messages", None),
            (
                "/v1/projects/p/publishers/anthropic/models/claude:rawPredict",
                Some((Messages, false)),
            ),
            (
                "/v1/projects/p/publishers/anthropic/models/claude:streamRawPredict",
                Some((Messages, false)),
            ),
            (
                "/v1/projects/p/publishers/mistral/models/m:streamRawPredict",
                None,
            ),
            ("/v1beta/models/g:generateContent", Some((Gemini, false))),
            (
                "/v1beta/models/g:streamGenerateContent?alt=sse",
                Some((Gemini, true)),
            ),
            (
                "/v1beta/models/g:streamGenerateContent?key=k&alt=sse",
                Some((Gemini, true)),
            ),
            (
                "/v1beta/models/g:streamGenerateContent",
                Some((Gemini, false)),
            ),
            ("/v1beta/models/g:countTokens", None),
            ("/v1beta/interactions", Some((Interactions, false))),
            (
                "/v1beta1/projects/p/locations/global/interactions?key=k",
                Some((Interactions, false)),
            ),
            ("/v1beta/interactions/v1_a/cancel", None),
            ("/v1beta/interactions:batch", None),
            ("/v1/embeddings", None),
            ("/", None),
            ("", None),
        ];
        for (address, expected) in cases {
            let (path, query) = match address.split_once('?') {
                Some((path, query)) => (path, Some(query)),
                None => (*address, None),
            };
            assert_eq!(
                Dialect::recognise(&Method::POST, path, query),
                *expected,
                "{address}"
            );
            assert_eq!(
                Dialect::recognise(&Method::PUT, path, query),
                None,
                "{address}"
            );
        }
        for (path, query, expected) in [
            (
                "/v1/responses/resp_1",
                Some("stream=true&starting_after=3"),
                Some(Responses),
            ),
            ("/v1/responses/resp_1", Some("include=x"), None),
            ("/v1/responses/resp_1", None, None),
            (
                "/v1/responses/resp_1/input_items",
                Some("stream=true"),
                None,
            ),
            ("/v1/responses", Some("stream=true"), None),
            ("/v1/responses/", Some("stream=true"), None),
            (
                "/v1beta/interactions/v1_a",
                Some("key=k&stream=true&last_event_id=e"),
                Some(Interactions),
            ),
            // A look at how far it is.
            ("/v1beta/interactions/v1_a", Some("key=k"), None),
            ("/v1beta/interactions//", Some("stream=true"), None),
            ("/v1/chat/completions", Some("stream=true"), None),
        ] {
            let found = Dialect::recognise(&Method::GET, path, query);
            assert_eq!(found, expected.map(|dialect| (dialect, true)), "{path}");
            let uri = format!("{path}?{}", query.unwrap_or_default());
            let found = Dialect::of(&Method::GET, &uri.parse().unwrap());
            assert_eq!(found, expected, "{path}");
        }
    }

    #[test]
    fn a_body_of_another_kind_does_not_fit() {
        use crate::call::scan::Scan;
        for (dialect, body, expected) in [
            (Dialect::ChatCompletions, r#"{"messages":[]}"#, true),
            (Dialect::ChatCompletions, r#"{"query":"x"}"#, false),
            (Dialect::Completions, r#"{"prompt":"x"}"#, true),
            (Dialect::Completions, r#"{"messages":[]}"#, false),
            (Dialect::Responses, r#"{"model":"m","input":[]}"#, true),
            // Any of them will do: a stored prompt knows its model and its input.
            (Dialect::Responses, r#"{"input":"x"}"#, true),
            (Dialect::Responses, r#"{"prompt":{"id":"p"}}"#, true),
            (Dialect::Responses, r#"{"model":"m"}"#, true),
            (Dialect::Responses, r#"{"answer":1}"#, false),
            (Dialect::Messages, r#"{"max_tokens":1,"messages":[]}"#, true),
            (
                Dialect::Messages,
                r#"{"anthropic_version":"b","messages":[]}"#,
                true,
            ),
            (Dialect::Messages, r#"{"role":"user","content":"x"}"#, false),
            (Dialect::Gemini, r#"{"contents":[]}"#, true),
            (Dialect::Gemini, r#"{"instances":[]}"#, false),
            (Dialect::Gemini, r#"a=b&contents=c"#, false),
            (Dialect::Interactions, r#"{"model":"m","input":"x"}"#, true),
            (Dialect::Interactions, r#"{"agent":"a","input":[]}"#, true),
            // Where the model had to stop, a client asks it to go on.
            (
                Dialect::Interactions,
                r#"{"model":"m","previous_interaction_id":"v1_a","continuation_token":"t"}"#,
                true,
            ),
            (Dialect::Interactions, r#"{"input":"x"}"#, false),
            (Dialect::Interactions, r#"{"model":"m"}"#, false),
            (Dialect::Messages, r#"{"max_tokens":1}"#, false),
            (Dialect::Gemini, r#"{"contents":[]}{}"#, false),
            (Dialect::Interactions, r#"{"type":2,"data":{}}"#, false),
        ] {
            let mut scan = Scan::default();
            scan.read(body.as_bytes());
            assert_eq!(dialect.fits(&scan.facts()), expected, "{dialect:?} {body}");
        }
    }
}
