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

# promise PATH FILTER: what features says at PATH is whether explain takes the config that FILTER makes.
promise() {
  local promised accepted=true
  promised=$(rt features | jq "$1 == true")
  cp "$CONFIG" "$WORK/before.json"
  config "$2"
  "$ASYLUM_RUNC" explain --bundle "$BUNDLE" 2>&1 | grep -q "not supported by this version" && accepted=false
  cp "$WORK/before.json" "$CONFIG"
  equal "$1 $promised" "$1 $accepted"
}

@test "what features promises, create does not refuse; what it does not, it refuses" {
  promise .linux.seccomp.enabled '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW"}'
  promise .linux.intelRdt.enabled '.linux.intelRdt = {closID: "x"}'
  promise .linux.netDevices.enabled '.linux.netDevices = {"lo": {}}'
  promise .linux.mountExtensions.idmap.enabled '.mounts += [{destination: "/tmp", type: "bind", source: "/tmp",
    options: ["bind", "idmap"], uidMappings: [{containerID: 0, hostID: 0, size: 1}],
    gidMappings: [{containerID: 0, hostID: 0, size: 1}]}]'
}

@test "checkpoint and restore do not exist: Podman takes code 0 for support" {
  attempt checkpoint --help
  failed_with 1
  attempt restore --help
  failed_with 1
}
