#!/usr/bin/env bash
# Mutation testing of what decides: each small change to the code of these modules must make one of
# their tests fail. Needs `cargo install --locked cargo-mutants@27.1.0`. Hours for all of it.
#
#   tests/mutants.sh              every module
#   tests/mutants.sh hints plan   these
#   tests/mutants.sh names        what modules there are
#
# What is left out, and why, is in .cargo/mutants.toml. The results are in target/mutants/MODULE.
set -euo pipefail
cd "$(dirname "$0")/.."

# module, package, files below its src, and which of its unit tests are run: all, those named so, or
# a test of several crates
modules='
decide     retry     decide.rs,consent.rs
backoff    core      backoff.rs                                        backoff settings
budget     core      budget/mod.rs,budget/bucket.rs                    budget
hints      core      hint/**                                           hint
redaction  core      redact/**                                         redact
responses  core      classify/response.rs,classify/body/**             classify::response classify::body knows_
resume     resume    plan.rs,verify.rs,ends.rs,content_range.rs,etag.rs
events     resume    events/scan.rs,events/ids.rs,event/line.rs,event/view.rs  event
timeouts   timeout   rate.rs,progress.rs,progress/lines.rs
watch      timeout   watch.rs                                          --test limits
accept     humanize  format/accept.rs,weights.rs                       accept weights
dialects   llm       dialect/**,progress.rs                            dialect:: progress:: errors:: call:: json:: answer:: join::
'

# What is thrown away at once is built as fast as can be.
export CARGO_PROFILE_DEV_DEBUG=none CARGO_INCREMENTAL=1
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}/mutants
mkdir -p "$CARGO_TARGET_DIR"

failed=()
while read -r module package files tests; do
    [[ -n $module ]] || continue
    if [[ ${1-} == names ]]; then
        echo "$module: buttress-$package, $files"
        continue
    fi
    [[ $# -eq 0 || " $* " == *" $module "* ]] || continue
    echo "== $module"
    which=()
    for file in ${files//,/ }; do
        which+=(--file "crates/buttress-$package/src/$file")
    done
    case $tests in
        --test*) run="--test-package buttress-tests -- $tests" ;;
        *) run="-- --lib -- $tests" ;;
    esac
    status=0
    # shellcheck disable=SC2086 # what is run is words
    cargo mutants "${which[@]}" --output "$CARGO_TARGET_DIR/$module" --no-shuffle --colors never \
        --all-features --minimum-test-timeout 10 ${MUTANTS_OPTIONS-} $run || status=$?
    # Status 3 says that some tests did not end, which is noticed too, and nothing about the rest.
    if [[ $status -ne 0 && ($status -ne 3 || -s $CARGO_TARGET_DIR/$module/mutants.out/missed.txt) ]]; then
        failed+=("$module")
    fi
done <<<"$modules"

if [[ ${#failed[@]} -gt 0 ]]; then
    echo "not every mutant was caught in: ${failed[*]}"
    exit 1
fi
