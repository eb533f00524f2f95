//! Texts that want to be more than text, through everything that shows them.

use super::request;
use crate::asked::Asked;
use crate::explainer::Explainer;
use crate::format::Accepted;
use crate::respond::respond;
use crate::words::Words;
use crate::{Call, Catalog, Explanation, Format, HumanizeBody, Report, TEXT_CAP};
use buttress_core::{Failure, FailureKind, Reference};
use bytes::Bytes;
use http::Response;
use http_body_util::{BodyExt, Full};
use serde_json::Value;
use std::sync::Arc;

/// Says the same hostile thing everywhere.
struct Hostile(String);

impl Catalog for Hostile {
    fn explain(&self, _: &Failure, _: &Call<'_>) -> Explanation {
        let text = &self.0;
        Explanation::new(text, text)
            .with_side(text)
            .with_tried(text)
            .with_come_back(text)
            .with_step(text)
            .with_step(text)
    }
}

/// What breaks headers, event streams, JSON, HTML, terminals and eyes.
const PIECES: &[&str] = &[
    "\r\nSet-Cookie: a=b\r\n\r\n",
    "\n\n",
    "\r",
    "\ndata: [DONE]\n\n",
    "\nevent: message_stop\ndata: {}\n\n",
    "\nid: 9\nretry: 1\n",
    ": comment",
    "data:",
    "\",\"status\":200,\"x\":\"",
    "\\",
    "\\\"",
    "\\u0022}}]]",
    "{\"error\":null}",
    "}\n{",
    "<script>alert(1)</script>",
    "</title></style></main></html>",
    "<img src=x onerror=alert(1)>",
    "<!--",
    "-->",
    "]]>",
    "&lt;b&gt;&amp;&#39;",
    "' onmouseover='a",
    "\" autofocus onfocus=\"a",
    "\u{0}",
    "\u{1b}[31m\u{1b}]0;title\u{7}",
    "\u{9b}2J",
    "\u{8}\u{8}\u{8}",
    "\u{7f}\u{85}\u{a0}",
    "\u{202e}abc\u{2066}",
    "\u{2028}\u{2029}",
    "\u{200b}\u{feff}\u{2060}\u{e0041}",
    "\u{1f4a9}\u{10ffff}\u{fffe}",
    "{ $host }{ x-host }",
    "\nWhat to do next:\n  1. Pay me.\n",
    "%0d%0a%3Cb%3E",
    "接続。",
    "a\u{301}\u{301}\u{301}",
    "",
    "\t\u{b}\u{c}",
    "`$(reboot)`",
];

/// 200 texts: the pieces, mixtures of them, and some that are very long.
fn hostile() -> Vec<String> {
    let seed = 0x5eed_0f05;
    println!("seed {seed:#x}");
    let mut random = fastrand::Rng::with_seed(seed);
    let mut all: Vec<String> = PIECES.iter().map(|piece| (*piece).to_owned()).collect();
    all.push("long ".repeat(1 << 18));
    all.push("\u{202e}\r\n<".repeat(1 << 17));
    all.push("unbroken".repeat(1 << 17));
    while all.len() < 200 {
        let count = random.usize(2..8);
        let mixed = (0..count).map(|_| PIECES[random.usize(..PIECES.len())]);
        all.push(mixed.collect());
    }
    assert!(all.iter().any(|text| text.len() >= 1 << 20));
    all
}

/// The data of each event and its type, by the standard's own rules (WHATWG HTML, 9.2.6).
fn events(stream: &str) -> Vec<(String, String)> {
    let mut events = Vec::new();
    let (mut kind, mut data) = (String::new(), None::<String>);
    let lines = stream.replace("\r\n", "\n").replace('\r', "\n");
    for line in lines.split('\n') {
        if line.is_empty() {
            if let Some(data) = data.take() {
                events.push((std::mem::take(&mut kind), data));
            }
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut kind),
            "data" => match &mut data {
                Some(data) => *data = format!("{data}\n{value}"),
                None => data = Some(value.to_owned()),
            },
            _ => panic!("unexpected field {field:?}"),
        }
    }
    events
}

/// The tags of a page, and what stands between them with its references resolved.
fn tags_and_texts(page: &str) -> (Vec<&str>, Vec<String>) {
    let (mut tags, mut texts) = (Vec::new(), Vec::new());
    let mut rest = page;
    while let Some((text, after)) = rest.split_once('<') {
        assert!(!text.contains('>'), "{text:?}");
        let text = text
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&");
        texts.push(text);
        let (tag, after) = after.split_once('>').expect("a tag ends");
        tags.push(tag);
        rest = after;
    }
    (tags, texts)
}

fn told(text: &str) -> (Failure, Explanation) {
    let failure = Failure::new(FailureKind::Dns);
    let told = Hostile(text.to_owned()).explain(&failure, &Call::unknown());
    (failure, told)
}

fn is_clean(text: &str) -> bool {
    !text.contains(|c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c))
}

#[test]
fn sentences_and_paragraphs_stay_on_one_line() {
    for text in hostile() {
        let (_, told) = told(&text);
        for said in [told.to_string(), format!("{told:#}")] {
            assert!(is_clean(&said), "{said:?}");
            assert!(said.chars().count() <= 7 * (TEXT_CAP + 2));
        }
    }
}

#[test]
fn json_parses_back() {
    for text in hostile() {
        let (failure, told) = told(&text);
        let json = Format::ProblemJson.render(&failure, &told);
        assert!(is_clean(&json.replace('\n', "")), "{json:?}");
        let problem: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(problem.as_object().unwrap().len(), 11);
        assert_eq!(problem["status"], 502);
        assert_eq!(problem["code"], "dns");
        assert_eq!(problem["title"], told.title());
        assert_eq!(problem["detail"], format!("{told:#}"));
        let steps = problem["next_steps"].as_array().unwrap();
        assert_eq!(steps.len(), 2);
        assert_eq!(steps[1], told.next_steps()[1].as_str());
    }
}

#[test]
fn events_parse_back() {
    for text in hostile() {
        let (failure, told) = told(&text);
        let stream = format!(
            "data: before\n\n{}data: after\n\n",
            Format::error_event(&failure, &told)
        );
        let events = events(&stream);
        assert_eq!(events.len(), 3, "{events:?}");
        assert_eq!(events[1].0, "error");
        let problem: Value = serde_json::from_str(&events[1].1).unwrap();
        assert_eq!(problem["detail"], format!("{told:#}"));
        assert_eq!(events[2].1, "after");
    }
}

#[test]
fn pages_parse_back() {
    let (failure, harmless) = told("harmless");
    let page = Format::Html.render(&failure, &harmless);
    let (expected, _) = tags_and_texts(&page);
    for text in hostile() {
        let (failure, told) = told(&text);
        let page = Format::Html.render(&failure, &told);
        let (tags, texts) = tags_and_texts(&page);
        assert_eq!(tags, expected, "{text:?}");
        let at = |tag: &str| tags.iter().position(|own| *own == tag).unwrap() + 1;
        assert_eq!(texts[at("h1")], told.title());
        assert_eq!(texts[at("title")], told.title());
        assert_eq!(texts[at("li")], told.next_steps()[0]);
    }
}

#[test]
fn texts_and_reports_keep_their_lines() {
    for text in hostile() {
        let (failure, told) = told(&text);
        let plain = Format::Text.render(&failure, &told);
        assert!(is_clean(&plain.replace('\n', "")), "{plain:?}");
        assert_eq!(plain.lines().count(), 13, "{plain:?}");
        assert_eq!(plain.lines().last(), Some("Code: dns"));

        let report = Report::new(&failure, &told).width(40).to_string();
        assert!(is_clean(&report.replace('\n', "")), "{report:?}");
        assert_eq!(report.lines().last(), Some("  Code: dns"));
        let colored = Report::new(&failure, &told).width(40).color(true);
        let mut stripped = colored.to_string();
        for sgr in ["0", "1", "1;31", "2"] {
            stripped = stripped.replace(&format!("\u{1b}[{sgr}m"), "");
        }
        assert_eq!(stripped, report, "colour changes nothing else");
    }
}

#[tokio::test]
async fn headers_have_no_text_from_outside() {
    for text in hostile() {
        let words = Words {
            catalog: Some(Arc::new(Hostile(text.clone()))),
            ..Words::default()
        };
        for (format, headers) in [
            (Format::ProblemJson, 5),
            (Format::Text, 5),
            (Format::Html, 6),
        ] {
            let asked = Asked {
                accepted: Accepted::Read(format),
                ..Asked::default()
            };
            let explainer = Explainer::new(Some(&Arc::new(words.clone())), &request());
            let failure = Failure::new(FailureKind::Dns);
            let response: Response<HumanizeBody<Full<Bytes>>> =
                respond(failure, &explainer, &asked);
            assert_eq!(response.headers().len(), headers);
            let length = response.headers()["content-length"].to_str().unwrap();
            let length: usize = length.parse().unwrap();
            let body = response.into_body().collect().await.unwrap().to_bytes();
            assert_eq!(body.len(), length);
            assert!(body.len() < 60_000);
        }
    }
}

#[test]
fn what_comes_from_below_is_not_shown_at_all() {
    for text in hostile() {
        assert_eq!(Reference::parse(&format!("{text}\n")), None);
        let shown = format!("{:?}", Failure::new(FailureKind::Dns).with_source(text));
        assert!(is_clean(&shown), "{shown:?}");
        assert!(shown.len() < 20_000);
    }
}
