#!/usr/bin/env bats
# events: figures in runc's shape, at once or at an interval, and the end with the container.

load helpers

@test "--stats prints one record in runc's shape" {
  background forever
  run rt events --stats "$ID"
  succeeded
  equal "${#lines[@]}" 1
  equal "$(jq -r '.type + " " + .id' <<<"$output")" "stats $ID"
  equal "$(jq -c '.data | keys' <<<"$output")" \
    '["blkio","cpu","cpuset","hugetlb","intel_rdt","memory","network_interfaces","pids"]'
  equal "$(jq -c '.data.memory | [has("usage"), has("swap"), has("kernel"), has("kernelTCP")]' <<<"$output")" \
    '[true,true,true,true]'
  equal "$(jq -c '.data.cpu.usage | [(.kernel | type), (.user | type)]' <<<"$output")" '["number","number"]'
}

@test "the CPU time is the cgroup's, in nanoseconds" {
  config '.process.args = ["/bin/sh", "-c", "while :; do :; done"]'
  rt create --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 </dev/null
  rt start "$ID"
  sleep 0.5
  rt pause "$ID"
  local usage
  usage=$(sed -n 's/^usage_usec //p' "$(cgroup_of "$(pid_of)")/cpu.stat")
  equal "$(rt events --stats "$ID" | jq '.data.cpu.usage.total')" "${usage}000"
}

@test "pressure is told where the kernel measures it" {
  background forever
  local file
  file=$(cgroup_of "$(pid_of)")/cpu.pressure
  cat "$file" >/dev/null 2>&1 || skip "the kernel measures no pressure"
  run rt events --stats "$ID"
  equal "$(jq -c '.data.cpu.psi.some | keys' <<<"$output")" '["avg10","avg300","avg60","total"]'
  equal "$(jq -c '.data.cpu.psi.full.avg10 | type' <<<"$output")" '"number"'
}

@test "at an interval, until the container ends" {
  background catch
  eventually output_has ready
  rt events --interval 100ms "$ID" >"$WORK/events" 3>&- &
  local watcher=$!
  enough() { [[ $(wc -l <"$WORK/events") -ge 3 ]]; }
  eventually enough
  rt kill "$ID" TERM
  wait "$watcher"
  equal "$(jq -r .type "$WORK/events" | sort -u)" stats
}

@test "an out-of-memory kill is an event" {
  grep -qw memory "$(cgroup2)/cgroup.controllers" || skip "the memory controller is not on cgroup2"
  config '.linux.resources.memory = {limit: 20000000, swap: 20000000}'
  config '.process.args = ["/bin/sh", "-c", "sleep 1; probe memory 100000000; sleep 1"] | .process.env = ["PATH=/bin"]'
  rt create --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 </dev/null
  rt start "$ID"
  run timeout 300 "$ASYLUM_RUNC" --root "$STATE" events --interval 1h "$ID"
  succeeded
  equal "$(jq -c . <<<"${lines[0]}")" "{\"type\":\"oom\",\"id\":\"$ID\"}"
}

@test "misuse of events is one line and code 1" {
  background exit 0
  eventually is_status stopped
  attempt events "$ID"
  failed_with 1
  says "container with id $ID is not running"
  attempt events --interval 0s "$ID"
  failed_with 1
  says "duration interval must be greater than 0"
  attempt events --interval soon "$ID"
  failed_with 1
  says "must be a duration"
  attempt events no-such-container
  failed_with 1
  says "container does not exist"
  attempt events ../x
  failed_with 1
  says "invalid container ID format"
  attempt events
  failed_with 1
  says "requires exactly 1 argument"
}
