//! What has to do with the request itself, and with who sends it.

use super::scene::Scene;
use crate::Explanation;

pub(super) fn credentials(s: &Scene<'_>) -> Explanation {
    let happened = format!(
        "{} did not accept the key or password that was sent",
        s.start()
    );
    s.tell("The sign-in was not accepted", &happened)
        .with_side("The cause is on this side: the key, password or token in your settings.")
        .with_step(
            "Check that a key is set, that it is complete and without spaces, and that it belongs \
             to this server.",
        )
        .with_step("If it may have expired or been withdrawn, sign in again or make a new one.")
        .with_step("Then try again; until then, repeating will not help.")
}

pub(super) fn permission(s: &Scene<'_>) -> Explanation {
    let happened = format!(
        "{} does not allow this to the account that asked",
        s.start()
    );
    s.tell("Not allowed", &happened)
        .with_side("The cause is on this side: the account, or what it may do.")
        .with_step("Check that you are using the right account, organisation or project.")
        .with_step("Ask whoever manages the account to allow it.")
        .with_step("Some services are closed to certain countries or networks: check that too.")
}

pub(super) fn not_found(s: &Scene<'_>) -> Explanation {
    let happened = format!(
        "{} has nothing at the address that was asked for",
        s.start()
    );
    s.tell("Not found", &happened)
        .with_side("The cause is on this side: most likely the address, or a name in the request.")
        .with_step(
            "Check the address in your settings, and every name in the request, such as that of a \
             model or a file.",
        )
        .with_step("It may have been moved or removed: look it up on the server's own pages.")
}

pub(super) fn bad_request(s: &Scene<'_>) -> Explanation {
    let happened = format!("{} did not accept the request as it is", s.start());
    s.tell("The request was not accepted", &happened)
        .with_side("The cause is on this side: the request, or the program that made it.")
        .with_step("Undo what you changed last in the request or the settings, and try again.")
        .with_step("Bring the program up to date; it may no longer match what the server expects.")
        .with_step("If that does not help, report it to the makers of the program.")
}

pub(super) fn too_long_for_model(s: &Scene<'_>) -> Explanation {
    let happened = format!(
        "The input is longer than the model at {} can take",
        s.host()
    );
    s.tell("The input is too long", &happened)
        .with_side(
            "The cause is on this side: the length of the conversation and of what is attached to \
             it.",
        )
        .with_step("Start a new conversation, or let the program shorten the present one.")
        .with_step("Attach fewer or smaller files.")
        .with_step("Or use a model that takes a longer input.")
}

pub(super) fn filtered(s: &Scene<'_>) -> Explanation {
    let happened = format!(
        "A content filter at {} refused the request or its answer",
        s.host()
    );
    s.tell("Refused by a content filter", &happened)
        .with_side(
            "The rules of the server decide this. Filters can be wrong: it need not be your fault.",
        )
        .with_step("Say it in other words, or leave out the part that may have set off the filter.")
        .with_step("If the refusal is clearly wrong, tell those who run the server.")
}

pub(super) fn too_large(s: &Scene<'_>) -> Explanation {
    let happened = format!("The request is larger than {} accepts", s.host());
    s.tell("The request is too large", &happened)
        .with_side("The cause is on this side: the size of what is being sent.")
        .with_step("Send less at once: fewer or smaller files, or several smaller requests.")
        .with_step(
            "If the server is yours, or there is a proxy in front of it, raise the size it \
             allows.",
        )
}

pub(super) fn cancelled(s: &Scene<'_>) -> Explanation {
    let happened = format!(
        "The call to {} was ended on this side before it was done",
        s.host()
    );
    s.tell("The call was cancelled", &happened)
        .with_side("It was ended on this side, by you or by the program. Nothing is broken.")
        .with_step("If you ended it on purpose, there is nothing to do.")
        .with_step(
            "If not, start it again. If the request changes something (a payment, a message, a \
             file), check first whether that has already happened.",
        )
}

pub(super) fn unknown(s: &Scene<'_>) -> Explanation {
    let happened = format!("The call to {} failed, and it is not clear why", s.host());
    s.tell("The call failed", &happened)
        .with_side("It is not clear on whose side the cause is.")
        .with_step(
            "Try once more. If the request changes something (a payment, a message, a file), \
             check first whether that has already happened.",
        )
        .with_step("Check that this machine is online, for example by opening a web page.")
        .with_step("If it keeps failing, look into the program's log, which holds the details.")
}
