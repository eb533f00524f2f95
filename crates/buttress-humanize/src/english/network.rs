//! What goes wrong on the way.

use super::scene::{Progress, Scene};
use crate::Explanation;
use crate::numbers::Size;

pub(super) fn closed(s: &Scene<'_>) -> Explanation {
    let happened = format!("The connection to {} was closed{}", s.host(), when(s));
    lost(s, s.tell("The connection was closed", &happened))
}

pub(super) fn reset(s: &Scene<'_>) -> Explanation {
    let happened = format!("The connection to {} was cut off{}", s.host(), when(s));
    lost(s, s.tell("The connection was cut off", &happened))
}

fn when(s: &Scene<'_>) -> String {
    match s.progress() {
        Progress::Connecting => " while it was being set up".to_owned(),
        Progress::Sending => " while the request was being sent".to_owned(),
        Progress::Waiting => " before an answer came".to_owned(),
        Progress::Answering(Some(0)) => " just as the answer began".to_owned(),
        Progress::Answering(Some(bytes)) => {
            format!(" in the middle of the answer, after {}", Size(bytes))
        }
        Progress::Answering(None) => " in the middle of the answer".to_owned(),
    }
}

fn lost(s: &Scene<'_>, told: Explanation) -> Explanation {
    let told = told
        .with_side(
            "Most likely the network, or something on the way such as a proxy, a VPN or a \
             firewall, ended the connection; the server itself may have done so too. Nothing \
             suggests that the request was wrong.",
        )
        .with_step(&s.again());
    let told = match s.progress() {
        Progress::Answering(_) => told.with_step(
            "If it always stops after about the same time, something on the way limits how long \
             an answer may take: ask for a shorter answer, or ask whoever runs the proxy or \
             firewall to raise that limit.",
        ),
        _ => told,
    };
    told.with_step(
        "If it keeps happening, try another network, or switch the VPN or proxy off for a moment, \
         to find out which of them is the cause.",
    )
}

pub(super) fn truncated(s: &Scene<'_>) -> Explanation {
    let happened = match s.arrived() {
        Some(bytes) => format!(
            "The answer from {} ended after {}, before it was complete",
            s.host(),
            Size(bytes)
        ),
        None => format!("The answer from {} ended before it was complete", s.host()),
    };
    s.tell("The answer is incomplete", &happened)
        .with_side(
            "Most likely the network, something on the way such as a proxy, or the server ended \
             the answer early. Nothing suggests that the request was wrong.",
        )
        .with_step("Do not use what has arrived as if it were the whole answer.")
        .with_step(&s.again())
        .with_step(
            "If it always ends at about the same place, ask for a shorter answer, or tell those \
             who run the server.",
        )
}

pub(super) fn refused(s: &Scene<'_>) -> Explanation {
    let happened = format!("{} does not accept connections at this address", s.start());
    s.tell("Nothing is listening at that address", &happened)
        .with_side(
            "The cause lies with the server or with the address: the server is not running, is \
             being restarted, or listens at another port. The network itself works.",
        )
        .with_step("Check that the address and the port number are right.")
        .with_step("If the server is yours, see whether it is running, and start it if not.")
        .with_step(&s.again())
}

pub(super) fn unreachable(s: &Scene<'_>) -> Explanation {
    let happened = format!("This machine found no way to reach {}", s.host());
    s.tell("The server cannot be reached", &happened)
        .with_side(
            "Most likely the cause is the network on this side: the internet connection, a VPN or \
             a firewall.",
        )
        .with_step("Check that this machine is online, for example by opening a web page.")
        .with_step(
            "If the server is inside a company network, connect to its VPN; if a VPN is on and \
             the server is not inside, try without it.",
        )
        .with_step(&s.again())
}

pub(super) fn name_not_found(s: &Scene<'_>) -> Explanation {
    let happened = format!("The network address of {} could not be looked up", s.host());
    s.tell("The server's name was not found", &happened)
        .with_side(
            "Either the name is not right, or the name service of the network on this side does \
             not work at the moment.",
        )
        .with_step("Check the spelling of the server's name in your settings.")
        .with_step("Check that this machine is online, for example by opening a web page.")
        .with_step("If the name exists only inside a company network, connect to its VPN.")
        .with_step(&s.again())
}

pub(super) fn proxy(s: &Scene<'_>) -> Explanation {
    let happened = format!(
        "The proxy on the way to {} did not let the request through",
        s.host()
    );
    s.tell("The proxy did not pass the request on", &happened)
        .with_side(
            "The cause is the proxy, which passes requests from this machine on to the internet, \
             or its settings here. The server probably never saw the request.",
        )
        .with_step("Check the proxy settings of this program: address, user name and password.")
        .with_step("If this network can be used without a proxy, try without it.")
        .with_step("Otherwise ask whoever runs the proxy to allow connections to this server.")
}

pub(super) fn portal(s: &Scene<'_>) -> Explanation {
    let happened = format!(
        "Something on this network, probably a sign-in page, answered in place of {}",
        s.host()
    );
    s.tell("The network wants you to sign in first", &happened)
        .with_side(
            "The cause is the network that this machine is using, as in hotels, trains and some \
             offices. The server never saw the request.",
        )
        .with_step("Open any web page in a browser and sign in to the network or accept its terms.")
        .with_step("Then try again.")
        .with_step("If no such page appears, try another network, for example a phone's hotspot.")
}
