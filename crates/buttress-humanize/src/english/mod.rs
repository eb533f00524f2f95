//! The built-in catalog.

mod asked;
mod network;
mod scene;
mod server;
mod trust;
mod waiting;

use self::scene::Scene;
use crate::{Call, Catalog, Explanation};
use buttress_core::{Failure, FailureKind};

/// The built-in wording: plain English, for somebody whose work was just interrupted.
///
/// Every [`FailureKind`] has its own texts, and they differ where the situation does: before or
/// in the middle of an answer, after one attempt or many, with or without the danger of doing
/// something twice, with or without a pause the server asked for.
///
/// ```
/// use buttress_core::{Delivery, Failure, FailureKind, Phase};
/// use buttress_humanize::{Call, Catalog, English};
///
/// let call = Call::to("api.example.com");
/// let failure = Failure::new(FailureKind::ConnectionClosed);
/// assert_eq!(
///     English.explain(&failure, &call).to_string(),
///     "The connection to api.example.com was closed before an answer came."
/// );
///
/// let failure = failure
///     .with_phase(Phase::Body)
///     .with_delivery(Delivery::Partial { bytes: 12_345 });
/// assert_eq!(
///     English.explain(&failure, &call).to_string(),
///     "The connection to api.example.com was closed in the middle of the answer, after 12 kB."
/// );
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[allow(
    clippy::exhaustive_structs,
    reason = "it is written `English`, and has nothing to configure"
)]
pub struct English;

impl Catalog for English {
    fn explain(&self, failure: &Failure, call: &Call<'_>) -> Explanation {
        let scene = Scene::new(failure, call);
        scene.finish(by_kind(failure.kind(), &scene))
    }
}

fn by_kind(kind: FailureKind, scene: &Scene<'_>) -> Explanation {
    use FailureKind as K;
    match kind {
        K::ConnectionClosed => network::closed(scene),
        K::ConnectionReset => network::reset(scene),
        K::ConnectionRefused => network::refused(scene),
        K::Unreachable => network::unreachable(scene),
        K::Dns => network::name_not_found(scene),
        K::StreamTruncated => network::truncated(scene),
        K::Proxy => network::proxy(scene),
        K::CaptivePortal => network::portal(scene),
        K::TlsUntrusted => trust::untrusted(scene),
        K::TlsExpired => trust::expired(scene),
        K::TlsName => trust::other_name(scene),
        K::TlsOther => trust::not_secured(scene),
        K::TimeoutConnect => waiting::connect(scene),
        K::TimeoutHead => waiting::head(scene),
        K::TimeoutFirstEvent => waiting::first_piece(scene),
        K::TimeoutIdle => waiting::idle(scene),
        K::TimeoutRate => waiting::rate(scene),
        K::TimeoutTotal => waiting::total(scene),
        K::RateLimited => waiting::rate_limited(scene),
        K::QuotaExhausted => waiting::quota(scene),
        K::Overloaded => server::overloaded(scene),
        K::ServerError => server::failed(scene),
        K::BadGateway => server::gateway(scene),
        K::Protocol => server::not_understood(scene),
        K::Decode => server::damaged(scene),
        K::RepresentationChanged => server::changed(scene),
        K::Auth => asked::credentials(scene),
        K::Permission => asked::permission(scene),
        K::NotFound => asked::not_found(scene),
        K::BadRequest => asked::bad_request(scene),
        K::ContextLength => asked::too_long_for_model(scene),
        K::ContentFiltered => asked::filtered(scene),
        K::PayloadTooLarge => asked::too_large(scene),
        K::Cancelled => asked::cancelled(scene),
        K::BudgetExhausted => waiting::budget(scene),
        // A kind that is newer than this catalog is told like one that is not known.
        _ => asked::unknown(scene),
    }
}
