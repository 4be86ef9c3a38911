#!/usr/bin/env bats
# What engines really send, and what real configurations hold: each was refused, or silently wrong, here and works in the peers.

load helpers

@test "the mode of a device may have the file's type in it, as Podman and Docker copy it" {
  arguments /bin/busybox stat -c '%a %F %t:%T' /dev/x
  config '.linux.devices = [{path: "/dev/x", type: "c", major: 10, minor: 229, fileMode: 8630}]'
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  has "666 character special file a:e5"
}

@test "every controller that there is reaches the container's cgroup, without a limit" {
  config ".linux.cgroupsPath = \"/$ID-above/$ID\""
  background forever
  equal "$(cat "$(cgroup_of "$(pid_of)")/cgroup.controllers")" "$(cat "$(cgroup2)/cgroup.controllers")"
}

@test "a pids limit of 0 is none, with a warning" {
  arguments /bin/probe exit 0
  config '.linux.resources.pids = {limit: 0}'
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  says "warning: 0 is taken as no limit"
}

@test "the words of engines on a bind are passed over, a slip of a weighty one is an error" {
  local word
  mkdir "$WORK/source"
  arguments /bin/probe exit 0
  for word in nocopy copy z Z U O volume-nocopy; do
    config ".mounts[7] = {destination: \"/tmp\", source: \"$WORK/source\", options: [\"bind\", \"$word\"]}"
    attempt run --bundle "$BUNDLE" "$ID"
    succeeded
    equal "$output" ""
  done
  config '.mounts[7].options[1] = "frobnicate"'
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  says 'warning: the option "frobnicate" has no effect on a bind (config.json#/mounts/7/options/1)'
  for word in r0 RO readonly nosiud nodve noexce rsahred rprivat; do
    config ".mounts[7].options[1] = \"$word\""
    attempt run --bundle "$BUNDLE" "$ID"
    failed_with 1
    says "unknown option \"$word\" (config.json#/mounts/7/options/1)"
  done
}

# dockerd and the command line of Docker look for Go's words, in lower case, to find 126, 127 and their hints.
@test "the last line says what the kernel said in the words that engines look for" {
  local program words
  : >"$BUNDLE/rootfs/noexec"
  while IFS=: read -r program words; do
    arguments "$program"
    attempt run --bundle "$BUNDLE" "$ID"
    failed_with 1
    says "$words"
  done <<'END'
/nosuch:no such file or directory
/etc:is a directory
/noexec:permission denied
END
  touch "$WORK/file"
  arguments /bin/probe exit 0
  config ".mounts += [{destination: \"/tmp\", source: \"$WORK/file\", options: [\"bind\"]}]"
  attempt run --bundle "$BUNDLE" "$ID"
  says "not a directory"
  config ".mounts[-1] = {destination: \"/bin/probe\", source: \"$WORK\", options: [\"bind\"]}"
  attempt run --bundle "$BUNDLE" "$ID"
  says "not a directory"
}

@test "the AppArmor profile unconfined and empty labels are nothing to set" {
  arguments /bin/probe exit 0
  config '.process += {apparmorProfile: "unconfined", selinuxLabel: ""} | .linux.mountLabel = ""'
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  equal "$output" ""
  config '.process.apparmorProfile = ""'
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
}

@test "groups of the caller that cannot be dropped stay, and are named" {
  arguments /bin/probe exit 0
  config '.mounts |= map(select(.type != "devpts" and .type != "sysfs" and .type != "cgroup")) | .linux.maskedPaths = [] |
    .linux.namespaces |= map(select(.type != "network" and .type != "cgroup")) | del(.linux.resources)'
  local state=$WORK/unshared
  run setpriv --groups 5,6 unshare --user --map-root-user "$ASYLUM_RUNC" --root "$state" --cgroup-manager disabled run --bundle "$BUNDLE" "$ID"
  succeeded
  says "warning: groups of the caller cannot be dropped in this user namespace and stay: 2 not mapped here"
}

@test "a mount on a link that leads to nothing makes its target inside the root" {
  echo words >"$WORK/words"
  ln -s ../run/systemd/resolve/stub.conf "$BUNDLE/rootfs/etc/resolv.conf"
  ln -s /usr/share/zoneinfo/Nowhere "$BUNDLE/rootfs/etc/localtime"
  ln -s /var/gone "$BUNDLE/rootfs/gone"
  ln -s loop "$BUNDLE/rootfs/loop"
  config ".mounts += [\"/etc/resolv.conf\", \"/etc/localtime\", \"/gone/file\" | {destination: ., source: \"$WORK/words\", options: [\"bind\"]}]"
  arguments /bin/busybox cat /etc/resolv.conf /etc/localtime /gone/file
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  equal "$output" $'words\nwords\nwords'
  [[ -f $BUNDLE/rootfs/run/systemd/resolve/stub.conf && -f $BUNDLE/rootfs/usr/share/zoneinfo/Nowhere && -f $BUNDLE/rootfs/var/gone/file ]]
  config ".mounts += [{destination: \"/loop\", source: \"$WORK/words\", options: [\"bind\"]}]"
  attempt run --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "too many levels of symbolic links"
}

@test "a file that an option names may be a descriptor of the caller's" {
  background forever
  jq '.process | .args = ["/bin/busybox", "echo", "from a pipe"]' "$CONFIG" >"$WORK/process.json"
  run rt exec --process <(cat "$WORK/process.json") "$ID"
  succeeded
  has "from a pipe"
  run rt exec --process /proc/self/fd/9 "$ID" 9<"$WORK/process.json"
  succeeded
  # It is ours to read, and not the program's.
  run rt exec "$ID" /bin/busybox ls /proc/self/fd /dev/fd/9 9<"$WORK/process.json"
  failed_with 1
  says "No such file"
}

@test "what a mount says of its propagation wins over what the root says of all" {
  local root own
  arguments /bin/busybox grep ' /tmp ' /proc/self/mountinfo
  for root in private rprivate slave rslave; do
    config ".linux.rootfsPropagation = \"$root\" | .mounts[7] = {destination: \"/tmp\", type: \"tmpfs\", options: [\"rshared\"]}"
    attempt run --bundle "$BUNDLE" "$ID"
    succeeded
    says " shared:"
  done
  for own in private rslave; do
    config ".linux.rootfsPropagation = \"rshared\" | .mounts[7].options = [\"$own\"]"
    attempt run --bundle "$BUNDLE" "$ID"
    succeeded
    [[ $output != *" shared:"* ]] || die "$own: $output"
  done
  config '.mounts[7].options = []'
  attempt run --bundle "$BUNDLE" "$ID"
  says " shared:"
}

@test "a key of unified that is no control file is refused by name" {
  local key
  arguments /bin/probe exit 0
  for key in NOT-A-VALID-KEY cgroup.procs cgroup.freeze; do
    config ".linux.resources.unified = {\"$key\": \"1\"}"
    attempt run --bundle "$BUNDLE" "$ID"
    failed_with 1
    says "$key"
    says "(config.json#/linux/resources/unified/$key)"
  done
}

@test "the same name by key and by sysctl is no contradiction" {
  arguments /bin/busybox cat /proc/sys/kernel/hostname /proc/sys/kernel/domainname
  config '.hostname = "web" | .domainname = "example.org" | .linux.sysctl = {"kernel.hostname": "web", "kernel.domainname": "example.org"}'
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  equal "$output" $'web\nexample.org'
  config '.linux.sysctl["kernel.hostname"] = "other"'
  attempt run --bundle "$BUNDLE" "$ID"
  failed_with 1
}

@test "kill KILL reaches what is left of a container whose first process has gone" {
  config 'del(.linux.namespaces[] | select(.type == "pid"))'
  arguments /bin/sh -c 'sleep 1000 & exit 0'
  rt create --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null
  local cgroup
  cgroup=$(cgroup_of "$(pid_of)")
  rt start "$ID"
  eventually is_status stopped
  [[ -s $cgroup/cgroup.procs ]] || grep -q 'populated 1' "$cgroup/cgroup.events"
  rt kill "$ID" KILL
  eventually grep -q 'populated 0' "$cgroup/cgroup.events"
  attempt kill "$ID" KILL
  failed_with 1
}

@test "a key in another case is read, with a warning; of two neither" {
  arguments /bin/busybox pwd
  config '.process.CWD = "/tmp" | del(.process.cwd)'
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  has /tmp
  says 'warning: is read as "cwd" (config.json#/process/CWD)'
  config '.process.Cwd = "/bin"'
  attempt run --bundle "$BUNDLE" "$ID"
  failed_with 1
  says 'the key "cwd" is missing'
}

@test "a path that is listed twice is masked once, and bound device nodes have no more than a node needs" {
  config '.linux.maskedPaths = ["/proc/keys", "/proc//keys", "/proc/keys"] | .linux.readonlyPaths = ["/proc/sys", "/proc/sys"]'
  arguments /bin/busybox cat /proc/self/mountinfo
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  equal "$(grep -c ' /proc/keys ' <<<"$output")" 1
  equal "$(grep -c ' /proc/sys ' <<<"$output")" 1
  chmod 755 "$BUNDLE"
  config '.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] | .linux.gidMappings = .linux.uidMappings'
  open_to_others
  chown -R 100000:100000 "$BUNDLE/rootfs"
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  matches "$(grep ' /dev/zero ' <<<"$output")" 'nosuid,noexec'
}

@test "an option that is given empty is not given" {
  background forever
  attempt exec --cwd "" --user "" --pid-file "" --console-socket "" --cgroup "" --process-label "" --apparmor "" "$ID" /bin/probe exit 0
  succeeded
  attempt run --pid-file "" --console-socket "" --bundle "" other
  failed_with 1
  says config.json
}
