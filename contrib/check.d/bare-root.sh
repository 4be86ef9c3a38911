# shellcheck shell=bash
# Stage: both commands of README in a bare Debian root, see integration/vm/bare-root: a step that only works because of
# what happens to be on this machine is found there. With the compiler cache of this machine; with --full once more without,
# as on a machine where nothing was ever compiled.

# try_commands [OPTION of bare-root]
try_commands() {
  local status
  set +e # a failing command is recorded, it does not end the stage
  say "-- in a bare root ${1:-without a compiler cache}"
  "$TOP/integration/vm/bare-root" "$@" integration/vm/bare-tests | tap_results bare-root
  status=${PIPESTATUS[0]}
  set -e
  if ((status != 0)); then
    record failed bare-root "the root ${1:-}" "code $status"
    tail -n 40 "$LOGS/bare-root" | failure_says bare-root "the root"
  fi
}

stage_bare_root() {
  try_commands --cache
  [[ -z ${CHECK_FULL:-} ]] || try_commands
}
