#!/usr/bin/env bats
# What a neighbour changes at the worst moment: between the look at a thing and the deed. `meanwhile` runs his script right
# before a system call of the program.

# bats file_tags=release
load helpers
# A tracer and the sanitizers exclude each other.
ASYLUM_RUNC=$ASYLUM_RELEASE

# meanwhile CALL SCRIPT ARGUMENTS...: attempt ARGUMENTS, and the script when one of its processes is about to make the call.
meanwhile() {
  status=0
  timeout 120 "$TOOLS/meanwhile" "$1" "$2" "$ASYLUM_RUNC" --root "$STATE" "${@:3}" >"$WORK/said" 2>&1 </dev/null || status=$?
  output=$(<"$WORK/said")
}
in_another_namespace() { [[ $(stat -L -c %i "/proc/$HELPERS/ns/mnt") != $(stat -L -c %i /proc/self/ns/mnt) ]]; }

@test "a file that takes the name of a device is not given to the device's owner" {
  local volume=$WORK/volume made
  config '.mounts += [{destination: "/vol", type: "bind", source: "'"$volume"'", options: ["rbind"]}]
    | .linux.devices = [{path: "/vol/node", type: "c", major: 1, minor: 3, uid: 1000, gid: 1000}]'
  arguments /bin/probe exit 0
  # the node is there already, or it is made
  for made in no yes; do
    rm -rf "$volume"
    mkdir "$volume"
    printf secret >"$volume/file"
    [[ $made == yes ]] || mknod "$volume/node" c 1 3
    meanwhile fchownat "mv '$volume/node' '$volume/moved' && mv '$volume/file' '$volume/node'" run --bundle "$BUNDLE" "$ID"
    succeeded
    equal "$(stat -c '%F %u:%g' "$volume/node")" "regular file 0:0"
    equal "$(stat -c '%F %u:%g' "$volume/moved")" "character special file 1000:1000"
  done
}

@test "delete takes the root out of a joined mount namespace, and not what its path leads to meanwhile" {
  unshare --mount --propagation private "$BUNDLE/rootfs/bin/probe" forever >/dev/null 2>&1 </dev/null 3>&- &
  HELPERS=$!
  eventually in_another_namespace
  mkdir -p "$WORK/decoy/rootfs"
  nsenter --mount="/proc/$HELPERS/ns/mnt" mount -t tmpfs the-neighbours-own "$WORK/decoy/rootfs"
  config '(.linux.namespaces[] | select(.type == "mount")).path = "/proc/'"$HELPERS"'/ns/mnt"'
  background forever
  rt kill "$ID" KILL
  eventually is_status stopped
  meanwhile umount2 "mv '$BUNDLE' '$BUNDLE.moved' && ln -s decoy '$BUNDLE'" delete "$ID"
  rm "$BUNDLE"
  mv "$BUNDLE.moved" "$BUNDLE"
  succeeded
  grep -qF the-neighbours-own "/proc/$HELPERS/mountinfo" || die "a mount of the neighbour's was taken away"
  ! grep -qF " $BUNDLE/rootfs " "/proc/$HELPERS/mountinfo" || die "the root is still mounted"
}

# Without pivot_root the old mounts remain below: a proc among them that is not taken away has no masks.
@test "--no-pivot does not believe that a proc is gone whose directory has been exchanged" {
  arguments /bin/probe forever
  # stays behind in the old root and tells what can be reached from there
  printf 'until [ -e %s/go ]; do sleep 0.05; done; stat -f -c %%T %s/moved/procfs >%s/seen' "$WORK" "$WORK" "$WORK" >"$WORK/witness"
  config '.hooks.createContainer = [{path: "/bin/sh", args: ["sh", "-c", "sh '"$WORK"'/witness </dev/null >/dev/null 2>&1 &"]}]'
  mkdir -p "$WORK/old/procfs" "$WORK/last"
  cat >"$WORK/mounts" <<END
mount -t proc first $WORK/old/procfs
mount -t proc last $WORK/last
exec "\$@"
END
  # they are taken away from the last to the first
  status=0
  timeout 120 unshare --mount --propagation private sh -e "$WORK/mounts" \
    "$TOOLS/meanwhile" umount2 "mv '$WORK/old' '$WORK/moved' && mkdir -p '$WORK/old/procfs'" \
    "$ASYLUM_RUNC" --root "$STATE" create --no-pivot --bundle "$BUNDLE" "$ID" >"$WORK/said" 2>&1 </dev/null || status=$?
  output=$(<"$WORK/said")
  if [[ $status -eq 0 ]]; then
    touch "$WORK/go"
    eventually test -s "$WORK/seen"
    die "created, and in the old root there is still a $(<"$WORK/seen")"
  fi
  failed_with 1
  says "the proc on \"$WORK/old/procfs\" cannot be taken away"
}

# As above, but the path then leads to the container's own proc: that one must not be taken for it.
@test "--no-pivot does not take the container's own proc for one of the host's" {
  arguments /bin/probe forever
  mkdir -p "$WORK/old/proc" "$WORK/last"
  cat >"$WORK/mounts" <<END
mount -t proc first $WORK/old/proc
mount -t proc last $WORK/last
exec "\$@"
END
  status=0
  timeout 120 unshare --mount --propagation private sh -e "$WORK/mounts" \
    "$TOOLS/meanwhile" umount2 "mv '$WORK/old' '$WORK/moved' && ln -s '$BUNDLE/rootfs' '$WORK/old'" \
    "$ASYLUM_RUNC" --root "$STATE" create --no-pivot --bundle "$BUNDLE" "$ID" >"$WORK/said" 2>&1 </dev/null || status=$?
  output=$(<"$WORK/said")
  failed_with 1
  says "the proc on \"$WORK/old/proc\" cannot be taken away"
}
