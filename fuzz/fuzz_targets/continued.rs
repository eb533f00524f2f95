//! An event stream that is cut and continued.
#![no_main]

use buttress_resume::fuzzing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| fuzzing::continued(input));
