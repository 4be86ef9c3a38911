# shellcheck shell=bash
# Results of contrib/check: one line a test in $RESULTS (result TAB suite TAB name TAB reason), and their sum. Two lanes
# append to it at once, so whoever writes to it writes whole lines.

# record passed|failed|skipped SUITE NAME [REASON]
record() { printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "${4:-}" >>"$RESULTS"; }

count_of() { awk -F'\t' -v result="$1" -v suite="${2:-}" \
  '$1 == result && (suite == "" || $2 == suite) {n++} END {print n + 0}' "$RESULTS"; }

summary_of() {
  printf '%d passed, %d failed, %d skipped' "$(count_of passed "$1")" "$(count_of failed "$1")" "$(count_of skipped "$1")"
}

# rule SUITE NAME COMMAND...: a check whose exit code is its result; its output is the reason in the log.
rule() {
  local suite=$1 name=$2
  shift 2
  if "$@"; then record passed "$suite" "$name"; else record failed "$suite" "$name"; fi
}

# tap_results SUITE: reads a TAP stream (bats, our drivers) and records each line; a plan that was not kept is a failure.
tap_results() {
  awk -v suite="$1" -v results="$RESULTS" '
    function put(result, name, reason) { printf "%s\t%s\t%s\t%s\n", result, suite, name, reason >> results; fflush(results) }
    /^1\.\./ { plan = substr($0, 4) + 0; planned = 1 }
    /^(not )?ok [0-9]+/ {
      seen++
      good = /^ok/
      name = $0; sub(/^(not )?ok [0-9]+ /, "", name)
      reason = ""
      if (match(name, / # skip/)) {
        reason = substr(name, RSTART + 7); sub(/^ /, "", reason)
        name = substr(name, 1, RSTART - 1)
        if (good) { put("skipped", name, reason); next }
      }
      put(good ? "passed" : "failed", name, reason)
    }
    { print }
    END {
      if (!planned) put("failed", "plan", "no TAP plan was printed")
      else if (seen != plan) put("failed", "plan", plan " tests planned, " seen + 0 " seen")
    }'
}

# Every skip must be in tests/skips.txt for this kind of machine.
compare_skips() {
  local kind result suite name reason
  kind=$(machine_kind)
  while IFS=$'\t' read -r result suite name reason; do
    [[ $result == skipped ]] || continue
    awk -F' *[|] *' -v kind="$kind" -v suite="$suite" -v name="$name" '
      /^#/ || NF < 4 {next}
      ($1 == kind || $1 == "any") && $2 == suite && $3 == name {found = 1}
      END {exit !found}' "$TOP/tests/skips.txt" ||
      record failed skips "$suite: $name" "a skip that tests/skips.txt does not expect on a $kind host: $reason"
  done < <(cat "$RESULTS")
}

# A suite that has fewer passes than tests/least.txt says has lost tests without a failure.
compare_counts() {
  local suite least
  while read -r suite least _; do
    [[ -z $suite || $suite == \#* ]] && continue
    (($(count_of passed "$suite") >= least)) ||
      record failed counts "$suite" "$(count_of passed "$suite") passed, tests/least.txt expects at least $least"
  done <"$TOP/tests/least.txt"
}

closing_line() {
  local failed
  failed=$(count_of failed)
  if ((failed > 0)); then
    say ""
    say "failed:"
    awk -F'\t' '$1 == "failed" {printf "  %s: %s%s\n", $2, $3, ($4 == "" ? "" : " (" $4 ")")}' "$RESULTS"
  fi
  printf '%d passed, %d failed, %d skipped\n' "$(count_of passed)" "$failed" "$(count_of skipped)"
  ((failed == 0)) || exit 1
  exit 0
}
