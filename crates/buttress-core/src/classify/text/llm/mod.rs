//! What the APIs of language models say, in words and in codes.
//!
//! The tables are asked in this order: a limit of the account may be told as a permission, and a
//! filter as a bad request.

pub(super) mod size;

pub(super) mod limit;

pub(super) mod content;

pub(super) mod access;

pub(super) mod request;

pub(super) mod chinese;

pub(super) mod ideas;

pub(super) mod rest;
