//! What goes wrong at the server.

use super::scene::Scene;
use crate::Explanation;
use crate::numbers::Size;

pub(super) fn overloaded(s: &Scene<'_>) -> Explanation {
    let happened = format!("{} has more work than it can take on right now", s.start());
    s.tell("The server is overloaded", &happened)
        .with_side("The cause lies with the server. Nothing is wrong with the request.")
        .with_step(&s.again())
        .with_step("If it goes on for long, look at the server's status page.")
}

pub(super) fn failed(s: &Scene<'_>) -> Explanation {
    let happened = format!("{} ran into a problem of its own", s.start());
    s.tell("The server failed", &happened)
        .with_side("The cause lies with the server. Most likely nothing is wrong with the request.")
        .with_step(&s.again())
        .with_step(
            "If the same request fails every time while others work, change it a little, and tell \
             those who run the server.",
        )
        .with_step("If everything fails, look at the server's status page.")
}

pub(super) fn gateway(s: &Scene<'_>) -> Explanation {
    let happened = format!(
        "A gateway in front of {} got no answer from the server behind it",
        s.host()
    );
    s.tell("The server behind the gateway did not answer", &happened)
        .with_side(
            "The cause is on the other side: the server, or the gateway, which passes requests on \
             to it. Nothing is wrong with the request.",
        )
        .with_step(&s.again())
        .with_step("If it goes on for long, look at the server's status page.")
}

pub(super) fn not_understood(s: &Scene<'_>) -> Explanation {
    let happened = format!("What came back from {} is not a valid web answer", s.host());
    s.tell("The answer makes no sense", &happened)
        .with_side(
            "The cause lies with the server or with the address: perhaps something other than a \
             web server answers there.",
        )
        .with_step(
            "Check the address: http:// or https://, the server's name, and the port number.",
        )
        .with_step("Try once without VPN or proxy, or from another network.")
        .with_step("If the address is right, tell those who run the server.")
}

pub(super) fn damaged(s: &Scene<'_>) -> Explanation {
    let happened = match s.arrived() {
        Some(bytes) => format!(
            "The answer from {} was damaged and could not be read on after {}",
            s.host(),
            Size(bytes)
        ),
        None => format!(
            "The answer from {} was damaged and could not be read",
            s.host()
        ),
    };
    s.tell("The answer arrived damaged", &happened)
        .with_side(
            "The cause lies with the server, or with something on the way that changes answers.",
        )
        .with_step(&s.again())
        .with_step(
            "If it happens every time, try without VPN or proxy, and tell those who run the \
             server.",
        )
}

pub(super) fn changed(s: &Scene<'_>) -> Explanation {
    let happened = match s.arrived() {
        Some(bytes) => format!(
            "After {} had arrived from {}, the content was replaced by another version",
            Size(bytes),
            s.host()
        ),
        None => format!(
            "The content at {} was replaced by another version while it was being fetched",
            s.host()
        ),
    };
    s.tell("The content changed meanwhile", &happened)
        .with_side("This is nobody's fault: there is a newer version at the server now.")
        .with_step("Throw away the part that has arrived; it does not belong to the new version.")
        .with_step("Fetch it again from the start.")
}
