#!/usr/bin/env bats
# A container that stops or freezes what the runtime puts into it: the command must not wait for ever, and must hear its
# signals. Ten seconds are given to a process that the container has stopped.

# bats file_tags=release
load helpers
load attacker
# The release build: a tracer stops what is entered, and the sanitizers have memory and habits of their own.
ASYLUM_RUNC=$ASYLUM_RELEASE

# held HOW NAME ARGUMENTS...: the command in the background; the attacker does HOW with the first process of it that he
# sees. Its words go to $WORK/NAME.said.
held() {
  local how=$1 name=$2
  shift 2
  recorded "$name" "$TOOLS/stepper" --hold "$how" "$SHARED/attacker" "$WORK/$name" "$ASYLUM_RUNC" --root "$STATE" "$@"
}
recorded() {
  local name=$1
  shift
  timeout --kill-after=1 "$PATIENCE" "$@" >"$WORK/$name.said" 2>&1 </dev/null 3>&- &
  JOBS[$name]=$!
}
# Both are tables of the file's, by name.
declare -gA JOBS CODES

# ended NAME...: by itself, not by our patience.
ended() {
  local name code late=""
  for name in "$@"; do
    code=0
    wait "${JOBS[$name]}" || code=$?
    CODES[$name]=$code
    [[ $code != @(124|137|97) ]] || late+="$name did not end: $(cat "$WORK/$name" "$WORK/$name.said" 2>/dev/null | xargs)"$'\n'
  done
  [[ -z $late ]] || die "$late"
}
# refused HOW NAME...: failed, and says that the container did it: HOW is stopped or froze.
refused() {
  local how=$1 name
  shift
  for name in "$@"; do
    [[ ${CODES[$name]} != 0 ]] || die "$name succeeded"
    matches "$(<"$WORK/$name.said")" \
      "^asylum-runc: ([^:]+: )?the container $how the process that was being started; it was killed after 10 s$"
  done
}
mounts_for_adding() { echo '[{"destination": "/tmp", "type": "tmpfs", "source": "tmpfs"}]' >"$WORK/mounts.json"; }
# Nobody is in the container but its init.
alone() { [[ $(find "$(cgroup_of "$(pid_of)")" -name cgroup.procs -exec cat {} +) == "$(pid_of)" ]]; }

@test "a process that the container stops while it enters is killed and explained; exec, mounts end by themselves" {
  captor
  mounts_for_adding
  serving_attacker
  held stop plain exec "$ID" /bin/sleep 1000
  held stop terminal exec --tty "$ID" /bin/sleep 1000
  held stop detached exec --detach "$ID" /bin/sleep 1000
  held stop timed exec --timeout 1s "$ID" /bin/sleep 1000
  held stop adding mounts add "$ID" "$WORK/mounts.json"
  ended plain terminal detached timed adding
  refused stopped plain terminal detached
  equal "${CODES[adding]}" 0
  eventually alone
}

@test "a process that the container freezes while it enters is killed and explained; exec, mounts end by themselves" {
  captor
  mounts_for_adding
  serving_attacker
  held freeze plain exec "$ID" /bin/sleep 1000
  held freeze detached exec --detach "$ID" /bin/sleep 1000
  held freeze timed exec --timeout 1s "$ID" /bin/sleep 1000
  held freeze adding mounts add "$ID" "$WORK/mounts.json"
  ended plain detached timed adding
  refused froze plain detached
  equal "${CODES[adding]}" 0
  eventually alone
}

@test "exec into a container whose init sits in a frozen cgroup of its own ends by itself" {
  captor
  mounts_for_adding
  attacker freeze-init
  eventually grep -qs '^frozen' "$SHARED/report"
  recorded plain "$ASYLUM_RUNC" --root "$STATE" exec "$ID" /bin/sleep 1000
  recorded detached "$ASYLUM_RUNC" --root "$STATE" exec --detach "$ID" /bin/sleep 1000
  recorded timed "$ASYLUM_RUNC" --root "$STATE" exec --timeout 1s "$ID" /bin/sleep 1000
  recorded adding "$ASYLUM_RUNC" --root "$STATE" mounts add "$ID" "$WORK/mounts.json"
  ended plain detached timed adding
  refused froze plain detached
  equal "${CODES[adding]}" 0
}

# share_pids: a second container is made in the captor's pid namespace; he sees its first process only.
share_pids() {
  local pid
  pid=$(pid_of)
  config "(.linux.namespaces[] | select(.type == \"pid\")).path = \"/proc/$pid/ns/pid\""
  arguments /bin/sleep 1000
}

@test "create in a pid namespace whose processes stop what they see ends by itself, and leaves nothing" {
  captor
  serving_attacker
  share_pids
  held stop creating create --bundle "$BUNDLE" "$ID-pod"
  ended creating
  refused creating
  equal "$(ls "$STATE" --ignore=@seccomp)" "$ID"
  equal "$(find "$(cgroup2)" -type d -name "*$ID-pod*")" ""
}

# at_once NAME: ended well before the ten seconds that a stopped process is given.
at_once() {
  local tries=160
  until gone "${JOBS[$1]}"; do
    ((tries-- > 0)) || die "$1 did not hear the signal: $(cat "$WORK/$1" "$WORK/$1.said")"
    sleep 0.05
  done
  ended "$1"
  [[ ${CODES[$1]} != 0 ]] || die "$1 succeeded"
}
main_of() { sed -n 's/^main //p' "$WORK/$1"; }
is_held() { grep -q '^held' "$WORK/$1" 2>/dev/null; }

@test "SIGTERM and SIGINT end exec at once while the container has stopped the process that enters" {
  captor
  serving_attacker
  local name
  held stop plain exec "$ID" /bin/sleep 1000
  held stop interrupted exec "$ID" /bin/sleep 1000
  held stop terminal exec --tty "$ID" /bin/sleep 1000
  held stop detached exec --detach "$ID" /bin/sleep 1000
  for name in plain interrupted terminal detached; do eventually is_held "$name"; done
  kill -TERM "$(main_of plain)" "$(main_of terminal)" "$(main_of detached)"
  kill -INT "$(main_of interrupted)"
  for name in plain interrupted terminal detached; do at_once "$name"; done
  eventually alone
}

@test "start ends although a process with CAP_SYS_PTRACE keeps the waiting init's gate open" {
  tracer
  arguments /bin/sleep 1000
  rt create --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null
  rt exec --detach "$ID" /bin/attacker hold-pipes >/dev/null 2>&1 </dev/null
  eventually grep -qs '^holding' "$SHARED/report"
  recorded start "$ASYLUM_RUNC" --root "$STATE" start "$ID"
  ended start
  equal "${CODES[start]}" 0
  is_status running
}
