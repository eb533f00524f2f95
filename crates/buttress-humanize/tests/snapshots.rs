//! Every kind in every form and language, and one failure in many situations, as a reader sees them.
//!
//! `INSTA_UPDATE=always cargo test -p buttress-humanize --test snapshots` writes the files anew:
//! read them through before they are committed.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic as tests may"
)]

use buttress_core::{
    Action, Attempt, Delivery, Failure, FailureKind, Hint, History, Limit, Phase, Reference,
    StopReason,
};
use buttress_humanize::{Call, Catalog, English, Format, Language, Report};
use http::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use std::fmt::Write;
use std::time::{Duration, SystemTime};

#[test]
fn every_kind_in_every_form() {
    for kind in FailureKind::ALL {
        let failure = typical(*kind);
        let call = Call::to("api.example.com");
        let told = English.explain(&failure, &call);
        let page = Format::Html.render(&failure, &told);
        let (head, rest) = page.split_once("<style>").unwrap();
        let (_, body) = rest.split_once("</style>").unwrap();
        let all = [
            ("in a line", format!("{told}\n")),
            ("report", Report::new(&failure, &told).to_string()),
            ("text", Format::Text.render(&failure, &told)),
            ("problem", Format::ProblemJson.render(&failure, &told)),
            ("event", Format::error_event(&failure, &told)),
            ("page", format!("{head}<style>…</style>{body}")),
        ];
        let all = all.map(|(name, text)| format!("-------- {name} --------\n{text}\n"));
        insta::assert_snapshot!(kind.code(), all.concat());
    }
}

#[test]
fn every_kind_in_every_language() {
    for language in Language::ALL {
        let mut all = String::new();
        for kind in FailureKind::ALL {
            let failure = typical(*kind);
            let told = language.explain(&failure, &Call::to("api.example.com"));
            writeln!(all, "{kind}: {}\n{told:#}\n", told.title()).unwrap();
        }
        insta::assert_snapshot!(format!("in_{}", language.tag()), all);
    }
}

#[test]
fn every_situation_in_every_language() {
    for language in Language::ALL {
        let mut all = String::new();
        for (name, failure) in situations() {
            let told = language.explain(&failure, &Call::unknown());
            let text = Format::Text.render(&failure, &told);
            writeln!(all, "======== {name} ========\n\n{text}").unwrap();
        }
        insta::assert_snapshot!(format!("situations_in_{}", language.tag()), all);
    }
}

#[test]
fn reports_fit_the_terminal() {
    let (_, failure) = situations()
        .into_iter()
        .find(|(name, _)| name.contains("three"))
        .unwrap();
    let told = English.explain(&failure, &Call::to("api.example.com"));
    let colored = Report::new(&failure, &told)
        .color(true)
        .width(48)
        .to_string();
    insta::assert_snapshot!("report_in_color", colored.replace('\u{1b}', "ESC"));
    let told = Language::Japanese.explain(&failure, &Call::to("api.example.com"));
    let narrow = Report::new(&failure, &told).width(40).to_string();
    insta::assert_snapshot!("report_in_japanese", narrow);
}

/// A failure of this kind as it usually comes.
fn typical(kind: FailureKind) -> Failure {
    use FailureKind as K;
    let failure = Failure::new(kind);
    let answered = |status| Delivery::Answered(http::StatusCode::from_u16(status).unwrap());
    let limit = |seconds| {
        let limit = Duration::from_secs(seconds);
        Limit::new(limit, limit)
    };
    let half = Delivery::Partial { bytes: 12_345 };
    match kind {
        K::ConnectionRefused
        | K::Unreachable
        | K::Dns
        | K::TlsUntrusted
        | K::TlsExpired
        | K::TlsName
        | K::TlsOther
        | K::Proxy => failure
            .with_phase(Phase::Connect)
            .with_delivery(Delivery::NotSent),
        K::TimeoutConnect => failure
            .with_phase(Phase::Connect)
            .with_delivery(Delivery::NotSent)
            .with_limit(limit(10)),
        K::TimeoutHead => failure.with_limit(limit(60)),
        K::TimeoutFirstEvent => failure
            .with_phase(Phase::Body)
            .with_delivery(Delivery::Partial { bytes: 0 })
            .with_limit(limit(90)),
        K::TimeoutIdle => failure
            .with_phase(Phase::Body)
            .with_delivery(half)
            .with_limit(limit(120)),
        K::TimeoutTotal => failure.with_limit(limit(300)),
        K::StreamTruncated | K::RepresentationChanged | K::Decode => {
            failure.with_phase(Phase::Body).with_delivery(half)
        }
        K::RateLimited => failure.with_delivery(answered(429)).with_hint(pause("30")),
        K::QuotaExhausted => failure.with_delivery(answered(429)),
        K::Overloaded => failure.with_delivery(answered(503)),
        K::ServerError => failure.with_delivery(answered(500)),
        K::BadGateway => failure.with_delivery(answered(502)),
        K::Auth => failure.with_delivery(answered(401)),
        K::Permission => failure.with_delivery(answered(403)),
        K::NotFound => failure.with_delivery(answered(404)),
        K::BadRequest | K::ContextLength | K::ContentFiltered => {
            failure.with_delivery(answered(400))
        }
        K::PayloadTooLarge => failure.with_delivery(answered(413)),
        _ => failure,
    }
}

fn situations() -> Vec<(&'static str, Failure)> {
    use FailureKind as K;
    let closed = || Failure::new(K::ConnectionClosed);
    let reset = || Failure::new(K::ConnectionReset);
    let body = |failure: Failure, bytes| {
        failure
            .with_phase(Phase::Body)
            .with_delivery(Delivery::Partial { bytes })
    };
    let busy = || {
        let answer = Delivery::Answered(http::StatusCode::SERVICE_UNAVAILABLE);
        Failure::new(K::Overloaded).with_delivery(answer)
    };
    let mut named = Failure::new(K::ServerError);
    let reference = Reference::parse("req_011CSHoEeqs5C35K2UUqR7Fy").unwrap();
    named.details_mut().insert(reference);
    vec![
        (
            "closed while connecting",
            closed()
                .with_phase(Phase::Connect)
                .with_delivery(Delivery::NotSent),
        ),
        ("closed while sending", closed().with_phase(Phase::Send)),
        (
            "closed, request refused",
            closed().with_delivery(Delivery::Refused),
        ),
        ("closed at the first byte", body(closed(), 0)),
        ("reset in the middle", body(reset(), 12_345)),
        (
            "reset, three attempts",
            reset()
                .with_earlier(&tries(&[Action::Retried, Action::Retried], 3_700))
                .with_stopped(StopReason::Attempts),
        ),
        (
            "reset, continued twice, then no more",
            body(reset(), 1_500_000)
                .with_earlier(&tries(&[Action::Resumed, Action::Resumed], 600))
                .with_stopped(StopReason::NoProgress),
        ),
        (
            "reset, tried and continued, time is up",
            body(reset(), 999)
                .with_earlier(&tries(&[Action::Retried, Action::Resumed], 61_000))
                .with_stopped(StopReason::Elapsed),
        ),
        (
            "bad request, never sent",
            Failure::new(K::BadRequest)
                .with_phase(Phase::Connect)
                .with_delivery(Delivery::NotSent),
        ),
        (
            "closed, may have had an effect",
            closed().with_stopped(StopReason::NotRepeatable),
        ),
        (
            "closed, content not kept",
            closed().with_stopped(StopReason::BodyNotReplayable),
        ),
        (
            "closed, cannot be continued",
            body(closed(), 42).with_stopped(StopReason::NotResumable),
        ),
        (
            "closed, then another answer",
            body(closed(), 42)
                .with_earlier(&tries(&[Action::Resumed], 300))
                .with_stopped(StopReason::AnswerDiffers),
        ),
        (
            "overloaded, come back in two hours",
            busy()
                .with_hint(pause("7200"))
                .with_stopped(StopReason::HintTooLong),
        ),
        (
            "overloaded, asked for no more",
            busy().with_stopped(StopReason::ServerSaidNo),
        ),
        (
            "overloaded, deadline",
            busy()
                .with_earlier(&tries(&[Action::Retried], 1_500))
                .with_stopped(StopReason::Deadline),
        ),
        (
            "overloaded, shared budget",
            busy().with_stopped(StopReason::Budget),
        ),
        (
            "protocol error that is known to pass",
            Failure::new(K::Protocol)
                .with_delivery(Delivery::Refused)
                .with_transient(true),
        ),
        (
            "server error that will not pass",
            Failure::new(K::ServerError)
                .with_transient(false)
                .with_stopped(StopReason::NotTransient),
        ),
        ("server error with a reference", named),
        (
            "idle, nothing known",
            Failure::new(K::TimeoutIdle).with_phase(Phase::Body),
        ),
        (
            "total, in the middle",
            body(Failure::new(K::TimeoutTotal), 3_200_000_000),
        ),
    ]
}

/// Attempts that failed the same way, with this many milliseconds of waiting in all.
fn tries(actions: &[Action], waited_ms: u64) -> History {
    let mut history = History::new();
    let wait = Duration::from_millis(waited_ms / actions.len() as u64);
    for action in actions {
        history.push(Attempt::new(
            FailureKind::ConnectionReset,
            Phase::Head,
            *action,
            Duration::from_millis(80),
            wait,
        ));
    }
    history
}

/// What a server says with this `Retry-After`.
fn pause(seconds: &'static str) -> Hint {
    let mut headers = HeaderMap::new();
    headers.insert(RETRY_AFTER, HeaderValue::from_static(seconds));
    Hint::from_headers(&headers, SystemTime::UNIX_EPOCH).unwrap()
}

/// Words that belong to those who build such things, not to those who use them.
const JARGON: &[&str] = &[
    "socket",
    "EOF",
    "TCP",
    "RST",
    "TLS",
    "handshake",
    "HTTP ",
    "stream",
    "errno",
    "panic",
    "hyper",
    "tokio",
    "h2",
    "reqwest",
    "rustls",
    "tower",
    "buttress",
    "DNS",
    "host ",
    "payload",
    "header",
    "endpoint",
    "upstream",
    "timeout",
    "retry",
    "null",
    "error",
    "client",
    "_",
];

#[test]
fn nothing_said_is_jargon_and_everything_is_a_sentence() {
    let kinds = FailureKind::ALL.iter().map(|kind| typical(*kind));
    for failure in kinds.chain(situations().into_iter().map(|(_, failure)| failure)) {
        for call in [Call::unknown(), Call::to("api.example.com")] {
            let told = English.explain(&failure, &call);
            let said = format!("{} {told:#}", told.title());
            for word in JARGON {
                assert!(!said.contains(word), "{word:?} in {said}");
            }
            assert!(!told.title().ends_with('.'), "{}", told.title());
            let sentences = [
                Some(told.happened()),
                told.side(),
                told.tried(),
                told.come_back(),
            ];
            let steps = told.next_steps().iter().map(String::as_str);
            for sentence in sentences.into_iter().flatten().chain(steps) {
                assert!(sentence.ends_with('.'), "{sentence}");
                assert!(
                    !sentence.contains("  ") && !sentence.contains(".."),
                    "{sentence}"
                );
                let first = sentence.chars().next().unwrap();
                let starts_well = first.is_uppercase() || sentence.starts_with("api.example.com");
                assert!(starts_well, "{sentence}");
            }
            assert!(told.side().is_some(), "{said}");
            assert!(told.next_steps().len() >= 2, "{said}");
        }
    }
}

#[test]
fn no_two_kinds_say_the_same() {
    let mut said = std::collections::HashSet::new();
    for kind in FailureKind::ALL {
        let told = English.explain(&typical(*kind), &Call::unknown());
        assert!(said.insert(told.title().to_owned()), "{kind}");
        assert!(said.insert(told.happened().to_owned()), "{kind}");
    }
}
