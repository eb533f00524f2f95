//! What is spoken of.

/// What is sent.
pub(super) const SENT: &[&str] = &[
    "payload",
    "body",
    "request",
    "upload",
    "file",
    "files",
    "image",
    "images",
    "attachment",
    "document",
    "pdf",
    "audio",
    "video",
];

/// What a model reads.
pub(super) const SAID: &[&str] = &[
    "prompt",
    "input",
    "inputs",
    "conversation",
    "history",
    "context",
    "token",
    "tokens",
];

/// What is paid for.
pub(super) const PAID: &[&str] = &[
    "credit",
    "credits",
    "balance",
    "billing",
    "payment",
    "payments",
    "spend",
    "spending",
    "cost",
    "subscription",
    "quota",
    "allowance",
    "plan",
    "usage",
    "trial",
    "membership",
    "free tier",
    "funds",
    "prepaid",
    "invoice*",
    "wallet",
    "budget",
];

/// What does the work.
pub(super) const MACHINE: &[&str] = &[
    "server",
    "servers",
    "system",
    "model",
    "service",
    "engine",
    "provider",
    "replicas",
    "replica",
    "worker",
    "workers",
    "upstream",
    "instance",
    "instances",
    "pod",
    "node",
    "nodes",
    "gpu",
    "gpus",
    "deployment",
    "backend",
    "endpoint",
    "channel",
    "channels",
    "accounts",
    "slot",
    "slots",
];

/// Who asks.
pub(super) const WHO: &[&str] = &[
    "organization",
    "organisation",
    "org",
    "account",
    "project",
    "team",
    "user",
    "workspace",
    "tenant",
    "provider",
    "plan",
    "key",
];

/// What one needs to be allowed.
pub(super) const GRANTED: &[&str] = &[
    "region",
    "country",
    "location",
    "territory",
    "permission*",
    "privilege*",
    "entitle*",
    "eligible",
    "license*",
    "allowlist*",
    "whitelist*",
];

/// What shows who asks.
pub(super) const SHOWN: &[&str] = &[
    "api key",
    "apikey",
    "token",
    "credential*",
    "bearer",
    "authorization",
    "authenticat*",
    "signature",
    "login",
    "password",
];
