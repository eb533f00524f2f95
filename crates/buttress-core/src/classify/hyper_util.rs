//! The error of hyper-util's legacy client.

use super::Clue;
use crate::{Delivery, FailureKind, Phase};
use hyper_util::client::legacy;
use std::error::Error;

pub(super) fn look(link: &(dyn Error + 'static)) -> Option<Clue> {
    let error = link.downcast_ref::<legacy::Error>()?;
    if error.is_connect() {
        return Some(Clue {
            phase: Some(Phase::Connect),
            delivery: Some(Delivery::NotSent),
            ..Clue::default()
        });
    }
    // Kinds without a predicate show in the fixed description: `client error (UserAbsoluteUriRequired)`.
    let description = error.to_string();
    if description.contains("(User") {
        let mut clue = Clue::kind(FailureKind::BadRequest)
            .phase(Phase::Send)
            .not_sent();
        clue.last = true;
        return Some(clue);
    }
    if description.contains("(ChannelClosed)") {
        return Some(Clue::kind(FailureKind::ConnectionClosed));
    }
    None
}
