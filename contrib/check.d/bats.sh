# shellcheck shell=bash
# Stages: the bats suite on this host as it is with the sanitizer build; and with the release build, on a hybrid host
# in a mount namespace with a cgroup2 over /sys/fs/cgroup, on a unified one on the host as it is.

# run_bats SUITE PRESET [OPTION of in-private-dev]
run_bats() {
  local suite=$1 preset=$2 private=()
  [[ -z ${3:-} ]] || private=("$3")
  local files=("$TOP"/integration/*.bats)
  set +e # a failing test is recorded, it does not end the stage
  say "bats with build/$preset, ${3:-the cgroups of the host as they are}"
  # The warden adopts what outlives the tests, and fails if there is any.
  "$TOP/contrib/in-private-dev" "${private[@]}" env ASYLUM_RUNC="$TOP/build/$preset/asylum-runc" \
    ASYLUM_RELEASE="$TOP/build/release/asylum-runc" ASYLUM_PASS="$suite" \
    "$TOP/build/integration/warden" bats --tap --print-output-on-failure "${files[@]}" 2>&1 | tap_results "$suite"
  local status=${PIPESTATUS[0]}
  case $status in
    0 | 1) ;;
    *)
      record failed "$suite" "no process outlives the tests" "code $status"
      tail -n 20 "$LOGS/$suite" | failure_says "$suite" "no process outlives the tests"
      ;;
  esac
}

stage_bats_native() { run_bats bats-native dev; }
stage_bats_second() {
  if [[ $(machine_kind) == hybrid ]]; then run_bats bats-second release --cgroup2; else run_bats bats-second release; fi
}
