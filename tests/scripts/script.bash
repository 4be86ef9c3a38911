# shellcheck shell=bash
# What the tests of the scripts load: a script of our kind, and what is asserted of its words.

TOP=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)

# script: the code on standard input as an executable $SCRIPT that begins like ours.
script() {
  SCRIPT=$BATS_TEST_TMPDIR/script
  { printf '#!/usr/bin/env bash\n. "%s/contrib/strict.sh"\n' "$TOP"; cat; } >"$SCRIPT"
  chmod +x "$SCRIPT"
}

# says TEXT: $output of bats' `run` contains it.
says() {
  # shellcheck disable=SC2154
  [[ $output == *"$1"* ]] || { printf 'no "%s" in: %s\n' "$1" "$output" >&2; return 1; }
}
