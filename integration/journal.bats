#!/usr/bin/env bats
# Interrupted creates, and journals whose cgroup and pid now belong to somebody else.

load helpers

@test "state of a create that was killed says so, and delete --force cleans up" {
  config '.hooks.createRuntime = [{path: "/bin/sleep", args: ["sleep", "1000"]}]'
  arguments /bin/probe forever
  "$ASYLUM_RUNC" --root "$STATE" create --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 </dev/null 3>&- &
  local create=$!
  HELPERS=$create
  eventually is_status creating
  kill -KILL "$create"
  wait "$create" || true
  run rt state "$ID"
  succeeded
  equal "$(jq -c '[.status, .pid, .interrupted]' <<<"$output")" '["stopped",0,true]'
  rt delete --force "$ID"
  assert_nothing_left
  config 'del(.hooks)'
  probe print again
  equal "$output" again
}

@test "an interrupted create also goes away with a plain delete" {
  config '.hooks.createRuntime = [{path: "/bin/sleep", args: ["sleep", "1000"]}]'
  arguments /bin/probe forever
  "$ASYLUM_RUNC" --root "$STATE" create --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 </dev/null 3>&- &
  local create=$!
  HELPERS=$create
  eventually is_status creating
  kill -KILL "$create"
  wait "$create" || true
  rt delete "$ID"
}

@test "delete --force while create is alive waits for it, then names its pid" {
  config '.hooks.createRuntime = [{path: "/bin/sleep", args: ["sleep", "1000"]}]'
  arguments /bin/probe forever
  "$ASYLUM_RUNC" --root "$STATE" create --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 </dev/null 3>&- &
  local create=$!
  HELPERS=$create
  eventually is_status creating
  run rt delete --force "$ID"
  failed_with 1
  says "$create"
  kill -0 "$create"
  kill -KILL "$create"
  wait "$create" || true
}

@test "state and list answer while create holds the lock" {
  config '.hooks.createRuntime = [{path: "/bin/sleep", args: ["sleep", "1000"]}]'
  arguments /bin/probe forever
  "$ASYLUM_RUNC" --root "$STATE" create --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 </dev/null 3>&- &
  local create=$!
  HELPERS=$create
  eventually is_status creating
  # less than the ten seconds for which a command waits that wants the lock
  timeout 9 "$ASYLUM_RUNC" --root "$STATE" list | grep -q creating
  kill -KILL "$create"
  wait "$create" || true
}

# A container's cgroup is removed behind its back and another container gets one of the same name.
@test "a journal whose cgroup now belongs to another container harms nothing" {
  config '.linux.cgroupsPath = "/'"$ID"'-shared"'
  created forever
  kill -KILL "$(pid_of)"
  eventually is_status stopped
  eventually rmdir "$(cgroup2)/$ID-shared"
  arguments /bin/probe forever
  rt create --bundle "$BUNDLE" "$ID-heir" >/dev/null 2>&1 </dev/null
  local heir
  heir=$(rt state "$ID-heir" | jq .pid)
  rt delete --force "$ID"
  kill -0 "$heir"
  equal "$(cat "$(cgroup2)/$ID-shared/cgroup.procs")" "$heir"
  rt delete "$ID-heir"
}

# In a pid namespace of its own the next pid can be chosen without a race.
@test "a journal whose pid now belongs to another process harms nothing" {
  arguments /bin/probe forever
  cat >"$WORK/inner" <<'INNER'
set -e
runc() { "$ASYLUM_RUNC" --root "$STATE" "$@"; }
runc create --bundle "$BUNDLE" "$ID" </dev/null >/dev/null 2>&1
pid=$(runc state "$ID" | jq .pid)
kill -KILL "$pid"
while [ -e "/proc/$pid" ]; do sleep 0.05; done
echo $((pid - 1)) >/proc/sys/kernel/ns_last_pid
sleep 1000 &
[ $! = "$pid" ] || { echo "got pid $! instead of $pid"; exit 2; }
[ "$(runc state "$ID" | jq -r .status)" = stopped ] || { echo "not stopped"; exit 3; }
runc kill "$ID" KILL && { echo "kill said yes"; exit 4; }
runc delete --force "$ID"
kill -0 "$pid" || { echo "the other process was killed"; exit 5; }
kill -KILL "$pid"
INNER
  export ASYLUM_RUNC STATE BUNDLE ID
  run unshare --pid --fork --mount-proc "$TOOLS/warden" bash "$WORK/inner"
  succeeded
}

# Half a record, as a full disk would leave it.
@test "a damaged record or journal is an error that names it, and nothing foreign is touched" {
  local file
  for file in record journal; do
    created forever
    cp "$STATE/$ID/$file" "$WORK/whole"
    head -c -5 "$WORK/whole" >"$STATE/$ID/$file"
    run rt delete "$ID"
    [[ $status -eq 0 ]] || says "$ID"
    [[ ! -d $STATE/$ID ]] || cp "$WORK/whole" "$STATE/$ID/$file"
    rt delete --force "$ID"
    assert_nothing_left
  done
}
