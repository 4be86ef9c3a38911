#!/usr/bin/env bats
# update: limits written or refused in words, put back on failure, kept for the next time; one device filter for ever.

load helpers

available() { grep -qw "$1" "$(cgroup2)/cgroup.controllers"; }
needs() { available "$1" || skip "the $1 controller is not on cgroup2"; }
limit_of() { cat "$(cgroup_of "$(pid_of)")/$1"; }
kept() { jq -c "$1" "$STATE/$ID/config.json"; }

# The first page size with a hugetlb file in the container's cgroup.
page_size() { basename "$(cgroup_of "$(pid_of)")"/hugetlb.*B.max | head -n 1 | sed 's/^hugetlb\.//; s/\.max$//'; }

# with_hugetlb: a container whose cgroup has the controller.
with_hugetlb() {
  needs hugetlb
  local size
  size=$(basename "$(ls -d /sys/kernel/mm/hugepages/hugepages-2048kB)") || skip "no pages of 2 MiB"
  [[ $size == hugepages-2048kB ]] || skip "no pages of 2 MiB"
  config '.linux.resources.hugepageLimits = [{pageSize: "2MB", limit: 4194304}]'
  created forever
  equal "$(limit_of hugetlb.2MB.max)" 4194304
}

huge() { printf '{"hugepageLimits": [{"pageSize": "2MB", "limit": %s}]}' "$1"; }

@test "a limit from standard input is in force, and kept" {
  with_hugetlb
  run rt update --resources - "$ID" <<<"$(huge 8388608)"
  succeeded
  equal "$output" ""
  equal "$(limit_of hugetlb.2MB.max)" 8388608
  equal "$(kept .linux.resources.hugepageLimits)" '[{"pageSize":"2MB","limit":8388608}]'
}

@test "a limit from a file; every other option is ignored then" {
  with_hugetlb
  huge 6291456 >"$WORK/resources.json"
  run rt update --pids-limit 3 -r "$WORK/resources.json" "$ID"
  succeeded
  equal "$(limit_of hugetlb.2MB.max)" 6291456
}

@test "a value that the kernel rounds is warned of" {
  with_hugetlb
  run rt update -r - "$ID" <<<"$(huge 5000000)"
  succeeded
  says 'hugetlb.2MB.max'
  says '"4194304"'
  says '"5000000"'
}

@test "what was written is put back when a later write fails" {
  with_hugetlb
  local both='{"hugepageLimits": [{"pageSize": "2MB", "limit": 8388608}], "unified": {"hugetlb.2MB.nonsense": "1"}}'
  run rt update -r - "$ID" <<<"$both"
  failed_with 1
  says hugetlb.2MB.nonsense
  equal "$(limit_of hugetlb.2MB.max)" 4194304
  equal "$(kept .linux.resources.hugepageLimits)" '[{"pageSize":"2MB","limit":4194304}]'
}

@test "a limit whose controller is not on cgroup2 is refused with controller, directory and remedy" {
  available memory && skip "all controllers are on cgroup2"
  background forever
  local flag before
  before=$(sha256sum "$STATE/$ID/config.json")
  for flag in "--memory 512m memory" "--pids-limit 100 pids" "--cpu-share 512 cpu" "--cpuset-cpus 0 cpuset" \
    "--blkio-weight 100 io"; do
    read -r option value controller <<<"$flag"
    attempt --log "$WORK/log.json" --log-format json update "$option" "$value" "$ID"
    failed_with 1
    says "$controller"
    says /sys/fs/cgroup
    [[ $(jq -r '.hint | length' "$WORK/log.json") -gt 10 ]] || die "no remedy: $(cat "$WORK/log.json")"
    rm "$WORK/log.json"
  done
  equal "$(sha256sum "$STATE/$ID/config.json")" "$before"
}

@test "limits of memory, processes and CPU are in force" {
  needs memory
  needs pids
  needs cpu
  background forever
  run rt update --memory 64m --memory-swap 128m --pids-limit 77 --cpu-quota 50000 --cpu-share 512 "$ID"
  succeeded
  equal "$(limit_of memory.max)" 67108864
  equal "$(limit_of memory.swap.max)" 67108864
  equal "$(limit_of pids.max)" 77
  equal "$(limit_of cpu.max)" "50000 100000"
  equal "$(limit_of cpu.weight)" 59
  rt update --cpu-period 200000 "$ID"
  equal "$(limit_of cpu.max)" "50000 200000"
  rt update --memory -1 "$ID"
  equal "$(limit_of memory.max) $(limit_of memory.swap.max)" "max max"
}

@test "device rules replace the filter: one program after more than the kernel takes" {
  config '.root.readonly = false
    | .process.capabilities |= map_values(. + ["CAP_MKNOD"] | unique) | .process.noNewPrivileges = false
    | .mounts += [{destination: "/nodes", type: "tmpfs", source: "tmpfs", options: ["mode=0777"]}]'
  config '.process.args = ["/bin/sh", "-c", "sleep 1000"]'
  rt create --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 </dev/null
  rt start "$ID"
  local rules access
  rt exec "$ID" /bin/probe mknod /nodes/local c 240 7 >/dev/null
  for access in r w; do
    rules='{"devices": [{"allow": false, "access": "rwm"}, {"allow": true, "type": "c", "major": 240, "access": "'$access'"}]}'
    for _ in {1..35}; do rt update -r - "$ID" <<<"$rules"; done
  done
  run rt exec "$ID" /bin/probe open /nodes/local r open /nodes/local w open /dev/null rw
  has "open /nodes/local r EPERM"
  has "open /nodes/local w ENXIO"
  has "open /dev/null rw ok"
  # Were a second program attached, both would have to allow.
  rt update -r - "$ID" <<<'{"devices": [{"allow": true, "access": "rwm"}]}'
  run rt exec "$ID" /bin/probe open /nodes/local rw
  has "open /nodes/local rw ENXIO"
}

@test "limits and device filter are put back when they cannot be kept" {
  with_hugetlb
  rt start "$ID"
  mkdir -p "$STATE/$ID/.config.json/in-the-way"
  run rt update -r - "$ID" <<<'{"hugepageLimits": [{"pageSize": "2MB", "limit": 8388608}],
    "devices": [{"allow": true, "type": "c", "major": 240, "access": "rw"}]}'
  failed_with 1
  equal "$(limit_of hugetlb.2MB.max)" 4194304
  rmdir "$STATE/$ID/.config.json/in-the-way"
  run rt exec "$ID" /bin/probe open /dev/null rw
  has "open /dev/null rw ok"
}

@test "an update without device rules leaves the filter alone" {
  with_hugetlb
  rt start "$ID"
  rt update -r - "$ID" <<<"$(huge 8388608)"
  run rt exec "$ID" /bin/probe open /dev/null rw mknod /dev/x c 240 7
  has "open /dev/null rw ok"
  equal "$(kept '.linux.resources.devices | length')" "$(jq '.linux.resources.devices | length' "$CONFIG")"
}

@test "misuse of update is one line and code 1, and changes nothing" {
  background forever
  local before
  before=$(sha256sum "$STATE/$ID/config.json")
  refused() {
    local words=$1
    shift
    attempt update "$@"
    failed_with 1
    says "$words"
  }
  refused "must be a size" --memory lots "$ID"
  refused "must be a size" --memory -2 "$ID"
  refused "must be a whole number" --pids-limit many "$ID"
  refused "must be a whole number" --cpu-share -1 "$ID"
  attempt update "$ID" # as runc
  succeeded
  says "nothing to update"
  refused "must be a list" --cpuset-cpus some "$ID"
  refused "must be 0 or 1" --cpu-idle 7 "$ID"
  refused "between 10 and 1000" --blkio-weight 5 "$ID"
  refused "intelRdt" --l3-cache-schema L3:0=f "$ID"
  refused "no such file" --resources "$WORK/none" "$ID"
  refused "flag provided but not defined: -memorie" --memorie 1 "$ID"
  refused "requires exactly 1 argument" --memory 1g
  refused "container does not exist" --memory 1g no-such-container
  refused "invalid container ID format" --memory 1g ../x
  echo '{"memory": ' >"$WORK/broken"
  refused "resources" --resources "$WORK/broken" "$ID"
  echo '{"memory": {"limit": "1g"}}' >"$WORK/wrong"
  refused "/memory/limit" --resources "$WORK/wrong" "$ID"
  equal "$(sha256sum "$STATE/$ID/config.json")" "$before"
  rt kill "$ID" KILL
  eventually is_status stopped
  refused "container not running" --memory 1g "$ID"
}
