# shellcheck shell=bash
# Stage: unit, golden and kernel tests of the sanitizer build, each GoogleTest case counted on its own.

# run_gtest NAME DIRECTORY PROGRAM...: one test program; a crash is one failure with its name.
run_gtest() {
  local name=$1 directory=$2 report=$WORK/gtest-$1.json output=$LOGS/gtest.output status=0
  shift 2
  (cd "$directory" && timeout 900 "$@" --gtest_output="json:$report" --gtest_brief=1 --gtest_color=no) >"$output" 2>&1 ||
    status=$?
  cat "$output"
  if [[ ! -s $report ]]; then
    record failed gtest "$name" "ended with code $status and no report"
    tail -n 80 "$output" | failure_says gtest "$name"
    return
  fi
  jq -r --arg program "$name" '.testsuites[] | .name as $suite | .testsuite[] | select(has("failures")) |
    "-- \($program): \($suite).\(.name)", .failures[].failure' "$report" >>"$LOGS/gtest.failures"
  jq -r --arg program "$name" '.testsuites[] | .name as $suite | .testsuite[] |
    [(if has("failures") then "failed" elif .result == "SKIPPED" then "skipped"
      elif .result == "COMPLETED" then "passed" else "skipped" end), "gtest", "\($program): \($suite).\(.name)", ""] | join("\t")' "$report" | sed -u '' >>"$RESULTS"
  if ((status != 0)) && ! jq -e '.failures > 0' "$report" >/dev/null; then
    record failed gtest "$name" "all cases passed, but the program ended with code $status"
    tail -n 80 "$output" | failure_says gtest "$name"
  fi
}

# A test that is no GoogleTest program: its exit code counts, 77 is a skip.
run_plain() {
  local name=$1 directory=$2 output=$LOGS/gtest.output status=0
  shift 2
  (cd "$directory" && timeout 900 "$@") >"$output" 2>&1 || status=$?
  cat "$output"
  case $status in
    0) record passed gtest "$name" ;;
    77) record skipped gtest "$name" ;;
    *)
      record failed gtest "$name" "code $status"
      failure_says gtest "$name" <"$output"
      ;;
  esac
}

# ctest knows what there is; it would count a whole program as one test.
stage_gtest() {
  local row name directory command
  while read -r row; do
    name=$(jq -r .name <<<"$row")
    directory=$(jq -r '(.properties[]? | select(.name == "WORKING_DIRECTORY") | .value) // "."' <<<"$row")
    mapfile -t command < <(jq -r '.command[]?' <<<"$row")
    if ((${#command[@]} == 0)); then
      record failed gtest "$name" "not built"
      failure_says gtest "$name" <<<"not built"
      continue
    fi
    say "-- $name"
    if [[ ${command[0]##*/} == tests_* ]]; then
      run_gtest "$name" "$directory" "$TOP/contrib/in-private-dev" "${command[@]}"
    else
      run_plain "$name" "$directory" "$TOP/contrib/in-private-dev" "${command[@]}"
    fi
  done < <(ctest --test-dir "$TOP/build/dev" -L '^(unit|golden|kernel)$' --show-only=json-v1 | jq -c '.tests[]')
  (($(count_of passed gtest) > 0)) || record failed gtest "any" "no test was run"
}
