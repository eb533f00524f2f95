//! The same calls to a misbehaving server, once straight and once through the layers.
//!
//! Both go over real sockets on the loopback interface and over the same kind of client. Every
//! byte that arrives is compared with what the server has.

mod call;
mod cases;
mod late;
mod table;

use self::call::{Called, call};
use self::cases::{CASES, Case, Expect};
use self::late::Late;
use self::table::Table;
use crate::proxy::Proxies;
use crate::stack::{Limits, RepeatPosts, stack};
use crate::tries::{self, Tries};
use crate::upstream;
use buttress_core::{Backoff, ConfigError, Jitter};
use buttress_resume::ResumeConfig;
use buttress_retry::RetryConfig;
use buttress_testkit::{Content, Events, Origin};
use buttress_timeout::TimeoutConfig;
use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use std::error::Error;
use std::io::Write;
use std::time::Duration;

/// The limits of the demo: short, so that it is over soon.
const SILENCE: Duration = Duration::from_millis(300);
const CONNECT: Duration = Duration::from_secs(1);

/// How long the one who calls without the layers waits before he gives up.
const PATIENCE: Duration = Duration::from_millis(500);

/// How long a call through the layers may be silent: long after their own limits.
const NEVER: Duration = Duration::from_secs(10);

/// Runs every case and prints the table, in colours and as it goes when it is `live`.
///
/// The result says whether all was right: every call that could be saved came through whole, and
/// every other one ended in an honest error.
///
/// # Errors
///
/// When nothing can be printed.
pub async fn run(out: &mut dyn Write, live: bool) -> Result<bool, Box<dyn Error>> {
    let limits = limits()?;
    let mut table = Table::begin(out, live)?;
    for case in CASES {
        table.running(case)?;
        let straight = World::new(case).await.straight().await?;
        let layered = World::new(case).await.layered(&limits).await?;
        table.row(case, &straight, &layered)?;
    }
    Ok(table.end()?)
}

fn limits() -> Result<Limits, ConfigError> {
    let (least, most) = (Duration::from_millis(50), Duration::from_millis(400));
    // One client alone has nobody to keep out of step with.
    let backoff = Backoff::exponential(least, most)?.jitter(Jitter::None);
    Ok(Limits {
        retry: RetryConfig::builder().backoff(backoff).build()?,
        resume: ResumeConfig::builder().backoff(backoff).build()?,
        attempt: TimeoutConfig::builder()
            .head(SILENCE)
            .idle(SILENCE)
            .build()?,
        ..Limits::default()
    })
}

/// A call that was made, and what the server saw of it.
pub(crate) struct Made {
    called: Called,
    /// How often the request was sent.
    tries: u32,
    /// How many requests arrived whole, and so may have had an effect.
    effects: usize,
}

impl Made {
    fn is_right(&self, expect: Expect) -> bool {
        match expect {
            Expect::Whole => self.called.is_whole(),
            Expect::Error => self.called.is_honest_error(),
            Expect::ErrorAfterOne => self.called.is_honest_error() && self.effects == 1,
        }
    }
}

/// A server of its own for one call, so that no call finds what another one left.
struct World {
    case: &'static Case,
    origin: Origin,
    late: Option<Late>,
}

impl World {
    async fn new(case: &'static Case) -> Self {
        let origin = Origin::builder()
            .content(Content::new(7, 1, cases::LENGTH))
            .events(Events::new(7, 1, cases::EVENTS).ending_with("[DONE]"))
            .script((case.script)())
            .start()
            .await;
        let late = case.late.then(|| Late::new(origin.addr()));
        World { case, origin, late }
    }

    async fn straight(self) -> Result<Made, Box<dyn Error>> {
        let client = upstream::client(false, CONNECT, Proxies::none())?;
        let called = call(client, self.request()?, &self.expected(), PATIENCE).await;
        Ok(self.made(called, 1))
    }

    async fn layered(self, limits: &Limits) -> Result<Made, Box<dyn Error>> {
        let mut limits = limits.clone();
        if self.case.ask.has_consent() {
            // Its path and its body are not those of an API.
            limits.repeat = RepeatPosts::All;
            limits = limits.with_consent();
        }
        let client = upstream::client(false, CONNECT, Proxies::none())?;
        let stack = stack(client, limits);
        let mut tries = Tries::default();
        let expected = self.expected();
        let calling = call(stack, self.request()?, &expected, NEVER);
        let called = tries::count(&mut tries, calling).await;
        Ok(self.made(called, tries.sent()))
    }

    fn made(&self, called: Called, tries: u32) -> Made {
        let effects = self.origin.effects().total;
        Made {
            called,
            tries,
            effects,
        }
    }

    fn request(&self) -> Result<Request<Full<Bytes>>, http::Error> {
        let path = self.case.ask.path();
        let url = match &self.late {
            Some(late) => late.url(path),
            None => self.origin.url(path),
        };
        Request::builder()
            .method(self.case.ask.method())
            .uri(url)
            .body(Full::default())
    }

    /// The whole answer, to compare with.
    fn expected(&self) -> Bytes {
        self.case.ask.expected(&self.origin)
    }
}
