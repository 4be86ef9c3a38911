# shellcheck shell=bash
# What contrib/check expects of the suites that were run: which tests skip, and how many pass at least.

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

# A suite that has fewer passes than tests/least.txt says has lost tests without a failure. One that cannot begin on this
# machine has a single skip as its only result, and that has to be expected.
compare_counts() {
  local suite least
  while read -r suite least _; do
    [[ -z $suite || $suite == \#* ]] && continue
    was_run "$suite" || continue
    [[ $(summary_of "$suite") != "0 passed, 0 failed, 1 skipped" ]] || continue
    (($(count_of passed "$suite") >= least)) ||
      record failed counts "$suite" "$(count_of passed "$suite") passed, tests/least.txt expects at least $least"
  done <"$TOP/tests/least.txt"
}
