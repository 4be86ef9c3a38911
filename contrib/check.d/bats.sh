# shellcheck shell=bash
# Stages: the bats tests of the scripts of the project (tests/scripts); the bats suite on this host as it is with the sanitizer build; and with the release build, on a hybrid host
# in a mount namespace with a cgroup2 over /sys/fs/cgroup, on a unified one on the host as it is. The files that take the
# release build in any case (`bats file_tags=release`) are a stage of their own: once, on the one view of the cgroups or the
# other by the commit, with --full on both.

# run_bats SUITE PRESET VIEW TAGS: VIEW is native or cgroup2.
run_bats() {
  local suite=$1 preset=$2 view=$3 tags=$4 private=()
  [[ $view == native ]] || private=(--cgroup2)
  local files=("$TOP"/integration/*.bats)
  set +e # a failing test is recorded, it does not end the stage
  say "bats with build/$preset, the cgroups: $view"
  # The warden adopts what outlives the tests, and fails if there is any.
  "$TOP/contrib/in-private-dev" "${private[@]}" env ASYLUM_RUNC="$TOP/build/$preset/asylum-runc" \
    ASYLUM_RELEASE="$TOP/build/release/asylum-runc" ASYLUM_PASS="$suite" \
    "$TOP/build/integration/warden" bats --tap --print-output-on-failure --filter-tags "$tags" "${files[@]}" 2>&1 |
    tap_results "$suite"
  local status=${PIPESTATUS[0]}
  case $status in
    0 | 1) ;;
    *)
      record failed "$suite" "no process outlives the tests" "code $status"
      tail -n 20 "$LOGS/$suite" | failure_says "$suite" "no process outlives the tests"
      ;;
  esac
}

second_view() { if [[ $(machine_kind) == hybrid ]]; then say cgroup2; else say native; fi; }

stage_bats_native() { run_bats bats-native dev native '!release'; }
stage_bats_second() { run_bats bats-second release "$(second_view)" '!release'; }
stage_bats_release() {
  local views=(native)
  [[ $(second_view) == native ]] || views+=(cgroup2)
  [[ -n ${CHECK_FULL:-} ]] || views=("${views[$(commit_number) % ${#views[@]}]}")
  local view
  for view in "${views[@]}"; do run_bats bats-release release "$view" release; done
}

stage_scripts() {
  set +e # a failing test is recorded, it does not end the stage
  bats --tap --print-output-on-failure "$TOP"/tests/scripts/*.bats 2>&1 | tap_results scripts
  local status=${PIPESTATUS[0]}
  ((status <= 1)) || record failed scripts "bats" "code $status"
}
