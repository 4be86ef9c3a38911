#!/usr/bin/env bats
# User and time namespaces, and namespaces left out.

load helpers

user_namespace() {
  config '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = [{containerID: 0, hostID: 200000, size: 65536}]'
  chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/test "$WORK" 2>/dev/null || true
}

@test "a user namespace with its maps" {
  user_namespace
  probe ids caps read /proc/self/uid_map read /proc/self/gid_map namespaces
  has "uid 0 0 0"
  has "gid 0 0 0"
  has "cap_effective 0000000020000420"
  matches "$output" 'uid_map +0 +100000 +65536'
  matches "$output" 'gid_map +0 +200000 +65536'
  has_not "ns user $(stat -L -c %i /proc/self/ns/user)"
}

@test "a user namespace: the process belongs to the mapped user on the host" {
  user_namespace
  config '.process.user = {uid: 5, gid: 6}'
  background forever
  equal "$(sed -n 's/^Uid:\t\([0-9]*\).*/\1/p' "/proc/$(pid_of)/status")" 100005
  equal "$(sed -n 's/^Gid:\t\([0-9]*\).*/\1/p' "/proc/$(pid_of)/status")" 200006
}

@test "a user namespace: a working directory that root may not enter and the user may" {
  user_namespace
  mkdir "$BUNDLE/rootfs/private"
  # Root of the namespace has power only over files whose owner and group are both mapped.
  chown 0:200005 "$BUNDLE/rootfs/private"
  chmod 750 "$BUNDLE/rootfs/private"
  config '.process.cwd = "/private" | .process.user = {uid: 1000, gid: 5}'
  probe print inside
  has inside
  config '.process.user.gid = 6'
  attempt run --bundle "$BUNDLE" "$ID"
  failed_with 1
  says '"/private"'
}

@test "a user namespace: devices, masks and read-only paths" {
  user_namespace
  probe stat /dev/null open /dev/null rw open /dev/zero r mounts
  matches "$output" 'stat /dev/null character 0666 [0-9]+:[0-9]+ 1:3'
  has "open /dev/null rw ok"
  has "open /dev/zero r ok"
}

@test "a time namespace shifts the clocks" {
  config '.linux.namespaces += [{type: "time"}]
    | .linux.timeOffsets = {monotonic: {secs: 1000000, nanosecs: 0}, boottime: {secs: 2000000, nanosecs: 0}}'
  probe clocks namespaces
  [[ $(sed -n 's/^monotonic //p' <<<"$output") -ge 1000000 ]]
  [[ $(sed -n 's/^boottime //p' <<<"$output") -ge 2000000 ]]
  has_not "ns time $(stat -L -c %i /proc/self/ns/time)"
}

@test "namespaces that the config leaves out are the host's" {
  config 'del(.linux.namespaces[] | select(.type == "ipc" or .type == "uts" or .type == "network")) | del(.hostname)'
  config '.linux.sysctl = {}'
  probe namespaces
  local name
  for name in ipc uts net; do has "ns $name $(stat -L -c %i "/proc/self/ns/$name")"; done
  for name in pid mnt; do has_not "ns $name $(stat -L -c %i "/proc/self/ns/$name")"; done
}

@test "a host name without a uts namespace is refused" {
  config 'del(.linux.namespaces[] | select(.type == "uts"))'
  fails_cleanly /hostname
}

# holder WORD...: a process in namespaces of its own, made by unshare with these options; $HOLDER is its pid.
holder() {
  unshare "$@" sleep 300 3>&- &
  HOLDER=$!
  HELPERS=$HOLDER
  eventually different_namespaces
}
different_namespaces() { [[ $(readlink "/proc/$HOLDER/ns/net") != $(readlink /proc/self/ns/net) && $(cat "/proc/$HOLDER/comm") == sleep ]]; }

@test "namespaces are joined by path" {
  holder --net --uts --ipc
  local type
  for type in network uts ipc; do
    config "(.linux.namespaces[] | select(.type == \"$type\")).path = \"/proc/$HOLDER/ns/${type/network/net}\""
  done
  probe namespaces
  for type in net uts ipc; do has "ns $type $(stat -L -c %i "/proc/$HOLDER/ns/$type")"; done
}

@test "a namespace path that does not exist, or is of another type" {
  config '(.linux.namespaces[] | select(.type == "network")).path = "/no/such/namespace"'
  fails_cleanly /linux/namespaces/1 /no/such/namespace
  config '(.linux.namespaces[] | select(.type == "network")).path = "/proc/self/ns/uts"'
  fails_cleanly /linux/namespaces/1
}

# in_own_namespaces COMMAND...: with uts, ipc and network namespaces that stand for the host's.
in_own_namespaces() {
  status=0
  # shellcheck disable=SC2016
  timeout 60 unshare --uts --ipc --net sh -c '
    hostname stands-for-the-host && "$@"
    code=$?
    echo "hostname $(hostname) msgmax $(cat /proc/sys/kernel/msgmax) forward $(cat /proc/sys/net/ipv4/ip_forward)"
    exit $code' sh "$@" >"$WORK/said" 2>&1 </dev/null || status=$?
  output=$(<"$WORK/said")
}

@test "what would change a joined namespace that is the host's is refused with its place" {
  arguments /bin/probe exit 0
  config '(.linux.namespaces[] | select(.type == "uts")).path = "/proc/self/ns/uts" | .hostname = "mine"'
  in_own_namespaces "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "the setting would change the host"
  says "config.json#/hostname"
  says "hostname stands-for-the-host"
  config 'del(.hostname) | (.linux.namespaces[] | select(.type == "ipc")).path = "/proc/self/ns/ipc"
    | .linux.sysctl = {"kernel.msgmax": "4321"}'
  in_own_namespaces "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "config.json#/linux/sysctl/kernel.msgmax"
  [[ $output != *"msgmax 4321"* ]] || die "the host's was changed: $output"
  config 'del(.linux.namespaces[] | select(.type == "ipc").path)
    | (.linux.namespaces[] | select(.type == "network")).path = "/proc/self/ns/net" | .linux.sysctl = {"net.ipv4.ip_forward": "1"}'
  in_own_namespaces "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "config.json#/linux/sysctl/net.ipv4.ip_forward"
  says "forward 0"
  config 'del(.linux.sysctl)'
  in_own_namespaces "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  succeeded
}

# The pid namespace belongs to another user namespace, so that the kernel refuses a proc of it.
@test "a proc that the kernel refuses is not the host's instead" {
  unshare --user --map-root-user --pid --fork "$BUNDLE/rootfs/bin/probe" forever >/dev/null 2>&1 </dev/null 3>&- &
  HELPERS=$!
  local child
  has_child() { child=$(cat "/proc/$HELPERS/task/$HELPERS/children") && [[ -n $child ]]; }
  eventually has_child
  child=${child% }
  user_namespace
  config '(.linux.namespaces[] | select(.type == "pid")).path = "/proc/'"$child"'/ns/pid"'
  arguments /bin/probe list /proc
  attempt run --bundle "$BUNDLE" "$ID"
  kill -KILL "$child"
  wait "$HELPERS" || true
  HELPERS=
  failed_with 1
  says "the kernel refuses a proc of the container's pid namespace on /proc"
  [[ $output != *"list /proc"* ]] || die "the host's processes are shown: $output"
}

@test "in the host's pid namespace a refused proc is the host's, with a warning" {
  user_namespace
  config 'del(.linux.namespaces[] | select(.type == "pid"))'
  probe list /proc
  says "the outer /proc is bound there instead"
  has "list /proc $$"
}
