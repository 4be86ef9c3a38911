#!/usr/bin/env bats
# conmon as Podman and CRI-O use it: our program creates and execs under it, its sync pipe, attach socket, log and exit
# files tell what happened.

load helpers

setup() {
  command -v conmon >/dev/null || skip "conmon is not installed"
  common_setup
  mkdir "$WORK/exits" "$WORK/sockets" "$WORK/persist"
  mkfifo "$WORK/go"
  exec 8<>"$WORK/go" # both ends: neither side waits for the other
}
teardown() {
  exec 8>&-
  common_teardown
  local pid
  for pid in "$WORK"/*.conmon-pid; do
    [[ ! -s $pid ]] || eventually gone "$(<"$pid")"
  done
}

# monitor NAME OPTION...: conmon the way Podman starts it; its answer goes to $WORK/NAME.sync, the log of our program
# to $WORK/NAME.oci. It waits for a byte in the start pipe.
monitor() {
  local name=$1
  shift
  _OCI_SYNCPIPE=7 _OCI_STARTPIPE=8 timeout 300 conmon --api-version 1 -c "$ID" -u "uuid-$name" -n "$name" -r "$ASYLUM_RUNC" \
    -b "$BUNDLE" -p "$WORK/$name.pid" -P "$WORK/$name.conmon-pid" -l "k8s-file:$WORK/$name.log" --exit-dir "$WORK/exits" \
    --socket-dir-path "$WORK/sockets" --persist-dir "$WORK/persist" --log-level debug \
    --runtime-arg --root --runtime-arg "$STATE" --runtime-arg --log-format=json --runtime-arg --log \
    --runtime-arg="$WORK/$name.oci" "$@" 7>"$WORK/$name.sync" </dev/null >"$WORK/$name.said" 2>&1 3>&-
}
go() { echo >&8; }
answered() { [[ -s $WORK/$1.sync ]]; }
# answer NAME: conmon's word about the runtime's success, {"data": PID} or {"data": -1, "message": TEXT}.
answer() {
  eventually answered "$1" >&2
  head -n 1 "$WORK/$1.sync"
}
# conmon_container OPTION...: created and not started.
conmon_container() {
  go
  monitor web "$@"
  local pid
  pid=$(answer web | jq .data)
  ((pid > 0)) || { cat "$WORK"/web.*; return 1; }
  equal "$pid" "$(pid_of)"
  equal "$(<"$WORK/web.pid")" "$pid"
}
exited() { [[ -s $WORK/exits/$ID ]]; }
code_of_exit() { eventually exited >&2 && cat "$WORK/exits/$ID"; }
logged() { cut -d' ' -f2- "$WORK/$1.log"; }
log_has() { logged "$1" | grep -qxF -- "$2"; }

# attach_to SOCKET [INPUT]: in the background, to $WORK/attached.
attach_to() {
  "$TOOLS/attach" "$@" >"$WORK/attached" 2>&1 3>&- 8>&- &
  HELPERS=$!
  eventually grep -qx attached "$WORK/attached"
}
attached_has() { grep -qxF -- "$1" "$WORK/attached"; }

@test "conmon: create, start, output, exit code" {
  arguments /bin/sh -c 'echo out; echo err >&2; exit 7'
  conmon_container
  equal "$(status_of)" created
  rt start "$ID"
  equal "$(code_of_exit)" 7
  equal "$(<"$WORK/persist/exit")" 7
  log_has web "stdout F out"
  log_has web "stderr F err"
  equal "$(status_of)" stopped
  rt delete "$ID"
  [[ ! -s $WORK/web.oci ]]
}

@test "conmon: nothing is created before the start pipe says so" {
  arguments /bin/probe forever
  monitor web 8>&8 &
  local monitor=$!
  sleep 0.3
  [[ ! -e $STATE/$ID ]]
  go
  answer web
  wait "$monitor"
  equal "$(status_of)" created
}

@test "conmon: a program killed by a signal has exit code 128 + signal" {
  arguments /bin/probe forever
  conmon_container
  rt start "$ID"
  rt kill "$ID" 9
  equal "$(code_of_exit)" 137
}

@test "conmon: what is typed into the attach socket is the program's input" {
  arguments /bin/sh -c 'read line; echo "got $line"; echo "bad $line" >&2; exit 3'
  conmon_container --stdin --full-attach
  attach_to "$BUNDLE/attach" $'hello\n'
  rt start "$ID"
  eventually attached_has "stdout got hello"
  eventually attached_has "stderr bad hello"
  wait "$HELPERS"
  equal "$(code_of_exit)" 3
}

@test "conmon: --socket-dir-path has the attach socket too" {
  arguments /bin/sh -c 'read line; echo "got $line"'
  conmon_container --stdin
  attach_to "$WORK/sockets/uuid-web/attach" $'there\n'
  rt start "$ID"
  eventually attached_has "stdout got there"
  equal "$(code_of_exit)" 0
}

@test "conmon: a terminal comes through conmon's console socket" {
  config '.process.terminal = true'
  arguments /bin/sh -c 'tty; read line; echo "got $line"; exit 4'
  conmon_container --terminal --stdin --full-attach
  rt start "$ID"
  eventually log_has web "stdout F /dev/pts/0"$'\r'
  attach_to "$BUNDLE/attach" $'typed\n'
  eventually attached_has "stdout got typed"
  equal "$(code_of_exit)" 4
  log_has web "stdout F got typed"$'\r'
}

@test "conmon: a change of the terminal's size arrives" {
  config '.process.terminal = true'
  arguments /bin/sh -c 'trap "probe winsize; exit 0" WINCH; echo up; while :; do sleep 0.1; done'
  conmon_container --terminal --full-attach
  rt start "$ID"
  eventually log_has web "stdout F up"$'\r'
  echo "1 41 99" >"$BUNDLE/ctl"
  eventually log_has web "stdout F winsize 41 99"$'\r'
  equal "$(code_of_exit)" 0
}

# failing_create: conmon reports our sentence, once, and the log is the one JSON object that Podman parses.
failing_create() {
  go
  monitor web "$@" || true
  equal "$(answer web | jq .data)" -1
  local told
  told=$(jq -r .msg "$WORK/web.oci")
  equal "$(jq -s length "$WORK/web.oci")" 1
  equal "$(jq -r .level "$WORK/web.oci")" error
  [[ $(answer web | jq -r .message) == *"$told"* ]] || die "conmon says $(answer web), the log $told"
  output=$told
  assert_nothing_left
}

@test "conmon: a create that fails puts our sentence into the sync pipe" {
  config '.mounts += [{destination: "/data", type: "bind", source: "/no/such", options: ["bind"]}]'
  failing_create
  says 'open "/no/such": no such file or directory'
}

@test "conmon: a create that fails with a terminal says so too" {
  config '.process.terminal = true | .process.cwd = "relative"'
  failing_create --terminal
  says /process/cwd
}

@test "conmon: a program that does not exist is said in the words that Podman makes 127 of" {
  arguments nosuch
  failing_create
  says 'executable file not found in $PATH'
}

@test "conmon: a program that cannot be executed makes start fail, and conmon sees the end" {
  printf '#!/no/interpreter\n' >"$BUNDLE/rootfs/bin/script"
  chmod 755 "$BUNDLE/rootfs/bin/script"
  arguments /bin/script
  conmon_container
  run rt --log "$WORK/start.oci" --log-format json start "$ID"
  failed_with 1
  matches "$(jq -r .msg "$WORK/start.oci")" 'no such file or directory'
  eventually exited
}

# exec_under_conmon NAME PROCESS OPTION...: as Podman's exec sessions, the process object in a file.
exec_under_conmon() {
  local name=$1
  jq -n "{cwd: \"/\", user: {uid: 0, gid: 0}, env: [\"PATH=/bin\"]} + $2" >"$WORK/$name.process"
  shift 2
  go
  monitor "$name" --exec --exec-process-spec "$WORK/$name.process" "$@"
}

@test "conmon: exec detached, its log and exit code" {
  arguments /bin/probe forever
  conmon_container
  rt start "$ID"
  exec_under_conmon session '{args: ["/bin/sh", "-c", "echo from exec; exit 5"]}'
  (($(answer session | jq .data) > 0))
  equal "$(code_of_exit)" 5
  log_has session "stdout F from exec"
  equal "$(status_of)" running
}

@test "conmon: exec with an attached client, without and with a terminal" {
  arguments /bin/probe forever
  conmon_container
  rt start "$ID"
  local terminal
  for terminal in false true; do
    rm -f "$WORK/exits/$ID" "$WORK/attached"
    local options=(--stdin --exec-attach)
    [[ $terminal == false ]] || options+=(--terminal)
    _OCI_ATTACHPIPE=9 exec_under_conmon "$terminal" \
      "{terminal: $terminal, args: [\"/bin/sh\", \"-c\", \"tty; read line; echo got \$line; exit 6\"]}" "${options[@]}" 9>"$WORK/ready"
    eventually test -s "$WORK/ready"
    attach_to "$WORK/sockets/uuid-$terminal/attach" $'words\n'
    go # the client is attached: conmon may exec
    eventually attached_has "stdout got words"
    equal "$(code_of_exit)" 6
  done
  attached_has "stdout /dev/pts/0"
}

@test "conmon: exec of a missing program is an error in the sync pipe" {
  arguments /bin/probe forever
  conmon_container
  rt start "$ID"
  exec_under_conmon session '{args: ["nosuch"]}' || true
  eventually answered session
  [[ $(<"$WORK/session.sync") == *'executable file not found in $PATH'* ]] || die "$(<"$WORK/session.sync")"
  equal "$(jq -s length "$WORK/session.oci")" 1
  matches "$(jq -r .msg "$WORK/session.oci")" 'executable file not found in \$PATH'
}

@test "conmon: exec into a stopped container is an error in the sync pipe" {
  arguments /bin/probe exit 0
  conmon_container
  rt start "$ID"
  eventually is_status stopped
  exec_under_conmon session '{args: ["/bin/true"]}' || true
  eventually answered session
  [[ $(<"$WORK/session.sync") == *'cannot exec in a stopped container'* ]] || die "$(<"$WORK/session.sync")"
}

@test "conmon: the exit command cleans up, as Podman's does" {
  arguments /bin/sh -c 'exit 0'
  conmon_container --exit-command "$ASYLUM_RUNC" --exit-command-arg --root --exit-command-arg "$STATE" \
    --exit-command-arg delete --exit-command-arg --force --exit-command-arg "$ID"
  rt start "$ID"
  eventually test ! -e "$STATE/$ID"
  equal "$(code_of_exit)" 0
}

@test "conmon: a timeout kills the container" {
  arguments /bin/probe forever
  conmon_container --timeout 1
  rt start "$ID"
  equal "$(code_of_exit)" -1 # conmon's way to say so
  eventually is_status stopped
}
