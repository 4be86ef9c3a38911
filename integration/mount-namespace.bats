#!/usr/bin/env bats
# Containers without a mount namespace of their own: it is joined by path, or it is the host's.

load helpers

setup() {
  common_setup
  HELPERS=
}

# namespace_holder: a process with a mount namespace of its own, copied from this one; its pid is $HOLDER.
namespace_holder() {
  unshare --mount --propagation private "$BUNDLE/rootfs/bin/probe" forever >/dev/null 2>&1 </dev/null 3>&- &
  HOLDER=$!
  HELPERS=$HOLDER
  eventually in_another_namespace
}
in_another_namespace() { [[ $(stat -L -c %i "/proc/$HOLDER/ns/mnt") != $(stat -L -c %i /proc/self/ns/mnt) ]]; }
join_holder() { config '(.linux.namespaces[] | select(.type == "mount")).path = "/proc/'"$HOLDER"'/ns/mnt"'; }
own_root() { awk '$5 == "/"' "/proc/$HOLDER/mountinfo"; }
sees_root() { grep -qF -- " $BUNDLE/rootfs " "/proc/$HOLDER/mountinfo"; }

# without_mounts: what needs a mount namespace of one's own is left out.
without_mounts() { config '.mounts = [] | .linux.maskedPaths = [] | .linux.readonlyPaths = [] | .root.readonly = false'; }

@test "a mount namespace is joined by path, with all mounts of the config in it" {
  namespace_holder
  join_holder
  probe namespaces
  has "ns mnt $(stat -L -c %i "/proc/$HOLDER/ns/mnt")"
  arguments /bin/busybox cat /proc/self/mountinfo
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  local point
  for point in / /proc /dev /dev/pts /dev/shm /dev/mqueue /sys /sys/fs/cgroup; do
    grep -q " $point " <<<"$output" || die "no mount on $point in: $output"
  done
  grep -q ' / ro' <<<"$output"
  says " /proc/sys ro"
}

@test "the root in a joined mount namespace is gone after delete, and the holder has kept its own" {
  namespace_holder
  local before
  before=$(own_root)
  [[ -n $before ]]
  join_holder
  background forever
  sees_root
  rt kill "$ID" KILL
  eventually is_status stopped
  rt delete "$ID"
  ! sees_root || die "the root is still mounted in the joined namespace"
  equal "$(own_root)" "$before"
  [[ $(readlink "/proc/$HOLDER/root") == / ]]
}

@test "the holder's own mount on the root's path is not taken away" {
  namespace_holder
  nsenter --mount="/proc/$HOLDER/ns/mnt" mount --bind "$BUNDLE/rootfs" "$BUNDLE/rootfs"
  join_holder
  probe exit 0
  sees_root
}

@test "a create that fails takes its root out of the joined namespace" {
  namespace_holder
  join_holder
  arguments /bin/no-such
  attempt create --bundle "$BUNDLE" "$ID"
  failed_with 1
  ! sees_root || die "the root is still mounted in the joined namespace"
}

@test "exec in a joined mount namespace sees the container's root" {
  namespace_holder
  join_holder
  echo here >"$BUNDLE/rootfs/etc/mark"
  background forever
  attempt exec "$ID" /bin/busybox cat /etc/mark
  succeeded
  has here
  attempt exec --tty "$ID" /bin/busybox tty
  succeeded
}

@test "a root that the joined namespace does not have is named" {
  namespace_holder
  nsenter --mount="/proc/$HOLDER/ns/mnt" mount -t tmpfs none "$BUNDLE"
  join_holder
  attempt run --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "open the root's path in the joined mount namespace"
  says "#/root/path"
}

@test "root.path / of a joined mount namespace is its own root, where nothing is mounted" {
  namespace_holder
  nsenter --mount="/proc/$HOLDER/ns/mnt" mount -t tmpfs none "$BUNDLE/rootfs/tmp"
  touch "/proc/$HOLDER/root$BUNDLE/rootfs/tmp/inside"
  join_holder
  without_mounts
  config '.root.path = "/"'
  arguments /bin/ls "$BUNDLE/rootfs/tmp"
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  has inside
}

@test "without a mount namespace the root is entered by chroot and nothing is mounted" {
  config '.linux.namespaces |= map(select(.type != "mount"))'
  without_mounts
  local before
  before=$(cat /proc/self/mountinfo)
  background forever
  equal "$(stat -L -c %i "/proc/$(pid_of)/ns/mnt")" "$(stat -L -c %i /proc/self/ns/mnt)"
  equal "$(readlink "/proc/$(pid_of)/root")" "$BUNDLE/rootfs"
  equal "$(cat /proc/self/mountinfo)" "$before"
  [[ -z $(ls -A "$BUNDLE/rootfs/dev") ]]
  attempt exec "$ID" /bin/busybox ls /bin/probe
  succeeded
}

@test "without a mount namespace a terminal needs the devpts that is in the root" {
  config '.linux.namespaces |= map(select(.type != "mount"))'
  without_mounts
  config '.root.path = "/" | .process.terminal = true'
  arguments /usr/bin/tty
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  says /dev/pts/
}

@test "without a mount namespace whatever would change mounts is refused by name" {
  config '.linux.namespaces |= map(select(.type != "mount"))'
  config '.linux.rootfsPropagation = "private"'
  config '.linux.devices = [{path: "/dev/x", type: "c", major: 1, minor: 3}]'
  attempt run --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "needs a mount namespace of the container's own"
  attempt explain --bundle "$BUNDLE"
  failed_with 1
  local pointer
  for pointer in /mounts /root/readonly /linux/rootfsPropagation /linux/devices /linux/maskedPaths /linux/readonlyPaths; do
    says "config.json#$pointer"
  done
}
