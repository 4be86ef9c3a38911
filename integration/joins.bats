#!/usr/bin/env bats
# Namespaces joined by path, idmapped mounts, memory policy, a mount on the root itself.

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
