#!/usr/bin/env bats
# features promises what create does, and nothing that it refuses; checkpoint and restore do not exist.

load helpers

@test "features is JSON, indented by four, with the versions" {
  run rt features
  succeeded
  grep -q '^    "ociVersionMin": "1.0.0",$' <<<"$output"
  equal "$(jq -r '.ociVersionMax' <<<"$output")" 1.3.0
  equal "$(jq -c '.hooks | length' <<<"$output")" 6
  equal "$(jq -c '.linux.namespaces | sort' <<<"$output")" \
    '["cgroup","ipc","mount","network","pid","time","user","uts"]'
  equal "$(jq -c '.linux.cgroup | [.v1, .v2, .systemd, .systemdUser]' <<<"$output")" '[false,true,false,false]'
  equal "$(jq -c '.mountOptions | [index("rro") != null, index("idmap")]' <<<"$output")" '[true,null]'
  equal "$(jq -r '.annotations["org.opencontainers.runc.checkpoint.enabled"]' <<<"$output")" false
  matches "$(jq -r '.annotations["io.github.seccomp.libseccomp.version"]' <<<"$output")" '^2\.[0-9]+\.[0-9]+$'
}

# accepted FILTER: whether explain takes the config that FILTER makes. What is refused must be refused as not supported, or for
# want of a controller, which is this host's affair.
accepted() {
  local whole words result=true
  whole=$(<"$CONFIG")
  config "$1"
  words=$("$ASYLUM_RUNC" explain --bundle "$BUNDLE" 2>&1 >/dev/null) || result=false
  printf '%s' "$whole" >"$CONFIG"
  case $words in
    "" | *"not supported by this version"*) ;;
    *"is not available in /sys/fs/cgroup"*) result=true ;;
    *) die "$1: $words" ;;
  esac
  printf '%s' "$result"
}

# promise PATH FILTER: what features says at PATH is whether explain takes the config that FILTER makes.
promise() {
  printf '%s\n' "$1" >>"$WORK/looked-at"
  equal "$1 $(jq "$1" "$WORK/features")" "$1 $(accepted "$2")"
}

# all PATH FILTER: explain takes the config that FILTER makes of the list at PATH, as $words.
all() {
  printf '%s\n' "$1" >>"$WORK/looked-at"
  equal "$1 $(accepted ". as \$config | $(jq -c "$1" "$WORK/features") as \$words | $2")" "$1 true"
}

@test "what features promises, create does not refuse; what it does not, it refuses" {
  rt features >"$WORK/features"
  : >"$WORK/looked-at"
  local seccomp='.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", listenerPath: "/run/agent"}'
  promise .linux.seccomp.enabled "$seccomp"
  promise .linux.apparmor.enabled '.process.apparmorProfile = "some"'
  promise .linux.selinux.enabled '.process.selinuxLabel = "some"'
  promise .linux.selinux.enabled '.linux.mountLabel = "some"'
  promise .linux.intelRdt.enabled '.linux.intelRdt = {closID: "x"}'
  promise .linux.netDevices.enabled '.linux.netDevices = {"lo": {}}'
  promise .linux.cgroup.rdma '.linux.resources.rdma = {"mlx5_0": {hcaHandles: 1}}'
  promise .linux.mountExtensions.idmap.enabled '.mounts += [{destination: "/tmp", type: "bind", source: "/tmp",
    options: ["bind", "idmap"], uidMappings: [{containerID: 0, hostID: 0, size: 1}],
    gidMappings: [{containerID: 0, hostID: 0, size: 1}]}]'
  all .hooks '.hooks = ($words | map({key: ., value: [{path: "/bin/true"}]}) | from_entries)'
  all .mountOptions '.mounts += ($words | map({destination: "/tmp", type: "tmpfs", source: "/tmp", options: [.]}))'
  all .linux.namespaces '.linux.namespaces = ($words | map({type: .})) | .linux.uidMappings = [{containerID: 0, hostID: 1, size: 9}]
    | .linux.gidMappings = .linux.uidMappings'
  all .linux.capabilities '.process.capabilities = {bounding: $words, effective: $words, permitted: $words}'
  all .linux.seccomp.actions "$seccomp"' | .linux.seccomp.syscalls = ($words | map({names: ["mkdir"], action: .}))'
  all .linux.seccomp.operators "$seccomp"' | .linux.seccomp.syscalls = ($words | map({names: ["mkdir"], action: "SCMP_ACT_ERRNO",
    args: [{index: 0, value: 1, valueTwo: 1, op: .}]}))'
  all .linux.seccomp.archs "$seccomp"' | .linux.seccomp.architectures = $words'
  all .linux.seccomp.supportedFlags "$seccomp"' | .linux.seccomp.flags = $words'
  local mode
  for mode in $(jq -r '.linux.memoryPolicy.modes[]' "$WORK/features"); do
    all .linux.memoryPolicy.modes ".linux.memoryPolicy = {mode: \"$mode\"}"' | if .linux.memoryPolicy.mode | test("DEFAULT|LOCAL") then . else .linux.memoryPolicy.nodes = "0" end'
  done
  all .linux.memoryPolicy.flags '.linux.memoryPolicy = {mode: "MPOL_BIND", nodes: "0", flags: ($words - ["MPOL_F_RELATIVE_NODES"])}'
  all .linux.memoryPolicy.flags '.linux.memoryPolicy = {mode: "MPOL_BIND", nodes: "0", flags: ($words - ["MPOL_F_STATIC_NODES"])}'
  # v1 and systemd are no matter of a config; which flags the kernel has is the kernel's. Nothing else is left out.
  printf '.linux.%s\n' cgroup.{v1,v2,systemd,systemdUser} seccomp.knownFlags >>"$WORK/looked-at"
  equal "$(jq -r 'paths(type == "boolean" or type == "array" and length > 0) | "." + join(".")' "$WORK/features" | sort)" \
    "$(sort -u "$WORK/looked-at")"
}

@test "checkpoint and restore do not exist: Podman takes code 0 for support" {
  attempt checkpoint --help
  failed_with 1
  attempt restore --help
  failed_with 1
}
