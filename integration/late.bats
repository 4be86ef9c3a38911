#!/usr/bin/env bats
# The second program, asylum-runc-late: when it is executed, when not, and what becomes of a command that cannot have it.
# Always the release build: a sanitizer's leak check does not work under strace, and what is small there is not with it.
# bats file_tags=release

load helpers

ASYLUM_RUNC=$ASYLUM_RELEASE

setup() {
  common_setup
  BIN=$WORK/sbin
  LATE=$WORK/libexec/asylum-runc-late
  mkdir "$BIN" "$WORK/libexec"
  cp "$ASYLUM_RUNC" "$BIN/asylum-runc"
}

with_helper() { cp "${ASYLUM_RUNC%/*}/asylum-runc-late" "$LATE"; }

# own ARGUMENTS...: the copied program, as rt.
own() {
  status=0
  timeout 120 "${PROGRAM:-$BIN/asylum-runc}" --root "$STATE" "$@" >"$WORK/said" 2>&1 </dev/null || status=$?
  output=$(<"$WORK/said")
}
without_pivot() { own run --no-pivot --bundle "$BUNDLE" "$ID"; }
no_container() { [[ -z $(ls -A "$STATE" 2>/dev/null) ]] || die "left: $(ls "$STATE")"; }

# elsewhere COMMAND...: where cgroup2 is mounted in no usual place, but in $WORK/cgroups.
elsewhere() {
  mkdir -p "$WORK/cgroups"
  timeout 120 unshare --mount --propagation private sh -c "mount -t cgroup2 none '$WORK/cgroups' &&
    mount -t tmpfs none /sys/fs/cgroup && exec \"\$@\"" sh "$@" >"$WORK/said" 2>&1 </dev/null && status=0 || status=$?
  output=$(<"$WORK/said")
}

@test "a plain run needs no helper" {
  arguments /bin/probe print fine
  own run --bundle "$BUNDLE" "$ID"
  succeeded
  says fine
}

@test "--no-pivot has the helper look for what would stay in reach" {
  with_helper
  arguments /bin/busybox grep -c " - proc \| - sysfs " /proc/self/mountinfo
  own run --bundle "$BUNDLE" "$ID"
  local with_pivot=$output
  without_pivot
  succeeded
  equal "$output" "$with_pivot"
}

@test "--no-pivot takes away procs that lie upon another, below another and under something else" {
  with_helper
  mkdir -p "$WORK/stack" "$WORK/under/proc"
  arguments /bin/busybox sed -n 's/^[^ ]* [^ ]* [^ ]* [^ ]* \([^ ]*\) .* - \(proc\|sysfs\) .*/\2 \1/p' /proc/self/mountinfo
  timeout 120 unshare --mount --propagation private sh -ec "
    mount -t proc first '$WORK/stack'; mount -t proc second '$WORK/stack'; mount -t sysfs third '$WORK/stack'
    mount -t proc fourth '$WORK/under/proc'; mount -t tmpfs fifth '$WORK/under'
    exec \"\$@\"" sh "$BIN/asylum-runc" --root "$STATE" run --no-pivot --bundle "$BUNDLE" "$ID" >"$WORK/said" 2>&1 </dev/null
  local said
  said=$(<"$WORK/said")
  own run --bundle "$BUNDLE" "$ID"
  equal "$(<"$WORK/said")" "$said"
}

# There they are locked together: each can only be covered, and the lower one is when the upper one is.
@test "a container in a user namespace without pivot covers what it cannot take away" {
  with_helper
  mkdir -p "$WORK/stack"
  arguments /bin/probe print fine
  config '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 0, size: 65536}] | .linux.gidMappings = .linux.uidMappings'
  timeout 120 unshare --mount --propagation private sh -ec "
    mount -t proc first '$WORK/stack'; mount -t proc second '$WORK/stack'; exec \"\$@\"" sh \
    strace -f -qq -e trace=umount2,fsopen -o "$WORK/trace" \
    "$BIN/asylum-runc" --root "$STATE" run --no-pivot --bundle "$BUNDLE" "$ID" >"$WORK/said" 2>&1 </dev/null
  equal "$(<"$WORK/said")" fine
  grep -q 'umount2.*EINVAL' "$WORK/trace"
}

@test "cgroup2 in an unusual place is found by the helper" {
  with_helper
  arguments /bin/probe print fine
  config '.mounts |= map(select(.type != "cgroup"))'
  elsewhere "$BIN/asylum-runc" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  succeeded
  says fine
  elsewhere "$BIN/asylum-runc" explain --bundle "$BUNDLE"
  says "$WORK/cgroups"
}

@test "a helper that is not installed is named, and nothing is left" {
  without_pivot
  failed_with 1
  says "the helper program is not installed: neither \"$BIN/asylum-runc-late\" nor \"$LATE\""
  no_container
  elsewhere "$BIN/asylum-runc" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "the helper program is not installed"
  no_container
}

@test "a helper that others could have written is not executed" {
  with_helper
  chown 1000 "$LATE"
  without_pivot
  failed_with 1
  says "\"$LATE\" belongs to uid 1000"
  chown 0 "$LATE"
  chmod 775 "$LATE"
  without_pivot
  says "\"$LATE\" may be written by others (mode 0775)"
  chmod 755 "$LATE"
  chmod 777 "$WORK/libexec"
  without_pivot
  says "may be written by others (mode 0777)"
  chmod 755 "$WORK/libexec"
  mv "$LATE" "$WORK/real"
  ln -s "$WORK/real" "$LATE"
  without_pivot
  failed_with 1
  says "is no regular file"
  no_container
}

@test "a helper that hangs is killed at its deadline" {
  cp /bin/cat "$LATE"
  local began=$SECONDS
  without_pivot
  failed_with 1
  says "\"$LATE\" ran past its timeout of 10 s and was killed"
  ((SECONDS - began < 60))
  no_container
}

@test "a helper that ends is quoted" {
  cp /bin/busybox "$LATE"
  without_pivot
  failed_with 1
  says "\"$LATE\" exited with code 127: asylum-runc-late: applet not found"
  no_container
}

@test "the helper gets nothing of our environment" {
  with_helper
  SECRET=word strace -f -qq -v -s 200 -e trace=execve -o "$WORK/trace" \
    "$BIN/asylum-runc" --root "$STATE" run --no-pivot --bundle "$BUNDLE" "$ID" >/dev/null
  grep -q '\["asylum-runc-late"\], \[\])' "$WORK/trace" || die "$(grep execve "$WORK/trace")"
}

# Protected, it runs from a mount without a path.
@test "a protected program finds its helper however it was called" {
  with_helper
  for PROGRAM in "$BIN/asylum-runc" sbin/asylum-runc asylum-runc; do
    PATH=$BIN:$PATH without_pivot
    succeeded
  done
  ln -s sbin/asylum-runc link
  PROGRAM=./link
  without_pivot
  succeeded
}

@test "a program of that name elsewhere does not choose the helper" {
  with_helper
  mkdir -p "$WORK/other/sbin" "$WORK/other/libexec"
  cp "$ASYLUM_RUNC" "$WORK/other/sbin/asylum-runc"
  cp /bin/busybox "$WORK/other/libexec/asylum-runc-late"
  (exec -a "$WORK/other/sbin/asylum-runc" "$BIN/asylum-runc" --root "$STATE" run --no-pivot --bundle "$BUNDLE" "$ID") \
    >"$WORK/said" 2>&1 </dev/null && status=0 || status=$?
  output=$(<"$WORK/said")
  [[ $output != *applet* ]] || die "$output"
}
