//! The honest answer to a request, or one that bends the facts a little.

use super::bend::Bend;
use super::plan::{Body, Framing, Plan};
use super::range::{self, Asked};
use super::seen::Seen;
use super::shared::Site;
use crate::content::{Api, calls_tool};
use http::{Method, StatusCode};
use std::time::{Duration, SystemTime};

/// What a server that serves `site` says to this request.
pub(super) fn answer(site: &Site, seen: &Seen, bend: &Bend) -> Plan {
    let path = seen.path.split('?').next().unwrap_or("");
    let mut plan = match (path, &seen.method) {
        ("/bytes", &(Method::GET | Method::HEAD)) => bytes(site, seen, bend),
        ("/events", &(Method::GET | Method::POST)) => events(site, seen, bend),
        ("/echo", &Method::POST) => echo(seen),
        (path, &Method::POST) if Api::of(path).is_some() => model(site, seen, bend),
        _ => Plan::text(
            StatusCode::OK,
            format!("{} {} {} bytes\n", seen.method, seen.path, seen.body.len()),
        ),
    };
    plan.head_only = seen.method == Method::HEAD;
    plan.trailers.clone_from(&site.trailers);
    let date = httpdate::fmt_http_date(buttress_core::time::wall_clock());
    plan.set("date", &date);
    plan
}

fn bytes(site: &Site, seen: &Seen, bend: &Bend) -> Plan {
    let shown = match bend.version {
        Some(version) => site.content.with_version(version),
        None => site.content,
    };
    let content = match bend.disguised {
        Some(version) => shown.with_version(version),
        None => shown,
    };
    let etag = shown.etag();
    let modified = site.last_modified.then(|| modified(shown.version));
    let asked = match range::asked(&seen.headers, content.len) {
        _ if bend.ignore_range || seen.method == Method::HEAD => Asked::Everything,
        _ if !range::if_range_holds(&seen.headers, &etag, modified.as_deref()) => Asked::Everything,
        asked => asked,
    };
    let piece = site.piece as u64;
    let mut plan = if !range::if_match_holds(&seen.headers, &etag) {
        Plan::new(StatusCode::PRECONDITION_FAILED)
    } else if !range::if_none_match_holds(&seen.headers, &etag) {
        let mut plan = Plan::new(StatusCode::NOT_MODIFIED);
        plan.framing = Framing::Nothing;
        plan
    } else {
        match asked {
            Asked::Everything => {
                let mut plan = Plan::new(StatusCode::OK);
                let range = 0..content.len;
                plan.body = Body::Content {
                    content,
                    range,
                    piece,
                };
                plan
            }
            Asked::Part(first, last) => {
                let (first, last) = bend.moved(first, last, content.len);
                let mut plan = Plan::new(StatusCode::PARTIAL_CONTENT);
                let range = first..last + 1;
                plan.body = Body::Content {
                    content,
                    range,
                    piece,
                };
                plan.range = Some((first, last, content.len));
                let content_range = format!("bytes {first}-{last}/{}", content.len);
                plan.set("content-range", &content_range);
                plan
            }
            Asked::Unsatisfiable => {
                let mut plan = Plan::new(StatusCode::RANGE_NOT_SATISFIABLE);
                plan.set("content-range", &format!("bytes */{}", content.len));
                plan
            }
        }
    };
    plan.set("accept-ranges", "bytes");
    plan.set("content-type", "application/octet-stream");
    plan.set("etag", &etag);
    if let Some(modified) = modified {
        plan.set("last-modified", &modified);
    }
    plan
}

fn events(site: &Site, seen: &Seen, bend: &Bend) -> Plan {
    let events = match bend.version {
        Some(version) => site.events.with_version(version),
        None => site.events,
    };
    let mut from = 0;
    if let (Some(cursor), false) = (seen.header("last-event-id"), bend.ignore_cursor) {
        let Some(next) = events.after(cursor) else {
            return Plan::text(StatusCode::NOT_FOUND, "no event has that id\n".to_owned());
        };
        let next = if bend.repeat_last { next - 1 } else { next };
        from = (next + bend.skip_events).min(events.count);
    }
    let pieces = events.pieces(from);
    if pieces.is_empty() {
        let mut plan = Plan::new(StatusCode::NO_CONTENT);
        plan.framing = Framing::Nothing;
        return plan;
    }
    let mut plan = Plan::new(StatusCode::OK);
    plan.set("content-type", "text/event-stream");
    plan.set("cache-control", "no-store");
    plan.framing = Framing::Chunked;
    plan.body = Body::Pieces(pieces);
    plan
}

fn model(site: &Site, seen: &Seen, bend: &Bend) -> Plan {
    let Some(api) = Api::of(&seen.path) else {
        return Plan::new(StatusCode::NOT_FOUND);
    };
    let reply = match bend.version {
        Some(version) => site.reply.with_version(version),
        None => site.reply,
    };
    let tool = calls_tool(&seen.body);
    let mut plan = Plan::new(StatusCode::OK);
    if api.streams(&seen.path, &seen.body) {
        plan.set("content-type", "text/event-stream; charset=utf-8");
        plan.set("cache-control", "no-cache");
        plan.framing = Framing::Chunked;
        plan.body = Body::Pieces(reply.events(api, seen.request, tool));
    } else {
        plan.set("content-type", "application/json");
        plan.body = Body::one(reply.whole(api, seen.request, tool));
    }
    plan.set("x-request-id", &format!("req_{}", seen.request));
    plan
}

fn echo(seen: &Seen) -> Plan {
    let mut plan = Plan::new(StatusCode::OK);
    if let Some(kind) = seen.headers.get("content-type") {
        plan.headers.insert("content-type", kind.clone());
    }
    plan.body = Body::one(seen.body.clone());
    plan
}

/// A date for a version: another day for each.
fn modified(version: u64) -> String {
    const DAY: u64 = 24 * 60 * 60;
    let days = 10_000 + version % 5_000;
    httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(days * DAY))
}
