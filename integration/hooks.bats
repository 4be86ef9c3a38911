#!/usr/bin/env bats
# Lifecycle hooks: order, what they are given, what their failure does.

load helpers

setup() {
  common_setup
  cat >"$WORK/hook" <<'HOOK'
#!/bin/sh
# hook DIRECTORY STAGE: notes that it ran, keeps its stdin.
cat >"$1/$2.json"
echo "$2" >>"$1/order"
HOOK
  chmod +x "$WORK/hook"
}

# hook STAGE...: one hook a stage that notes its name.
hook() {
  local stage
  for stage in "$@"; do
    config '.hooks["'"$stage"'"] += [{path: "'"$WORK"'/hook", args: ["hook", "'"$WORK"'", "'"$stage"'"]}]'
  done
}

@test "host hooks run in the order of the specification" {
  hook prestart createRuntime createContainer poststart poststop
  created forever
  equal "$(xargs <"$WORK/order")" "prestart createRuntime createContainer"
  rt start "$ID"
  equal "$(xargs <"$WORK/order")" "prestart createRuntime createContainer poststart"
  rt delete --force "$ID"
  equal "$(xargs <"$WORK/order")" "prestart createRuntime createContainer poststart poststop"
}

@test "startContainer runs inside, before the program" {
  config '.root.readonly = false | .hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "cat > /tmp/state"]}]'
  probe read /proc/self/comm stat /tmp/state
  matches "$output" 'stat /tmp/state file'
  equal "$(jq -r '[.id, .status] | join(" ")' "$BUNDLE/rootfs/tmp/state")" "$ID created"
}

@test "a hook gets the state on stdin" {
  config '.annotations = {key: "value"}'
  hook createRuntime poststop
  created forever
  local pid
  pid=$(pid_of)
  equal "$(jq -c '[.id, .pid, .status, .bundle, .annotations.key]' "$WORK/createRuntime.json")" \
    "[\"$ID\",$pid,\"creating\",\"$BUNDLE\",\"value\"]"
  rt delete "$ID"
  equal "$(jq -r .status "$WORK/poststop.json")" stopped
}

@test "a hook has the environment of its config and no other" {
  config '.hooks.createRuntime = [{path: "/bin/sh", args: ["sh", "-c", "env > '"$WORK"'/env"], env: ["ONLY=this"]}]'
  SECRET=leak created forever
  grep -qx ONLY=this "$WORK/env"
  run grep SECRET "$WORK/env"
  failed_with 1
}

@test "a failing createRuntime hook makes create fail with its words" {
  config '.hooks.createRuntime = [{path: "/bin/sh", args: ["sh", "-c", "echo went wrong here >&2; exit 3"]}]'
  fails_cleanly /hooks/createRuntime/0 "went wrong here"
}

@test "a failing createContainer hook makes create fail with its words" {
  config '.hooks.createContainer = [{path: "/bin/sh", args: ["sh", "-c", "echo inner trouble >&2; exit 3"]}]'
  fails_cleanly /hooks/createContainer/0 "inner trouble"
}

@test "a hook that takes too long is killed" {
  config '.hooks.createRuntime = [{path: "/bin/sleep", args: ["sleep", "100"], timeout: 1}]'
  fails_cleanly /hooks/createRuntime/0
}

@test "a hook that does not exist" {
  config '.hooks.createRuntime = [{path: "/no/such/hook"}]'
  fails_cleanly /hooks/createRuntime/0 /no/such/hook
}

@test "a failing poststop hook is a warning, the next one runs, everything is removed" {
  config '.hooks.poststop = [{path: "/bin/sh", args: ["sh", "-c", "echo last trouble >&2; exit 3"]}]'
  hook poststop
  created forever
  [[ ! -e $WORK/order ]] || die "ran before delete"
  run rt delete "$ID"
  succeeded
  matches "$output" '^asylum-runc: warning: .* exited with code 3: last trouble \(config\.json#/hooks/poststop/0\)$'
  equal "$(<"$WORK/order")" poststop
  assert_nothing_left
}

@test "a failing poststart hook stops the container, start ends with 1" {
  config '.hooks.poststart = [{path: "/bin/false"}]'
  created forever
  run rt start "$ID"
  failed_with 1
  says poststart
  eventually is_status stopped
}

# calls STAGE COMMAND: a hook that has the program say of its own container what COMMAND does, in $WORK/STAGE.said.
calls() {
  config '.hooks["'"$1"'"] = [{path: "/bin/sh", args: ["sh", "-c", "'"$ASYLUM_RUNC --root $STATE $2 >$WORK/$1"'.said 2>&1"]}]'
}

@test "a hook may call state of its own container, which is creating" {
  calls createRuntime "state $ID"
  created forever
  equal "$(jq -c '[.id, .status, .pid]' "$WORK/createRuntime.said")" "[\"$ID\",\"creating\",$(pid_of)]"
}

@test "a hook may kill its own container once it runs; while it is created, kill is refused in words" {
  calls poststart "kill $ID KILL"
  created forever
  rt start "$ID"
  equal "$(<"$WORK/poststart.said")" ""
  eventually is_status stopped
  rt delete "$ID"
  calls createContainer "kill $ID KILL"
  fails_cleanly /hooks/createContainer/0
  equal "$(<"$WORK/createContainer.said")" "asylum-runc: cannot kill a container in the creating state"
}

# --- in a pid namespace that is joined by path

# joining_pids: the config joins the pid namespace of a second container, whose init is $OTHER.
joining_pids() {
  arguments /bin/probe forever
  rt create --bundle "$BUNDLE" "$ID-other" >"$WORK/other" 2>&1 </dev/null
  OTHER=$(rt state "$ID-other" | jq -r .pid)
  config "(.linux.namespaces[] | select(.type == \"pid\")).path = \"/proc/$OTHER/ns/pid\""
}
hook_pid() { jq -r .pid "$WORK/$1.json"; }
namespace_pid() { sed -n 's/^NSpid:.*\t//p' "/proc/$1/status"; }

@test "hooks of a joined pid namespace: what builds the container has a pid of its own, outside; state and journal know both" {
  joining_pids
  cat >"$WORK/where" <<'HOOK'
#!/bin/sh
# where DIRECTORY STAGE: notes of the process in the state, and of itself, in which pid namespace they are.
cat >"$1/$2.json"
readlink "/proc/$(sed 's/.*"pid": *\([0-9]*\).*/\1/' "$1/$2.json")/ns/pid" >"$1/$2.namespace"
readlink "/proc/self/ns/pid" >"$1/$2.own"
HOOK
  chmod +x "$WORK/where"
  local stage
  for stage in prestart createRuntime createContainer poststart; do
    config '.hooks["'"$stage"'"] = [{path: "'"$WORK"'/where", args: ["where", "'"$WORK"'", "'"$stage"'"]}]'
  done
  config '.root.readonly = false | .hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "cat > /tmp/state"]}]'
  created forever
  local builder pid
  builder=$(hook_pid prestart)
  pid=$(pid_of)
  [[ $builder != "$pid" ]] || die "the container's first process has built it"
  for stage in prestart createRuntime createContainer; do
    equal "$(hook_pid "$stage")" "$builder"
    equal "$(<"$WORK/$stage.namespace")" "$(readlink /proc/self/ns/pid)"
    equal "$(<"$WORK/$stage.own")" "$(readlink /proc/self/ns/pid)"
  done
  equal "$(readlink "/proc/$pid/ns/pid")" "$(readlink "/proc/$OTHER/ns/pid")"
  [[ ! -e /proc/$builder ]] || die "the builder lives"
  grep -q "^made builder $builder " "$STATE/$ID/journal"
  grep -q "^made process $pid " "$STATE/$ID/journal"
  local inside
  inside=$(namespace_pid "$pid")
  rt start "$ID"
  equal "$(hook_pid poststart)" "$pid"
  equal "$(jq -r .pid "$BUNDLE/rootfs/tmp/state")" "$inside"
  equal "$(pid_of)" "$pid"
}

@test "a hook that calls state is told the builder of a joined pid namespace" {
  joining_pids
  config '.hooks.createRuntime = [{path: "/bin/sh", args: ["sh", "-c",
    "cat >'"$WORK"'/hook.json; '"$ASYLUM_RUNC --root $STATE state $ID >$WORK"'/state.json"]}]'
  created forever
  equal "$(hook_pid state)" "$(hook_pid hook)"
}

@test "failing hooks and steps of a joined pid namespace keep their words, and leave nothing" {
  joining_pids
  local whole
  whole=$(<"$CONFIG")
  config '.hooks.createContainer = [{path: "/bin/sh", args: ["sh", "-c", "echo inner trouble >&2; exit 3"]}]'
  attempt create --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "inner trouble"
  says /hooks/createContainer/0
  printf '%s' "$whole" >"$CONFIG"
  config '.mounts += [{destination: "/data", type: "bind", source: "/no/such", options: ["bind"]}]'
  attempt create --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "/mounts/$(($(jq '.mounts | length' "$CONFIG") - 1))/source"
  printf '%s' "$whole" >"$CONFIG"
  config '.process.cwd = "/bin/busybox"'
  attempt create --bundle "$BUNDLE" "$ID"
  failed_with 1
  says /process/cwd
  printf '%s' "$whole" >"$CONFIG"
  arguments /no/such/program
  attempt create --bundle "$BUNDLE" "$ID"
  failed_with 1
  says /process/args/0
  rt delete --force "$ID-other"
  assert_nothing_left
}

# The power to join it is lost in the user namespace: a builder's own children would be born in it.
@test "createContainer hooks of a pid namespace that the host owns and a new user namespace are not seen in it" {
  config '.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 0, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings | .mounts |= map(select(.type != "proc"))
    | .linux.maskedPaths = [] | .linux.readonlyPaths = []'
  local whole
  whole=$(<"$CONFIG")
  config 'del(.linux.namespaces[] | select(.type == "user")) | del(.linux.uidMappings) | del(.linux.gidMappings)'
  joining_pids
  printf '%s' "$whole" >"$CONFIG"
  config "(.linux.namespaces[] | select(.type == \"pid\")).path = \"/proc/$OTHER/ns/pid\""
  config '.hooks.createRuntime = [{path: "/bin/sh", args: ["sh", "-c", "cat >'"$WORK"'/createRuntime.json"]}]
    | .hooks.createContainer = [{path: "/bin/sh", env: ["WHERE='"$WORK"'"], args: ["sh", "-c",
      "cat >$WHERE/createContainer.json; for n in user mnt net ipc uts cgroup pid; do readlink /proc/self/ns/$n; done >$WHERE/hook; id -u >>$WHERE/hook"]}]'
  created forever
  equal "$(hook_pid createContainer)" "$(hook_pid createRuntime)"
  local name wanted=""
  for name in user mnt net ipc uts cgroup; do wanted+=$(readlink "/proc/$(pid_of)/ns/$name")$'\n'; done
  equal "$(<"$WORK/hook")" "$wanted$(readlink /proc/self/ns/pid)"$'\n'0
  rt delete --force "$ID"
  config '.hooks.createContainer = [{path: "/bin/sh", args: ["sh", "-c", "echo inner trouble >&2; exit 3"]}]'
  attempt create --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "inner trouble"
  says /hooks/createContainer/0
}
