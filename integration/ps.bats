#!/usr/bin/env bats
# ps: the host's ps, and only the container's lines of it.

load helpers

two_processes() {
  config '.process.args = ["/bin/sh", "-c", "sleep 1001 & sleep 1002; true"]'
  rt create --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 </dev/null
  rt start "$ID"
  eventually has_lines 3
}
has_lines() { [[ $(wc -l <"$(cgroup_of "$(pid_of)")/cgroup.procs") -eq $1 ]]; }

@test "json is an array of the host's process ids" {
  two_processes
  run rt ps --format json "$ID"
  succeeded
  equal "$(jq -c 'sort' <<<"$output")" "$(sort -n "$(cgroup_of "$(pid_of)")/cgroup.procs" | jq -cs sort)"
  equal "${#lines[@]}" 1
}

@test "the table is ps -ef of the container's processes, sub-cgroups too" {
  two_processes
  local inner sleeper
  inner=$(cgroup_of "$(pid_of)")/inner
  sleeper=$(rt ps "$ID" | awk '/sleep 1001/ {print $2}')
  mkdir "$inner"
  echo "$sleeper" >"$inner/cgroup.procs"
  run rt ps "$ID"
  succeeded
  matches "${lines[0]}" '^UID +PID +PPID'
  equal "${#lines[@]}" 4
  says "sleep 1001"
  says "sleep 1002"
  run rt ps "$ID" -o comm,pid
  succeeded
  matches "${lines[0]}" '^COMMAND +PID$'
  equal "${#lines[@]}" 4
}

@test "more sub-cgroups than descriptors: ps, kill --all and delete work" {
  two_processes
  local own sleeper
  own=$(cgroup_of "$(pid_of)")
  sleeper=$(rt ps "$ID" | awk '/sleep 1002/ {print $2}')
  (cd "$own" && mkdir $(seq -f 'many%.0f' 1200))
  echo "$sleeper" >"$own/many777/cgroup.procs"
  ulimit -Sn 256
  attempt ps --format json "$ID"
  succeeded
  equal "$(jq length <<<"$output")" 3
  attempt kill --all "$ID" USR1
  succeeded
  eventually is_status stopped
  rt delete "$ID"
}

@test "ps options that hide the PID are refused in runc's words" {
  created forever
  attempt ps "$ID" -o comm
  failed_with 1
  says "couldn't find PID field in ps output"
}

@test "ps that fails, or is not there, is told" {
  created forever
  attempt ps "$ID" --no-such-option
  failed_with 1
  matches "$output" '^asylum-runc: cannot run ps: "/[^"]*/ps" exited with code 1: error: [^|]+$' # in its own words
  run env PATH=/nonexistent "$ASYLUM_RUNC" --root "$STATE" ps "$ID"
  failed_with 1
  says "executable file not found in \$PATH"
}

@test "a stopped container has no processes" {
  background exit 0
  eventually is_status stopped
  run rt ps -f json "$ID"
  succeeded
  equal "$output" null
}

@test "misuse of ps is one line and code 1" {
  attempt ps no-such-container
  failed_with 1
  says "container does not exist"
  attempt ps ../x
  failed_with 1
  says "invalid container ID format"
  attempt ps
  failed_with 1
  says "requires a minimum of 1 argument"
  attempt ps --format yaml "$ID"
  failed_with 1
  says "invalid format option"
}
