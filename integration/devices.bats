#!/usr/bin/env bats
# The device filter: what the program cannot open and make, and what it can.

load helpers

# A container that may call mknod: all device nodes it makes are then stopped by the filter alone.
setup() {
  common_setup
  config '.root.readonly = false
    | .process.capabilities |= map_values(. + ["CAP_MKNOD"] | unique) | .process.noNewPrivileges = false
    | .mounts += [{destination: "/nodes", type: "tmpfs", source: "tmpfs", options: ["mode=0777"]}]'
}

@test "a device that is not allowed can be made but not opened" {
  probe mknod /nodes/mem c 1 1 open /nodes/mem r mknod /nodes/kmsg c 1 11 open /nodes/kmsg r \
    mknod /nodes/loop b 7 0 open /nodes/loop r
  has "mknod /nodes/mem ok"
  has "open /nodes/mem r EPERM"
  has "open /nodes/kmsg r EPERM"
  has "mknod /nodes/loop ok"
  has "open /nodes/loop r EPERM"
}

@test "the default devices can be made and opened" {
  probe mknod /nodes/null c 1 3 open /nodes/null rw mknod /nodes/zero c 1 5 open /nodes/zero rw \
    mknod /nodes/urandom c 1 9 open /nodes/urandom r open /dev/full w open /dev/ptmx rw open /dev/random r
  local name
  for name in "null rw" "zero rw" "urandom r"; do has "open /nodes/$name ok"; done
  has "open /dev/full w ok"
  has "open /dev/ptmx rw ok"
  has "open /dev/random r ok"
}

@test "an allow rule opens one device, for the accesses it names" {
  config '.linux.resources.devices += [{allow: true, type: "c", major: 1, minor: 11, access: "r"}]'
  probe mknod /nodes/kmsg c 1 11 open /nodes/kmsg r open /nodes/kmsg w open /nodes/kmsg rw
  has "open /nodes/kmsg r ok"
  has "open /nodes/kmsg w EPERM"
  has "open /nodes/kmsg rw EPERM"
}

@test "the last matching rule wins" {
  config '.linux.resources.devices += [{allow: true, type: "c", major: 1, access: "rwm"},
    {allow: false, type: "c", major: 1, minor: 11, access: "rwm"}]'
  probe mknod /nodes/port c 1 4 mknod /nodes/kmsg c 1 11 mknod /nodes/other c 1 12
  has "mknod /nodes/kmsg EPERM"
  has "mknod /nodes/other ok"
}

@test "allow everything" {
  config '.linux.resources.devices = [{allow: true, access: "rwm"}]'
  probe mknod /nodes/kmsg c 1 11 open /nodes/kmsg r
  has "open /nodes/kmsg r ok"
}

@test "no resources at all: the default devices, and no other" {
  config 'del(.linux.resources)'
  probe open /dev/null rw mknod /nodes/kmsg c 1 11 open /nodes/kmsg r
  has "open /dev/null rw ok"
}

@test "a device of the config has to be allowed by a rule" {
  config '.linux.devices = [{path: "/dev/kmsg", type: "c", major: 1, minor: 11}]'
  probe stat /dev/kmsg open /dev/kmsg r
  has "stat /dev/kmsg character 0666 0:0 1:11"
  has "open /dev/kmsg r EPERM"
}
