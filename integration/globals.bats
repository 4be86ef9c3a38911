#!/usr/bin/env bats
# Options of the program and of run that no other file is about: each must act, and each test fails without it.

load helpers

# as_user WORD...: the program as a user without privileges, with a runtime directory of its own.
as_user() {
  status=0
  timeout 300 setpriv --reuid 1000 --regid 1000 --clear-groups env -i PATH="$PATH" XDG_RUNTIME_DIR="$WORK/runtime" \
    ASAN_OPTIONS="${ASAN_OPTIONS:-}" "$ASYLUM_RUNC" "$@" >"$WORK/said" 2>&1 </dev/null || status=$?
  output=$(<"$WORK/said")
}
# A bundle, a copy of the program and a runtime directory that this user may use.
for_user() {
  open_to_others
  mkdir -m 700 "$WORK/runtime"
  rm "$CONFIG"
  "$ASYLUM_RUNC" spec --rootless --bundle "$BUNDLE"
  config '.process.terminal = false | .linux.uidMappings = [{"containerID": 0, "hostID": 1000, "size": 1}] | .linux.gidMappings = .linux.uidMappings'
  chown -R 1000:1000 "$WORK/runtime" "$BUNDLE"
}

@test "--keep leaves the stopped container, its state and its cgroup" {
  arguments /bin/probe read /proc/self/cgroup exit 4
  config '.linux.namespaces |= map(select(.type != "cgroup"))'
  attempt run --keep --bundle "$BUNDLE" "$ID"
  failed_with 4
  equal "$(status_of)" stopped
  local own
  own=$(sed -n 's/^\(read \/proc\/self\/cgroup \)\?0:://p' <<<"$output")
  [[ -n $own && -d $(cgroup2)$own ]]
  rt delete "$ID"
  attempt run --bundle "$BUNDLE" "$ID"
  failed_with 4
  attempt state "$ID"
  failed_with 1
}

@test "--keep with --detach is refused" {
  attempt run --keep --detach --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "--keep has no meaning with --detach"
}

# orphan_of ARGUMENTS...: who is the parent of what the program has left behind, while run is in the foreground.
orphan_of() {
  config '.linux.namespaces |= map(select(.type != "pid"))'
  arguments /bin/sh -c '(/bin/sleep 1001 &) ; exec /bin/sleep 1000'
  "$ASYLUM_RUNC" --root "$STATE" run "$@" --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null 3>&- &
  RUN=$!
  HELPERS=$RUN
  eventually is_status running
  eventually has_orphan
}
has_orphan() {
  local pid
  for pid in $(rt ps -f json "$ID" | jq '.[]?'); do
    [[ $(tr '\0' ' ' <"/proc/$pid/cmdline") == "/bin/sleep 1001 " ]] || continue
    PARENT=$(sed -n 's/^PPid:\t//p' "/proc/$pid/status")
    [[ $PARENT != "$(pid_of)" ]] || continue
    kill -0 "$PARENT" && [[ $(<"/proc/$PARENT/comm") != sh ]] && return
  done
  return 1
}

@test "run adopts what its container leaves behind" {
  orphan_of
  equal "$PARENT" "$RUN"
}

@test "--no-subreaper leaves it to whoever adopts orphans" {
  orphan_of --no-subreaper
  [[ $PARENT != "$RUN" ]]
}

@test "--log-level decides what is said" {
  config '.frobnicate = 1'
  arguments /bin/probe exit 0
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  says "unknown key"
  attempt --log-level error run --bundle "$BUNDLE" "$ID"
  succeeded
  equal "$output" ""
  attempt --log-level debug --log "$WORK/log" run --bundle "$BUNDLE" "$ID"
  succeeded
  grep -q "pivot\|change the root" "$WORK/log"
  attempt --log-level warning --log "$WORK/log2" run --bundle "$BUNDLE" "$ID"
  [[ ! -s $WORK/log2 ]]
  attempt --log-level loud list
  failed_with 1
  says "must be error, warning, info or debug"
}

@test "--config reads another file, wherever it is" {
  arguments /bin/probe print other
  mv "$CONFIG" "$WORK/other.json"
  attempt run --config other.json --bundle "$BUNDLE" "$ID"
  succeeded
  has other
  attempt run -f "$WORK/other.json" --bundle "$BUNDLE" "$ID"
  succeeded
  has other
  attempt run -f absent.json --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "JSON specification file absent.json not found"
}

@test "--cgroup-manager disabled: the container stays in our cgroup, and limits are refused" {
  config 'del(.linux.resources) | .mounts |= map(select(.type != "cgroup")) | .linux.namespaces |= map(select(.type != "cgroup"))'
  arguments /bin/probe forever
  rt --cgroup-manager disabled run --detach --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null
  equal "$(cgroup_of "$(pid_of)")" "$(cgroup_of $$)"
  rt delete --force "$ID"
  config '.linux.resources = {"pids": {"limit": 5}}'
  attempt --cgroup-manager disabled run --detach --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "cgroups are disabled"
}

@test "the systemd manager is refused in words, by either name" {
  local option
  for option in --systemd-cgroup --cgroup-manager=systemd; do
    attempt "$option" run --bundle "$BUNDLE" "$ID"
    failed_with 1
    says "cgroups made by systemd are not supported yet"
  done
}

@test "a user without a cgroup to make one in: --rootless decides" {
  for_user
  arguments /bin/probe ids
  as_user run --bundle "$BUNDLE" "$ID"
  succeeded
  has "uid 0 0 0"
  as_user --rootless true run --bundle "$BUNDLE" "$ID"
  succeeded
  as_user --rootless false run --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "permission denied"
  config '.linux.resources = {"unified": {"cgroup.max.depth": "3"}}'
  as_user run --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "this user may not make a cgroup"
  says "/linux/resources/unified"
  config 'del(.linux.resources) | .linux.cgroupsPath = "/named"'
  as_user run --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "permission denied"
}

@test "a user's state is in XDG_RUNTIME_DIR, root's is not" {
  for_user
  arguments /bin/probe exit 0
  as_user create --bundle "$BUNDLE" "$ID"
  succeeded
  [[ -d $WORK/runtime/asylum-runc/$ID ]]
  as_user list --quiet
  has "$ID"
  as_user delete --force "$ID"
  succeeded
  rm "$CONFIG"
  XDG_RUNTIME_DIR=$WORK/runtime run "$ASYLUM_RUNC" state "$ID"
  failed_with 1
  says "container does not exist"
  [[ ! -e $WORK/runtime/asylum-runc/$ID ]]
}

@test "nothing is needed from the environment" {
  arguments /bin/probe env
  run env -i "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  succeeded
  has_not "env NOTIFY_SOCKET="
}
