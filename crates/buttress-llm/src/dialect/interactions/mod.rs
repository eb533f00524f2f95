pub(super) mod errors;
pub(super) mod events;
pub(super) mod recognise;
