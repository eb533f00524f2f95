//! One stack, two dropped connections.

use buttress::{BoxError, Failure, FailureKind, Phase};
use buttress_testkit::{Cut, Fault, Origin, Script, collect};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body::Body;
use http_body_util::Full;
use std::fmt::Debug;
use tower::{Service, ServiceExt};

/// Which layers a stack has, by their letters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stack {
    pub(crate) name: &'static str,
}

impl Stack {
    fn has(self, letter: char) -> bool {
        self.name.contains(letter)
    }
}

/// Puts the stack through both, and looks at what comes out.
pub(crate) async fn drive<S, RB>(service: S, origin: &Origin, url: &str, stack: Stack)
where
    S: Service<Request<Full<Bytes>>, Response = Response<RB>> + Clone,
    S::Error: Into<BoxError> + Debug,
    RB: Body,
    RB::Error: Into<BoxError>,
{
    let get = || Request::get(url).body(Full::default()).unwrap();

    // The first connection is dropped before a byte of the answer.
    let before = origin.log().len();
    origin.set_script(Script::of([Fault::CutBeforeHead(Cut::Fin)]));
    match service.clone().oneshot(get()).await {
        Ok(response) if stack.has('R') => {
            assert_eq!(response.status(), StatusCode::OK, "{stack:?}");
            let body = collect(response.into_body()).await;
            assert_eq!(body.end(), "clean end", "{stack:?}");
            assert_eq!(body.bytes, origin.content().whole(), "{stack:?}");
            assert_eq!(origin.log().len() - before, 2, "{stack:?}");
        }
        // Behind a router the failure is an answer.
        Ok(response) => assert_eq!(response.status(), StatusCode::BAD_GATEWAY, "{stack:?}"),
        Err(error) => {
            assert!(!stack.has('R'), "{stack:?}: {error:?}");
            let failure = Failure::from(error.into());
            assert_eq!(failure.kind(), FailureKind::ConnectionClosed, "{stack:?}");
            assert_eq!(origin.log().len() - before, 1, "{stack:?}");
        }
    }

    // A connection is dropped in the middle of the body.
    let cut = Fault::cut_after_bytes(5_000, Cut::Rst);
    origin.set_script(Script::of([cut]));
    let before = origin.log().len();
    let response = service.oneshot(get()).await.expect("a head");
    assert_eq!(response.status(), StatusCode::OK, "{stack:?}");
    let body = collect(response.into_body()).await;
    assert_eq!(body.lies, [], "{stack:?}");
    if stack.has('S') {
        assert_eq!(body.end(), "clean end", "{stack:?}");
        assert_eq!(body.bytes, origin.content().whole(), "{stack:?}");
        assert_eq!(origin.log().len() - before, 2, "{stack:?}");
    } else {
        assert!(
            origin.content().whole().starts_with(&body.bytes),
            "{stack:?}"
        );
        let failure = Failure::in_body(body.error.expect("a failure"), 0);
        assert_eq!(failure.phase(), Phase::Body, "{stack:?}");
        let kind = failure.kind();
        assert!(
            matches!(
                kind,
                FailureKind::ConnectionReset | FailureKind::StreamTruncated
            ),
            "{stack:?}: {failure:?}"
        );
    }
}
