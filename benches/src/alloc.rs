//! Counts what the program allocates.

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use std::alloc::System;

/// Counting costs two instructions at each allocation and two at each release.
#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How many allocations `work` makes, growing ones included, and how many bytes they ask for.
pub(crate) fn allocated_by(work: impl FnOnce()) -> (f64, f64) {
    let before = ALLOCATOR.stats();
    work();
    let made = ALLOCATOR.stats() - before;
    (
        (made.allocations + made.reallocations) as f64,
        made.bytes_allocated as f64,
    )
}
