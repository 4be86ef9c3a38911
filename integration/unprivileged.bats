#!/usr/bin/env bats
# A user without privileges, whose subordinate ids newuidmap(1) and newgidmap(1) write.

load helpers

USER_ID=4321

setup() {
  common_setup
  open_to_others
  mkdir -m 700 "$WORK/runtime"
  { cat /etc/passwd; echo "lodger:x:$USER_ID:$USER_ID::/:/bin/sh"; } >"$WORK/passwd"
  echo "lodger:300000:65536" >"$WORK/subuid"
  echo "lodger:400000:65536" >"$WORK/subgid"
  rm "$CONFIG"
  lodger spec --rootless --bundle "$WORK/runtime"
  succeeded
  mv "$WORK/runtime/config.json" "$CONFIG"
  config '.process.terminal = false'
  chown -R "$USER_ID:$USER_ID" "$WORK/runtime" "$BUNDLE"
}

# lodger ARGUMENTS...: the program as that user, where /etc knows of it and its ids; its words go to $output.
lodger() {
  chown "$USER_ID" "$WORK/runtime"
  status=0
  # shellcheck disable=SC2016
  timeout 300 unshare --mount --propagation private sh -c '
    for file in passwd subuid subgid; do mount --bind "$1/$file" "/etc/$file" || exit 90; done
    shift
    exec "$@"' sh "$WORK" \
    setpriv --reuid "$USER_ID" --regid "$USER_ID" --clear-groups env -i PATH="$PATH" XDG_RUNTIME_DIR="$WORK/runtime" \
    ASAN_OPTIONS="${ASAN_OPTIONS:-}" "$ASYLUM_RUNC" "$@" >"$WORK/said" 2>&1 </dev/null || status=$?
  output=$(<"$WORK/said")
}

with_subordinate_ids() {
  config '.linux.uidMappings = [{containerID: 0, hostID: 4321, size: 1}, {containerID: 1, hostID: 300000, size: 65536}]
    | .linux.gidMappings = [{containerID: 0, hostID: 4321, size: 1}, {containerID: 1, hostID: 400000, size: 65536}]'
}

# uid_map and gid_map have their columns aligned.
has_map() { tr -s ' ' <<<"$output" | grep -qE "(^| )$1\$" || die "no map '$1' in: $output"; }

@test "unprivileged: what spec --rootless prints runs, as the user's own id alone" {
  arguments /bin/probe ids read /proc/self/uid_map
  lodger run --bundle "$BUNDLE" "$ID"
  succeeded
  has "uid 0 0 0"
  has_map "0 4321 1"
}

@test "unprivileged: newuidmap and newgidmap write the subordinate ranges" {
  with_subordinate_ids
  config '.process.user = {uid: 7, gid: 8, additionalGids: [9]}'
  arguments /bin/probe ids read /proc/self/uid_map read /proc/self/gid_map
  lodger run --bundle "$BUNDLE" "$ID"
  succeeded
  has "uid 7 7 7"
  has "gid 8 8 8"
  has_map "1 300000 65536"
  has_map "1 400000 65536"
}

@test "unprivileged: what the container's user makes belongs to the subordinate id on the host" {
  with_subordinate_ids
  config '.root.readonly = false | .process.user = {uid: 0, gid: 0} | .process.capabilities.bounding += ["CAP_CHOWN"]
    | .process.capabilities.effective += ["CAP_CHOWN"] | .process.capabilities.permitted += ["CAP_CHOWN"]'
  arguments /bin/sh -c '/bin/busybox touch /tmp/made && /bin/busybox chown 7:8 /tmp/made'
  lodger run --bundle "$BUNDLE" "$ID"
  succeeded
  equal "$(stat -c %u:%g "$BUNDLE/rootfs/tmp/made")" 300006:400007
}

@test "unprivileged: create, exec, kill and delete" {
  with_subordinate_ids
  arguments /bin/probe forever
  lodger create --bundle "$BUNDLE" "$ID"
  succeeded
  lodger start "$ID"
  succeeded
  lodger exec --user 7 "$ID" /bin/busybox id -u
  succeeded
  has 7
  lodger kill "$ID" KILL
  succeeded
  lodger delete --force "$ID"
  succeeded
}

@test "unprivileged: a range that is not the user's is refused with the place" {
  with_subordinate_ids
  config '.linux.uidMappings[1].hostID = 500000'
  lodger run --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "host ids 500000 to 565535 are not ours to map"
  says "#/linux/uidMappings/1/hostID"
}

# CVE-2023-25809: the user's own cgroups, below the host's /sys.
@test "unprivileged: the user's cgroups cannot be written through /sys" {
  local own
  own=$(cgroup2)/$ID-own
  mkdir "$own"
  chown -R "$USER_ID" "$own"
  # shellcheck disable=SC2016
  arguments /bin/sh -c 'for at in /sys/fs/cgroup /sys/fs/cgroup/unified; do
      [ -d "$at/$0" ] && echo seen; /bin/busybox mkdir "$at/$0/made"; done; echo ran' "$ID-own"
  lodger run --bundle "$BUNDLE" "$ID"
  local first=$output made
  made=$(find "$own" -name made)
  # without the cgroup mount, and read-only for the top mount alone
  config 'del(.mounts[] | select(.destination | startswith("/sys")))
    | .mounts += [{destination: "/sys", type: "none", source: "/sys", options: ["rbind", "ro"]}]'
  lodger run --bundle "$BUNDLE" "$ID"
  made+=$(find "$own" -name made)
  find "$own" -depth -type d -exec rmdir {} \;
  equal "$made" ""
  [[ $first == *ran* ]] || die "it did not run: $first"
  has ran
  has seen
  says "are made read-only"
}
