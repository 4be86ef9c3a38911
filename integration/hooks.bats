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
    "[\"$ID\",$pid,\"creating\",\"$BUNDLE\",\"value\"]" ||
    equal "$(jq -c '[.id, .pid, .status, .bundle, .annotations.key]' "$WORK/createRuntime.json")" \
      "[\"$ID\",$pid,\"created\",\"$BUNDLE\",\"value\"]"
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

@test "a failing poststop hook is a warning, everything is removed" {
  config '.hooks.poststop = [{path: "/bin/false"}]'
  created forever
  rt delete "$ID"
}

@test "a failing poststart hook stops the container, start ends with 1" {
  config '.hooks.poststart = [{path: "/bin/false"}]'
  created forever
  run rt start "$ID"
  failed_with 1
  says poststart
  eventually is_status stopped
}

@test "a hook may call state and kill of its own container" {
  config '.hooks.createRuntime = [{path: "'"$ASYLUM_RUNC"'", args: ["asylum-runc", "--root", "'"$STATE"'", "state", "'"$ID"'"]}]'
  created forever
}
