//! Calls that have one document for an answer and never a stream: embeddings, lists of models, counts
//! of tokens and the like.

use super::Dialect;
use http::Method;

/// The API whose errors callers at this address read, if it is one of those.
///
/// All of them can be asked twice: what that costs is the price of an answer.
pub(crate) fn shape(method: &Method, path: &str) -> Option<Dialect> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let (of, last) = path.rsplit_once('/')?;
    if *method == Method::GET {
        return kept(of, last);
    }
    if *method != Method::POST {
        return None;
    }
    let in_them = |of_them: &str| of.ends_with(of_them).then_some(Dialect::ChatCompletions);
    match last {
        // Cohere's and Jina's, which many servers speak, is the last one.
        "embeddings" | "rerank" => Some(Dialect::ChatCompletions),
        // Elsewhere that may be an act.
        "moderations" => in_them("/v1"),
        "generations" | "edits" | "variations" => in_api(of, "/images"),
        "transcriptions" | "translations" => in_api(of, "/audio"),
        // https://platform.openai.com/docs/api-reference/responses/compact
        "compact" | "input_tokens" => in_them("/responses"),
        "count_tokens" => of.ends_with("/messages").then_some(Dialect::Messages),
        _ => match last.rsplit_once(':')?.1 {
            "countTokens" | "embedContent" | "batchEmbedContents" => Some(Dialect::Gemini),
            _ => None,
        },
    }
}

/// Of OpenAI's API, as it and all who follow it place it: below a version, Azure's deployments, or the
/// name of the API. Anywhere else an image is somebody's own, and to edit it may be an act.
fn in_api(of: &str, part: &str) -> Option<Dialect> {
    let (before, last) = of.strip_suffix(part)?.rsplit_once('/')?;
    let version = last.strip_prefix('v').unwrap_or_default();
    let is_version = version.starts_with(|first: char| first.is_ascii_digit());
    let is_api = is_version || last == "openai" || before.ends_with("/deployments");
    is_api.then_some(Dialect::ChatCompletions)
}

/// Of what is there already: models, and what was answered before.
fn kept(of: &str, last: &str) -> Option<Dialect> {
    if last == "models" || of.ends_with("/models") {
        return Some(Dialect::ChatCompletions);
    }
    if super::responses::recognise::path(of) {
        return Some(Dialect::Responses);
    }
    super::interactions::recognise::path(of).then_some(Dialect::Interactions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_path_says_which() {
        use Dialect::*;
        let post = [
            ("/v1/embeddings", Some(ChatCompletions)),
            ("/openai/deployments/x/embeddings/", Some(ChatCompletions)),
            ("/rerank", Some(ChatCompletions)),
            ("/v2/rerank", Some(ChatCompletions)),
            ("/v1/moderations", Some(ChatCompletions)),
            // In a forum.
            ("/posts/7/moderations", None),
            ("/v1/images/generations", Some(ChatCompletions)),
            ("/v1/images/edits", Some(ChatCompletions)),
            ("/v1/images/variations", Some(ChatCompletions)),
            ("/v1/videos/edits", None),
            ("/v1/audio/transcriptions", Some(ChatCompletions)),
            ("/v1/audio/translations", Some(ChatCompletions)),
            ("/v1/audio/speech", None),
            // Where they are in other places, somebody else's are, and may be an act.
            ("/openai/deployments/x/images/edits", Some(ChatCompletions)),
            ("/v1beta/openai/images/generations", Some(ChatCompletions)),
            ("/api/paas/v4/images/generations/", Some(ChatCompletions)),
            (
                "/openai/deployments/x/audio/translations",
                Some(ChatCompletions),
            ),
            ("/images/edits", None),
            ("/images/generations", None),
            ("/gallery/images/variations", None),
            ("/patients/7/audio/transcriptions", None),
            ("/deployments/audio/transcriptions", None),
            ("/video/audio/translations", None),
            ("/v/images/edits", None),
            ("/v1/my-images/edits", None),
            ("/v1/responses/compact", Some(ChatCompletions)),
            ("/v1/responses/input_tokens", Some(ChatCompletions)),
            ("/v1/responses/r1/cancel", None),
            ("/v1/messages/count_tokens", Some(Messages)),
            ("/v1/messages/batches", None),
            ("/v1beta/models/g:countTokens", Some(Gemini)),
            ("/v1beta/models/g:embedContent", Some(Gemini)),
            ("/v1beta/models/g:batchEmbedContents", Some(Gemini)),
            ("/v1beta/models/g:predictLongRunning", None),
            ("/v1/models", None),
            ("/v1/files", None),
            ("/", None),
            ("", None),
        ];
        let get = [
            ("/v1/models", Some(ChatCompletions)),
            ("/models/", Some(ChatCompletions)),
            ("/v1beta/models/g", Some(ChatCompletions)),
            ("/v1/responses/r1", Some(Responses)),
            ("/v1/responses/r1/input_items", None),
            ("/v1/responses", None),
            ("/v1beta/interactions/i1", Some(Interactions)),
            ("/v1/embeddings", None),
            ("/", None),
        ];
        for (method, cases) in [(Method::POST, &post[..]), (Method::GET, &get)] {
            for (path, expected) in cases {
                assert_eq!(shape(&method, path), *expected, "{method} {path}");
                assert_eq!(shape(&Method::DELETE, path), None, "{path}");
            }
        }
    }
}
