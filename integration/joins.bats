#!/usr/bin/env bats
# Namespaces joined by path, idmapped mounts, memory policy, a mount on the root itself.
# shellcheck disable=SC2030,SC2031 # each test has its own $OTHER

load helpers

# another: a second container whose namespaces are joined; its init is $OTHER.
another() {
  arguments /bin/probe forever
  rt create --bundle "$BUNDLE" "$ID-other" >"$WORK/other" 2>&1 </dev/null
  OTHER=$(rt state "$ID-other" | jq -r .pid)
}

# joining TYPE FILE: the config joins that namespace of the other container.
joining() { config "(.linux.namespaces[] | select(.type == \"$1\")) |= (. + {path: \"/proc/$OTHER/ns/$2\"})"; }

@test "network, ipc, uts and cgroup namespaces are joined by path" {
  another
  joining network net
  joining ipc ipc
  joining uts uts
  joining cgroup cgroup
  config 'del(.hostname)'
  probe namespaces
  has "ns net $(stat -L -c %i "/proc/$OTHER/ns/net")"
  has "ns ipc $(stat -L -c %i "/proc/$OTHER/ns/ipc")"
  has "ns uts $(stat -L -c %i "/proc/$OTHER/ns/uts")"
  has "ns cgroup $(stat -L -c %i "/proc/$OTHER/ns/cgroup")"
}

@test "a pid namespace is joined by path" {
  another
  joining pid pid
  probe namespaces
  has "ns pid $(stat -L -c %i "/proc/$OTHER/ns/pid")"
}

@test "a path of the wrong type is refused and leaves nothing" {
  another
  config "(.linux.namespaces[] | select(.type == \"ipc\")) |= (. + {path: \"/proc/$OTHER/ns/net\"})"
  attempt run --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "/linux/namespaces/"
  says "it is a network namespace"
}

@test "a path that does not exist is refused" {
  config '(.linux.namespaces[] | select(.type == "network")) |= (. + {path: "/no/such"})'
  attempt run --bundle "$BUNDLE" "$ID"
  failed_with 1
  says '/no/such'
}

@test "an idmapped bind shows the mapped owner" {
  mkdir "$WORK/data"
  touch "$WORK/data/file"
  chown 1000:1000 "$WORK/data/file"
  config ".mounts += [{destination: \"/data\", type: \"bind\", source: \"$WORK/data\", options: [\"rbind\"],
    uidMappings: [{containerID: 1000, hostID: 5000, size: 1}], gidMappings: [{containerID: 1000, hostID: 5000, size: 1}]}]"
  arguments /bin/busybox stat -c %u:%g /data/file
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  has 5000:5000
}

@test "what is mounted below an idmapped source does not appear on the host" {
  mkdir -p "$WORK/data/below"
  config ".mounts += [{destination: \"/data\", type: \"bind\", source: \"$WORK/data\", options: [\"rbind\"],
      uidMappings: [{containerID: 0, hostID: 5000, size: 1}], gidMappings: [{containerID: 0, hostID: 5000, size: 1}]},
    {destination: \"/data/below\", type: \"tmpfs\", source: \"tmpfs\"}]"
  created forever
  run grep -F "$WORK/data" /proc/self/mountinfo
  failed_with 1
}

@test "a mount on / becomes the root" {
  mkdir -p "$WORK/other-root/bin" "$WORK/other-root/proc"
  cp "$BUNDLE/rootfs/bin/busybox" "$WORK/other-root/bin/"
  touch "$WORK/other-root/i-am-here"
  config ".mounts = [{destination: \"/\", type: \"bind\", source: \"$WORK/other-root\", options: [\"rbind\"]}] + [.mounts[] | select(.destination == \"/proc\")]"
  config '.linux.maskedPaths = [] | .linux.readonlyPaths = []'
  arguments /bin/busybox ls /
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  has i-am-here
}

@test "a memory policy is in force" {
  config '.linux.memoryPolicy = {mode: "MPOL_BIND", nodes: "0"}'
  arguments /bin/busybox grep -c bind:0 /proc/self/numa_maps
  attempt run --bundle "$BUNDLE" "$ID"
  if [[ ! -e /proc/self/numa_maps ]]; then
    failed_with 1
    says "/linux/memoryPolicy"
    return
  fi
  succeeded
}

# in_user_namespace: a user namespace as a rootless engine has it, with 65536 ids written from outside; its holder is $HOLDER.
in_user_namespace() {
  unshare --user sleep 600 3>&- &
  HOLDER=$!
  HELPERS="${HELPERS:-} $HOLDER"
  eventually is_in_user_namespace
  echo "0 0 65536" >"/proc/$HOLDER/uid_map"
  echo "0 0 65536" >"/proc/$HOLDER/gid_map"
}
is_in_user_namespace() { [[ $(readlink "/proc/$HOLDER/ns/user") != "$(readlink /proc/self/ns/user)" ]]; }

# engine ARGUMENTS...: the program as root of that user namespace, in which everything else is the host's; $output.
engine() {
  status=0
  timeout 60 nsenter --user --target "$HOLDER" env USER=root "$ASYLUM_RUNC" --root "$STATE" --cgroup-manager disabled \
    "$@" >"$WORK/said" 2>&1 </dev/null || status=$?
  output=$(<"$WORK/said")
}

# engine_config: what an engine there writes: no user namespace of the container's own, no new sysfs.
engine_config() {
  config '.mounts |= map(select(.type != "cgroup")) | del(.linux.resources) | del(.linux.cgroupsPath)'
  in_user_namespace
}

# ends_of ID: the container's own end of every namespace.
namespaces_of() { stat -L -c %i "/proc/$1"/ns/{mnt,pid,net,ipc,uts} | xargs; }

@test "exec from a user namespace whose pid namespace the host owns" {
  engine_config
  arguments /bin/probe forever
  engine create --bundle "$BUNDLE" "$ID"
  succeeded
  engine start "$ID"
  succeeded
  engine exec "$ID" /bin/sh -c 'for kind in mnt pid net ipc uts; do /bin/busybox readlink /proc/self/ns/$kind; done | /bin/busybox sed "s/.*\[//; s/]//" | /bin/busybox xargs'
  succeeded
  equal "$output" "$(namespaces_of "$(pid_of)")"
}

@test "exec from a user namespace into a container that shares the host's net, ipc and uts namespaces" {
  engine_config
  # As podman run --network host --ipc host --uts host has it; sysfs belongs to the network namespace.
  config '.linux.namespaces |= map(select(.type != "network" and .type != "ipc" and .type != "uts")) | del(.hostname)
    | .mounts |= map(select(.type != "sysfs" and .type != "mqueue"))'
  arguments /bin/probe forever
  engine create --bundle "$BUNDLE" "$ID"
  succeeded
  engine start "$ID"
  succeeded
  engine exec --user 7 "$ID" /bin/busybox id -u
  succeeded
  has 7
}

@test "containers of a user namespace share pid, network, ipc and uts namespaces, and are entered" {
  engine_config
  arguments /bin/probe forever
  engine create --bundle "$BUNDLE" "$ID-other"
  succeeded
  OTHER=$(rt state "$ID-other" | jq -r .pid)
  joining pid pid
  joining network net
  joining ipc ipc
  joining uts uts
  config 'del(.hostname)'
  engine create --bundle "$BUNDLE" "$ID"
  succeeded
  engine start "$ID"
  succeeded
  equal "$(namespaces_of "$(pid_of)" | cut -d' ' -f2-)" "$(namespaces_of "$OTHER" | cut -d' ' -f2-)"
  engine exec "$ID" /bin/sh -c 'echo "$$ sees $(/bin/busybox pgrep -c probe)"'
  succeeded
}

@test "a new user namespace with pid, network, ipc and uts namespaces that belong to the host" {
  another
  config '.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 0, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings | .mounts |= map(select(.type != "sysfs" and .type != "mqueue" and .type != "proc"))
    | .linux.maskedPaths = [] | .linux.readonlyPaths = [] | del(.hostname)'
  joining pid pid
  joining network net
  joining ipc ipc
  joining uts uts
  created forever
  equal "$(namespaces_of "$(pid_of)" | cut -d' ' -f2-)" "$(namespaces_of "$OTHER" | cut -d' ' -f2-)"
  rt start "$ID"
  attempt exec "$ID" /bin/busybox id -u
  succeeded
  has 0
}
