#!/usr/bin/env bats
# What only the release build promises: which libraries are loaded, and what is opened on the way.

load helpers

# opened FILE: the shared libraries that a trace shows opened, without directory and version.
opened() { grep -oE '"[^"]*\.so[^"]*", [^)]*\) = [0-9]' "$1" | sed 's/^"//; s/".*//' | grep -v ld.so.cache | xargs -rn 1 basename | sort -u; }
only_glibc() {
  local extra
  extra=$(grep -vxE 'libc\.so\.6|ld-linux-x86-64\.so\.2' <<<"$1") || true
  [[ -z $extra ]] || die "other libraries: $extra"
}

@test "ldd shows only glibc's libraries" {
  run ldd "$ASYLUM_RELEASE"
  succeeded
  only_glibc "$(grep -vE 'linux-vdso' <<<"$output" | awk '{print $1}' | xargs -rn 1 basename)"
}

@test "run opens no other library" {
  arguments /bin/probe print traced
  strace -f -qq -e trace=openat,openat2,open -o "$WORK/trace" "$ASYLUM_RELEASE" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  grep -q 'libc.so.6' "$WORK/trace"
  only_glibc "$(opened "$WORK/trace")"
}

@test "state opens no other library, and few files at all" {
  created forever
  strace -f -qq -e trace=openat,openat2,open -o "$WORK/trace" "$ASYLUM_RELEASE" --root "$STATE" state "$ID" >/dev/null
  only_glibc "$(opened "$WORK/trace")"
  [[ $(grep -cv ENOENT "$WORK/trace") -lt 20 ]]
}

@test "run reads no mount table of the host" {
  arguments /bin/probe print traced
  strace -f -qq -e trace=openat,openat2,open -o "$WORK/trace" "$ASYLUM_RELEASE" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  run grep -E 'mountinfo|/proc/[^"]*mounts|/etc/mtab' "$WORK/trace"
  failed_with 1
}

@test "no locale, name service or gconv file is opened" {
  arguments /bin/probe print traced
  LC_ALL=en_US.UTF-8 strace -f -qq -e trace=openat,openat2,open -o "$WORK/trace" \
    "$ASYLUM_RELEASE" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  run grep -E 'locale|nsswitch|gconv|libnss' "$WORK/trace"
  failed_with 1
}

@test "the program is a position independent executable with full relro" {
  run readelf -hdl "$ASYLUM_RELEASE"
  succeeded
  says "DYN ("
  says BIND_NOW
  says GNU_RELRO
}
