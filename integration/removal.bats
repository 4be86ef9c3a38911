#!/usr/bin/env bats
# What create accepted, `delete --force` removes: whatever its size, and whatever has become of the files that the
# container keeps about itself. Where it cannot know what is left, it says so.
# bats makes a subshell of every test:
# shellcheck disable=SC2030,SC2031

load helpers

# removed [TEXT]: delete --force ends well, says TEXT, and leaves neither process nor cgroup nor directory.
removed() {
  attempt delete --force "$ID"
  succeeded
  says "${1:-}"
  equal "$(rt list -q)" ""
  [[ -z $INIT ]] || eventually gone "$INIT"
  assert_nothing_left
  # the id can be used again
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
}
# running, waiting: a container whose first process is $INIT.
running() { background forever; INIT=$(pid_of); arguments /bin/probe exit 0; }
waiting() { created forever; INIT=$(pid_of); arguments /bin/probe exit 0; }

# One way each in which a file can be wrong; $1 is its path.
spoil_missing() { rm "$1"; }
spoil_empty() { : >"$1"; }
spoil_text() { printf 'no such thing\n' >"$1"; }
spoil_binary() { head -c 3000 /dev/urandom >"$1"; }
spoil_half() { truncate -s "$(($(stat -c %s "$1") / 2))" "$1"; }
spoil_line() { sed -i '2s/.*/a  b/' "$1"; }
spoil_large() { truncate -s 70M "$1"; }
spoil_directory() { rm "$1" && mkdir "$1" && printf x >"$1/x"; }
spoil_fifo() { rm "$1" && mkfifo "$1"; }
spoil_link() { rm "$1" && ln -s /dev/zero "$1"; }
spoil_loop() { rm "$1" && ln -s "${1##*/}" "$1"; }
spoil_owner() { chown 1000 "$1"; }
spoil_mode() { chmod 0666 "$1"; }
SPOILS=(missing empty text binary half line large directory fifo link loop owner mode)

@test "a container with annotations of any size is created, used and removed" {
  local size
  head -c 9000000 /dev/zero | tr '\0' A >"$WORK/text"
  for size in 1 1048000 1048576 1100000 9000000; do
    arguments /bin/probe forever
    head -c "$size" "$WORK/text" >"$WORK/part"
    jq --rawfile x "$WORK/part" '.annotations = {"x": $x}' "$CONFIG" >"$WORK/large.json"
    rt create --bundle "$BUNDLE" --config "$WORK/large.json" "$ID" >"$WORK/output" 2>&1 </dev/null
    INIT=$(pid_of)
    attempt start "$ID"
    succeeded
    attempt exec "$ID" /bin/probe exit 0
    succeeded
    arguments /bin/probe exit 0
    removed
  done
}

@test "control characters in annotations and hooks, which take three bytes each in the record, are removed too" {
  arguments /bin/probe forever
  jq '.annotations = {"x": ("\u0001" * 700000)}
    | .hooks = {"poststop": [{"path": "/bin/true", "args": ["true", "\u0002" * 100000]}]}' "$CONFIG" >"$WORK/large.json"
  rt create --bundle "$BUNDLE" --config "$WORK/large.json" "$ID" >"$WORK/output" 2>&1 </dev/null
  INIT=$(pid_of)
  arguments /bin/probe exit 0
  removed
}

@test "whatever has become of the journal, a running container is removed" {
  local how
  for how in "${SPOILS[@]}"; do
    running
    "spoil_$how" "$STATE/$ID/journal"
    removed
  done
}

@test "whatever has become of the record, a running container is removed" {
  local how
  for how in "${SPOILS[@]}"; do
    running
    "spoil_$how" "$STATE/$ID/record"
    removed
  done
}

@test "whatever has become of the saved config, the lock and the gate, a created container is removed" {
  local how name
  for name in config.json lock go answer; do
    for how in missing directory fifo link loop; do
      waiting
      "spoil_$how" "$STATE/$ID/$name"
      removed
    done
  done
}

@test "when record and journal are both lost, delete --force says what it cannot know" {
  local how cgroup
  for how in text directory; do
    running
    cgroup=$(cgroup_of "$INIT")
    "spoil_$how" "$STATE/$ID/journal"
    "spoil_$how" "$STATE/$ID/record"
    attempt delete --force "$ID"
    succeeded
    says "if any process of it lives, it is left"
    equal "$(rt list -q)" ""
    # what is left is the test's to remove
    kill -KILL "$INIT"
    eventually gone "$INIT"
    eventually rmdir "$cgroup"
  done
  assert_nothing_left
}

@test "a copied or renamed state directory gives no right over the container that it names" {
  running
  cp -a "$STATE/$ID" "$STATE/$ID-copy"
  attempt delete --force "$ID-copy"
  succeeded
  says "that of container"
  equal "$(status_of)" running
  [[ ! -e $STATE/$ID-copy ]]
  mv "$STATE/$ID" "$STATE/$ID-renamed"
  attempt state "$ID-renamed"
  failed_with 1
  says "that of container"
  mv "$STATE/$ID-renamed" "$STATE/$ID"
  removed
}

@test "a damaged container is listed, refused by every verb with its reason, and not deleted without --force" {
  local verb
  running
  printf 'no such thing\n' >"$STATE/$ID/journal"
  attempt list
  succeeded
  matches "$output" "$ID +0 +damaged"
  equal "$(rt list --format json 2>/dev/null | jq -r '.[0].status')" damaged
  for verb in state start kill delete pause resume ps; do
    attempt "$verb" "$ID"
    [[ $status -ne 0 ]]
    says "is damaged: its journal"
  done
  [[ -e /proc/$INIT ]]
  removed "its journal"
}

# The sticky bit says that a delete has begun with the files.
@test "what a killed delete has left is removed by the next, with its lock or without, and only once" {
  local files file run
  for files in record journal lock 'record journal lock'; do
    for run in 'delete' 'delete --force'; do
      background exit 0
      eventually is_status stopped
      rmdir "$(cgroup2)/$ID" # as it had done
      chmod 1700 "$STATE/$ID"
      for file in $files; do rm "$STATE/$ID/$file"; done
      attempt start "$ID"
      failed_with 1
      matches "$output" '(container does not exist|cannot start a container that has stopped)'
      # shellcheck disable=SC2086
      attempt $run "$ID"
      if [[ $run == delete && $files == *lock* ]]; then
        failed_with 1
        says 'container does not exist' # another delete may be at its last step
        attempt delete --force "$ID"
      fi
      succeeded
      equal "$output" ""
      [[ ! -e $STATE/$ID ]]
    done
  done
}

@test "the state of others is not believed: owner and mode of the root and of the container's directory" {
  running
  chown 1000 "$STATE"
  attempt state "$ID"
  failed_with 1
  says "belongs to uid 1000"
  attempt delete --force "$ID"
  failed_with 1
  says "belongs to uid 1000"
  attempt run --bundle "$BUNDLE" "$ID-run"
  failed_with 1
  says "belongs to uid 1000"
  attempt list
  failed_with 1
  chown 0 "$STATE"
  chmod 0777 "$STATE"
  attempt state "$ID"
  failed_with 1
  says "may be written by others (mode 0777)"
  # with the sticky bit others add names, but nobody replaces ours
  chmod 1777 "$STATE"
  attempt state "$ID"
  succeeded
  chmod 0700 "$STATE"
  chown 1000 "$STATE/$ID"
  attempt state "$ID"
  failed_with 1
  says "belongs to uid 1000"
  attempt delete "$ID"
  failed_with 1
  [[ -e $STATE/$ID ]]
  chown 0 "$STATE/$ID"
  removed
}

@test "a forged container of another user is removed without believing a word of it" {
  mkdir -p "$STATE/$ID"
  chmod 0700 "$STATE" "$STATE/$ID"
  sleep 1000 3>&- &
  local victim=$!
  printf 'asylum-journal 1 %s %s\nmade process %s %s\ncommitted\n' "$(</proc/sys/kernel/random/boot_id)" "$ID" "$victim" \
    "$(awk '{ print $22 }' "/proc/$victim/stat")" >"$STATE/$ID/journal"
  printf 'asylum-record 1\nid %s\nhook poststop /bin/touch /hooks/poststop/0 - 2 touch %s/hooked\n' "$ID" "$WORK" \
    >"$STATE/$ID/record"
  chown -R 1000 "$STATE/$ID"
  attempt delete --force "$ID"
  succeeded
  says "belongs to uid 1000"
  [[ ! -e $STATE/$ID && ! -e $WORK/hooked ]]
  kill -0 "$victim"
  kill "$victim"
}
