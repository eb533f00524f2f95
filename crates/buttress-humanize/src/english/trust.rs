//! What goes wrong when a connection is to be made secure.

use super::scene::Scene;
use crate::Explanation;

const KEEP_CHECKING: &str =
    "Leave certificate checks switched on: without them, anybody on the way could read along.";

pub(super) fn untrusted(s: &Scene<'_>) -> Explanation {
    let happened = format!(
        "{} showed a certificate that this machine does not trust, so nothing was sent",
        s.start()
    );
    s.tell("The server's certificate is not trusted", &happened)
        .with_side(
            "The cause is usually a company network or security software on this side, which \
             opens secure connections to inspect them and puts its own certificate in place of \
             the server's. Sometimes it is the server, if it uses a home-made certificate.",
        )
        .with_step(
            "On a company network, ask the IT department for its root certificate and add it to \
             those that this program trusts.",
        )
        .with_step(
            "Try once from another network, for example a phone's hotspot: if it works there, the \
             first network is inspecting connections.",
        )
        .with_step(
            "If the server is yours, give it a certificate from a public authority, or add its \
             own to those that this program trusts.",
        )
        .with_step(KEEP_CHECKING)
}

pub(super) fn expired(s: &Scene<'_>) -> Explanation {
    let happened = format!(
        "The certificate of {} is out of date or not valid yet, so nothing was sent",
        s.host()
    );
    s.tell("The server's certificate is not valid today", &happened)
        .with_side("The cause lies with the server, unless the clock of this machine is wrong.")
        .with_step("Check that the date and time of this machine are right, and correct them.")
        .with_step(
            "If they are, tell those who run the server; only they can renew the certificate.",
        )
        .with_step(KEEP_CHECKING)
}

pub(super) fn other_name(s: &Scene<'_>) -> Explanation {
    let happened = format!(
        "{} showed a certificate that was made out for another name, so nothing was sent",
        s.start()
    );
    s.tell("The certificate belongs to another name", &happened)
        .with_side(
            "Either the address is not quite right, or the connection ended up at a different \
             machine, or the server is set up wrongly.",
        )
        .with_step("Check the spelling of the server's name in your settings.")
        .with_step("Try once without VPN or proxy, or from another network.")
        .with_step("If the name is right, tell those who run the server.")
        .with_step(KEEP_CHECKING)
}

pub(super) fn not_secured(s: &Scene<'_>) -> Explanation {
    let happened = format!("No secure connection to {} could be set up", s.host());
    s.tell("No secure connection", &happened)
        .with_side(
            "The two sides did not agree on how to make the connection secure. That can be due to \
             the server, to a proxy on the way, or to the address.",
        )
        .with_step(
            "Check the address: a server without encryption needs http:// instead of https://, \
             and often has a different port number.",
        )
        .with_step("Try once without VPN or proxy, or from another network.")
        .with_step("Bring this program up to date; very old encryption is no longer accepted.")
        .with_step("If all that changes nothing, tell those who run the server.")
}
