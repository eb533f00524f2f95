//! Requests that an API does not accept as they are.

use crate::classify::Classification;
use crate::classify::text::find::Words;
use crate::classify::text::rule::{BAD_REQUEST, Rule, first, rule};

/// What a handshake is about.
const OF_TLS: &[&str] = &["peer doesn't*", "ssl*", "tls*", "secure*", "cipher*"];

pub(in crate::classify::text) static RULES: &[Rule] = &[
    rule(
        &[
            "unsupported parameter",
            "unsupported value",
            "unknown parameter",
            "invalid parameter",
            "invalid value for*",
            "unrecognized request argument*",
            "not supported in combination*",
            "cannot be combined*",
            "cannot be used together*",
            "cannot be used with*",
            "mutually exclusive*",
            "isn't supported",
            "does not support*",
            "doesn't support*",
            "cannot be modified",
            "encrypted .. content could not be*",
            "must have non empty content*",
            "must end with a user message",
            "must contain non whitespace*",
            "must alternate*",
            "must be a response to*",
            "must be followed by*",
            "text content blocks must*",
            "tool use .. without .. tool result",
            "without tool result*",
            "extra inputs are not permitted",
            "should match pattern*",
            "missing required*",
            "field required",
            "required key*",
            "required property*",
            "required field*",
            "invalid type for*",
            // axum's words for a body, a query or a path that it cannot read.
            "failed to deserialize the json body*",
            "failed to deserialize the json into*",
            "failed to deserialize query*",
            "failed to parse the request body*",
            "parse the json body*",
            "could not process image",
            "invalid schema for*",
            "invalid json schema*",
            "invalid json payload*",
            "invalid base64*",
            "unprocessable*",
            "invalid function*",
            "invalid tool*",
            "malformed request*",
            "invalid request body",
        ],
        BAD_REQUEST,
    )
    .none(OF_TLS),
    rule(&["not supported with", "not supported when"], BAD_REQUEST)
        .none(OF_TLS)
        .none_of(&[
            "disconnected*",
            "resum*",
            "reconnect*",
            "retry*",
            "connection reset*",
            "connection closed*",
        ]),
];

/// What a request consists of.
const PARTS: &[&str] = &[
    "argument",
    "arguments",
    "argument's",
    "body",
    "budget tokens",
    "content type",
    "effort",
    "field",
    "fields",
    "function call",
    "function declaration*",
    "header",
    "last message",
    "max tokens",
    "messages",
    "model name",
    "option",
    "output tokens",
    "parameter",
    "parameters",
    "params",
    "payload",
    "properties",
    "property",
    "role",
    "roles",
    "schema",
    "temperature",
    "template",
    "tool",
    "tools",
    "tool call",
    "tool choice",
    "top k",
    "top p",
];

/// What is wrong with a part, said before it.
const WRONG: &[&str] = &[
    "don't support",
    "extraneous",
    "invalid",
    "malformed",
    "missing",
    "no such",
    "not specified",
    "required",
    "unexpected",
    "unknown",
    "unrecognised",
    "unrecognized",
    "unsupported",
];

/// What is wrong with a part, said behind it.
const IS_WRONG: &[&str] = &[
    "cannot be",
    "can't be",
    "cannot contain",
    "does not match",
    "expected",
    "invalid",
    "is missing",
    "is not a valid",
    "is not set",
    "is not valid",
    "is required",
    "must be",
    "must come",
    "must contain",
    "must have",
    "must not",
    "not permitted",
    "not specified",
    "not supported",
    "out of range",
    "should be",
    "should have",
    "should match",
    "should not",
    "too short",
    "unexpected",
    "unsupported",
    "validation",
    "was not provided",
];

/// One word for a part of the request and one for what is wrong with it.
static IDEAS: &[Rule] = &[
    rule(PARTS, BAD_REQUEST).then(IS_WRONG).none(NO_PART),
    rule(WRONG, BAD_REQUEST).then(PARTS).none(NO_PART),
    rule(&["validation"], BAD_REQUEST)
        .with(&["failed", "failure", "error*"])
        .none(NO_PART),
];

/// What is wrong with the request, if something is: where a status is known it says as much.
pub(in crate::classify::text) fn wrong(words: Words<'_>) -> Option<Classification> {
    first(IDEAS, words, |_| true)
}

/// What shows that the part is one of something else.
const NO_PART: &[&str] = &[
    "certificate*",
    "connection*",
    "response",
    "handshake*",
    "http/2",
    "server",
    "socket",
    "ssl*",
    "tls*",
    // Of a program.
    "attribute error",
    "by the model",
    "checksum*",
    "of null",
    "of undefined",
    "positional",
    "output validation*",
    "retried",
    "retry*",
];
