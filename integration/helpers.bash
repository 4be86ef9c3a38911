# shellcheck shell=bash
# What every bats file loads: a bundle of the static probe, the program under test with a state directory of its own,
# and a teardown that fails when anything is left on the host.
#
# ASYLUM_RUNC     the program under test (default: build/dev)
# ASYLUM_RELEASE  the release build, for what only it promises (default: build/release)

INTEGRATION=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
TOP=${INTEGRATION%/*}
TOOLS=${ASYLUM_TOOLS:-$TOP/build/integration}
ASYLUM_RUNC=${ASYLUM_RUNC:-$TOP/build/dev/asylum-runc}
# shellcheck disable=SC2034
ASYLUM_RELEASE=${ASYLUM_RELEASE:-$TOP/build/release/asylum-runc}

# In bats: every test gets a directory, a state directory, an id of its own, and a bundle with the default config.
common_setup() {
  bats_require_minimum_version 1.5.0
  WORK=$BATS_TEST_TMPDIR
  STATE=$WORK/state
  BUNDLE=$WORK/bundle
  CONFIG=$BUNDLE/config.json
  ID=bats-$$-${BATS_TEST_NUMBER:-0}
  cd "$WORK" || return
  make_bundle "$BUNDLE"
}

common_teardown() {
  local id
  [[ -z ${HELPERS:-} ]] || kill "$HELPERS" 2>/dev/null || true
  if [[ -d $STATE ]]; then
    for id in "$STATE"/*/; do
      [[ -d $id ]] && rt delete --force "$(basename -- "$id")" >/dev/null 2>&1
    done
  fi
  [[ ! -e /run/asylum-runc/$ID ]] || "$ASYLUM_RUNC" delete --force "$ID"
  eventually childless || die "left over: $(ps -o args --ppid "$BASHPID")"
  assert_nothing_left
}
# childless: a process of the test that outlives it holds the pipe that bats reads from: the whole run would wait for it.
childless() {
  local pid children=()
  read -ra children <"/proc/$BASHPID/task/$BASHPID/children" || true
  for pid in "${children[@]}"; do gone "$pid" || return 1; done
}

# The default for every file; a file with more to do defines its own and calls these.
setup() { common_setup; }
teardown() { common_teardown; }

# rt ARGUMENTS...: the program under test on the test's state directory.
rt() { "$ASYLUM_RUNC" --root "$STATE" "$@"; }

# attempt ARGUMENTS...: rt, its words to $output by way of a file: a container that was made against expectation keeps the
# pipe of bats' `run` open for ever. Ends after five minutes.
attempt() {
  status=0
  timeout 300 "$ASYLUM_RUNC" --root "$STATE" "$@" >"$WORK/said" 2>&1 </dev/null || status=$?
  output=$(<"$WORK/said")
}

# open_to_others: other users can enter the test's directory, which bats keeps to itself, and find the program in it: the
# checkout may lie below a directory that is closed to them, as a home is.
open_to_others() {
  cp "$ASYLUM_RUNC" "$WORK/asylum-runc"
  cp "${ASYLUM_RUNC%/*}/asylum-runc-late" "$WORK"
  ASYLUM_RUNC=$WORK/asylum-runc
  chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$WORK" "$BUNDLE" "$ASYLUM_RUNC"
}

# make_bundle DIRECTORY: busybox, the probe, and the config that `spec` prints, without a terminal. Made once a file, copied
# for each test.
make_bundle() {
  local model=$BATS_FILE_TMPDIR/bundle
  [[ -e $model/config.json ]] || make_model "$model"
  mkdir -p "$1"
  cp -R "$model/." "$1"
}
make_model() {
  mkdir -p "$1"/rootfs/{bin,dev,etc,proc,sys,tmp}
  cp /bin/busybox "$1/rootfs/bin/busybox"
  ln -s busybox "$1/rootfs/bin/sh"
  ln -s busybox "$1/rootfs/bin/sleep"
  cp "$TOOLS/probe" "$1/rootfs/bin/probe"
  "$ASYLUM_RUNC" spec --bundle "$1"
  config '.process.terminal = false' "$1/config.json"
}

# config FILTER [FILE]: edits config.json with jq.
config() {
  local file=${2:-$CONFIG} edited
  edited=$(jq "$1" "$file") || return
  printf '%s\n' "$edited" >"$file"
}

# arguments WORD...: process.args.
arguments() {
  local edited
  edited=$(jq '.process.args = $ARGS.positional' "$CONFIG" --args -- "$@") || return
  printf '%s\n' "$edited" >"$CONFIG"
}

# probe VERB...: runs a container whose program is the probe; $output has its lines.
probe() {
  arguments /bin/probe "$@"
  run rt run --bundle "$BUNDLE" "$ID"
  succeeded
}

# background VERB...: creates and starts a container with the probe, its output in $WORK/output.
background() {
  arguments /bin/probe "$@"
  rt create --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null || { cat "$WORK/output"; return 1; }
  rt start "$ID"
}

# created VERB...: creates without starting.
created() {
  arguments /bin/probe "$@"
  rt create --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null || { cat "$WORK/output"; return 1; }
}

# --- what is asserted: each prints what it saw when it fails

die() { printf '%s\n' "$*" >&2; return 1; }
succeeded() { [[ $status -eq 0 ]] || die "ended with $status: $output"; }
failed_with() { [[ $status -eq $1 ]] || die "ended with $status, not $1: $output"; }
# has LINE: $output has exactly this line.
has() { grep -qxF -- "$1" <<<"$output" || die "no line '$1' in: $output"; }
has_not() { ! grep -qxF -- "$1" <<<"$output" || die "the line '$1' in: $output"; }
# says TEXT: $output contains it.
says() { [[ $output == *"$1"* ]] || die "no '$1' in: $output"; }
equal() { [[ $1 == "$2" ]] || die "got '$1', expected '$2'"; }
matches() { [[ $1 =~ $2 ]] || die "'$1' does not match $2"; }

status_of() { rt state "$ID" | jq -r .status; }
pid_of() { rt state "$ID" | jq -r .pid; }

# eventually COMMAND...: true within a minute. Deadlines only end a test that hangs: they hold on a machine ten times as busy.
eventually() {
  local tries=1200
  until "$@"; do
    ((tries-- > 0)) || die "never true: $*"
    sleep 0.05
  done
}
is_status() { [[ $(status_of) == "$1" ]]; }
# gone PID: no such process, or only its zombie, which is its parent's business.
gone() { [[ ! -e /proc/$1 || $(sed 's/.*) //; s/ .*//' "/proc/$1/stat" 2>/dev/null) =~ ^[ZX]?$ ]]; }
output_has() { grep -qxF -- "$1" "$WORK/output"; }

cgroup2() {
  local candidate
  for candidate in /sys/fs/cgroup /sys/fs/cgroup/unified; do
    [[ $(stat -f -c %T "$candidate") == cgroup2fs ]] && printf '%s' "$candidate" && return
  done
}
# cgroup_of PID: its directory on the host.
cgroup_of() { printf '%s%s' "$(cgroup2)" "$(sed -n 's/^0:://p' "/proc/$1/cgroup")"; }

# Nothing of this test is on the host: no cgroup with its id, no mount of its directory, no process that sees it.
assert_nothing_left() {
  local problem=0 found
  found=$(find "$(cgroup2)" -type d -name "*$ID*" 2>/dev/null) || true
  [[ -z $found ]] || { printf 'left over cgroup: %s\n' "$found" >&2; problem=1; }
  found=$(grep -F -- "$WORK" /proc/self/mountinfo) || true
  [[ -z $found ]] || { printf 'left over mount: %s\n' "$found" >&2; problem=1; }
  local tries=400
  while found=$(grep -lF -- "$BUNDLE" /proc/[0-9]*/mountinfo 2>/dev/null || true) && [[ -n $found ]]; do
    ((tries-- > 0)) || { printf 'left over process: %s\n' "$found" >&2; problem=1; break; }
    sleep 0.05
  done
  if [[ -d $STATE ]]; then
    found=$(ls -A --ignore=@seccomp "$STATE") # compiled filters are kept: a cache, not a container
    [[ -z $found ]] || { printf 'left over state: %s\n' "$found" >&2; problem=1; }
  fi
  found=$(find /run/asylum-runc -name "*$ID*" 2>/dev/null) || true
  [[ -z $found ]] || { printf 'left over state: %s\n' "$found" >&2; problem=1; }
  return "$problem"
}

# fails_cleanly TEXT...: `run` and `create` of the bundle fail with code 1, one line that has every TEXT, and nothing
# left behind; with --log-format json the log is one JSON object.
fails_cleanly() {
  local command text before log
  for command in create run; do
    rm -f "$WORK/log.json"
    before=$(cd "$BUNDLE" && find . | sort)
    attempt --log "$WORK/log.json" --log-format json "$command" --bundle "$BUNDLE" "$ID"
    failed_with 1
    for text in "$@"; do says "$text"; done
    matches "${output##*$'\n'}" '^asylum-runc: .+'
    # One object, of this level, and all its words.
    log=$(jq -rs 'length, .[0].level, ([.. | strings] | join("\n"))' "$WORK/log.json")
    matches "$log" $'^1\nerror\n'
    for text in "$@"; do [[ $log == *"$text"* ]] || die "no '$text' in the log: $output"; done
    assert_nothing_left
    equal "$(cd "$BUNDLE" && find . | sort)" "$before"
  done
}
