//! What takes too long, and what has to wait.

use super::scene::Scene;
use crate::Explanation;
use crate::numbers::Size;

pub(super) fn connect(s: &Scene<'_>) -> Explanation {
    let happened = format!("No connection to {} could be made{}", s.host(), s.within());
    s.tell("The server could not be reached in time", &happened)
        .with_side(
            "Most likely the cause is the network on the way, or a firewall that drops \
             connections without a word; the server may also be down.",
        )
        .with_step(&s.again())
        .with_step("Check that this machine is online, for example by opening a web page.")
        .with_step(
            "If only this server cannot be reached, check its address, and whether a VPN is \
             needed or in the way.",
        )
}

pub(super) fn head(s: &Scene<'_>) -> Explanation {
    let happened = format!("{} did not begin to answer{}", s.start(), s.within());
    slow(s, s.tell("The server took too long to answer", &happened))
}

pub(super) fn first_piece(s: &Scene<'_>) -> Explanation {
    let happened = format!(
        "{} accepted the request, but nothing of the answer came{}",
        s.start(),
        s.within()
    );
    slow(s, s.tell("The answer did not start in time", &happened))
}

fn slow(s: &Scene<'_>, told: Explanation) -> Explanation {
    told.with_side(
        "Most likely the server is busy, or needs longer for this request than it was given.",
    )
    .with_step(&s.again())
    .with_step(
        "If it happens with large requests only, make the request smaller or allow more time for \
         it in your settings.",
    )
}

pub(super) fn idle(s: &Scene<'_>) -> Explanation {
    let silence = s.limit_or("too long");
    let happened = match s.arrived() {
        Some(bytes) => format!(
            "After {} of the answer, nothing more came from {} for {silence}",
            Size(bytes),
            s.host()
        ),
        None => format!(
            "The answer began, but nothing more came from {} for {silence}",
            s.host()
        ),
    };
    s.tell("The answer stopped coming", &happened)
        .with_side(
            "Either the server got stuck, or the connection was lost on the way without either \
             side noticing.",
        )
        .with_step(&s.again())
        .with_step(
            "If the server is known to think for long before it goes on, allow longer silences in \
             your settings.",
        )
        .with_step("If it keeps happening, try another network, or without VPN or proxy.")
}

pub(super) fn rate(s: &Scene<'_>) -> Explanation {
    let happened = match s.arrived() {
        Some(bytes) => format!(
            "After {} of the answer, what came from {} came too slowly to go on waiting",
            Size(bytes),
            s.host()
        ),
        None => format!(
            "The answer began, but it came too slowly from {} to go on waiting",
            s.host()
        ),
    };
    s.tell("The answer came too slowly", &happened)
        .with_side(
            "Either the server is busy, or the connection between here and there is slow. Nothing \
             is wrong with the request.",
        )
        .with_step(&s.again())
        .with_step("If your connection is slow, allow slower answers in your settings.")
        .with_step("If it keeps happening, try another network, or without VPN or proxy.")
}

pub(super) fn total(s: &Scene<'_>) -> Explanation {
    let happened = match s.arrived() {
        Some(bytes) => format!(
            "The call to {} was not finished within {}; {} of the answer had arrived",
            s.host(),
            s.limit_or("the time allowed for it"),
            Size(bytes)
        ),
        None => format!(
            "The call to {} was not finished within {}",
            s.host(),
            s.limit_or("the time allowed for it")
        ),
    };
    s.tell("The call took longer than allowed", &happened)
        .with_side(
            "The limit was set on this side. The server may still have been working on the \
             request.",
        )
        .with_step("Allow more time for the call in your settings, or ask for less at once.")
        .with_step(
            "If the request changes something (a payment, a message, a file), check whether that \
             has already happened before you send it again.",
        )
}

pub(super) fn rate_limited(s: &Scene<'_>) -> Explanation {
    let happened = format!(
        "{} gets too many requests from this account or machine and turned this one away",
        s.start()
    );
    s.tell("Too many requests at the moment", &happened)
        .with_side(
            "The cause is on this side: more is being sent than the server allows. The request \
             itself is fine.",
        )
        .with_step(&s.again())
        .with_step("Send fewer requests at the same time, or smaller ones.")
        .with_step("If it happens often, ask those who run the server for a higher limit.")
}

pub(super) fn quota(s: &Scene<'_>) -> Explanation {
    let happened = format!("The allowance of your account at {} is used up", s.host());
    s.tell("The allowance is used up", &happened)
        .with_side(
            "This is a matter of the account on this side. The request itself is fine, and \
             nothing is broken.",
        )
        .with_step("Look at the usage and billing page of the account.")
        .with_step("Add credit or raise the limit there, or wait until the allowance is renewed.")
        .with_step("Until then, use another account or another service; repeating will not help.")
}

pub(super) fn budget(s: &Scene<'_>) -> Explanation {
    let happened = format!(
        "The call to {} failed and was not repeated, because too many calls are failing at the \
         moment",
        s.host()
    );
    s.tell("Too many calls are failing", &happened)
        .with_side(
            "It is this side that holds back, so as not to make matters worse; the cause of the \
             failures lies with the network or the server.",
        )
        .with_step("Wait a few minutes, then try again.")
        .with_step("If it goes on, check the internet connection and the server's status page.")
}
