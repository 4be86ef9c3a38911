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

# Character device 240:N (local use) has no driver: open says ENXIO when the filter lets it pass, EPERM when not.

@test "a device that is not allowed can be made but not opened" {
  probe mknod /nodes/local c 240 7 open /nodes/local r mknod /nodes/kmsg c 1 11 open /nodes/kmsg r \
    mknod /nodes/block b 240 7 open /nodes/block r
  has "mknod /nodes/local ok"
  has "open /nodes/local r EPERM"
  has "open /nodes/kmsg r EPERM"
  has "mknod /nodes/block ok"
  has "open /nodes/block r EPERM"
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
  config '.linux.resources.devices += [{allow: true, type: "c", major: 240, minor: 7, access: "r"}]'
  probe mknod /nodes/local c 240 7 open /nodes/local r open /nodes/local w open /nodes/local rw \
    mknod /nodes/other c 240 8 open /nodes/other r
  has "open /nodes/local r ENXIO"
  has "open /nodes/local w EPERM"
  has "open /nodes/local rw EPERM"
  has "open /nodes/other r EPERM"
}

@test "the last matching rule wins" {
  config '.linux.resources.devices += [{allow: true, type: "c", major: 240, access: "rwm"},
    {allow: false, type: "c", major: 240, minor: 7, access: "rw"}]'
  probe mknod /nodes/local c 240 7 open /nodes/local r mknod /nodes/other c 240 8 open /nodes/other r
  has "open /nodes/local r EPERM"
  has "open /nodes/other r ENXIO"
}

@test "allow everything" {
  config '.linux.resources.devices = [{allow: true, access: "rwm"}]'
  probe mknod /nodes/local c 240 7 open /nodes/local rw mknod /nodes/block b 240 7 open /nodes/block r
  has "open /nodes/local rw ENXIO"
  has "open /nodes/block r ENXIO"
}

@test "no resources at all: the default devices, and no other" {
  config 'del(.linux.resources)'
  probe open /dev/null rw mknod /nodes/local c 240 7 open /nodes/local r
  has "open /dev/null rw ok"
}

@test "a device of the config has to be allowed by a rule" {
  config '.linux.devices = [{path: "/dev/local", type: "c", major: 240, minor: 7}]'
  probe stat /dev/local open /dev/local r
  has "stat /dev/local character 0666 0:0 240:7"
  has "open /dev/local r EPERM"
}
