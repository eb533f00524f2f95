//! What is tried.

use crate::call::{get, judged};
use crate::gateway::{Gateway, curl};
use crate::haproxy::{Haproxy, PATIENCE};
use crate::nginx::Nginx;
use crate::proxy::{Fate, Proxy};
use buttress::FailureKind;
use buttress_testkit::{At, Content, Cut, Events, Fault, Origin, Original, Refused, Rules};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

pub(crate) type Told = Result<String, String>;
pub(crate) type Case = fn() -> Pin<Box<dyn Future<Output = Told> + Send>>;

macro_rules! cases {
    ($($name:ident)+) => {
        /// Every case by its name.
        pub(crate) const ALL: &[(&str, $crate::cases::Case)] = &[
            $((stringify!($name), || Box::pin($name()))),+
        ];
    };
}

pub(crate) use cases;

cases! {
    nginx_through_cuts
    nginx_own_range
    nginx_gzip
    nginx_past_the_end
    nginx_same_length_rewritten
    nginx_shortened
    haproxy_times_out_in_a_body
    haproxy_times_out_in_events
    haproxy_times_out_before_the_head
    haproxy_without_a_server
    curl_downloads_through_the_gateway
    curl_streams_through_the_gateway
    curl_is_told_what_failed
}

const LEN: u64 = 3_000_000;

fn content(seed: u64) -> Content {
    Content::new(seed, 1, LEN)
}

/// Cuts at places that follow from the seed.
fn cuts(rng: &mut fastrand::Rng, count: usize) -> Vec<Fate> {
    let cut = |_| {
        let how = if rng.bool() { Cut::Fin } else { Cut::Rst };
        Some((rng.usize(0..LEN as usize / 4), how))
    };
    (0..count).map(cut).collect()
}

/// A file comes whole through connections that are cut anywhere.
async fn nginx_through_cuts() -> Told {
    const CALLS: u64 = 30;
    let nginx = Nginx::start().await?;
    let mut connections = 0;
    for seed in 0..CALLS {
        let content = content(seed);
        nginx.files.write("a.bin", &content.whole(), seed);
        let mut rng = fastrand::Rng::with_seed(seed);
        let count = rng.usize(1..5);
        let proxy = Proxy::new(nginx.socket(), cuts(&mut rng, count)).await;
        let rules = Rules::of(Original::content(content)).must_succeed();
        let end = judged(&proxy.url("/a.bin"), &[], rules).await;
        end.map_err(|problem| format!("SEED={seed}: {problem}"))?;
        connections += proxy.connections();
    }
    Ok(format!(
        "{CALLS} files whole over {connections} connections"
    ))
}

/// A caller's own range comes whole, or fails: nothing outside of it, nothing twice.
async fn nginx_own_range() -> Told {
    let nginx = Nginx::start().await?;
    let content = content(1);
    nginx.files.write("a.bin", &content.whole(), 1);
    let mut ends = Vec::new();
    for at in [100_000, 1_000_000] {
        let proxy = Proxy::new(nginx.socket(), [Some((at, Cut::Rst))]).await;
        let rules = Rules::of(Original::part(content, 5_000..1_500_001))
            .announced(1_495_001)
            .may_fail_with([FailureKind::ConnectionReset, FailureKind::StreamTruncated]);
        let range = [("range", "bytes=5000-1500000")];
        ends.push(judged(&proxy.url("/a.bin"), &range, rules).await?);
    }
    Ok(ends.join("; "))
}

/// What nginx compresses on its way has no length and a weak tag: a cut is a failure, and never
/// looks like an end.
async fn nginx_gzip() -> Told {
    let nginx = Nginx::start().await?;
    let text = Events::new(1, 1, 2_000).whole();
    nginx.files.write("a.txt", &text, 1);
    let zipped = [("accept-encoding", "gzip")];
    let whole = Proxy::new(nginx.socket(), []).await;
    let whole = get(&whole.url("/a.txt"), &zipped).await?;
    let kind = (&whole.headers["content-encoding"], &whole.headers["etag"]);
    if kind.0 != "gzip" || !kind.1.as_bytes().starts_with(b"W/") {
        return Err(format!("nginx behaves in another way: {:?}", whole.headers));
    }
    let original = Original::bytes(whole.body.bytes.clone());
    for (at, how) in [(10_000, Cut::Fin), (50_000, Cut::Rst), (100_000, Cut::Fin)] {
        let proxy = Proxy::new(nginx.socket(), [Some((at, how))]).await;
        let rules = Rules::of(original.clone())
            .may_fail_with([FailureKind::ConnectionReset, FailureKind::StreamTruncated]);
        let end = judged(&proxy.url("/a.txt"), &zipped, rules).await?;
        if end == "clean end" {
            return Err(format!("cut after {at} bytes, and whole all the same"));
        }
    }
    Ok(format!("3 of {} bytes cut, 3 failures", original.len()))
}

/// 416 is an answer like another.
async fn nginx_past_the_end() -> Told {
    let nginx = Nginx::start().await?;
    nginx.files.write("a.bin", &content(1).whole(), 1);
    let proxy = Proxy::new(nginx.socket(), []).await;
    let answer = get(&proxy.url("/a.bin"), &[("range", "bytes=3000000-")]).await?;
    let range = answer.headers.get("content-range");
    match (
        answer.status.as_u16(),
        range.map(http::HeaderValue::as_bytes),
    ) {
        (416, Some(b"bytes */3000000")) => Ok("416 passes".to_owned()),
        other => Err(format!("{other:?}")),
    }
}

/// A file that is rewritten under way is never spliced.
async fn rewritten(new: Content) -> Told {
    let nginx = Nginx::start().await?;
    let old = content(1);
    nginx.files.write("a.bin", &old.whole(), 1);
    let proxy = Proxy::new(nginx.socket(), [Some((1_000_000, Cut::Rst))]).await;
    let files = nginx.files.clone();
    proxy.on_cut(move || files.write("a.bin", &new.whole(), 2));
    let rules = Rules::of(Original::content(old))
        .or(Original::content(new))
        .may_fail_with([FailureKind::RepresentationChanged]);
    match judged(&proxy.url("/a.bin"), &[], rules).await? {
        end if end == "clean end" => Err("whole, although the old file is gone".to_owned()),
        end => Ok(end),
    }
}

async fn nginx_same_length_rewritten() -> Told {
    rewritten(content(1).with_version(2)).await
}

async fn nginx_shortened() -> Told {
    rewritten(Content::new(1, 2, 500_000)).await
}

/// An origin behind haproxy, and how to reach it.
async fn behind(faults: Vec<Fault>) -> Result<(Origin, Haproxy, Proxy), String> {
    let origin = Origin::builder().script(faults).start().await;
    let haproxy = Haproxy::start(origin.addr()).await?;
    let proxy = Proxy::new(haproxy.socket(), []).await;
    Ok((origin, haproxy, proxy))
}

fn silence(at: At) -> Fault {
    let lasts = Duration::from_millis(20 * PATIENCE);
    Fault::Pause { at, lasts }
}

async fn haproxy_times_out_in_a_body() -> Told {
    let faults = vec![silence(At::Bytes(30_000)), silence(At::Bytes(40_000))];
    let (origin, _haproxy, proxy) = behind(faults).await?;
    let rules = Rules::of(Original::content(origin.content())).must_succeed();
    judged(&proxy.url("/bytes"), &[], rules).await?;
    asked(&origin, 3)
}

async fn haproxy_times_out_in_events() -> Told {
    let faults = vec![silence(At::Events(3)), silence(At::Bytes(40))];
    let (origin, _haproxy, proxy) = behind(faults).await?;
    let rules = Rules::of(Original::events(&origin.events())).must_succeed();
    judged(&proxy.url("/events"), &[], rules).await?;
    asked(&origin, 3)
}

/// haproxy answers 504 in place of the server, and the call is repeated.
async fn haproxy_times_out_before_the_head() -> Told {
    let (origin, _haproxy, proxy) = behind(vec![Fault::StallBeforeHead]).await?;
    let rules = Rules::of(Original::content(origin.content())).must_succeed();
    judged(&proxy.url("/bytes"), &[], rules).await?;
    asked(&origin, 2)
}

fn asked(origin: &Origin, times: usize) -> Told {
    match origin.log().len() {
        found if found == times => Ok(format!("whole after {times} requests")),
        found => Err(format!("{found} requests, not {times}")),
    }
}

/// haproxy's own 503 is what comes out in the end, after a bounded number of tries.
async fn haproxy_without_a_server() -> Told {
    let nobody = Refused::new();
    let haproxy = Haproxy::start(nobody.addr()).await?;
    let proxy = Proxy::new(haproxy.socket(), []).await;
    let answer = get(&proxy.url("/bytes"), &[]).await?;
    let connections = proxy.connections();
    match (answer.status.as_u16(), connections) {
        (503, 1..=10) => Ok(format!("503 after {connections} connections")),
        other => Err(format!("{other:?}")),
    }
}

/// The gateway in front of a proxy that cuts, in front of nginx; curl, which does not know, gets the
/// file whole.
async fn curl_downloads_through_the_gateway() -> Told {
    let nginx = Nginx::start().await?;
    let content = content(7);
    nginx.files.write("a.bin", &content.whole(), 7);
    let mut rng = fastrand::Rng::with_seed(7);
    let proxy = Proxy::new(nginx.socket(), cuts(&mut rng, 3)).await;
    let gateway = Gateway::start(&proxy.url("")).await?;
    let got = curl(&["--fail", &gateway.url("/a.bin")]).await?;
    match (got == content.whole(), proxy.connections()) {
        (true, 4) => Ok("whole over 4 connections".to_owned()),
        (same, count) => Err(format!("the same: {same}, {count} connections")),
    }
}

/// A model's answer that breaks, as curl sees it through the gateway: whole, or with an error at its
/// end. Never cut and whole to look at.
async fn curl_streams_through_the_gateway() -> Told {
    let cut = |at, how| Fault::CutAfter { at, how };
    let faults = vec![
        Fault::CutBeforeHead(Cut::Rst),
        cut(At::Bytes(0), Cut::Fin),
        Fault::None,
    ];
    let origin = Origin::builder().script(faults).start().await;
    let gateway = Gateway::start(&origin.url("")).await?;
    let url = gateway.url("/v1/chat/completions");
    let question = r#"{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}"#;
    let json = "content-type: application/json";
    let got = curl(&["--no-buffer", "--header", json, "--data", question, &url]).await?;
    let text = String::from_utf8_lossy(&got);
    if !text.trim_end().ends_with("data: [DONE]") {
        return Err(format!("no end: {text}"));
    }
    asked(&origin, 3)
}

/// curl without a word about JSON gets a status, and plain words.
async fn curl_is_told_what_failed() -> Told {
    let nobody = Refused::new();
    let gateway = Gateway::start(&nobody.url("")).await?;
    let show = [
        "--header",
        "accept: text/plain",
        "--write-out",
        "%{http_code}",
    ];
    let got = curl(&[&show[..], &[&*gateway.url("/v1/models")]].concat()).await?;
    let text = String::from_utf8_lossy(&got).into_owned();
    match text.strip_suffix("502") {
        Some(words) if words.contains("refused") => Ok("502, in words".to_owned()),
        _ => Err(text),
    }
}
