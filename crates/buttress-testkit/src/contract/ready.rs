//! Readiness and clones.

use super::drive::{Ran, run};
use super::{Breach, Inner, Rule};
use crate::service::{Readiness, Step};
use buttress_core::BoxError;
use buttress_core::classify::Chain;
use buttress_core::time::now;
use http::{Request, Response};
use std::future::poll_fn;
use std::time::Duration;
use tower_service::Service;

const SECOND: Duration = Duration::from_secs(1);

fn request() -> Request<String> {
    Request::post("http://origin/")
        .body("x".to_owned())
        .expect("a request")
}

async fn ready<S: Service<Request<String>>>(service: &mut S) -> Result<(), S::Error> {
    poll_fn(|cx| service.poll_ready(cx)).await
}

/// Turns whatever is not an end into a breach.
fn over<T>(rule: Rule, ran: Ran<T>) -> Result<T, Breach> {
    match ran {
        Ran::Over(output, _) => Ok(output),
        Ran::Panicked(panic) => Err(Breach::new(rule, panic)),
        Ran::Hung(_) => Err(Breach::new(rule, "waits for ever")),
        Ran::Dropped => unreachable!("no limit was set"),
    }
}

fn text(error: impl Into<BoxError>) -> String {
    let error = error.into();
    let texts: Vec<String> = Chain::new(&*error).map(ToString::to_string).collect();
    texts.join(": ")
}

pub(super) async fn check<S, RB>(make: &impl Fn(Inner) -> S) -> Result<(), Breach>
where
    S: Service<Request<String>, Response = Response<RB>> + Clone,
    S::Error: Into<BoxError>,
{
    let honest = || Inner::new([]).then(|_| Step::ok("hello"));

    // Only the clone that is asked first ever becomes ready.
    let rule = Rule::ReadiedReceiver;
    let inner = honest().readiness([Readiness::Now, Readiness::Never, Readiness::Never]);
    let mut service = make(inner.clone());
    let call = async {
        ready(&mut service).await.map_err(text)?;
        service.call(request()).await.map_err(text).map(drop)
    };
    over(rule, run(call, usize::MAX).await)?.map_err(|text| Breach::new(rule, text))?;
    if inner.calls().len() != 1 {
        return Err(Breach::new(rule, "was not called once"));
    }

    let rule = Rule::PendingWake;
    let mut service = make(honest().readiness([Readiness::After(SECOND)]));
    let start = now();
    let call = async {
        ready(&mut service).await.map_err(text)?;
        service.call(request()).await.map_err(text).map(drop)
    };
    over(rule, run(call, usize::MAX).await)?.map_err(|text| Breach::new(rule, text))?;
    if now() - start < SECOND {
        return Err(Breach::new(rule, "was called before it was ready"));
    }

    let rule = Rule::ReadinessError;
    let mut service = make(honest().readiness([Readiness::Fails("full".into())]));
    let call = async {
        ready(&mut service).await.map_err(text)?;
        service.call(request()).await.map_err(text).map(drop)
    };
    match over(rule, run(call, usize::MAX).await)? {
        Err(text) if !text.contains("full") => {
            return Err(Breach::new(rule, format!("became another one: {text}")));
        }
        Ok(()) | Err(_) => {}
    }
    let again = async {
        ready(&mut service).await.map_err(text)?;
        service.call(request()).await.map_err(text).map(drop)
    };
    over(rule, run(again, usize::MAX).await)?.map_err(|text| Breach::new(rule, text))?;

    let rule = Rule::Clones;
    let inner = honest();
    let mut first = make(inner.clone());
    let calls = async {
        ready(&mut first).await.map_err(text)?;
        let mut second = first.clone();
        ready(&mut second).await.map_err(text)?;
        second.call(request()).await.map_err(text)?;
        first.call(request()).await.map_err(text)?;
        drop(first);
        ready(&mut second).await.map_err(text)?;
        second.call(request()).await.map_err(text).map(drop)
    };
    over(rule, run(calls, usize::MAX).await)?.map_err(|text| Breach::new(rule, text))?;
    if inner.calls().len() != 3 {
        return Err(Breach::new(rule, "three calls were not three"));
    }

    let rule = Rule::DropBeforeCall;
    let inner = honest();
    let mut service = make(inner.clone());
    let unpolled = async {
        ready(&mut service).await.map_err(text)?;
        drop(service.clone());
        drop(service.call(request()));
        Ok::<(), String>(())
    };
    over(rule, run(unpolled, usize::MAX).await)?.map_err(|text| Breach::new(rule, text))?;
    drop(service);
    tokio::task::yield_now().await;
    match (inner.in_flight(), inner.bodies_alive()) {
        (0, 0) => Ok(()),
        left => Err(Breach::new(rule, format!("left behind: {left:?}"))),
    }
}
