#!/usr/bin/env bats
# linux.seccomp: what the filter of the config does to the program.

load helpers

# denying NAMES ACTION: a profile that allows everything but these.
denying() {
  config ".linux.seccomp = {defaultAction: \"SCMP_ACT_ALLOW\", architectures: [\"SCMP_ARCH_X86_64\"],
    syscalls: [{names: $1, action: \"$2\"} + ${3:-{\}}]}"
}

@test "a system call that the profile denies fails with the profile's errno" {
  denying '["mkdir", "mkdirat"]' SCMP_ACT_ERRNO '{errnoRet: 38}'
  arguments /bin/sh -c '/bin/busybox mkdir /tmp/x; /bin/busybox grep ^Seccomp: /proc/self/status'
  config '.root.readonly = false'
  attempt run --bundle "$BUNDLE" "$ID"
  says "Function not implemented"
  has "$(printf 'Seccomp:\t2')"
}

@test "the same without no_new_privs" {
  config '.process.noNewPrivileges = false'
  denying '["mkdir", "mkdirat"]' SCMP_ACT_ERRNO
  arguments /bin/sh -c '/bin/busybox mkdir /tmp/x'
  config '.root.readonly = false'
  attempt run --bundle "$BUNDLE" "$ID"
  says "Operation not permitted"
}

@test "conditions on arguments decide" {
  denying '["socket"]' SCMP_ACT_ERRNO '{args: [{index: 0, value: 16, op: "SCMP_CMP_EQ"}]}'
  arguments /bin/sh -c '/bin/busybox ip link; /bin/busybox ifconfig lo'
  attempt run --bundle "$BUNDLE" "$ID"
  says "Operation not permitted"
  says "Loopback"
}

@test "what the profile does not name gets the default action" {
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ERRNO", syscalls: [{names: ["read", "write", "execve", "exit_group",
    "exit", "brk", "mmap", "munmap", "mprotect", "open", "openat", "close", "fstat", "newfstatat", "arch_prctl", "getuid",
    "geteuid", "getgid", "getegid", "prctl", "rt_sigaction", "rt_sigprocmask", "set_tid_address", "readlink", "readlinkat",
    "lseek", "fcntl", "ioctl", "uname", "getrandom", "set_robust_list", "rseq", "prlimit64", "getpid", "getppid", "stat",
    "getcwd", "access", "vfork", "clone", "wait4", "dup2", "sigaltstack", "futex"], action: "SCMP_ACT_ALLOW"}]}'
  arguments /bin/busybox mkdir /tmp/x
  config '.root.readonly = false'
  attempt run --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "Operation not permitted"
}

@test "exec has the container's filter" {
  denying '["mkdir", "mkdirat"]' SCMP_ACT_ERRNO '{errnoRet: 38}'
  config '.root.readonly = false'
  background forever
  attempt exec "$ID" /bin/busybox mkdir /tmp/x
  says "Function not implemented"
}

@test "the compiled filter is kept beside the containers and used again" {
  denying '["mkdir", "mkdirat"]' SCMP_ACT_ERRNO '{errnoRet: 38}'
  config '.root.readonly = false'
  arguments /bin/busybox mkdir /tmp/x
  attempt run --bundle "$BUNDLE" "$ID"
  equal "$(find "$STATE/@seccomp" -type f | wc -l)" 1
  equal "$(stat -c %a "$STATE/@seccomp")" 700
  local before
  before=$(stat -c %i "$STATE/@seccomp/"*)
  attempt run --bundle "$BUNDLE" "$ID"
  says "Function not implemented"
  equal "$(stat -c %i "$STATE/@seccomp/"*)" "$before"
  attempt list --quiet
  equal "$output" ""
}

# The sanitizers' own system calls are not init's: what a filter leaves to init is tried with the release build.
init_alone() { ASYLUM_RUNC=$ASYLUM_RELEASE; }

# ended_by TEXT...: run, and create and start, fail with code 1 and one line with every TEXT; nothing is left.
ended_by() {
  local text
  attempt run --bundle "$BUNDLE" "$ID"
  failed_with 1
  for text in "$@"; do says "$text"; done
  if rt create --bundle "$BUNDLE" "$ID" >"$WORK/said" 2>&1 </dev/null; then
    rt start "$ID" >"$WORK/said" 2>&1 || true
  fi
  run cat "$WORK/said"
  for text in "$@"; do says "$text"; done
  rt delete --force "$ID"
}

@test "a filter that refuses execve is an error of start that names the rule" {
  denying '["execve", "execveat"]' SCMP_ACT_ERRNO
  config '.linux.seccomp.syscalls = [{names: ["mkdir"], action: "SCMP_ACT_ERRNO"}] + .linux.seccomp.syscalls'
  arguments /bin/probe exit 0
  ended_by "exec /bin/probe: operation not permitted (config.json#/linux/seccomp/syscalls/1)"
  attempt --log "$WORK/log.json" --log-format json run --bundle "$BUNDLE" "$ID"
  equal "$(jq -r .hint "$WORK/log.json")" "the seccomp filter refuses (EPERM) the system call execve"
}

@test "a filter that kills at execve is explained by call and rule" {
  denying '["execve", "execveat"]' SCMP_ACT_KILL_PROCESS
  arguments /bin/probe exit 0
  ended_by SIGSYS "the seccomp filter kills the system call execve" "(config.json#/linux/seccomp/syscalls/0)"
}

@test "a default action that refuses or kills execve is named" {
  init_alone
  local names='["read", "write", "exit_group", "rt_sigreturn", "clone3"]'
  arguments /bin/probe exit 0
  config ".linux.seccomp = {defaultAction: \"SCMP_ACT_ERRNO\", defaultErrnoRet: 42, syscalls: [{names: $names, action: \"SCMP_ACT_ALLOW\"}]}"
  ended_by "exec /bin/probe: no message of desired type (config.json#/linux/seccomp/defaultAction)"
  config '.linux.seccomp.defaultAction = "SCMP_ACT_KILL_PROCESS" | del(.linux.seccomp.defaultErrnoRet)'
  ended_by "the seccomp filter kills the system call execve" "(config.json#/linux/seccomp/defaultAction)"
  # execve is newer than all that this profile knows
  config '.linux.seccomp.syscalls[0].names = ["read", "write"]'
  ended_by "exec /bin/probe: function not implemented (config.json#/linux/seccomp/defaultAction)"
}

@test "a filter that refuses write silences init, and is named all the same" {
  init_alone
  denying '["write"]' SCMP_ACT_ERRNO
  arguments /bin/probe exit 0
  ended_by "the seccomp filter refuses (EPERM) the system call write" "(config.json#/linux/seccomp/syscalls/0)"
}

@test "a filter that refuses nearly everything ends in words, with and without no_new_privs" {
  init_alone
  arguments /bin/probe exit 0
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ERRNO", defaultErrnoRet: 42,
    syscalls: [{names: ["write", "read", "exit_group", "clone3"], action: "SCMP_ACT_ALLOW"}]}'
  ended_by "exec /bin/probe: no message of desired type (config.json#/linux/seccomp/defaultAction)"
  config '.process.noNewPrivileges = false'
  ended_by "no message of desired type (config.json#/linux/seccomp/defaultAction)"
}

# calls_under_filter: what init calls between loading the filter and its program, from a trace.
calls_under_filter() {
  strace -f -qq -e signal=none -o "$WORK/trace" "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID" >&2
  local init
  init=$(sed -n 's/^\([0-9]*\) .*seccomp(SECCOMP_SET_MODE_FILTER, [^,]*, {len.*/\1/p' "$WORK/trace")
  sed -n "s/^$init \+//p" "$WORK/trace" | sed '0,/^seccomp(/d; /^execve(/q' | sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' | sort -u
}

@test "whichever call of init a filter kills, it is named with the rule" {
  init_alone
  local privileges call
  for privileges in true false; do
    config "del(.linux.seccomp) | .process.noNewPrivileges = $privileges | .process.user = {uid: 5, gid: 6, additionalGids: [7]}"
    denying '["mkdir"]' SCMP_ACT_ERRNO
    arguments /bin/probe exit 0
    calls_under_filter >"$WORK/calls"
    grep -qx execve "$WORK/calls"
    while read -r call; do
      denying "[\"$call\"]" SCMP_ACT_KILL_PROCESS
      attempt run --bundle "$BUNDLE" "$ID"
      failed_with 1
      says "the seccomp filter kills the system call $call"
      says "(config.json#/linux/seccomp/syscalls/0)"
    done <"$WORK/calls"
  done
}

# Docker's default, no no_new_privs, with a profile older than a call of ours: every start failed, in the name of the program,
# of the descriptors, or of a working directory that was said to be outside.
@test "a filter that refuses what set-up has done before it changes nothing, for run and exec" {
  init_alone
  local call number
  config '.process.noNewPrivileges = false | .process.user = {uid: 5, gid: 6, additionalGids: [7]} | .process.cwd = "/tmp"'
  for number in 1 38; do
    for call in chdir prctl setgroups setresgid setresuid getcwd capget newfstatat statx faccessat faccessat2 openat openat2 fcntl \
      rt_sigaction rt_sigprocmask close close_range readlinkat sendmsg recvmsg sendto recvfrom memfd_create seccomp clone3 \
      setsid ioctl prlimit64 clone getpid sched_setaffinity umask; do
      denying "[\"$call\"]" SCMP_ACT_ERRNO "{errnoRet: $number}"
      arguments /bin/probe exit 0
      attempt run --bundle "$BUNDLE" "$ID"
      [[ $status == 0 ]] || die "run under a filter that refuses $call with $number: $output"
    done
  done
  for call in chdir prctl setgroups capget faccessat2 close_range getcwd newfstatat close setsid ioctl prlimit64 clone; do
    denying "[\"$call\"]" SCMP_ACT_ERRNO
    background forever
    attempt exec "$ID" /bin/probe exit 0
    [[ $status == 0 ]] || die "exec under a filter that refuses $call: $output"
    rt delete --force "$ID"
  done
}

@test "whichever call of init a filter refuses, with whatever errno, it is named with the rule" {
  init_alone
  local privileges call number
  for privileges in true false; do
    config "del(.linux.seccomp) | .process.noNewPrivileges = $privileges | .process.user = {uid: 5, gid: 6, additionalGids: [7]}"
    denying '["mkdir"]' SCMP_ACT_ERRNO
    arguments /bin/probe exit 0
    calls_under_filter >"$WORK/calls"
    grep -qx execve "$WORK/calls"
    while read -r call; do
      for number in EPERM:1 ENOSYS:38 ENOMSG:42; do
        denying "[\"$call\"]" SCMP_ACT_ERRNO "{errnoRet: ${number#*:}}"
        rm -f "$WORK/log"
        attempt --log "$WORK/log" --log-format json run --bundle "$BUNDLE" "$ID"
        failed_with 1
        says "(config.json#/linux/seccomp/syscalls/0)"
        [[ $output == *"the seccomp filter refuses (${number%:*}) the system call $call"* ]] ||
          equal "$(jq -r .hint "$WORK/log")" "the seccomp filter refuses (${number%:*}) the system call $call"
      done
    done <"$WORK/calls"
  done
  grep -qx capset "$WORK/calls"
}

# The report is one write: a rule on the length of what is written once let the program run, and `run` said that it could not.
@test "a program of which start cannot be told is not executed" {
  init_alone
  arguments /bin/sh -c 'mkdir /tmp/ran; exit 7'
  config '.root.readonly = false'
  denying '["write"]' SCMP_ACT_ERRNO '{args: [{index: 2, value: 1, op: "SCMP_CMP_EQ"}]}'
  attempt run --bundle "$BUNDLE" "$ID"
  failed_with 7
  rmdir "$BUNDLE/rootfs/tmp/ran"
  # "X", the path and its end
  denying '["write"]' SCMP_ACT_ERRNO '{args: [{index: 2, value: 9, op: "SCMP_CMP_EQ"}]}'
  ended_by "report that the program is executed: operation not permitted" "(config.json#/linux/seccomp/syscalls/0)"
  [[ ! -e $BUNDLE/rootfs/tmp/ran ]]
}

@test "unknown names are a warning that lists them" {
  denying '["mkdir", "sokcet"]' SCMP_ACT_ERRNO
  arguments /bin/probe exit 0
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  says sokcet
}

# notifying NAME ANSWER NUMBER: the profile asks the agent about one call, and the agent answers all of them so.
notifying() {
  config ".linux.seccomp = {defaultAction: \"SCMP_ACT_ALLOW\", listenerPath: \"$WORK/agent\", listenerMetadata: \"some words\",
    syscalls: [{names: [\"$1\"], action: \"SCMP_ACT_NOTIFY\"}]}"
  "$TOOLS/notifyagent" "$WORK/agent" "$WORK/documents" "$2" "$3" 3>&- &
  HELPERS=$!
  eventually test -S "$WORK/agent"
}
document() { sed -n "$1p" "$WORK/documents" | jq -cS "$2"; }

@test "an agent answers for the program that run and exec start" {
  notifying getppid value 4242
  arguments /bin/sh -c 'echo parent $PPID'
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  has "parent 4242"
  background forever
  attempt exec "$ID" /bin/sh -c 'echo parent $PPID'
  succeeded
  has "parent 4242"
  equal "$(wc -l <"$WORK/documents")" 3
}

@test "an agent refuses with an errno of its own" {
  notifying mkdir errno 42
  config '.root.readonly = false'
  arguments /bin/busybox mkdir /tmp/x
  attempt run --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "No message of desired type"
  [[ ! -e $BUNDLE/rootfs/tmp/x ]]
}

@test "the agent gets the state of the container process with the listener" {
  notifying getppid value 1
  config '.annotations = {"org.example.key": "value"}'
  background forever
  equal "$(document 1 'keys')" '["fds","metadata","ociVersion","pid","state"]'
  equal "$(document 1 '[.fds, .metadata]')" '[["seccompFd"],"some words"]'
  equal "$(document 1 '[.state.id, .state.status, .state.bundle]')" "[\"$ID\",\"creating\",\"$BUNDLE\"]"
  equal "$(document 1 '.state.annotations')" '{"org.example.key":"value"}'
  equal "$(document 1 '[.pid, .state.pid]')" "[$(pid_of),$(pid_of)]"
  rt exec --detach --pid-file "$WORK/pid" "$ID" /bin/probe forever >/dev/null 2>&1 </dev/null
  equal "$(document 2 '[.pid, .state.pid, .state.status]')" "[$(cat "$WORK/pid"),$(pid_of),\"running\"]"
}

@test "an agent that is not there is an error that names its path, before the program runs" {
  config ".linux.seccomp = {defaultAction: \"SCMP_ACT_ALLOW\", listenerPath: \"$WORK/nobody\",
    syscalls: [{names: [\"mkdir\"], action: \"SCMP_ACT_NOTIFY\"}]}"
  fails_cleanly /linux/seccomp/listenerPath "$WORK/nobody"
}
