#!/usr/bin/env bats
# contrib/strict.sh: no script of ours ends without saying why.

load script

@test "a failing pipeline: script, line, the statuses of all its commands, and who called" {
  script <<'CODE'
listing() {
  find /no/such/directory 2>/dev/null | sort
}
remember() { listing >/dev/null; }
remember
CODE
  run "$SCRIPT"
  [[ $status -eq 1 ]]
  says "script: $SCRIPT:4: status 1 (the pipeline: 1 0) of: sort"
  says "    find /no/such/directory 2>/dev/null | sort"
  says "    in listing, called at $SCRIPT:6"
  says "    in remember, called at $SCRIPT:7"
}

@test "a command that fails alone, in a substitution and in a subshell with its output elsewhere" {
  script <<<'grep -q nothing /dev/null; echo on'
  run "$SCRIPT"
  [[ $status -eq 1 ]]
  says "$SCRIPT:3: status 1 of: grep -q nothing /dev/null"
  [[ $output != *$'\non'* ]]
  # shellcheck disable=SC2016
  script <<<'printf "%s\n" "$(false; echo never)" >/dev/null; value=$(false); echo on'
  run "$SCRIPT"
  [[ $status -eq 1 ]]
  says "status 1 of: value=\$(false)"
  # shellcheck disable=SC2016
  script <<<'set +e; (set -e; false) >"$0.log" 2>&1; status=$?; cat "$0.log"; exit "$status"'
  run "$SCRIPT"
  [[ $status -eq 1 ]]
  says "$SCRIPT:3: status 1 of: false"
}

@test "what is expected to fail says nothing" {
  script <<'CODE'
if grep -q nothing /dev/null; then :; fi
grep -q nothing /dev/null || true
lines_with nothing /dev/null
found=$(lines_with nothing /dev/null | sort)
set +e
false
false | true
echo "end$found"
CODE
  run "$SCRIPT"
  [[ $status -eq 0 && $output == end ]]
}

@test "a search that cannot be made is no answer" {
  script <<<'lines_with nothing /no/such/file; echo on'
  run "$SCRIPT"
  [[ $status -ne 0 && $output == *"No such file"* && $output != *$'\non'* ]]
}

@test "a signal is named, and the clean-up still happens" {
  local name
  for name in HUP INT TERM; do
    script <<<"trap 'echo cleaned' EXIT; kill -$name \$\$; sleep 10"
    run "$SCRIPT"
    [[ $status -eq $((128 + $(kill -l "$name"))) ]]
    says "script: ended by SIG$name"
    says cleaned
  done
}

@test "signals that the caller ignores are not ignored in what the check and quickstart run" {
  # shellcheck disable=SC2016
  script <<'CODE'
. "$TOP/contrib/lib.sh"
clean_environment
grep SigIgn /proc/self/status
CODE
  run bash -c 'trap "" HUP USR1; exec "$1"' bash "$SCRIPT"
  says "SigIgn:	0000000000000000"
}
