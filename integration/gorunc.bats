#!/usr/bin/env bats
# containerd's Go bindings (go-runc) as the caller: integration/clients/gorunc drives a container with each of their calls.

load helpers

setup() {
  [[ -x $TOOLS/gorunc ]] || skip "there is no Go compiler, or no go-runc"
  common_setup
  arguments /bin/probe forever
}

# client SCENARIO: with its console sockets in the test's directory.
client() {
  mkdir -p "$STATE"
  run timeout 330 env XDG_RUNTIME_DIR="$WORK" CLIENT_RUNTIME="$ASYLUM_RUNC" CLIENT_ROOT="$STATE" CLIENT_BUNDLE="$BUNDLE" \
    CLIENT_ID="$ID" "$TOOLS/gorunc" "$1"
  [[ $status -eq 0 ]] || { cat "$WORK/log.json"; die "$output"; }
}

@test "go-runc: version, create, start, state, list, ps, kill, delete" {
  client lifecycle
}

@test "go-runc: run gives the streams, the exit code, and its error type" {
  arguments /bin/sh -c 'echo out; echo err >&2; exit 7'
  client output
}

@test "go-runc: exec with streams, detached, and its errors" {
  client exec
}

@test "go-runc: console sockets of create and exec" {
  config '.process.terminal = true'
  arguments /bin/sh -c 'read word; echo "got $word"; probe winsize; exec probe forever'
  client terminal
}

@test "go-runc: figures are what Go's types can read" {
  client figures
}

@test "go-runc: the stream of events ends with the container" {
  client events
}

@test "go-runc: pause and resume" {
  client freezer
}

@test "go-runc: update takes the resources from standard input" {
  local resources='.linux.resources.hugepageLimits = [{pageSize: "2MB", limit: 4194304}]'
  grep -qw hugetlb "$(cgroup2)/cgroup.controllers" || skip "the hugetlb controller is not on cgroup2"
  [[ -d /sys/kernel/mm/hugepages/hugepages-2048kB ]] || skip "no pages of 2 MiB"
  config "$resources"
  client update
  equal "$(cat "$(cgroup_of "$(pid_of)")/hugetlb.2MB.max")" 8388608
}

@test "go-runc: the words that containerd makes its own errors of" {
  client mistakes
}

@test "go-runc: descriptors of the caller, and no new keyring" {
  arguments /bin/sh -c 'echo through 3 >&3'
  client files
}
