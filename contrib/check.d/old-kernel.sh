# shellcheck shell=bash
# Stage: kernel tests and whole lives of a container under Debian 12's user-mode Linux (6.1), see integration/vm. Without
# sanitizers: their shadow does not fit into its address space. The libraries come from the cache of the release build.

# Linux 6.1 hands its processes' registers over in a buffer without room for those of AMX: where the CPU has them, every
# process of the guest dies at its first instruction, init included. Any other guest that does not boot is a failure.
guest_boots() {
  ! grep -qw amx_tile /proc/cpuinfo || "$TOP/integration/vm/old-kernel" -t 60 -- true
}

stage_old_kernel() {
  if ! guest_boots; then
    record skipped old-kernel "the guest boots" "a CPU with AMX, whose registers user-mode Linux 6.1 cannot restore"
    return
  fi
  rule old-kernel "the release build's tests" build_preset old-kernel tests_{sys,hooks,seccomp,process,kernel}
  (($(count_of failed old-kernel) == 0)) || return 0
  set +e # a failing test is recorded, it does not end the stage
  (cd "$TOP" && integration/vm/old-kernel -t 420 -- integration/vm/guest-tests) | tap_results old-kernel
  local status=${PIPESTATUS[0]}
  if ((status != 0)); then
    record failed old-kernel "the guest" "code $status"
    tail -n 40 "$LOGS/old-kernel" | failure_says old-kernel "the guest"
  fi
}
