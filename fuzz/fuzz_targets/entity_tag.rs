//! The value of an `ETag`.
#![no_main]

use buttress_resume::fuzzing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| fuzzing::entity_tag(input));
