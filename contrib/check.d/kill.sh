# shellcheck shell=bash
# Stage: create is killed at every system call of main and of init, then delete --force must leave nothing.
# See integration/killdriver. Release build: the sanitizers' own system calls are not ours.

stage_killed_create() {
  local mode
  set +e # a failing call is recorded, it does not end the stage
  for mode in main init both; do
    say "-- $mode"
    "$TOP/contrib/in-private-dev" "$TOP/build/integration/killdriver" --mode "$mode" \
      "$TOP/build/release/asylum-runc" /bin/busybox | tap_results killed-create
    local status=${PIPESTATUS[0]}
    ((status <= 1)) || record failed killed-create "driver, mode $mode" "code $status"
  done
}
