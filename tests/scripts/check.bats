#!/usr/bin/env bats
# The machinery of contrib/check: what it remembers.

load script

# checking: the code on standard input with the parts of contrib/check and empty results.
checking() {
  local work=$BATS_TEST_TMPDIR
  {
    printf 'WORK=%q LOGS=%q RESULTS=%q\n' "$work" "$work/logs" "$work/results"
    # shellcheck disable=SC2016
    printf '%s\n' 'mkdir -p "$LOGS"; : >"$RESULTS"' '. "$TOP/contrib/lib.sh"' \
      'for part in record leftovers; do . "$TOP/contrib/check.d/$part.sh"; done'
    cat
  } >"$work/code"
  script <"$work/code"
  run "$SCRIPT"
}

@test "a machine without /run/asylum-runc is remembered" {
  checking <<'CODE'
if [[ -z ${INSIDE:-} ]]; then INSIDE=1 exec unshare --mount --propagation private -- "$0"; fi
mount -t tmpfs none /run
remember_machine
cat "$WORK/before-state_files"
mkdir -p /run/asylum-runc/left
stage_leftovers
cat "$RESULTS"
CODE
  [[ $status -eq 0 ]]
  says "new: /run/asylum-runc"
  says "failed	leftovers	no state is left under /run/asylum-runc"
  says "passed	leftovers	no mount is left"
}
