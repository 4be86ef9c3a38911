#!/usr/bin/env bats
# What only the release build promises: which libraries are loaded, and what is opened on the way.

# bats file_tags=release
load helpers

# opened FILE: the shared libraries that a trace shows opened.
opened() { grep -oE '"[^"]*\.so[^"]*", [^)]*\) = [0-9]' "$1" || true; }

@test "the program is one static image: no loader, no library" {
  run readelf -ld "$ASYLUM_RELEASE"
  succeeded
  [[ $output != *INTERP* && $output != *NEEDED* ]] || die "it is a dynamic one: $output"
}

# Else the first exception registers and sorts all of them: more than the loader ever cost.
@test "the unwinder finds its frames by a header" {
  run readelf -l "$ASYLUM_RELEASE"
  says GNU_EH_FRAME
}

@test "run opens no library" {
  arguments /bin/probe print traced
  strace -f -qq -e trace=openat,openat2,open -o "$WORK/trace" "$ASYLUM_RELEASE" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  grep -q '/config.json' "$WORK/trace"
  equal "$(opened "$WORK/trace")" ""
}

@test "state opens no library, and few files at all" {
  created forever
  strace -f -qq -e trace=openat,openat2,open -o "$WORK/trace" "$ASYLUM_RELEASE" --root "$STATE" state "$ID" >/dev/null
  equal "$(opened "$WORK/trace")" ""
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
