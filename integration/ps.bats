#!/usr/bin/env bats
# ps: the host's ps, and only the container's lines of it.

load helpers

# two_processes: the container's shell and what it has executed, and no fork that still has the shell's command line.
two_processes() {
  config '.process.args = ["/bin/sh", "-c", "sleep 1001 & sleep 1002; true"]'
  rt create --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 </dev/null
  rt start "$ID"
  eventually both_sleep
}
both_sleep() {
  local pid lines=
  for pid in $(<"$(cgroup_of "$(pid_of)")/cgroup.procs"); do lines+=$(tr '\0' ' ' <"/proc/$pid/cmdline")$'\n'; done
  [[ $(wc -l <<<"${lines%$'\n'}") -eq 3 && $lines == *$'\nsleep 1001 \n'* && $lines == *$'\nsleep 1002 \n'* ]]
}
# pid_of_sleep SECONDS: by what ps says, the last words of its line.
pid_of_sleep() { rt ps "$ID" | awk -v seconds="$1" '$NF == seconds && $(NF - 1) == "sleep" {print $2}'; }
# shows_sleep SECONDS: a line of its own, not the shell's that has started it.
shows_sleep() { grep -qE " sleep $1\$" <<<"$output" || die "no line of sleep $1 in: $output"; }

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
  sleeper=$(pid_of_sleep 1001)
  mkdir "$inner"
  echo "$sleeper" >"$inner/cgroup.procs"
  run rt ps "$ID"
  succeeded
  matches "${lines[0]}" '^UID +PID +PPID'
  equal "${#lines[@]}" 4
  shows_sleep 1001
  shows_sleep 1002
  run rt ps "$ID" -o comm,pid
  succeeded
  matches "${lines[0]}" '^COMMAND +PID$'
  equal "${#lines[@]}" 4
}

@test "more sub-cgroups than descriptors: ps, kill --all and delete work" {
  two_processes
  local own sleeper
  own=$(cgroup_of "$(pid_of)")
  sleeper=$(pid_of_sleep 1002)
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
