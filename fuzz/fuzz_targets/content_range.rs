//! The value of a `Content-Range`.
#![no_main]

use buttress_resume::fuzzing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| fuzzing::content_range(input));
