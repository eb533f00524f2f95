//! An event stream in any chunks.
#![no_main]

use buttress_resume::fuzzing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| fuzzing::events(input));
