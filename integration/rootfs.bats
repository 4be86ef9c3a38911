#!/usr/bin/env bats
# The root file system: mounts, masks, read-only paths and devices, seen from inside, against the config.

load helpers

# One line a mount of the container: MOUNT-POINT TYPE, from mountinfo; nothing hides the separator's place.
mounted() { sed -n 's/^mount //p' <<<"$output" | awk '{for (i = 7; $i != "-"; i++) {} print $5, $(i + 1)}'; }
# options_of MOUNT-POINT: the per-mount options and the superblock's, of the topmost mount there.
options_of() {
  sed -n 's/^mount //p' <<<"$output" |
    awk -v at="$1" '$5 == at {for (i = 7; $i != "-"; i++) {} last = "," $6 "," $(i + 3) ","} END {print last}'
}
has_option() {
  local options
  options=$(options_of "$1")
  [[ $options == *",$2,"* ]] || die "$1 has not $2: $options"
}
has_not_option() {
  local options
  options=$(options_of "$1")
  [[ -n $options && $options != *",$2,"* ]] || die "$1 has $2: $options"
}

@test "the default config's mounts are there, in order, and no other but masks and devices" {
  probe mounts
  local expected
  expected=$(jq -r '.mounts[] | .destination + " " + (if .type == "cgroup" then "cgroup2" else .type end)' "$CONFIG")
  equal "$(mounted | grep -xF -- "$expected")" "$expected"
  local extra
  extra=$(mounted | awk '{print $1}' | grep -vxF -f <(jq -r '.mounts[].destination, .linux.maskedPaths[], .linux.readonlyPaths[], "/", "/dev/console"' "$CONFIG")) || true
  equal "$extra" ""
}

@test "each mount of the default config has its options" {
  probe mounts statfs /dev statfs /dev/shm stat /dev/shm
  local destination option
  while read -r destination option; do
    case $option in
      newinstance | strictatime | mode=1777) ;; # what the kernel does not print: always so, below, and its default
      # the kernel prints octal numbers without the zero in front
      *) has_option "$destination" "${option/mode=0/mode=}" ;;
    esac
  done < <(jq -r '.mounts[] | select(.type != "proc") | .destination as $to | .options[] | "\($to) \(.)"' "$CONFIG")
  has_not_option /dev relatime
  has "stat /dev/shm directory 1777 0:0 0:0"
  has "statfs /dev 0000000001021994 67108864"
  has "statfs /dev/shm 0000000001021994 67108864"
}

@test "explain and mountinfo inside agree" {
  "$ASYLUM_RUNC" explain --bundle "$BUNDLE" --format json >"$WORK/plan.json"
  probe mounts
  local destination
  while read -r destination; do
    mounted | grep -q "^$destination " || die "explain has $destination, mountinfo has not: $output"
  done < <(jq -r '.mounts[].destination' "$WORK/plan.json")
  equal "$(jq -r '[.mounts[].destination] | join(" ")' "$WORK/plan.json")" \
    "$(mounted | awk '{print $1}' | grep -xF -f <(jq -r '.mounts[].destination' "$CONFIG") | xargs)"
}

@test "the root is read-only, or writable when the config says so" {
  probe create /tmp/file mounts
  has "create /tmp/file EROFS"
  has_option / ro
  config '.root.readonly = false'
  probe create /tmp/file mounts
  has "create /tmp/file ok"
  [[ -f $BUNDLE/rootfs/tmp/file ]]
  equal "$(stat -c %a "$BUNDLE/rootfs/tmp/file")" 644
}

@test "nothing of the host's tree can be reached" {
  probe mounts list / read /proc/1/mountinfo
  has_not "list / boot"
  local line
  while read -r line; do [[ $line != /tmp/bats* ]]; done < <(mounted)
  equal "$(mounted | head -n 1 | cut -d' ' -f1)" /
}

@test "masked files are empty and cannot be written, masked directories are empty and read-only" {
  config '.root.readonly = false | .linux.maskedPaths += ["/etc/secret", "/etc/secrets"]'
  mkdir "$BUNDLE/rootfs/etc/secrets"
  printf secret >"$BUNDLE/rootfs/etc/secret"
  printf secret >"$BUNDLE/rootfs/etc/secrets/one"
  probe read /etc/secret stat /etc/secret list /etc/secrets create /etc/secrets/two list /sys/firmware
  has "read /etc/secret empty"
  matches "$output" "stat /etc/secret character 0666 [0-9:]+ 1:3"
  has "list /etc/secrets end"
  has_not "list /etc/secrets one"
  has "create /etc/secrets/two EROFS"
  has "list /sys/firmware end"
  equal "$(cat "$BUNDLE/rootfs/etc/secret")" secret
}

@test "every masked path of the default config that exists is masked" {
  # shellcheck disable=SC2046
  probe mounts $(jq -r '.linux.maskedPaths[] | "stat " + .' "$CONFIG")
  local path
  while read -r path; do
    grep -q "^stat $path ENOENT" <<<"$output" && continue
    mounted | grep -q "^$path " || die "$path is not masked: $output"
  done < <(jq -r '.linux.maskedPaths[]' "$CONFIG")
}

@test "read-only paths cannot be written" {
  config '.root.readonly = false | .linux.readonlyPaths += ["/etc/fixed"]'
  mkdir "$BUNDLE/rootfs/etc/fixed"
  probe create /etc/fixed/new write /proc/sys/kernel/msgmax 1 mounts
  has "create /etc/fixed/new EROFS"
  has "write /proc/sys/kernel/msgmax EROFS"
  local path
  while read -r path; do
    [[ -e $path || $path == /etc/fixed ]] || continue
    has_option "$path" ro
  done < <(jq -r '.linux.readonlyPaths[]' "$CONFIG")
  has_not_option /proc ro
}

@test "/sys is read-only, /proc belongs to the container's pid namespace" {
  probe create /sys/new list /proc mounts
  matches "$output" "create /sys/new (EROFS|EACCES|EPERM)"
  equal "$(grep -cE '^list /proc [0-9]+$' <<<"$output")" 1
  has_option /sys ro
}

@test "the default devices: kind, mode, owner, number" {
  probe stat /dev/null stat /dev/zero stat /dev/full stat /dev/random stat /dev/urandom stat /dev/tty
  has "stat /dev/null character 0666 0:0 1:3"
  has "stat /dev/zero character 0666 0:0 1:5"
  has "stat /dev/full character 0666 0:0 1:7"
  has "stat /dev/random character 0666 0:0 1:8"
  has "stat /dev/urandom character 0666 0:0 1:9"
  has "stat /dev/tty character 0666 0:0 5:0"
}

@test "the links of /dev" {
  probe stat /dev/fd stat /dev/stdin stat /dev/stdout stat /dev/stderr stat /dev/ptmx stat /dev/core
  local name
  for name in "fd.*/proc/self/fd" "stdin.*/proc/self/fd/0" "stdout.*/proc/self/fd/1" "stderr.*/proc/self/fd/2" "ptmx.*pts/ptmx"; do
    grep -qE "^stat /dev/$name$" <<<"$output" || die "no link $name: $output"
  done
}

@test "/dev has nothing else" {
  probe list /dev
  equal "$(sed -n 's/^list \/dev //p' <<<"$output" | grep -v '^end$' | xargs)" \
    "core fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero" ||
    equal "$(sed -n 's/^list \/dev //p' <<<"$output" | grep -v '^end$' | xargs)" \
      "fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero"
}

@test "devices of the config are made with mode and owner" {
  config '.linux.devices = [
    {path: "/dev/fuse", type: "c", major: 10, minor: 229, fileMode: 432, uid: 5, gid: 6},
    {path: "/dev/deep/block", type: "b", major: 7, minor: 99},
    {path: "/dev/pipe", type: "p"}]'
  probe stat /dev/fuse stat /dev/deep/block stat /dev/pipe
  has "stat /dev/fuse character 0660 5:6 10:229"
  has "stat /dev/deep/block block 0666 0:0 7:99"
  has "stat /dev/pipe fifo 0666 0:0 0:0"
}

@test "a device whose path is a link out of the container stays inside" {
  config 'del(.mounts[] | select(.destination == "/dev" or .destination == "/dev/pts" or .destination == "/dev/shm" or
      .destination == "/dev/mqueue")) | .root.readonly = false
    | .linux.devices = [{path: "/escape/node", type: "c", major: 1, minor: 3}]'
  mkdir "$WORK/outside"
  ln -s "$WORK/outside" "$BUNDLE/rootfs/escape"
  run rt run --bundle "$BUNDLE" "$ID"
  equal "$(ls -A "$WORK/outside")" ""
}

@test "a mount on a link to / of the host stays inside" {
  mkdir "$WORK/outside"
  ln -s "../../../../../../../../../../..$WORK/outside" "$BUNDLE/rootfs/escape"
  config '.mounts += [{destination: "/escape", type: "tmpfs", source: "tmpfs"}] | .root.readonly = false'
  arguments /bin/probe create /escape/file
  run rt run --bundle "$BUNDLE" "$ID"
  equal "$(ls -A "$WORK/outside")" ""
}

@test "bind mounts: files and directories, read-only and not, with flags" {
  mkdir "$WORK/data"
  printf file >"$WORK/file"
  config '.mounts += [
    {destination: "/data", type: "bind", source: "'"$WORK"'/data", options: ["rbind", "nosuid", "noexec"]},
    {destination: "/fixed", type: "bind", source: "'"$WORK"'/data", options: ["bind", "ro"]},
    {destination: "/one/file", type: "bind", source: "'"$WORK"'/file", options: ["bind"]}] | .root.readonly = false'
  probe create /data/new create /fixed/new read /one/file mounts
  has "create /data/new ok"
  has "create /fixed/new EROFS"
  has "read /one/file file"
  [[ -f $WORK/data/new ]]
  has_option /data nosuid
  has_option /data noexec
  has_not_option /data nodev
  has_option /fixed ro
}

@test "an rbind takes the mounts below, recursive read-only makes them read-only too" {
  mkdir -p "$WORK/data/below"
  mount -t tmpfs tmpfs "$WORK/data/below"
  config '.mounts += [
    {destination: "/data", type: "bind", source: "'"$WORK"'/data", options: ["rbind", "ro"]},
    {destination: "/all", type: "bind", source: "'"$WORK"'/data", options: ["rbind", "rro"]}] | .root.readonly = false'
  arguments /bin/probe create /data/new create /data/below/new create /all/new create /all/below/other
  run rt run --bundle "$BUNDLE" "$ID"
  umount "$WORK/data/below"
  succeeded
  has "create /data/new EROFS"
  has "create /data/below/new ok"
  has "create /all/new EROFS"
  has "create /all/below/other EROFS"
}

@test "a relative bind source is taken from the bundle" {
  printf relative >"$BUNDLE/extra"
  config '.mounts += [{destination: "/extra", type: "bind", source: "extra", options: ["bind"]}] | .root.readonly = false'
  probe read /extra
  has "read /extra relative"
}

@test "a tmpfs with size and mode" {
  config '.mounts += [{destination: "/scratch", type: "tmpfs", source: "tmpfs", options: ["size=1m", "mode=0711", "noexec"]}]
    | .root.readonly = false'
  probe statfs /scratch stat /scratch mounts
  has "statfs /scratch 0000000001021994 1048576"
  has "stat /scratch directory 0711 0:0 0:0"
  has_option /scratch noexec
}

@test "a read-only tmpfs" {
  config '.mounts += [{destination: "/tmp", type: "tmpfs", source: "tmpfs", options: ["ro"]}]'
  probe create /tmp/x
  has "create /tmp/x EROFS"
}

@test "mounts upon mounts come in the config's order" {
  config '.mounts += [{destination: "/tmp", type: "tmpfs", source: "tmpfs"},
    {destination: "/tmp/a/b", type: "tmpfs", source: "tmpfs", options: ["size=64k"]}]'
  probe statfs /tmp/a/b
  has "statfs /tmp/a/b 0000000001021994 65536"
}

@test "mounts of the container do not appear on the host, later ones of the host not inside" {
  mkdir "$BUNDLE/rootfs/late"
  background sleep 300 mounts forever
  run grep -F "$BUNDLE" /proc/self/mountinfo
  failed_with 1
}

@test "the cgroup mount shows the container's own cgroup as its root" {
  probe mounts read /sys/fs/cgroup/cgroup.procs read /proc/self/cgroup
  has "read /sys/fs/cgroup/cgroup.procs 1"
  says "0::/"
  has_option /sys/fs/cgroup ro
}

@test "the rootfs may be anywhere, absolute or relative to the bundle" {
  mv "$BUNDLE/rootfs" "$WORK/elsewhere"
  config '.root.path = "'"$WORK"'/elsewhere"'
  probe print absolute
  config '.root.path = "../elsewhere"'
  probe print relative
  equal "$output" relative
  mv "$WORK/elsewhere" "$BUNDLE/rootfs"
}

@test "a bundle with blanks, a comma and a percent sign in its path" {
  local odd="$WORK/odd, b%ndle"
  mv "$BUNDLE" "$odd"
  CONFIG=$odd/config.json
  arguments /bin/probe print odd
  run rt run --bundle "$odd" "$ID"
  succeeded
  equal "$output" odd
}

@test "the propagation of the root is the config's" {
  # field 7 on: shared:N, master:N or nothing
  local_propagation() { sed -n 's/^mount //p' <<<"$output" | awk '$5 == "/" {print $7; exit}'; }
  probe mounts
  [[ $(local_propagation) != shared:* ]]
  config '.linux.rootfsPropagation = "shared"'
  probe mounts
  matches "$(local_propagation)" '^shared:'
  config '.linux.rootfsPropagation = "unbindable"'
  probe mounts
  equal "$(local_propagation)" unbindable
}

@test "a mount that the container makes does not appear on the host" {
  config '.process.capabilities |= map_values(. + ["CAP_SYS_ADMIN"] | unique) | .root.readonly = false
    | .process.args = ["/bin/sh", "-c", "/bin/busybox mount -t tmpfs tmpfs /tmp && /bin/busybox mount"]'
  run rt run --bundle "$BUNDLE" "$ID"
  succeeded
  says "tmpfs on /tmp"
}

@test "a shared root leaves no mount on a host whose mounts are shared" {
  config '.linux.rootfsPropagation = "shared"'
  # shellcheck disable=SC2016
  run unshare --mount --propagation shared bash -c '
    before=$(wc -l </proc/self/mountinfo)
    "$@" >/dev/null || exit
    after=$(wc -l </proc/self/mountinfo)
    ((after == before)) || { tail -n $((after - before)) /proc/self/mountinfo; exit 1; }
  ' _ "$ASYLUM_RUNC" --root "$WORK/shared" run --bundle "$BUNDLE" "$ID"
  succeeded
}

@test "a mount option of propagation" {
  mkdir "$WORK/data"
  config '.mounts += [{destination: "/tmp", type: "bind", source: "'"$WORK"'/data", options: ["bind", "rshared"]}]'
  probe mounts
  sed -n 's/^mount //p' <<<"$output" | awk '$5 == "/tmp" {print $7}' | grep -q '^shared:'
}

@test "a remount changes the flags of what is already there" {
  config '.mounts += [{destination: "/dev/shm", type: "tmpfs", source: "tmpfs", options: ["remount", "ro", "nosuid", "noexec", "nodev"]}]'
  probe create /dev/shm/x
  has "create /dev/shm/x EROFS"
}
