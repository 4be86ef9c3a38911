#!/usr/bin/env bats
# What a process of ours is and has in a container that it enters, seen from the host at the moment of its birth: no more
# than the program that it becomes.

# bats file_tags=release
load helpers
# The release build: a tracer stops what is entered, and the sanitizers have memory and habits of their own.
ASYLUM_RUNC=$ASYLUM_RELEASE

# entering ARGUMENTS...: an exec, each of whose processes stops when it makes its session: first the bridge, then the
# process that the container sees.
entering() { stopping_at setsid exec "$@"; }

# stopping_at CALL ARGUMENTS...: the command in the background, its processes stopped when they have made that call.
stopping_at() {
  local call=$1
  shift
  strace -f -o "$WORK/trace" -e trace="$call" -e inject="$call":signal=STOP \
    "$ASYLUM_RUNC" --root "$STATE" "$@" >"$WORK/entered" 2>&1 </dev/null 3>&- &
  HELPERS="${HELPERS:-} $!"
  ENTERING=$!
}

stopped() { grep -F -- '--- stopped by SIGSTOP ---' "$WORK/trace" 2>/dev/null | cut -d' ' -f1; }
are_stopped() { [[ $(stopped | wc -l) -ge $1 ]]; }
# stopped_process N: waits for the Nth stopped process; $CHILD.
stopped_process() {
  eventually are_stopped "$1"
  CHILD=$(stopped | sed -n "$1p")
}

# born ARGUMENTS...: an exec whose child has just been born; $CHILD.
born() {
  entering "$@"
  stopped_process 1
  kill -CONT "$CHILD"
  stopped_process 2
}

# who PID: all that decides what a process may do, but the sets that execve changes for a user.
who() {
  grep -E '^(Uid|Gid|Groups|Cap(Inh|Bnd|Amb)|NoNewPrivs|Seccomp|Seccomp_filters|Umask):' "/proc/$1/status"
  local link
  for link in root cwd ns/user ns/mnt ns/pid ns/net ns/ipc ns/uts ns/cgroup; do
    printf '%s %s\n' "$link" "$(stat -L -c %d:%i "/proc/$1/$link")"
  done
  printf 'cgroup %s\n' "$(grep ^0: "/proc/$1/cgroup")"
  printf 'personality %s\n' "$(cat "/proc/$1/personality")"
  printf 'oom_score_adj %s\n' "$(cat "/proc/$1/oom_score_adj")"
  printf 'nice %s\n' "$(sed 's/.*) //' "/proc/$1/stat" | cut -d' ' -f17)"
}

# may PERMITTED [EFFECTIVE]: its capabilities, in hexadecimal; the effective ones are the permitted if not said otherwise.
may() {
  equal "$(sed -n 's/^CapPrm:\t0*//p' "/proc/$CHILD/status")" "$1"
  equal "$(sed -n 's/^CapEff:\t0*//p' "/proc/$CHILD/status")" "${2:-$1}"
}

is_program() { [[ $(readlink "/proc/$1/exe") == */bin/busybox ]]; }

# becomes_what_it_is: the child goes on, and as the program it is who it was at its birth.
becomes_what_it_is() {
  local before after
  before=$(who "$CHILD")
  kill -CONT "$CHILD"
  eventually is_program "$CHILD"
  after=$(who "$CHILD")
  equal "$before" "$after"
}

# in_memory PID TEXT: whether the process has the text in memory that it can write to.
in_memory() {
  local range rest
  while read -r range rest; do
    [[ $rest == rw* ]] || continue
    if dd if="/proc/$1/mem" iflag=skip_bytes,count_bytes bs=64K status=none skip=$((16#${range%-*})) \
      count=$((16#${range#*-} - 16#${range%-*})) 2>/dev/null | grep -aqF -- "$2"; then
      return 0
    fi
  done <"/proc/$1/maps"
  return 1
}

teardown() {
  # Whatever is still stopped is not to outlive the test.
  local pid
  for pid in $(stopped); do kill -KILL "$pid" 2>/dev/null || true; done
  common_teardown
}

@test "exec's process is born as the program that it becomes: root with a few capabilities" {
  background forever
  born "$ID" /bin/busybox sleep 100
  equal "$(readlink "/proc/$CHILD/ns/pid")" "$(readlink "/proc/$(pid_of)/ns/pid")"
  may 20000420
  becomes_what_it_is
}

@test "exec's process is born as the program that it becomes: a user, groups, a filter, no_new_privs" {
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mkdir"], action: "SCMP_ACT_ERRNO"}]}'
  background forever
  born --user 1000:1001 --additional-gids 1002 --cwd /tmp "$ID" /bin/busybox sleep 100
  matches "$(grep ^Seccomp: "/proc/$CHILD/status")" '2$'
  may 20000420
  becomes_what_it_is
}

@test "exec's process is born as the program that it becomes: a filter without no_new_privs, CAP_SYS_PTRACE" {
  config '.process.noNewPrivileges = false | .process.capabilities |= map_values(["CAP_SYS_PTRACE"])'
  config '.process.user = {uid: 1000, gid: 1000} | .process.oomScoreAdj = 100 | .process.ioPriority = {class: "IOPRIO_CLASS_IDLE"}'
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mkdir"], action: "SCMP_ACT_ERRNO"}]}'
  background forever
  born "$ID" /bin/busybox sleep 100
  matches "$(grep ^Seccomp: "/proc/$CHILD/status")" '2$'
  may 80000
  becomes_what_it_is
}

@test "at its birth exec's process has stdio, the channel and the gate" {
  background forever
  born "$ID" /bin/busybox sleep 100
  local fd target kinds=()
  for fd in "/proc/$CHILD"/fd/*; do
    [[ ${fd##*/} -gt 2 ]] || continue
    target=$(readlink "$fd")
    kinds+=("${target%%:*}")
  done
  equal "$(printf '%s\n' "${kinds[@]}" | sort | xargs)" "pipe pipe socket"
  kill -CONT "$CHILD"
  eventually is_program "$CHILD"
}

@test "nothing of the host is read off exec's process: command line, environment, hooks, annotations" {
  config '.annotations = {"secret": "ANNOTATED-hunter2"}'
  config '.hooks = {poststop: [{path: "/bin/true", env: ["PASSWORD=HOOKED-hunter2"]}]}'
  background forever
  export INHERITED=ENVIRON-hunter2
  born --env TOKEN=ARGUED-hunter2 "$ID" /bin/busybox sleep 100
  unset INHERITED
  equal "$(tr -d '\0' <"/proc/$CHILD/cmdline")" ""
  equal "$(tr -d '\0' <"/proc/$CHILD/environ")" ""
  local secret
  for secret in ANNOTATED HOOKED ENVIRON; do
    ! in_memory "$CHILD" "$secret-hunter2" || die "$secret is in its memory"
  done
  in_memory "$CHILD" ARGUED-hunter2 || die "the test does not see the memory"
  kill -CONT "$CHILD"
  eventually is_program "$CHILD"
}

@test "a created container's first process shows no command line while it waits" {
  created forever
  equal "$(tr -d '\0' <"/proc/$(pid_of)/cmdline")" ""
  attempt exec "$ID" /bin/busybox cat /proc/1/cmdline
  succeeded
  equal "$(tr -d '\0' <<<"$output")" ""
}

@test "mounts add is never seen in the container's pid namespace" {
  background forever
  mkdir "$BUNDLE/rootfs/mnt"
  echo '[{"destination": "/mnt", "type": "tmpfs", "source": "tmpfs"}]' >"$WORK/mounts.json"
  stopping_at move_mount mounts add "$ID" "$WORK/mounts.json"
  stopped_process 1
  equal "$(readlink "/proc/$CHILD/ns/mnt")" "$(readlink "/proc/$(pid_of)/ns/mnt")"
  equal "$(readlink "/proc/$CHILD/ns/pid")" "$(readlink /proc/self/ns/pid)"
  # no signal of main's terminal ends it in the middle of its work
  equal "$(ps -o sid= -p "$CHILD" | tr -d ' ')" "$CHILD"
  kill -CONT "$CHILD"
  wait "$ENTERING"
}

@test "a profile that does not let exec's process be born is loaded by itself, with CAP_SYS_ADMIN until then" {
  config '.process.noNewPrivileges = false'
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["setsid", "clone"], action: "SCMP_ACT_ERRNO"}]}'
  background forever
  born "$ID" /bin/busybox sleep 100
  matches "$(grep ^Seccomp: "/proc/$CHILD/status")" '0$'
  may 20200420 20000420 # permitted only: it becomes effective for the load alone
  kill -CONT "$CHILD"
  eventually is_program "$CHILD"
  matches "$(grep ^Seccomp: "/proc/$CHILD/status")" '2$'
  may 20000420
}

@test "with no_new_privs such a profile needs no capability" {
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["setsid"], action: "SCMP_ACT_ERRNO"}]}'
  background forever
  born --user 1000 "$ID" /bin/busybox sleep 100
  matches "$(grep ^Seccomp: "/proc/$CHILD/status")" '0$'
  may 20000420
  kill -CONT "$CHILD"
  eventually is_program "$CHILD"
  matches "$(grep ^Seccomp: "/proc/$CHILD/status")" '2$'
}

@test "a profile that refuses clone3, kcmp or another ioctl is loaded before exec's process is born" {
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["clone3", "kcmp", "prctl"], action: "SCMP_ACT_ERRNO"},
    {names: ["ioctl"], action: "SCMP_ACT_ERRNO", args: [{index: 1, value: 21522, op: "SCMP_CMP_EQ"}]}]}'
  background forever
  born "$ID" /bin/busybox sleep 100
  matches "$(grep ^Seccomp: "/proc/$CHILD/status")" '2$'
  becomes_what_it_is
}

@test "exec into a threaded cgroup, in which no process can be born" {
  background forever
  local cgroup
  cgroup=$(cgroup_of "$(pid_of)")
  mkdir "$cgroup/threaded"
  echo threaded >"$cgroup/threaded/cgroup.type"
  attempt exec --cgroup /threaded "$ID" /bin/busybox grep ^0: /proc/self/cgroup
  succeeded
  says /threaded
}

@test "mounts add of a proc is the container's own, or refused" {
  background forever
  mkdir "$BUNDLE/rootfs/mnt"
  echo '[{"destination": "/mnt", "type": "proc", "source": "proc"}]' >"$WORK/mounts.json"
  attempt mounts add "$ID" "$WORK/mounts.json"
  if [[ $status -ne 0 ]]; then
    says "a new proc cannot be mounted from outside of its pid namespace on this kernel"
    return
  fi
  attempt exec "$ID" /bin/sh -c 'for p in /mnt/[0-9]*; do echo "${p##*/}"; done | /bin/busybox wc -l'
  succeeded
  [[ $output -le 4 ]] || die "it shows $output processes"
}

@test "no hook of the container is run by an exec" {
  config '.hooks = {startContainer: [{path: "/bin/busybox", args: ["busybox", "touch", "/tmp/hook-ran"]}]} | .root.readonly = false'
  background forever
  [[ -e $BUNDLE/rootfs/tmp/hook-ran ]] || die "the test's hook does not run at all"
  rm "$BUNDLE/rootfs/tmp/hook-ran"
  attempt exec "$ID" /bin/sh -c true
  succeeded
  [[ ! -e $BUNDLE/rootfs/tmp/hook-ran ]] || die "it has run"
}
