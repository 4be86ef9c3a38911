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

@test "the same without no_new_privs: the filter comes before the capabilities go" {
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

@test "a filter that refuses execve is an error of start, not a silent death" {
  denying '["execve", "execveat"]' SCMP_ACT_ERRNO
  arguments /bin/probe exit 0
  attempt run --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "exec /bin/probe: Operation not permitted"
}

@test "a filter that kills at execve is explained" {
  denying '["execve", "execveat"]' SCMP_ACT_KILL_PROCESS
  arguments /bin/probe exit 0
  attempt run --bundle "$BUNDLE" "$ID"
  failed_with 1
  says SIGSYS
}

@test "unknown names are a warning that lists them" {
  denying '["mkdir", "sokcet"]' SCMP_ACT_ERRNO
  arguments /bin/probe exit 0
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  says sokcet
}
