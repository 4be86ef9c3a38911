#!/usr/bin/env bats
# Every command used wrongly: one clear line, usage where it helps, the right exit code, and nothing is changed.

load helpers

# The commands that work on one container, as their shortest right call but for the id.
ON_A_CONTAINER=(state start delete pause resume update ps events kill "mounts add @ $BATS_TEST_FILENAME" "exec @ /bin/true")
EVERY_COMMAND=(create run start state kill delete exec list ps pause resume update events spec features mounts)

setup() {
  common_setup
  mkdir -p "$STATE"
}

# call COMMAND ID: with ID in the place of @, or at the end.
call() {
  local words
  read -ra words <<<"$1"
  if [[ $1 == *@* ]]; then attempt "${words[@]/@/$2}"; else attempt "${words[@]}" "$2"; fi
}

# everything: what a command could change: state directory, container, its freezer.
everything() {
  find "$STATE" -path "$STATE/@seccomp" -prune -o -printf '%p %y %m %i %s %T@\n' | sort
  [[ ! -e $STATE/$ID ]] || "$ASYLUM_RUNC" --root "$STATE" state "$ID"
  cat "$(cgroup2)/$ID/cgroup.procs" "$(cgroup2)/$ID/cgroup.freeze" 2>/dev/null || true
}

# refused CODE TEXT: one line of complaint (usage comes before it and is no complaint).
refused() {
  failed_with "$1"
  equal "$(grep -c '^asylum-runc: ' <<<"$output")" 1
  matches "$(tail -n 1 <<<"$output")" '^asylum-runc: '
  [[ $(tail -n 1 <<<"$output") == *"$2"* ]] || die "not '$2' but: $output"
}
code_of() { if [[ $1 == exec* ]]; then printf 255; else printf 1; fi; }

@test "misuse: an id that is none" {
  local command id before
  before=$(everything)
  for command in "${ON_A_CONTAINER[@]}"; do
    for id in ../x . .. a/b 'a;b' "$(printf '%0256d' 0)" -- ; do
      [[ $id != -- ]] || id=''
      [[ $command != *@* || -n $id ]] || continue
      call "$command" "$id"
      refused "$(code_of "$command")" "invalid container ID format"
    done
  done
  equal "$(everything)" "$before"
}

@test "misuse: an id that nobody has" {
  local command before
  before=$(everything)
  for command in "${ON_A_CONTAINER[@]}"; do
    call "$command" nobody
    refused "$(code_of "$command")" "container does not exist"
    says "no such file or directory"
  done
  equal "$(everything)" "$before"
}

@test "misuse: no id at all, or one word too many, shows the usage" {
  local command
  for command in create run start state kill delete pause resume update events; do
    attempt "$command"
    refused 1 "\"$command\" requires"
    says "Incorrect Usage"
    attempt "$command" one 9 three
    refused 1 "\"$command\" requires"
  done
  for command in exec ps; do
    attempt "$command"
    refused 1 "\"$command\" requires a minimum of 1 argument(s)"
  done
  for command in list spec features; do
    attempt "$command" one
    refused 1 "\"$command\" requires exactly 0 argument(s)"
  done
  attempt mounts add one
  refused 1 '"mounts" requires exactly 3 argument(s)'
}

@test "misuse: an option that no command has" {
  local command option
  for command in "${EVERY_COMMAND[@]}"; do
    for option in --nonsense --nonsense=1 -Z; do
      attempt "$command" "$option" x
      refused 1 "flag provided but not defined: "
    done
  done
  assert_nothing_left
}

# From the program's own help: each option of each command that takes a value, given without one.
@test "misuse: an option without its value" {
  local command option count=0
  for command in "${EVERY_COMMAND[@]}"; do
    while read -r option; do
      attempt "$command" "$option"
      refused 1 "flag needs an argument"
      count=$((count + 1))
    done < <("$ASYLUM_RUNC" "$command" --help | grep -oE -- '--[a-z0-9-]+ [A-Z]' | cut -d' ' -f1)
  done
  ((count >= 30)) || die "only $count options were tried"
}

@test "misuse: a value for an option that takes none" {
  attempt run --detach=maybe "$ID"
  refused 1 detach
  attempt delete --force=7x "$ID"
  refused 1 force
}

# in_state COMMAND CODE TEXT: refused, and the container is as it was.
in_state() {
  local before
  before=$(everything)
  call "$1" "$ID"
  refused "$2" "$3"
  equal "$(everything)" "$before"
}

@test "misuse: commands that a created container does not know" {
  created forever
  in_state resume 1 "container not paused"
  in_state "kill @ NONSENSE" 1 'unknown signal "NONSENSE"'
  in_state "kill @ 99" 1 'unknown signal "99"'
  in_state "create --bundle $BUNDLE" 1 "container with given ID already exists"
  in_state "run --bundle $BUNDLE" 1 "container with given ID already exists"
}

@test "misuse: commands that a running container does not know" {
  background forever
  in_state start 1 "cannot start an already running container"
  in_state delete 1 "that is not stopped: running"
  in_state resume 1 "container not paused"
  in_state "create --bundle $BUNDLE" 1 "container with given ID already exists"
  in_state "exec --user nobody @ /bin/true" 255 "not a user"
  in_state "exec --cwd relative @ /bin/true" 255 "absolute"
  in_state "exec --process /no/such @" 255 /no/such
  in_state "ps --format yaml @" 1 "invalid format option"
  in_state "events --interval 0s @" 1 "duration interval must be greater than 0"
  in_state "update --resources /no/such @" 1 /no/such
  in_state "update --pids-limit many @" 1 many
}

@test "misuse: commands that a paused container does not know" {
  background forever
  rt pause "$ID"
  in_state pause 1 "container not running"
  in_state start 1 "cannot start a container in the paused state"
  in_state delete 1 "that is not stopped: paused"
  in_state "exec @ /bin/true" 255 "cannot exec in a paused container (use --ignore-paused to override)"
  rt resume "$ID"
}

@test "misuse: commands that a stopped container does not know" {
  background exit 0
  eventually is_status stopped
  in_state start 1 "cannot start a container that has stopped"
  in_state "kill @ TERM" 1 "container not running: no such process"
  in_state pause 1 "container not running"
  in_state resume 1 "container not paused"
  in_state "exec @ /bin/true" 255 "cannot exec in a stopped container"
  in_state "update --pids-limit 5 @" 1 "container not running"
  in_state "events --stats @" 1 "is not running"
  in_state "run --bundle $BUNDLE" 1 "container with given ID already exists"
}

@test "misuse: a container whose first process was killed from outside" {
  background forever
  local pid
  pid=$(pid_of)
  kill -KILL "$pid"
  eventually is_status stopped
  in_state "kill @ TERM" 1 "container not running"
  in_state "exec @ /bin/true" 255 "cannot exec in a stopped container"
  rt delete "$ID"
}
