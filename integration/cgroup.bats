#!/usr/bin/env bats
# Membership, freezing, and limits: in force where the controller is on cgroup2, refused in words where it is not.

load helpers

available() { grep -qw "$1" "$(cgroup2)/cgroup.controllers"; }

# took CONTROLLER BRANCH: which way a test of a limit went, for whoever reads the log, and for the last of them.
took() {
  printf '%s %s\n' "$@" >>"$BATS_FILE_TMPDIR/taken"
  printf '# %s: %s\n' "$@" >&3
}

# limit CONTROLLER FILTER FILE VALUE POINTER: in force, or refused with pointer, controller and directory.
limit() {
  config "$2"
  if available "$1"; then
    took "$1" "in force"
    created forever
    equal "$(cat "$(cgroup_of "$(pid_of)")/$3")" "$4"
  else
    took "$1" refused
    fails_cleanly "$5" "$1" /sys/fs/cgroup
    [[ $(jq -r '.hint | length' "$WORK/log.json") -gt 10 ]] || die "no remedy: $(cat "$WORK/log.json")"
  fi
}

@test "the program is in a cgroup of its own from its first moment" {
  background forever
  local directory
  directory=$(cgroup_of "$(pid_of)")
  [[ $directory != "$(cgroup2)/" && -d $directory ]]
  equal "$(cat "$directory/cgroup.procs")" "$(pid_of)"
}

@test "cgroupsPath is the cgroup, below the mount" {
  config '.linux.cgroupsPath = "/'"$ID"'-parent/child"'
  created forever
  equal "$(cgroup_of "$(pid_of)")" "$(cgroup2)/$ID-parent/child"
  rt delete --force "$ID"
  [[ ! -d $(cgroup2)/$ID-parent/child ]]
  rmdir "$(cgroup2)/$ID-parent" 2>/dev/null || true
}

@test "a cgroup that has processes of others is refused and not touched" {
  local other
  other=$(cgroup2)/$ID-other
  mkdir "$other"
  sleep 300 3>&- &
  local sleeper=$!
  echo "$sleeper" >"$other/cgroup.procs"
  config '.linux.cgroupsPath = "/'"$ID"'-other"'
  arguments /bin/probe print no
  run rt run --bundle "$BUNDLE" "$ID"
  kill -0 "$sleeper"
  kill "$sleeper"
  wait "$sleeper" || true
  eventually rmdir "$other"
  failed_with 1
  says "$ID-other"
}

@test "delete removes the cgroup, and sub-cgroups that the program made" {
  config '(.mounts[] | select(.destination == "/sys/fs/cgroup").options) -= ["ro"]'
  config '.process.args = ["/bin/sh", "-c", "mkdir /sys/fs/cgroup/inner; sleep 1000"]'
  rt create --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 </dev/null
  rt start "$ID"
  local directory
  directory=$(cgroup_of "$(pid_of)")
  eventually test -d "$directory/inner"
  rt delete --force "$ID"
  [[ ! -d $directory ]]
}

@test "delete --force of a frozen container" {
  background forever
  echo 1 >"$(cgroup_of "$(pid_of)")/cgroup.freeze"
  eventually grep -q "frozen 1" "$(cgroup_of "$(pid_of)")/cgroup.events"
  rt delete --force "$ID"
}

@test "memory limit" {
  limit memory '.linux.resources.memory = {limit: 67108864}' memory.max 67108864 /linux/resources/memory/limit
}

@test "memory reservation" {
  limit memory '.linux.resources.memory = {reservation: 33554432}' memory.low 33554432 /linux/resources/memory/reservation
}

@test "pids limit" {
  limit pids '.linux.resources.pids = {limit: 64}' pids.max 64 /linux/resources/pids/limit
}

@test "cpu quota and period" {
  limit cpu '.linux.resources.cpu = {quota: 20000, period: 50000}' cpu.max "20000 50000" /linux/resources/cpu/quota
}

@test "cpu set" {
  limit cpuset '.linux.resources.cpu = {cpus: "0"}' cpuset.cpus 0 /linux/resources/cpu/cpus
}

@test "block io weight" {
  limit io '.linux.resources.blockIO = {weight: 500}' io.weight "default 4950" /linux/resources/blockIO/weight
}

@test "huge page limit" {
  limit hugetlb '.linux.resources.hugepageLimits = [{pageSize: "2MB", limit: 4194304}]' hugetlb.2MB.max 4194304 \
    /linux/resources/hugepageLimits
}

@test "cgroup v2 files by name (unified)" {
  limit hugetlb '.linux.resources.unified = {"hugetlb.2MB.max": "8388608"}' hugetlb.2MB.max 8388608 \
    /linux/resources/unified
}

# A controller that a v1 hierarchy holds is refused, and nothing else is (a new kernel may not list it here at all).
@test "what the limits above found: each kind of machine went the ways that it has" {
  local taken controller wanted
  taken=$(cat "$BATS_FILE_TMPDIR/taken" || true)
  [[ $(wc -l <<<"$taken") -ge 8 ]] || skip "not all of the tests above were run"
  while read -r controller _; do
    wanted=$(sed 's/^blkio/io/' /proc/cgroups |
      awk -v name="$controller" '$1 == name && $4 == 1 {print $2 == 0 ? "in force" : "refused"}')
    [[ -z $wanted ]] || grep -qx "$controller $wanted" <<<"$taken" || die "$controller has to be $wanted: $taken"
  done <<<"$taken"
  grep -q ' in force$' <<<"$taken" || die "none was in force: $taken"
}

@test "a unified file that does not exist is an error that names it" {
  config '.linux.resources.unified = {"hugetlb.nonsense": "1"}'
  fails_cleanly hugetlb.nonsense /linux/resources/unified
}

@test "a cgroup that the container may write to belongs to its root, and its limits do not" {
  config '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings
    | (.mounts[] | select(.destination == "/sys/fs/cgroup").options) -= ["ro"]'
  chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/test "$WORK" 2>/dev/null || true
  created forever
  local directory
  directory=$(cgroup_of "$(pid_of)")
  equal "$(stat -c %u "$directory" "$directory"/cgroup.{procs,threads,subtree_control} | sort -u)" 100000
  equal "$(stat -c %u "$directory/cgroup.kill")" 0
}

@test "a missing parent cgroup goes with the last container below it" {
  local parent
  parent=$(cgroup2)/$ID-parent
  config '.linux.cgroupsPath = "/'"$ID"'-parent/one"'
  created forever
  config '.linux.cgroupsPath = "/'"$ID"'-parent/two"'
  rt create --bundle "$BUNDLE" "$ID-two" >/dev/null 2>&1 </dev/null
  rt delete --force "$ID"
  [[ -d $parent ]]
  rt delete --force "$ID-two"
  [[ ! -d $parent ]]
}
