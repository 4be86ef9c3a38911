# shellcheck shell=bash
# Results of contrib/check: one line a test in $RESULTS (result TAB suite TAB name TAB reason), and what the failing ones
# said in $LOGS/SUITE.failures. Two lanes append to $RESULTS at once, so whoever writes to it writes whole lines.

# record passed|failed|skipped SUITE NAME [REASON]
record() { printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "${4:-}" >>"$RESULTS"; }

count_of() { awk -F'\t' -v result="$1" -v suite="${2:-}" \
  '$1 == result && (suite == "" || $2 == suite) {n++} END {print n + 0}' "$RESULTS"; }

# failure_says SUITE NAME: keeps standard input as what a failing test said.
failure_says() { { printf -- '-- %s: %s\n' "$1" "$2"; cat; } >>"$LOGS/$1.failures"; }

# rule SUITE NAME COMMAND...: a check whose exit code is its result; its output is the reason.
rule() {
  local suite=$1 name=$2 output=$LOGS/$1.output
  shift 2
  if "$@" >"$output" 2>&1; then record passed "$suite" "$name"; else
    record failed "$suite" "$name"
    failure_says "$suite" "$name" <"$output"
  fi
  cat "$output"
}

# tap_results SUITE: reads a TAP stream (bats, our drivers) and records each line; a plan that was not kept is a failure.
# What follows a `not ok` up to the next test is what the failing test said.
tap_results() {
  awk -v suite="$1" -v results="$RESULTS" -v failures="$LOGS/$1.failures" '
    function put(result, name, reason) { printf "%s\t%s\t%s\t%s\n", result, suite, name, reason >> results; fflush(results) }
    function complain(text) { put("failed", "plan", text); print "-- plan: " text >> failures }
    /^1\.\./ { plan = substr($0, 4) + 0; planned = 1 }
    /^(not )?ok [0-9]+/ {
      seen++
      good = /^ok/
      failing = !good
      name = $0; sub(/^(not )?ok [0-9]+ /, "", name)
      reason = ""
      skip = match(name, / # skip/)
      if (skip) {
        reason = substr(name, RSTART + 7); sub(/^ /, "", reason)
        name = substr(name, 1, RSTART - 1)
      }
      put(!good ? "failed" : skip ? "skipped" : "passed", name, reason)
    }
    failing { print >> failures }
    { print }
    END {
      if (!planned) complain("no TAP plan was printed")
      else if (seen != plan) complain(plan " tests planned, " seen + 0 " seen")
    }'
}
