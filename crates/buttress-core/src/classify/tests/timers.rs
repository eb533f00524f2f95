use super::*;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn tokio_timeouts() {
    use FailureKind as K;
    for (phase, kind, delivery) in [
        (Phase::Connect, K::TimeoutConnect, Delivery::NotSent),
        (Phase::Send, K::TimeoutHead, Delivery::Unknown),
        (Phase::Head, K::TimeoutHead, Delivery::Unknown),
        (Phase::Body, K::TimeoutIdle, Delivery::Unknown),
    ] {
        let elapsed = tokio::time::timeout(LIMIT, std::future::pending::<()>()).await;
        let error = elapsed.expect_err("times out");
        check("tokio", error.into(), phase, (kind, phase, delivery, true));
    }
}

#[cfg(feature = "tower")]
#[tokio::test(start_paused = true)]
async fn tower_layers() {
    use std::task::{Context, Poll};
    use tower::ServiceExt;

    /// A service that is never ready.
    struct Busy;
    impl tower::Service<()> for Busy {
        type Response = ();
        type Error = BoxError;
        type Future = std::future::Ready<Result<(), BoxError>>;
        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
            Poll::Pending
        }
        fn call(&mut self, (): ()) -> Self::Future {
            std::future::ready(Ok(()))
        }
    }

    let silent = tower::service_fn(|(): ()| std::future::pending::<Result<(), BoxError>>());
    let error = tower::timeout::Timeout::new(silent, LIMIT)
        .oneshot(())
        .await
        .expect_err("times out");
    let expected = (
        FailureKind::TimeoutHead,
        Phase::Head,
        Delivery::Unknown,
        true,
    );
    check("timeout", error, Phase::Head, expected);

    let error = tower::load_shed::LoadShed::new(Busy)
        .oneshot(())
        .await
        .expect_err("sheds");
    let expected = (
        FailureKind::Overloaded,
        Phase::Send,
        Delivery::NotSent,
        true,
    );
    check("load shed", error, Phase::Head, expected);
}

#[cfg(feature = "tower-http")]
#[tokio::test(start_paused = true)]
async fn tower_http_bodies() {
    use http_body_util::BodyExt;
    use tower::ServiceExt;
    use tower_http::timeout::{ResponseBodyDeadline, ResponseBodyTimeout};

    /// A body of which nothing comes.
    struct Silent;
    impl http_body::Body for Silent {
        type Data = bytes::Bytes;
        type Error = BoxError;
        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<bytes::Bytes>, BoxError>>> {
            std::task::Poll::Pending
        }
    }
    let answer = |_: http::Request<()>| async { Ok::<_, BoxError>(http::Response::new(Silent)) };
    let expected = (
        FailureKind::TimeoutIdle,
        Phase::Body,
        Delivery::Unknown,
        true,
    );

    let layered = ResponseBodyTimeout::new(tower::service_fn(answer), LIMIT);
    let response = layered
        .oneshot(http::Request::new(()))
        .await
        .expect("a head");
    let error = response.into_body().collect().await.expect_err("times out");
    check("idle", error, Phase::Body, expected);

    let layered = ResponseBodyDeadline::new(tower::service_fn(answer), LIMIT);
    let response = layered
        .oneshot(http::Request::new(()))
        .await
        .expect("a head");
    let error = response.into_body().collect().await.expect_err("times out");
    check("deadline", error, Phase::Head, expected);
}
