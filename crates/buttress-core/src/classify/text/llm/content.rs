//! Content that a filter refused.

use crate::classify::text::rule::{FILTERED, Rule, rule};

pub(in crate::classify::text) static RULES: &[Rule] = &[rule(
    &[
        "content filter*",
        "contentfilter*",
        "content management policy",
        "content polic*",
        "moderation*",
        "safety system",
        "safety setting*",
        "safety filter*",
        "blocked .. safety",
        "blocked due to safety*",
        "usage polic*",
        "usage guideline*",
        "safety check*",
        "prohibited content",
        "prohibited use*",
        "responsible ai*",
        "responsibleai*",
        "data inspection failed",
        "inappropriate content",
        "sensitive content",
        "sensitive information",
        "sensitive words",
        "unsafe content",
        "harmful content",
        "flagged .. violat*",
        "flagged for*",
        "guardrail intervened",
        "blocked by guardrail*",
        "guardrail .. failed",
        "guardrail .. violat*",
        "violat* .. guardrail*",
        "内容安全",
        "敏感",
        "不安全",
    ],
    FILTERED,
)
.none(&[
    "account has been flagged*",
    "account was flagged*",
    "temporarily blocked",
])];
