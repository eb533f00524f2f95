//! Many upstreams behind one address, and what the gateway says of itself.

use crate::support::{GUARD, Running, limits, whole};
use buttress_testkit::{Cut, Fault, Origin, Refused};
use gateway::proxy::Proxies;
use gateway::{Prefix, Route, upstream};
use http::Request;
use std::time::Duration;

fn route(prefix: &str, upstream: &str) -> Route {
    Route {
        prefix: prefix.parse::<Prefix>().unwrap(),
        upstream: upstream.parse().unwrap(),
        limits: limits(),
    }
}

async fn running(routes: Vec<Route>, proxies: Proxies) -> Running {
    let client = upstream::client(false, GUARD, proxies).unwrap();
    Running::routing(client, routes, Duration::MAX).await
}

#[tokio::test]
async fn the_longest_prefix_holds_and_is_taken_off() {
    let (short, long) = (
        Origin::builder().start().await,
        Origin::builder().start().await,
    );
    let routes = vec![route("/a", &short.url("")), route("/a/b", &long.url(""))];
    let gateway = running(routes, Proxies::none()).await;
    for path in ["/a/bytes", "/a/b/bytes", "/a/b/bytes?x=1"] {
        assert_eq!(gateway.get(path).await.status(), 200, "{path}");
    }
    let paths = |origin: &Origin| -> Vec<String> {
        origin.log().iter().map(|seen| seen.path.clone()).collect()
    };
    // The gateway answers of itself at the root alone.
    for path in ["/a/metrics", "/a/healthz"] {
        assert_eq!(gateway.get(path).await.status(), 200, "{path}");
    }
    assert_eq!(paths(&short), ["/bytes", "/metrics", "/healthz"]);
    assert_eq!(paths(&long), ["/bytes", "/bytes?x=1"]);
    assert_eq!(gateway.get("/c/bytes").await.status(), 404);
    assert_eq!(gateway.get("/ab/bytes").await.status(), 404);
}

#[tokio::test]
async fn what_happened_can_be_asked() {
    let origin = Origin::builder()
        .script([
            Fault::CloseOnAccept(Cut::Rst),
            Fault::None,
            Fault::cut_after_bytes(1_000, Cut::Rst),
        ])
        .start()
        .await;
    let nothing = Refused::new();
    let routes = vec![
        route("/up", &origin.url("")),
        route("/off", &nothing.url("")),
    ];
    let gateway = running(routes, Proxies::none()).await;
    let health = gateway.get("/healthz").await;
    assert_eq!(health.status(), 200);
    assert_eq!(health.headers()["cache-control"], "no-store");
    assert_eq!(whole(health).await.unwrap(), "ok\n");
    whole(gateway.get("/up/bytes").await).await.unwrap();
    whole(gateway.get("/up/events").await).await.unwrap();
    whole(gateway.get("/off/bytes").await).await.unwrap();
    gateway.log.lines(3).await;
    let metrics = gateway.get("/metrics").await;
    assert_eq!(metrics.headers()["cache-control"], "no-store");
    let kind = metrics.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let text = whole(metrics).await.unwrap();
    let text = std::str::from_utf8(&text).unwrap();
    let bytes = 100_000 + origin.events().whole().len();
    let bytes = format!("gateway_response_bytes_total{{route=\"/up\"}} {bytes}");
    for line in [
        "gateway_requests_total{route=\"/up\",status=\"2xx\",end=\"complete\"} 2",
        "gateway_upstream_requests_total{route=\"/up\"} 4",
        "gateway_resends_total{action=\"retried\",error_type=\"connection_reset\"} 1",
        "gateway_resends_total{action=\"resumed\",error_type=\"connection_reset\"} 1",
        "gateway_recovered_total{action=\"retried\"} 1",
        "gateway_recovered_total{action=\"resumed\"} 1",
        "gateway_resends_total{action=\"retried\",error_type=\"connection_refused\"} 4",
        "gateway_gave_up_total{action=\"retried\",error_type=\"connection_refused\",reason=\"attempts\"} 1",
        bytes.as_str(),
        "gateway_requests_in_flight{route=\"/up\"} 0",
    ] {
        assert!(text.lines().any(|l| l == line), "{line}\n{text}");
    }
}

#[tokio::test]
async fn a_proxy_reads_plain_requests_and_gets_its_credentials() {
    // To a proxy every request names the whole address; this one answers them itself.
    let proxy = Origin::builder().start().await;
    let url = proxy.url("").replace("http://", "http://user:pass@");
    let routes = vec![route("/", "http://upstream.test")];
    let gateway = running(routes, Proxies::all(&url).unwrap()).await;
    let request = Request::get(gateway.url("/bytes")).header("proxy-authorization", "Basic eDp5");
    assert_eq!(gateway.send(request).await.status(), 200);
    let seen = &proxy.log()[0];
    assert_eq!(seen.path, "/bytes");
    // A name that only the proxy could look up.
    assert_eq!(seen.header("host"), Some("upstream.test"));
    assert_eq!(
        seen.header("proxy-authorization"),
        Some("Basic dXNlcjpwYXNz")
    );
}
