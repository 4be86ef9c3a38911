#!/usr/bin/env bats
# Each step of the tables of init and exec fails in turn: the error is about that step and points at its property, and
# nothing is left. The release build: the sanitizers' own system calls are not ours.

# bats file_tags=release
load helpers

teardown() {
  ! mountpoint -q "$BUNDLE/rootfs/dev/pts" || umount "$BUNDLE/rootfs/dev/pts"
  common_teardown
}

# refuse_calls SET OPTION...: with the test's config. Every call with CHECK_FULL, else in each step those up to the first that
# is blamed. SET gathers what came of the rows.
refuse_calls() {
  local set=$1 whole=no
  shift
  [[ -z ${CHECK_FULL:-} ]] || whole=yes
  "$TOP/contrib/list-steps" >"$WORK/steps"
  arguments /bin/sleep 1000
  run "$TOOLS/killdriver" --mode refuse --steps "$WORK/steps" --whole "$whole" --config "$CONFIG" "$@" "$ASYLUM_RELEASE" /bin/busybox
  [[ $status -eq 0 ]] || die "$(grep -A 1 '^not ok' <<<"$output" || printf '%s' "$output")"
  sed -n 's/^# row //p' <<<"$output" >>"$BATS_FILE_TMPDIR/$set"
}

# refuse_calls_of_exec OPTION...: in a container with the test's config, a process as the config's.
refuse_calls_of_exec() {
  jq '.process | .args = ["/bin/sleep", "0"]' "$CONFIG" >"$WORK/process.json"
  config '.process.terminal = false'
  refuse_calls exec --process "$WORK/process.json" "$@"
}

# all_blamed SET: every row, with one of the configs of the tests before.
all_blamed() {
  [[ -e $BATS_FILE_TMPDIR/$1 ]] || skip "the tests before it were left out"
  local never
  never=$(awk '{ rows[$1] } NF == 2 { good[$1] } END { for (row in rows) if (!(row in good)) print row }' "$BATS_FILE_TMPDIR/$1")
  [[ -z $never ]] || die "no call that failed was said to be within: "$'\n'"$never"
}

# everything: what a process, and a container without a user namespace, can be told.
everything() {
  config '
    .hostname = "steps" | .domainname = "steps.example" | .root.readonly = true |
    .process.cwd = "/made/here" | .process.noNewPrivileges = false |
    .process.user = {uid: 1000, gid: 1000, additionalGids: [4, 5], umask: 63} |
    (.process.capabilities.inheritable, .process.capabilities.ambient) = ["CAP_KILL"] |
    .process.scheduler = {policy: "SCHED_OTHER", nice: 5} |
    .process.ioPriority = {class: "IOPRIO_CLASS_BE", priority: 6} |
    .process.rlimits = [{type: "RLIMIT_NOFILE", soft: 512, hard: 512}, {type: "RLIMIT_CORE", soft: 0, hard: 0}] |
    .mounts += [{destination: "/closed", type: "tmpfs", source: "tmpfs", options: ["ro"]}] |
    .linux.personality = {domain: "LINUX"} |
    .linux.memoryPolicy = {mode: "MPOL_BIND", nodes: "0"} |
    .linux.rootfsPropagation = "rslave" |
    .linux.sysctl = {"net.ipv4.ip_forward": "1"} |
    .linux.devices = [{path: "/dev/more", type: "c", major: 1, minor: 5}]'
  filtering acct
}

# filtering CALL...: a filter that refuses them.
filtering() {
  local names
  names=$(jq -cn '$ARGS.positional' --args -- "$@")
  config ".linux.seccomp = {defaultAction: \"SCMP_ACT_ALLOW\", syscalls: [{names: $names, action: \"SCMP_ACT_ERRNO\"}]}"
}

# mapped: with a user namespace and a terminal.
mapped() {
  config '
    .process.terminal = true | .process.noNewPrivileges = true |
    .process.rlimits += [{type: "RLIMIT_CORE", soft: 0, hard: 0}] |
    .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] | .linux.gidMappings = .linux.uidMappings |
    .linux.namespaces += [{type: "user"}]'
  filtering acct
}

@test "a call that fails in any step of init is blamed on what the step carries out" {
  everything
  config '.hooks = {prestart: [{path: "/bin/true"}], createContainer: [{path: "/bin/true"}]}'
  refuse_calls init
}

@test "the same with a user namespace, clocks and a terminal" {
  mapped
  config '.linux.namespaces += [{type: "time"}] | .linux.timeOffsets = {monotonic: {secs: 5}}'
  refuse_calls init --console yes
}

@test "the same without a mount namespace" {
  config '
    .process.terminal = true | .root.readonly = false | del(.mounts, .linux.maskedPaths, .linux.readonlyPaths) |
    del(.linux.namespaces[] | select(.type == "mount"))'
  config ".root.path = \"$BUNDLE/rootfs\""
  mkdir "$BUNDLE/rootfs/dev/pts"
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$BUNDLE/rootfs/dev/pts"
  refuse_calls init --console yes
}

@test "the same with a mount namespace joined by path, and /dev as the image has it" {
  config 'del(.mounts[] | select(.destination | startswith("/dev"))) |
    (.linux.namespaces[] | select(.type == "mount")).path = "/proc/2/ns/mnt"'
  refuse_calls init --neighbour yes
}

@test "every step of init's tables was blamed in one of these, or has an excuse" {
  all_blamed init
}

@test "a call that fails in any step of exec is blamed on what the step carries out" {
  everything
  config '.process.execCPUAffinity = {final: "0"}'
  refuse_calls_of_exec
}

@test "the same of an exec with a user namespace and a terminal" {
  mapped
  refuse_calls_of_exec --console yes
}

@test "the same of an exec whose filter has to be loaded late" {
  filtering setsid prlimit64
  config '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 512, hard: 512}]'
  refuse_calls_of_exec
}

@test "every step of exec's tables was blamed in one of these, or has an excuse" {
  all_blamed exec
}
