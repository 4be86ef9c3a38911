#!/usr/bin/env bats
# Many commands at once: nobody hangs, one wins where only one can, every loser says why, and nothing is left.

load helpers

setup() {
  common_setup
  mkdir "$STATE"
}

teardown() {
  common_teardown
  local found
  found=$(pgrep -af -- "--root $STATE") && die "left over command: $found"
  # shellcheck disable=SC2010
  found=$(find "$STATE" -mindepth 1 -not -path "$STATE/@seccomp*") && [[ -n $found ]] && die "left over state: $found"
  return 0
}

# rounds N: N, and a quarter with the sanitizer build, whose start-up alone takes ten times as long on two cores.
rounds() {
  if [[ $ASYLUM_RUNC == */build/dev/* ]]; then printf '%s' $((($1 + 3) / 4)); else printf '%s' "$1"; fi
}

# moments N: how often what depends on the moment is tried. Each run draws other moments, so that a quarter finds in four what the
# whole finds in one; the whole with CHECK_FULL.
moments() {
  if [[ -n ${CHECK_FULL:-} ]]; then rounds "$1"; else printf '%s' $(($(rounds "$1") / 4 + 1)); fi
}

# together N COMMAND...: N at once, {} stands for the number; words in $WORK/said.I, codes in $WORK/code.I.
together() {
  local count=$1 i
  shift
  rm -f "$WORK"/said.* "$WORK"/code.*
  for ((i = 1; i <= count; i++)); do later "$i" "${@//\{\}/$i}"; done
  join
}
# later NAME COMMAND...: one command in the background, never longer than five minutes.
later() {
  local name=$1
  shift
  {
    local code=0
    timeout --kill-after=5 300 "$ASYLUM_RUNC" --root "$STATE" "$@" >"$WORK/said.$name" 2>&1 </dev/null || code=$?
    printf '%s\n' "$code" >"$WORK/code.$name"
  } 3>&- &
  JOBS+=($!)
}
join() {
  wait "${JOBS[@]}"
  JOBS=()
  ! grep -lx 124 "$WORK"/code.* || die "a command hangs"
}
JOBS=()
code() { cat "$WORK/code.$1"; }
said() { cat "$WORK/said.$1"; }
# codes: how many of each, "0:1 1:7".
codes() { sort -n "$WORK"/code.* | uniq -c | awk '{printf "%s%s:%s", (NR > 1 ? " " : ""), $2, $1}'; }
# losers_say TEXT: every command that failed has one line, with this text.
losers_say() {
  local file
  for file in "$WORK"/code.*; do
    [[ $(<"$file") -ne 0 ]] || continue
    output=$(<"${file/code/said}")
    matches "$output" "$1"
    equal "$(wc -l <<<"$output")" 1
  done
}
alone_in_cgroup() { [[ $(cat "$(cgroup_of "$(pid_of)")/cgroup.procs") == "$(pid_of)" ]]; }
forget() { rt delete --force "$ID"; }

@test "a hundred execs at once, each with its own output and code" {
  local count i
  count=$(rounds 100)
  background forever
  together "$count" exec "$ID" /bin/sh -c 'echo out {}; exit {}'
  for ((i = 1; i <= count; i++)); do
    equal "$(said "$i")" "out $i"
    equal "$(code "$i")" "$i"
  done
  eventually alone_in_cgroup
  equal "$(find "$(cgroup_of "$(pid_of)")" -mindepth 1 -type d)" ""
}

@test "a hundred detached execs at once, and one delete ends them" {
  local count
  count=$(rounds 100)
  background forever
  together "$count" exec --detach --pid-file "$WORK/pid.{}" "$ID" /bin/sleep 1000
  equal "$(codes)" "0:$count"
  equal "$(for file in "$WORK"/pid.*; do cat "$file"; echo; done | sort -u | wc -l)" "$count"
  in_cgroup $((count + 1))
  rt delete --force "$ID"
}

@test "eight creates of one id: one wins" {
  arguments /bin/probe forever
  local round
  for ((round = $(moments 8); round > 0; round--)); do
    together 8 create --bundle "$BUNDLE" "$ID"
    equal "$(codes)" "0:1 1:7"
    losers_say 'container with given ID already exists'
    equal "$(status_of)" created
    forget
  done
}

@test "twenty creates, starts and deletes of different ids" {
  arguments /bin/probe forever
  together 20 create --bundle "$BUNDLE" "$ID-{}"
  equal "$(codes)" 0:20
  equal "$(rt list -q | wc -l)" 20
  together 20 start "$ID-{}"
  equal "$(codes)" 0:20
  equal "$(rt list --format json | jq -r '.[].status' | sort | uniq -c | tr -s ' ')" " 20 running"
  together 20 delete --force "$ID-{}"
  equal "$(codes)" 0:20
  equal "$(rt list -q)" ""
}

@test "twenty runs at once, each with its own output and code" {
  arguments /bin/sh -c 'hostname; exit 3'
  together 20 run --bundle "$BUNDLE" "$ID-{}"
  equal "$(codes)" 3:20
}

@test "ten deletes by force of one running container" {
  local round
  for ((round = $(moments 5); round > 0; round--)); do
    background forever
    together 10 delete --force "$ID"
    equal "$(codes)" 0:10
    equal "$(cat "$WORK"/said.*)" ""
    [[ ! -e $STATE/$ID ]]
  done
}

@test "ten deletes of one stopped container: one wins" {
  local round
  for ((round = $(moments 5); round > 0; round--)); do
    background exit 0
    eventually is_status stopped
    together 10 delete "$ID"
    equal "$(codes)" "0:1 1:9"
    losers_say 'container does not exist'
  done
}

@test "ten starts of one container: one wins" {
  local round
  for ((round = $(moments 5); round > 0; round--)); do
    created forever
    together 10 start "$ID"
    equal "$(codes)" "0:1 1:9"
    losers_say 'cannot start an already running container'
    equal "$(status_of)" running
    forget
  done
}

@test "kill during start" {
  local round
  for ((round = $(moments 20); round > 0; round--)); do
    created forever
    later start start "$ID"
    sleep "0.00$((RANDOM % 9))"
    later kill kill "$ID" KILL
    join
    equal "$(code kill)" 0
    [[ $(code start) -eq 0 ]] || matches "$(said start)" '(killed by SIGKILL|cannot start a container that has stopped)'
    eventually is_status stopped
    rt delete "$ID"
  done
}

@test "delete by force during start" {
  local round
  for ((round = $(moments 20); round > 0; round--)); do
    created forever
    later start start "$ID"
    sleep "0.00$((RANDOM % 9))"
    later delete delete --force "$ID"
    join
    equal "$(code delete)" 0
    [[ $(code start) -eq 0 ]] || matches "$(said start)" '(does not exist|killed by SIGKILL|cannot start a container that has stopped)'
    [[ ! -e $STATE/$ID ]]
  done
}

@test "delete by force during create: the container is whole or gone" {
  arguments /bin/probe forever
  local round
  for ((round = $(moments 30); round > 0; round--)); do
    later create create --bundle "$BUNDLE" "$ID"
    sleep "0.0$((RANDOM % 3))$((RANDOM % 10))"
    later delete delete --force "$ID"
    join
    equal "$(code delete)" 0
    equal "$(said delete)" ""
    equal "$(code create)" 0
    if [[ -e $STATE/$ID ]]; then
      equal "$(status_of)" created # delete came before the first trace of create
      forget
    fi
    assert_nothing_left
  done
}

@test "delete by force during run" {
  arguments /bin/probe forever
  local round
  for ((round = $(moments 15); round > 0; round--)); do
    rm -f "$WORK/code.run"
    later run run --bundle "$BUNDLE" "$ID"
    sleep "0.0$((RANDOM % 3))$((RANDOM % 10))"
    later delete delete --force "$ID"
    wait "${JOBS[1]}"
    equal "$(code delete)" 0
    until [[ -s $WORK/code.run ]]; do forget; done # delete may have come before the first trace of run
    join
    matches "$(code run)" '^(1|137)$'
    assert_nothing_left
  done
}

@test "delete during exec: refused without force, and with it exec ends by the signal" {
  background forever
  later exec exec "$ID" /bin/sleep 1000
  eventually in_cgroup 2
  attempt delete "$ID"
  failed_with 1
  says "that is not stopped: running"
  rt delete --force "$ID"
  join
  equal "$(code exec)" 137
}
in_cgroup() { [[ $(wc -l <"$(cgroup_of "$(pid_of)")/cgroup.procs") -eq $1 ]]; }

@test "delete by force while execs begin" {
  local round i
  for ((round = $(moments 10); round > 0; round--)); do
    background forever
    for i in {1..8}; do later "$i" exec "$ID" /bin/sh -c 'exit 0'; done
    sleep "0.00$((RANDOM % 10))"
    later delete delete --force "$ID"
    join
    equal "$(code delete)" 0
    for i in {1..8}; do
      matches "$(code "$i")" '^(0|137|255)$'
      [[ $(code "$i") -ne 255 ]] || matches "$(said "$i")" \
        '(container does not exist|cannot exec in a stopped container|container not running)'
    done
    assert_nothing_left
  done
}

@test "state and list always answer while containers come and go" {
  arguments /bin/probe exit 0
  local i
  for i in {1..10}; do later "$i" run --bundle "$BUNDLE" "$ID-$i"; done
  for i in {1..30}; do
    run --separate-stderr rt list --format json
    succeeded
    equal "$stderr" ""
    jq -e 'type == "array" or type == "null"' <<<"$output" >/dev/null
    run --separate-stderr rt state "$ID-$((i % 10 + 1))"
    if [[ $status -eq 0 ]]; then jq -e .status <<<"$output" >/dev/null; else matches "$stderr" "container does not exist"; fi
  done
  join
  equal "$(codes)" 0:10
}

@test "pause, resume, kill and exec of one container, all at once" {
  background forever
  local i
  for i in {1..10}; do
    later "pause$i" pause "$ID"
    later "resume$i" resume "$ID"
    later "exec$i" exec --ignore-paused "$ID" /bin/sh -c 'exit 0'
    later "kill$i" kill "$ID" USR1
  done
  sleep 1
  rt resume "$ID" 2>/dev/null || true
  while pgrep -f -- "--root $STATE (pause|resume|exec|kill)" >/dev/null; do
    rt resume "$ID" 2>/dev/null || true
    sleep 0.1
  done
  join
  cat "$WORK"/said.pause* "$WORK"/said.resume* | grep -vE 'container not (running|paused)' && die "another word"
  local name
  for name in "$WORK"/code.exec* "$WORK"/code.kill*; do equal "$(<"$name")" 0; done
  rt resume "$ID" 2>/dev/null || true
  equal "$(status_of)" running
}
