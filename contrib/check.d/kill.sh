# shellcheck shell=bash
# Stage: create is killed at every system call of main and of init, then delete --force must leave nothing; with a user
# namespace, with hooks, in a joined pid namespace, and without a cgroup at every fifth call, at every one with --full. Which of the five is first
# changes with the commit. See integration/killdriver. Release build: the sanitizers' own system calls are not ours.

# kill_at_calls KIND MODE FROM STEP
kill_at_calls() {
  local kind=$1 mode=$2
  say "-- $kind, $mode, from $3 by $4"
  "$TOP/contrib/in-private-dev" "$TOP/build/integration/killdriver" --kind "$kind" --mode "$mode" --from "$3" --step "$4" \
    "$TOP/build/release/asylum-runc" /bin/busybox | sed "s/^\(\(not \)\?ok [0-9]* \)/\1$kind: /" | tap_results killed-create
  local status=${PIPESTATUS[0]}
  ((status <= 1)) || record failed killed-create "driver, $kind, mode $mode" "code $status"
}

stage_killed_create() {
  local kind mode from=1 step=1
  set +e # a failing call is recorded, it does not end the stage
  for mode in main init both; do kill_at_calls plain "$mode" 1 1; done
  [[ -n ${CHECK_FULL:-} ]] || step=5 from=$((1 + $(commit_number) % 5))
  for kind in user hooks pids no-cgroup; do
    for mode in main init both; do kill_at_calls "$kind" "$mode" "$from" "$step"; done
  done
}
