#!/usr/bin/env bats
# What the program finds itself with: ids, capabilities, limits, environment, signals, as the config says and no more.

load helpers

@test "the default config: three capabilities, in the sets it names" {
  probe caps
  # AUDIT_WRITE 29, KILL 5, NET_BIND_SERVICE 10
  has "cap_bounding 0000000020000420"
  has "cap_effective 0000000020000420"
  has "cap_permitted 0000000020000420"
  has "cap_inheritable 0000000000000000"
  has "cap_ambient 0000000000000000"
  has "securebits 0"
}

@test "no capabilities member means none at all" {
  config 'del(.process.capabilities)'
  probe caps
  has "cap_bounding 0000000000000000"
  has "cap_effective 0000000000000000"
  has "cap_permitted 0000000000000000"
}

@test "each capability set on its own, ambient for another user" {
  config '.process.user = {uid: 1000, gid: 1000} | .process.capabilities = {
    bounding: ["CAP_CHOWN", "CAP_KILL", "CAP_SETUID"], permitted: ["CAP_CHOWN", "CAP_KILL"],
    effective: ["CAP_CHOWN", "CAP_KILL"], inheritable: ["CAP_CHOWN"], ambient: ["CAP_CHOWN"]}'
  probe caps
  # what execve leaves a user other than root: the ambient set
  has "cap_bounding 00000000000000a1"
  has "cap_inheritable 0000000000000001"
  has "cap_ambient 0000000000000001"
  has "cap_permitted 0000000000000001"
  has "cap_effective 0000000000000001"
}

@test "a capability that the host lacks is a warning that names it" {
  # This machine kind's bounding set has no CAP_SYS_RESOURCE; elsewhere the capability is simply there.
  config '.process.capabilities.bounding += ["CAP_SYS_RESOURCE"]'
  arguments /bin/probe caps
  run rt run --bundle "$BUNDLE" "$ID"
  succeeded
  if capsh_has_not_sys_resource; then
    says CAP_SYS_RESOURCE
    has "cap_bounding 0000000020000420"
  else
    has "cap_bounding 0000000021000420"
  fi
}
capsh_has_not_sys_resource() {
  local bounding
  bounding=$(sed -n 's/^CapBnd:\t//p' /proc/self/status)
  (((16#$bounding >> 24 & 1) == 0))
}

@test "the caller's ambient capabilities are not the container's" {
  config '.process.capabilities = (["CAP_NET_RAW"] | {bounding: ., permitted: ., effective: ., inheritable: .})'
  arguments /bin/probe caps
  run setpriv --inh-caps +net_raw --ambient-caps +net_raw "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  succeeded
  has "cap_inheritable 0000000000002000"
  has "cap_ambient 0000000000000000"
}

@test "no_new_privs is on by default and off when the config says so" {
  probe flags
  has "no_new_privs 1"
  config '.process.noNewPrivileges = false'
  probe flags
  has "no_new_privs 0"
}

@test "user, group and additional groups" {
  config '.process.user = {uid: 1234, gid: 5678, additionalGids: [7, 42, 3000000000]}'
  probe ids groups
  has "uid 1234 1234 1234"
  has "gid 5678 5678 5678"
  has "groups 7 42 3000000000"
}

@test "the caller's groups are not inherited" {
  arguments /bin/probe groups
  run setpriv --groups 4,20,24 "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  succeeded
  has "groups"
}

@test "umask is 0022 unless given" {
  probe flags
  has "umask 0022"
  config '.process.user.umask = 63'
  probe flags
  has "umask 0077"
}

@test "the caller's umask has no effect" {
  arguments /bin/probe flags stat /dev/null stat /dev/shm
  umask 0777
  run rt run --bundle "$BUNDLE" "$ID"
  umask 0022
  succeeded
  has "umask 0022"
  has "stat /dev/null character 0666 0:0 1:3"
  has "stat /dev/shm directory 1777 0:0 0:0"
}

@test "resource limits, soft and hard" {
  config '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 100, hard: 200}, {type: "RLIMIT_CORE", soft: 0, hard: 4096},
    {type: "RLIMIT_FSIZE", soft: 1048576, hard: 777777}]'
  arguments /bin/probe limits
  sed -i 's/777777/18446744073709551615/' "$CONFIG" # 2^64-1: more than jq can write
  run rt run --bundle "$BUNDLE" "$ID"
  succeeded
  has "rlimit NOFILE 100 200"
  has "rlimit CORE 0 4096"
  has "rlimit FSIZE 1048576 unlimited"
}

@test "the default config limits open files to 1024" {
  probe limits
  has "rlimit NOFILE 1024 1024"
}

@test "oom_score_adj" {
  config '.process.oomScoreAdj = 500'
  probe flags
  has "oom_score_adj 500"
}

@test "the working directory" {
  config '.process.cwd = "/tmp"'
  probe cwd
  has "cwd /tmp"
}

@test "a working directory that leads out through a descriptor of ours is refused" {
  arguments /bin/probe cwd
  local fd
  for fd in 3 5 6 7 8 9 10 11 12; do
    config '.process.cwd = "/proc/self/fd/'"$fd"'"'
    status=0
    rt run --bundle "$BUNDLE" "$ID" 5</ 12</etc >"$WORK/output" 2>&1 || status=$?
    [[ $status -ne 0 ]] || equal "$(cat "$WORK/output")" "cwd /"
    rt delete --force "$ID"
  done
}

@test "a working directory that is not there is made" {
  config '.process.cwd = "/tmp/new/deep" | .root.readonly = false'
  probe cwd
  has "cwd /tmp/new/deep"
}

@test "the environment is the config's, with HOME from the user" {
  config '.process.env = ["PATH=/bin", "A=1", "B=two words", "A=3"]'
  SECRET=leak run rt --version
  arguments /bin/probe env
  SECRET=leak run rt run --bundle "$BUNDLE" "$ID"
  succeeded
  has "env PATH=/bin"
  has "env A=3"
  has "env B=two words"
  has "env HOME=/"
  has_not "env A=1"
  has_not "env SECRET=leak"
  equal "$(grep -c '^env ' <<<"$output")" 4
}

@test "HOME comes from the container's passwd" {
  printf 'root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n' >"$BUNDLE/rootfs/etc/passwd"
  config '.process.user = {uid: 1000, gid: 1000}'
  probe env
  has "env HOME=/home/user"
}

@test "HOME comes from a passwd of forty thousand lines" {
  awk 'BEGIN {for (i = 0; i < 40000; i++) print "user" i ":x:" i ":" i "::/home/user" i ":/bin/sh"}' >"$BUNDLE/rootfs/etc/passwd"
  config '.process.user = {uid: 39999, gid: 1000}'
  probe env
  has "env HOME=/home/user39999"
}

@test "HOME comes from passwd in exec too, without /proc and in a user namespace" {
  printf 'root:x:0:0::/root:/bin/sh\n' >"$BUNDLE/rootfs/etc/passwd"
  local change
  for change in . 'del(.mounts[] | select(.destination == "/proc")) | del(.linux.maskedPaths, .linux.readonlyPaths)' \
    '.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 0, size: 65536}] | .linux.gidMappings = .linux.uidMappings'; do
    config "$change"
    background env forever
    output_has "env HOME=/root"
    attempt exec "$ID" /bin/probe env
    has "env HOME=/root"
    rt delete --force "$ID"
  done
}

# The file is the container's: it must keep neither create nor exec out, and only a regular file is opened.
@test "whatever /etc/passwd is, create and exec work, and HOME is / then" {
  local passwd=$BUNDLE/rootfs/etc/passwd kind
  for kind in fifo socket loop kmsg memory directory sparse; do
    rm -rf "$passwd"
    case $kind in
      fifo) mkfifo "$passwd" ;;
      socket) (cd "$BUNDLE/rootfs/etc" && perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0) and bind(S, sockaddr_un("passwd")) or die') ;;
      loop) ln -s passwd "$passwd" ;;
      kmsg) ln -s /proc/kmsg "$passwd" ;;
      memory) ln -s /proc/self/mem "$passwd" ;;
      directory) mkdir "$passwd" ;;
      sparse) truncate -s 1T "$passwd" ;;
    esac
    background env forever
    output_has "env HOME=/"
    attempt exec "$ID" /bin/probe env
    succeeded
    has "env HOME=/"
    rt delete --force "$ID"
  done
}

@test "a FIFO in place of /etc/passwd is not even opened" {
  mkfifo "$BUNDLE/rootfs/etc/passwd"
  # Waits in open(2) until somebody opens the other end.
  (: >"$BUNDLE/rootfs/etc/passwd"; touch "$WORK/opened") 3>&- &
  HELPERS=$!
  probe env
  has "env HOME=/"
  [[ ! -e $WORK/opened ]]
  kill -0 "$HELPERS"
}

@test "HOME of the config wins" {
  printf 'root:x:0:0::/root:/bin/sh\n' >"$BUNDLE/rootfs/etc/passwd"
  config '.process.env += ["HOME=/elsewhere"]'
  probe env
  has "env HOME=/elsewhere"
  has_not "env HOME=/root"
}

@test "arguments reach the program byte for byte" {
  probe args "two words" "" 'q"uote' $'line\nbreak' "ünïcode"
  has "arg two words"
  has "arg "
  has 'arg q"uote'
  has "arg ünïcode"
}

@test "the program is looked up in the config's PATH" {
  config '.process.env = ["PATH=/nowhere:/bin"] | .process.args = ["probe", "print", "found"]'
  run rt run --bundle "$BUNDLE" "$ID"
  succeeded
  equal "$output" found
}

@test "an empty signal mask and default dispositions, whatever the caller has" {
  arguments /bin/probe signals
  run env --ignore-signal=PIPE,USR1,INT,TERM --block-signal=HUP,USR2,CHLD "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  succeeded
  has blocked
  has ignored
  has handled
  has "pending none"
}

@test "the program is pid 1 and leader of a session of its own" {
  probe session
  has "pid 1"
  has "ppid 0"
  has "pgid 1"
  has "sid 1"
}

@test "no death signal, no subreaper, default timer slack" {
  probe flags
  has "pdeathsig 0"
  has "subreaper 0"
  has "timerslack 50000"
  has "dumpable 1"
  has "keepcaps 0"
}

@test "the process is named after the program" {
  probe comm
  has "comm probe"
}

@test "a new network namespace has its loopback up" {
  probe links
  has "link lo up"
}

@test "the affinity of the caller has no effect" {
  arguments /bin/probe affinity
  run taskset 1 "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  succeeded
  has "cpus $(nproc --all)"
}

@test "a session keyring of its own, named after the container" {
  probe keyring
  matches "$output" "keyring keyring;.*_ses\.$ID"
}

# The kernel finds keyrings by name: one made in advance, open to all, would be shared with whoever made it.
@test "the session keyring's name cannot be known in advance; exec has the same" {
  background keyring forever
  local first
  eventually grep -qE "_ses\.$ID\.[0-9]+$" "$WORK/output"
  first=$(<"$WORK/output")
  attempt exec "$ID" /bin/probe keyring
  equal "$output" "$first"
  rt delete --force "$ID"
  background keyring forever
  eventually grep -qE "_ses\.$ID\.[0-9]+$" "$WORK/output"
  [[ $(<"$WORK/output") != "$first" ]]
}

@test "host name and domain name" {
  config '.hostname = "box" | .domainname = "example.org"'
  probe hostname
  has "hostname box"
  has "domainname example.org"
  equal "$(hostname)" "$(cat /proc/sys/kernel/hostname)"
}

@test "sysctls of the container's own namespaces" {
  config '.linux.sysctl = {"net.ipv4.ip_forward": "1", "kernel.msgmax": "9000", "kernel.domainname": "sys.example"}'
  probe read /proc/sys/net/ipv4/ip_forward read /proc/sys/kernel/msgmax read /proc/sys/kernel/domainname
  has "read /proc/sys/net/ipv4/ip_forward 1"
  has "read /proc/sys/kernel/msgmax 9000"
  has "read /proc/sys/kernel/domainname sys.example"
}

@test "a sysctl that is the host's is refused" {
  config '.linux.sysctl = {"kernel.panic": "7"}'
  fails_cleanly /linux/sysctl kernel.panic
}

@test "new namespaces are new, the others the host's" {
  probe namespaces
  local name
  for name in cgroup ipc mnt net pid uts; do
    has_not "ns $name $(stat -L -c %i "/proc/self/ns/$name")"
    matches "$output" "ns $name [0-9]+"
  done
  for name in user time; do has "ns $name $(stat -L -c %i "/proc/self/ns/$name")"; done
}

@test "stdin, stdout and stderr can be opened again by the container's user" {
  config '.process.user = {uid: 1000, gid: 1000}'
  arguments /bin/probe open /proc/self/fd/1 w open /proc/self/fd/0 r
  printf x | rt run --bundle "$BUNDLE" "$ID" | cat >"$WORK/output"
  output_has "open /proc/self/fd/1 w ok"
  output_has "open /proc/self/fd/0 r ok"
}

# owners FILE...: their uids, one a word.
owners() { stat -c %u "$@" | paste -sd ' '; }

@test "files given as stdio stay their owner's; detached, those written to become the user's" {
  config '.process.user = {uid: 1000, gid: 1000}'
  arguments /bin/probe exit 0
  printf x >"$WORK/in"
  mkdir "$WORK/directory"
  rt run --bundle "$BUNDLE" "$ID" <"$WORK/in" >"$WORK/out" 2>"$WORK/err"
  equal "$(owners in out err)" "0 0 0"
  rt run --bundle "$BUNDLE" "$ID" <"$WORK/directory" >"$WORK/out" 2>&1
  equal "$(owners directory)" 0
  arguments /bin/probe forever
  rt run --detach --bundle "$BUNDLE" "$ID" <"$WORK/in" >"$WORK/out" 2>&1
  equal "$(owners in out)" "0 1000"
  rt exec "$ID" /bin/probe exit 0 <"$WORK/in" >"$WORK/exec" 2>&1
  equal "$(owners in exec)" "0 0"
  rt exec --detach "$ID" /bin/probe exit 0 <"$WORK/in" >"$WORK/exec" 2>&1
  equal "$(owners in exec)" "0 1000"
  rt delete --force "$ID"
  rt create --bundle "$BUNDLE" "$ID" <"$WORK/directory" >"$WORK/created" 2>&1
  equal "$(owners directory created)" "0 1000"
}

@test "scheduler, nice value and io priority" {
  config '.process.scheduler = {policy: "SCHED_BATCH", nice: 5} | .process.ioPriority = {class: "IOPRIO_CLASS_BE", priority: 6}'
  probe flags
  has "scheduler 3"
  has "nice 5"
  has "ioprio 2 6"
}

@test "personality" {
  config '.linux.personality = {domain: "LINUX32"}'
  probe flags
  has "personality 8"
}

@test "the exit code of a program is run's" {
  arguments /bin/probe exit 42
  run rt run --bundle "$BUNDLE" "$ID"
  failed_with 42
}
