#!/usr/bin/env bats
# Attacks from inside a running container: while the runtime enters, an attacker who lives there looks at every process he
# can see, opens what can be opened through it, stops it, and makes it work for him where he may trace it.
#
# Three attackers: `powerless` is uid 1000 without a capability, `tracer` is root with CAP_SYS_PTRACE alone, `mapped` has
# every capability in a user namespace. The races are taken apart by `stepper`, which holds each process that a command
# makes between any two of its system calls until the attacker has looked; a second round is left to chance.

# bats file_tags=release
load helpers
load attacker
# The release build: a tracer stops what is entered, and the sanitizers have memory and habits of their own.
ASYLUM_RUNC=$ASYLUM_RELEASE

# --- exec

enter_under_eyes() {
  "$1"
  serving_attacker
  stepped looks exec --env "TOKEN=$(word env)" "$ID" /bin/sh -c 'echo "$TOKEN"'
  succeeded
  equal "$output" "$(word env)"
  assert_seen looks
  stepped looks-terminal exec --tty --env "TOKEN=$(word env)" "$ID" /bin/busybox tty
  succeeded
  says /dev/pts/
  assert_seen looks-terminal
  stepped looks-detached exec --detach --env "TOKEN=$(word env)" "$ID" /bin/busybox true
  succeeded
  assert_seen looks-detached
  assert_nothing_reached
  assert_same_credentials
}

# race_execs WHO: nobody holds anybody; the attacker looks, stops and seizes as fast as he can, for some seconds.
race_execs() {
  "$1"
  attacker race
  eventually test -s "$SHARED/report"
  local until=$((SECONDS + 3)) rounds=0
  while ((rounds < 20 || SECONDS < until)) && ((rounds < 200)); do
    attempt exec --env "TOKEN=$(word env)" "$ID" /bin/sh -c 'echo "$TOKEN"'
    succeeded
    equal "$output" "$(word env)"
    rounds=$((rounds + 1))
  done
  [[ $(grep -c '^seen ' "$SHARED/report") -gt 3 ]] || die "hardly anybody was seen in $rounds rounds"
  assert_nothing_reached
  assert_same_credentials
}

@test "exec, exec --tty and exec --detach show nothing to a process without a capability" { enter_under_eyes powerless; }

@test "exec, exec --tty and exec --detach give nothing to a process with CAP_SYS_PTRACE, though it takes them over" {
  enter_under_eyes tracer
  # else this would be a test of nothing
  grep -q '^noted [0-9]* taken over' "$SHARED/report"
  matches "$(own)" 'CapPrm=0000000000080000 .*NoNewPrivs=1 Seccomp=2$'
}

@test "exec, exec --tty and exec --detach give nothing to the root of a user namespace with all capabilities" {
  enter_under_eyes mapped
  matches "$(own)" 'CapPrm=0*1f'
}

@test "exec without no_new_privs gives nothing either" {
  config '.process.noNewPrivileges = false'
  enter_under_eyes tracer
  matches "$(own)" 'NoNewPrivs=0 Seccomp=2$'
}

@test "the memory of a process that enters has no word of the command that made it" {
  tracer
  serving_attacker
  stepped looks exec --env "TOKEN=$(word env)" "$ID" /bin/sh -c true
  succeeded
  grep -q '^noted [0-9]* mem opened' "$SHARED/report"
  equal "$(all_findings | grep '^mem ')" ""
}

@test "who enters is not dumpable, from birth until execve" {
  powerless
  serving_attacker
  stepped looks exec "$ID" /bin/sh -c true
  succeeded
  assert_seen looks
  local file
  # His own user: nothing else keeps him out.
  for file in root cwd fd environ mem maps; do grep -q "^closed [0-9]* $file EACCES$" "$SHARED/report" || die "$file was not tried"; done
  equal "$(grep '^opened ' "$SHARED/report")" ""
}

@test "exec against a racing process without a capability" { race_execs powerless; }
@test "exec against a racing process with CAP_SYS_PTRACE" { race_execs tracer; }
@test "exec against a racing root of a user namespace" { race_execs mapped; }

# late_filter NO_NEW_PRIVS: the filter refuses what is left to do for the one who enters, so he loads it himself, after
# that. He has the filter's file until then, and without no_new_privs CAP_SYS_ADMIN; nothing else more than others.
late_filter() {
  refuse_the_last_calls "$1"
  tracer
  serving_attacker
  stepped looks exec --tty "$ID" /bin/sh -c true
  succeeded
  assert_seen looks
  assert_late_filter "$@"
}
refuse_the_last_calls() { config ".process.noNewPrivileges = $1 | .linux.seccomp.syscalls[0].names += [\"setsid\", \"prlimit64\"]"; }

# assert_late_filter NO_NEW_PRIVS FINDINGS: the filter's file, which is held until then, and these are found.
assert_late_filter() {
  local early loading others
  early=$(own)
  early=${early/Seccomp=2/Seccomp=0}
  [[ $1 == true ]] || early=${early/CapPrm=0000000000080000/CapPrm=0000000000280000}
  # It becomes effective for the filter alone, and goes right after that has come.
  loading=${early/CapEff=0000000000080000/CapEff=0000000000280000}
  others=$(strangers | grep -vxF -e "$(own)" -e "$early" -e "$loading" -e "${loading/Seccomp=0/Seccomp=2}" -e "${early/Seccomp=0/Seccomp=2}" -e "$(own | sed s/Seccomp=2/Seccomp=0/)" || true)
  [[ -z $others ]] || die "$(wc -l <<<"$others") other credentials, for example:"$'\n'"$(sed -n '1p;$p' <<<"$others")"
  equal "$(findings | grep -vE "^fd/[0-9]+ file .*/memfd:seccomp \(deleted\)$|$2")" ""
}

@test "a filter that has to be loaded late leaves nothing else for late" { late_filter true '^$'; }

@test "a filter that has to be loaded late without no_new_privs leaves CAP_SYS_ADMIN until then, and nothing else" {
  # The use that is tried is an unshare of the uts namespace, which the next look then sees.
  late_filter false '^made to use CAP_SYS_ADMIN$|^ns/uts [N0-9]+$'
}

# --- mounts

mount_under_eyes() {
  "$1"
  serving_attacker
  mkdir "$WORK/data"
  echo "[{\"destination\": \"/tmp/data\", \"type\": \"none\", \"source\": \"$WORK/data\", \"options\": [\"bind\", \"ro\"]},
    {\"destination\": \"/tmp/new\", \"type\": \"tmpfs\", \"source\": \"tmpfs\"}]" >"$WORK/mounts.json"
  stepped adding mounts add "$ID" "$WORK/mounts.json"
  succeeded
  stepped removing mounts remove "$ID" "$WORK/mounts.json"
  succeeded
  assert_nothing_reached
  assert_never_seen adding
  assert_never_seen removing
}

@test "mounts add and remove are not seen by a process without a capability" { mount_under_eyes powerless; }
@test "mounts add and remove are not seen by a process with CAP_SYS_PTRACE" { mount_under_eyes tracer; }
@test "mounts add and remove are not seen by the root of a user namespace" { mount_under_eyes mapped; }

# --- create

# share_pids_of WHO: a second container is made in the attacker's pid namespace, as in a pod.
share_pids_of() {
  "$1"
  echo 'neighbours - -' >>"$SHARED/aim"
  serving_attacker
  local pid
  pid=$(pid_of)
  config "(.linux.namespaces[] | select(.type == \"pid\")).path = \"/proc/$pid/ns/pid\"
    | (.linux.namespaces[] | select(.type == \"user\")).path = \"/proc/$pid/ns/user\""
  arguments /bin/sleep 1000
  stepped creating run --detach --bundle "$BUNDLE" "$ID-pod"
  succeeded
  assert_seen creating
}

share_pids() {
  share_pids_of "$1"
  # Who may trace it sees the names of the gate, which lie in the state directory.
  equal "$(all_findings | grep -v '^fd has the word root$')" ""
  equal "$(find "$OUTSIDE" -name 'proof*')" ""
  assert_same_credentials
}

@test "create in the pid namespace of a process without a capability shows it nothing" { share_pids powerless; }
@test "create in the pid namespace of a process with CAP_SYS_PTRACE gives it nothing" { share_pids tracer; }
@test "create in the namespaces of a user namespace's root gives it nothing" { share_pids mapped; }

@test "create in a shared pid namespace without no_new_privs gives nothing either" {
  config '.process.noNewPrivileges = false'
  share_pids tracer
}

@test "create in a shared pid namespace leaves nothing for late but a filter that has to be" {
  refuse_the_last_calls true
  share_pids_of tracer
  assert_late_filter true '^fd has the word root$'
}

# proc_from_inside WHO: below Linux 6.18 a process in the pid namespace opens the proc. It has CAP_SYS_ADMIN and a filter of
# two calls, which no taking over gets past; no capability else, no descriptor but its socket, nothing above its root.
proc_from_inside() {
  printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$TOOLS/nopidns" "$ASYLUM_RELEASE" >"$WORK/older-runc"
  chmod +x "$WORK/older-runc"
  ASYLUM_RUNC=$WORK/older-runc
  share_pids_of "$1"
  equal "$(findings | grep -v '^fd has the word root$')" ""
  equal "$(find "$OUTSIDE" -name 'proof*')" ""
  local opener
  opener=$(own | sed -E 's/CapInh=.* NoNewPrivs=[01] Seccomp=2/CapInh=0000000000000000 CapPrm=0000000000200000 CapEff=0000000000200000 CapBnd=0000000000000000 CapAmb=0000000000000000 NoNewPrivs=1 Seccomp=2/')
  strangers | grep -qxF -- "$opener" || die "no $opener was seen among $(strangers)"
  equal "$(strangers | grep -vxF -e "$(own)" -e "$opener")" ""
  # What it was there for.
  ASYLUM_RUNC=$ASYLUM_RELEASE
  attempt exec "$ID-pod" /bin/busybox ls /proc
  has 1
}

@test "a proc that has to be opened inside shows nothing to a process without a capability" { proc_from_inside powerless; }
@test "a proc that has to be opened inside gives nothing to a process with CAP_SYS_PTRACE" {
  proc_from_inside tracer
  grep -q '^noted [0-9]* does not obey' "$SHARED/report"
}
@test "a proc that has to be opened inside gives nothing to the root of a user namespace" { proc_from_inside mapped; }

# wait_under_eyes WHO: the attacker is started by exec in a container that waits for its start.
wait_under_eyes() {
  "$1"
  arguments /bin/sleep 1000
  rt create --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null
  attempt exec "$ID" /bin/attacker look
  succeeded
  says "looked 1"
  # Who may trace it sees the names of the gate, which lie in the state directory.
  equal "$(findings | grep -v '^fd has the word root$')" ""
  assert_same_credentials
  timeout 60 "$ASYLUM_RUNC" --root "$STATE" start "$ID"
  is_status running
}

@test "a created container's waiting process shows nothing to a process without a capability" { wait_under_eyes powerless; }
@test "a created container's waiting process gives nothing to a process with CAP_SYS_PTRACE" { wait_under_eyes tracer; }
@test "a created container's waiting process gives nothing to the root of a user namespace" { wait_under_eyes mapped; }

# --- delete

@test "delete --force leaves nothing of a container whose processes attack, multiply and are deaf or stopped" {
  local who job execs
  cp "$CONFIG" "$WORK/config.json"
  for who in powerless tracer mapped; do
    cp "$WORK/config.json" "$CONFIG"
    "$who"
    attacker multiply
    execs=()
    for _ in 1 2 3; do
      rt exec "$ID" /bin/sleep 1000 >/dev/null 2>&1 </dev/null 3>&- &
      execs+=($!)
    done
    eventually grep -qs '^seen ' "$SHARED/report"
    timeout "$PATIENCE" "$ASYLUM_RUNC" --root "$STATE" delete --force "$ID"
    for job in "${execs[@]}"; do wait "$job" || true; done
    equal "$(ls -A --ignore=@seccomp "$STATE")" ""
    equal "$(find "$(cgroup2)" -type d -name "*$ID*")" ""
    rm "$SHARED/report"
  done
}

# --- the root of a user namespace, and what was handed to it

@test "a user namespace's root takes the masks away, and the kernel's own rules keep him out" {
  mapped
  arguments /bin/attacker unmask
  attempt run --bundle "$BUNDLE" "$ID"
  says "write /proc/sys/kernel/core_pattern EACCES"
  gains_nothing
}

@test "a user namespace's root remounts a volume, and gets neither the host's files, nor its devices, nor what a mount hides" {
  mapped
  mkdir -p "$WORK/volume/hidden" "$BUNDLE/rootfs/volume"
  echo host >"$WORK/volume/file"
  word secret >"$WORK/volume/hidden/secret"
  mknod -m 666 "$WORK/volume/device" c 1 1
  mount -t tmpfs tmpfs "$WORK/volume/hidden"
  config ".mounts += [{destination: \"/volume\", type: \"bind\", source: \"$WORK/volume\", options: [\"rbind\", \"ro\", \"nosuid\", \"nodev\"]}]"
  arguments /bin/attacker volume /volume
  attempt run --bundle "$BUNDLE" "$ID"
  umount "$WORK/volume/hidden"
  gains_nothing remount_ok
  equal "$(stat -c '%a %u' "$WORK/volume/file")" "644 0"
  equal "$(find "$WORK/volume" -type c)" "$WORK/volume/device"
}

# --- system calls by other doors

# native NAME: what the kernel says to such a call without a filter. One without x32 or i386 does not know them.
native() { (cd "$WORK" && "$TOOLS/attacker" abis) | sed -n "s/^$1 //p"; }

@test "x32 and i386 calls are killed where the filter does not have their architecture, by run and by exec" {
  config '.process.cwd = "/tmp"'
  background forever
  attempt exec "$ID" /bin/attacker abis
  local by_exec=$output
  rt delete --force "$ID"
  arguments /bin/attacker abis
  attempt run --bundle "$BUNDLE" "$ID"
  equal "$output" "$by_exec"
  has "x86-64 mkdir EPERM"
  has "x86-64 getpid ok"
  has "x32 mkdir SIGSYS"
  has "x32 getpid SIGSYS"
  [[ $(native "i386 getpid") != ok ]] || has "i386 mkdir SIGSYS"
  [[ $(native "i386 getpid") != ok ]] || has "i386 getpid SIGSYS"
}

@test "x32 and i386 calls are judged like the others where the filter has their architecture" {
  config '.process.cwd = "/tmp"'
  filtering '["x86_64", "x86", "x32"]'
  arguments /bin/attacker abis
  attempt run --bundle "$BUNDLE" "$ID"
  has "x32 mkdir EPERM"
  has "x32 getpid $(native "x32 getpid")"
  has "i386 getpid $(native "i386 getpid")"
  [[ $(native "i386 getpid") != ok ]] || has "i386 mkdir EPERM"
}
