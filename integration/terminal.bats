#!/usr/bin/env bats
# Terminals: through a console socket for detached containers, passed through for run in the foreground.

load helpers

with_terminal() { config '.process.terminal = true'; arguments "$@"; }

# receive [INPUT]: waits for the terminal in the background; its output goes to $WORK/tty.
receive() {
  "$TOOLS/recvtty" "$WORK/console" "$@" >"$WORK/tty" 2>&1 3>&- &
  RECEIVER=$!
  HELPERS=$RECEIVER
  eventually test -S "$WORK/console"
}
on_terminal() { tr -d '\r' <"$WORK/tty" | grep -qxF -- "$1"; }

@test "create sends the terminal to the console socket" {
  with_terminal /bin/probe tty session forever
  receive
  rt create --console-socket "$WORK/console" --bundle "$BUNDLE" "$ID"
  eventually grep -q '^name /' "$WORK/tty"
  rt start "$ID"
  eventually on_terminal "sid 1"
  on_terminal "tty 0 /dev/pts/0"
  on_terminal "controlling yes"
  on_terminal "foreground 1"
  rt delete --force "$ID"
  wait "$RECEIVER"
}

@test "the terminal leaves line feeds alone" {
  with_terminal /bin/busybox stty -a
  receive
  rt create --console-socket "$WORK/console" --bundle "$BUNDLE" "$ID"
  rt start "$ID"
  wait "$RECEIVER"
  grep -q -- '-onlcr' "$WORK/tty"
  ! grep -q $'\r' "$WORK/tty" || die "a carriage return in: $(od -c "$WORK/tty")"
}

@test "the caller's terminal gets each line feed translated once" {
  with_terminal /bin/probe print marked
  "$TOOLS/ptyrun" "expect marked" "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID" >"$WORK/seen"
  grep -q $'^marked\r$' "$WORK/seen" || die "$(od -c "$WORK/seen")"
}

@test "/dev/console is the terminal" {
  with_terminal /bin/probe stat /dev/console open /dev/console rw forever
  receive
  rt create --console-socket "$WORK/console" --bundle "$BUNDLE" "$ID"
  rt start "$ID"
  eventually on_terminal "open /dev/console rw ok"
  on_terminal "stat /dev/console character 0620 0:5 136:0"
}

@test "the size of the config is the terminal's" {
  config '.process.consoleSize = {height: 33, width: 111}'
  with_terminal /bin/probe winsize forever
  receive
  rt create --console-socket "$WORK/console" --bundle "$BUNDLE" "$ID"
  rt start "$ID"
  eventually on_terminal "winsize 33 111"
}

@test "the terminal belongs to the container's user" {
  config '.process.user = {uid: 1000, gid: 1000}'
  with_terminal /bin/probe tty forever
  receive
  rt create --console-socket "$WORK/console" --bundle "$BUNDLE" "$ID"
  rt start "$ID"
  eventually on_terminal "tty_owner 1000 5"
}

@test "what is typed reaches the program" {
  with_terminal /bin/sh -c 'read line; echo "got $line"; sleep 100'
  receive $'hello\n'
  rt create --console-socket "$WORK/console" --bundle "$BUNDLE" "$ID"
  rt start "$ID"
  eventually on_terminal "got hello"
}

@test "create with a terminal and no console socket is refused" {
  with_terminal /bin/probe tty
  attempt create --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "cannot allocate tty if"
  says "console socket"
}

@test "a console socket without a terminal is refused" {
  arguments /bin/probe tty
  receive
  attempt create --console-socket "$WORK/console" --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "cannot use console socket if"
  kill "$RECEIVER"
}

@test "a console socket where nobody listens is an error that names it" {
  with_terminal /bin/probe tty
  attempt create --console-socket "$WORK/nobody" --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "$WORK/nobody"
  run rt run --detach --console-socket "$WORK/nobody" --bundle "$BUNDLE" "$ID"
  failed_with 1
}

@test "a console socket with a path longer than a socket address works" {
  local deep=$WORK/d
  while ((${#deep} < 200)); do deep+=/deep-directory; done
  mkdir -p "$deep"
  with_terminal /bin/probe print long forever
  (cd "$deep" && exec "$TOOLS/recvtty" console) >"$WORK/tty" 2>&1 3>&- &
  HELPERS=$!
  eventually test -S "$deep/console"
  rt create --console-socket "$deep/console" --bundle "$BUNDLE" "$ID"
  rt start "$ID"
  eventually on_terminal long
}

@test "run on a terminal passes it through and restores it" {
  with_terminal /bin/sh
  run "$TOOLS/ptyrun" 'expect #; mode; type echo so-$((1+1))\n; expect so-2; type exit 5\n' \
    "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  failed_with 5
  has "mode raw"
  equal "$(grep '^mode' <<<"$output" | tail -n 1)" "mode cooked"
  has "code 5"
}

@test "run passes on a change of the terminal's size" {
  with_terminal /bin/sh
  run "$TOOLS/ptyrun" 'expect #; type probe winsize\n; expect winsize 24 80; resize 41 99; type sleep 1 && probe winsize\n; expect winsize 41 99; type exit\n' \
    "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  succeeded
}

@test "Ctrl-C goes to the program, not to run" {
  with_terminal /bin/sh -c 'trap "echo caught; exit 3" INT; sleep 1000 & echo up; wait'
  run "$TOOLS/ptyrun" 'expect up; type \x03; expect caught' \
    "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  failed_with 3
}

@test "the terminal is restored when the container is killed" {
  with_terminal /bin/probe print up forever
  : >"$WORK/seen"
  (
    eventually grep -qx "mode raw" "$WORK/seen"
    rt kill "$ID" KILL
  ) >/dev/null 2>&1 3>&- &
  status=0
  "$TOOLS/ptyrun" 'expect up; mode' "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID" >"$WORK/seen" || status=$?
  output=$(<"$WORK/seen")
  failed_with 137
  has "mode raw"
  equal "$(grep '^mode' <<<"$output" | tail -n 1)" "mode cooked"
}

@test "the terminal is restored when run is ended by a signal" {
  with_terminal /bin/probe print up catch
  run "$TOOLS/ptyrun" 'expect ready; mode; signal 15' "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  failed_with 7
  has "mode raw"
  equal "$(grep '^mode' <<<"$output" | tail -n 1)" "mode cooked"
}

@test "run with a terminal but without one of its own still works" {
  with_terminal /bin/probe print no-terminal-here
  run rt run --bundle "$BUNDLE" "$ID" </dev/null
  succeeded
  says no-terminal-here
}

@test "a container that joins a pid namespace has its terminal" {
  arguments /bin/probe forever
  rt create --bundle "$BUNDLE" "$ID-other" >"$WORK/other" 2>&1 </dev/null
  config "(.linux.namespaces[] | select(.type == \"pid\")).path = \"/proc/$(rt state "$ID-other" | jq -r .pid)/ns/pid\""
  with_terminal /bin/probe tty session forever
  receive
  rt create --console-socket "$WORK/console" --bundle "$BUNDLE" "$ID"
  rt start "$ID"
  eventually on_terminal "controlling yes"
  on_terminal "tty 0 /dev/pts/0"
  on_terminal "sid 2"
  on_terminal "foreground 2"
  rt delete --force "$ID"
  wait "$RECEIVER"
}
