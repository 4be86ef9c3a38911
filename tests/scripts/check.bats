#!/usr/bin/env bats
# The machinery of contrib/check: what it remembers, records, expects and shows.

load script

# checking: the code on standard input with the parts of contrib/check and empty results; suites were run as $TIMES says.
checking() {
  local work=$BATS_TEST_TMPDIR
  {
    printf 'WORK=%q LOGS=%q RESULTS=%q TIMES=%q\n' "$work" "$work/logs" "$work/results" "$work/times"
    # shellcheck disable=SC2016
    printf '%s\n' 'mkdir -p "$LOGS"; : >"$RESULTS"; : >"$TIMES"' '. "$TOP/contrib/lib.sh"' \
      'for part in record report expected gtest leftovers rules; do . "$TOP/contrib/check.d/$part.sh"; done'
    cat
  } >"$work/code"
  script <"$work/code"
  run "$SCRIPT"
}

# two_of_three DIRECTORY: a GoogleTest report with one pass, one failure of two messages, one skip.
two_of_three() {
  cat >"$1/tests_x" <<'PROGRAM'
#!/bin/sh
echo noise
for word; do case $word in --gtest_output=json:*) cp "${0%/*}/report.json" "${word#*json:}" ;; esac; done
exit 1
PROGRAM
  chmod +x "$1/tests_x"
  cat >"$1/report.json" <<'REPORT'
{"failures": 1, "testsuites": [{"name": "Some", "testsuite": [
  {"name": "Passes", "status": "RUN", "result": "COMPLETED"},
  {"name": "Fails", "status": "RUN", "result": "COMPLETED", "failures": [{"failure": "file.cpp:7\nfirst"}, {"failure": "second"}]},
  {"name": "Skips", "status": "RUN", "result": "SKIPPED"}]}]}
REPORT
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

@test "what a failing test of a TAP stream said is shown, and nothing of the others" {
  checking <<'CODE'
tap_results suite >"$LOGS/suite" <<'TAP'
1..5
ok 1 first
# said by the first
not ok 2 second
# (in test file second.bats, line 7)
#   `false' failed
ok 3 third # skip no reason
not ok 4 fourth
# said by the fourth
TAP
show_failures suite
cat "$RESULTS"
CODE
  [[ $status -eq 0 ]]
  says "not ok 2 second
# (in test file second.bats, line 7)
#   \`false' failed
not ok 4 fourth
# said by the fourth
-- plan: 5 tests planned, 4 seen"
  [[ $output != *"said by the first"* ]]
  says "skipped	suite	third	no reason"
  says "failed	suite	plan	5 tests planned, 4 seen"
}

@test "what a failing GoogleTest case said is shown, and a crash with the end of its output" {
  two_of_three "$BATS_TEST_TMPDIR"
  checking <<'CODE'
run_gtest unit.x "$WORK" "$WORK/tests_x" >/dev/null
run_gtest unit.y "$WORK" sh -c 'echo last words; exit 9' >/dev/null
run_plain unit.z "$WORK" sh -c 'echo plain words; exit 1' >/dev/null
show_failures gtest
cat "$RESULTS"
CODE
  [[ $status -eq 0 ]]
  says "-- unit.x: Some.Fails
file.cpp:7
first
second
-- gtest: unit.y
last words
-- gtest: unit.z
plain words"
  [[ $output != *noise* ]]
  says "failed	gtest	unit.x: Some.Fails"
  says "failed	gtest	unit.y	ended with code 9 and no report"
}

@test "of a rule that is broken its own words are shown; of a stage that keeps none, the end of the log" {
  checking <<'CODE'
rule suite good echo "good words" >/dev/null
rule suite bad sh -c 'echo bad words; exit 1' >/dev/null
show_failures suite
record failed other stage "ended with code 1"
seq 200 >"$LOGS/other"
show_failures other
show_failures nothing
CODE
  [[ $status -eq 0 ]]
  [[ $output == "-- suite: bad
bad words
(the whole log of suite: "*"/logs/suite)
121
"*"
200
(the whole log of other: "*"/logs/other)" ]]
}

@test "time against budget: parts are as long as their longest lane, and what is over is marked" {
  checking <<'CODE'
remember_time packages first 30
remember_time build-dev first 90
remember_time gtest one 100
remember_time bats-native one 200
remember_time killed-create two 2000
SECONDS=2400
time_table
CODE
  [[ $status -eq 0 ]]
  local row
  for row in '  builds +2:00 of +10:00' '    build-dev +1:30 of +6:00' '  tests and rules +33:20 of +16:00  over' \
    '    killed-create +33:20 of +[0-9]+:00  over' '  whole +40:0[0-9] of +40:00'; do
    [[ $output =~ $row ]] || { printf 'no "%s" in: %s\n' "$row" "$output" >&2; return 1; }
  done
}

@test "a suite that was run has to have its least passes, unless it could not begin" {
  checking <<'CODE'
remember_time gtest one 1
record passed gtest only
remember_time old-kernel two 1
record skipped old-kernel "the guest boots" "no room"
compare_counts
cat "$RESULTS"
CODE
  [[ $status -eq 0 ]]
  says "failed	counts	gtest	1 passed, tests/least.txt expects at least"
  [[ $output != *"counts	old-kernel"* && $output != *"counts	bats-native"* ]]
}

@test "a skip that nobody expects is a failure" {
  checking <<'CODE'
record skipped suite "some test" "a reason"
compare_skips
cat "$RESULTS"
CODE
  [[ $status -eq 0 ]]
  says "failed	skips	suite: some test	a skip that tests/skips.txt does not expect"
}

@test "a cited section of the design that does not exist is named with its place" {
  checking <<'CODE'
mkdir -p "$WORK/tree/contrib/docs" "$WORK/tree"/{runtime,spec,hooks,tests,integration,cmake}
cd "$WORK/tree"
printf '## 8. Rules\n1. one\n2. two\n## 9. Speed\n' >contrib/docs/DESIGN.md
echo '// (design §8.2); design §9.' >runtime/good.h
cited_sections
printf '// design §8.3\n// design §10\n' >runtime/bad.h
cited_sections
CODE
  [[ $status -ne 0 ]]
  [[ $output == *"runtime/bad.h:1:design §8.3: not in contrib/docs/DESIGN.md"* ]]
  [[ $output == *"runtime/bad.h:2:design §10: not in contrib/docs/DESIGN.md"* ]]
  [[ $output != *good.h* ]]
}
