//! Why a model stopped, where it was none of its own reasons.

use crate::classify::Classification;
use crate::classify::text::rule::{FILTERED, OVERLOADED, SERVER, TRUNCATED};

/// What a reason for the end of an answer says, if it is one of a failure that has no other name.
///
// Sources: `finish_reason` of DeepSeek (`api-docs.deepseek.com`) and of z.ai (`docs.z.ai`), which both
// have for chat completions; `FinishReason` of Gemini (`ai.google.dev/api/generate-content`);
// `StopReason` of Bedrock's Converse; vLLM's `abort`.
pub(super) fn of(reason: &str) -> Option<Classification> {
    Some(match reason {
        "insufficient_system_resource" => OVERLOADED,
        "network_error" | "network-error" => SERVER,
        // What the model wrote was no call: the next try writes another one.
        "MALFORMED_FUNCTION_CALL"
        | "UNEXPECTED_TOOL_CALL"
        | "MALFORMED_RESPONSE"
        | "malformed_model_output"
        | "malformed_tool_use" => SERVER,
        "abort" => TRUNCATED,
        // The filters that stopped it.
        "content_filter"
        | "sensitive"
        | "SAFETY"
        | "RECITATION"
        | "BLOCKLIST"
        | "PROHIBITED_CONTENT"
        | "SPII"
        | "IMAGE_SAFETY"
        | "IMAGE_PROHIBITED_CONTENT"
        | "IMAGE_RECITATION" => FILTERED,
        _ => return None,
    })
}
