#!/usr/bin/env bats
# What a service manager sees of a container, and what it hands down: NOTIFY_SOCKET, LISTEN_FDS; pidfds for a caller
# that is not the parent.

load helpers

# manager: somebody who listens as systemd does; what it was told goes to $WORK/told.
manager() {
  "$TOOLS/listen" datagram "$WORK/manager" >"$WORK/told" 2>&1 3>&- &
  HELPERS=$!
  eventually test -S "$WORK/manager"
}
told() { grep -qxF -- "$1" "$WORK/told"; }

# receiver: waits for one pidfd; what came goes to $WORK/came.
receiver() {
  "$TOOLS/listen" stream "$WORK/pidfds" >"$WORK/came" 2>&1 3>&- &
  HELPERS=$!
  eventually test -S "$WORK/pidfds"
}

@test "start passes READY on to the service manager, with the container's pid, and waits for it to be taken" {
  manager
  arguments /bin/probe sleep 300 notify $'STATUS=warming up' notify $'STATUS=x\nREADY=1\nWATCHDOG=1' forever
  NOTIFY_SOCKET=$WORK/manager rt create --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null
  [[ ! -s $WORK/told ]]
  NOTIFY_SOCKET=$WORK/manager rt start "$ID"
  # start has ended: all of it has been said by now, and nothing else.
  equal "$(<"$WORK/told")" "$(printf 'READY=1\n\nMAINPID=%s\nBARRIER=1\nfd' "$(pid_of)")"
}

@test "run --detach waits for READY, and the program finds its socket where runc has it" {
  manager
  arguments /bin/probe sleep 300 notify READY=1 env mounts forever
  NOTIFY_SOCKET=$WORK/manager rt run --detach --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null
  told READY=1
  told "MAINPID=$(pid_of)"
  told BARRIER=1
  eventually output_has "env NOTIFY_SOCKET=/run/notify/notify.sock"
  eventually grep -q '^mount .* /run/notify ro,nosuid,nodev,noexec' "$WORK/output"
}

@test "run in the foreground passes READY on; the service's process is run itself" {
  manager
  arguments /bin/probe notify READY=1 sleep 300 notify READY=0 exit 3
  NOTIFY_SOCKET=$WORK/manager "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null 3>&- &
  local main=$! code=0
  wait "$main" || code=$?
  equal "$code" 3
  told READY=1
  told READY=0
  equal "$(grep -c "^MAINPID=$main\$" "$WORK/told")" 2
  run ! told BARRIER=1
}

@test "any user of the container may say READY" {
  manager
  config '.process.user = {"uid": 1234, "gid": 5678}'
  arguments /bin/probe notify READY=1 forever
  (umask 077 && NOTIFY_SOCKET=$WORK/manager rt run --detach --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null)
  told READY=1
}

@test "a container that ends without READY does not hold start" {
  manager
  arguments /bin/probe exit 0
  NOTIFY_SOCKET=$WORK/manager run timeout 120 "$ASYLUM_RUNC" --root "$STATE" run --detach --bundle "$BUNDLE" "$ID"
  succeeded
  [[ ! -s $WORK/told ]]
}

@test "a service manager that is not there is an error before the program runs" {
  arguments /bin/probe print started
  NOTIFY_SOCKET=$WORK/nobody attempt run --detach --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "connect to the service manager at \"$WORK/nobody\""
  says "no such file or directory"
  has_not started
  assert_nothing_left
}

@test "without NOTIFY_SOCKET there is no mount and no variable, and a start with it alone is warned of" {
  arguments /bin/probe env mounts forever
  rt create --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null
  NOTIFY_SOCKET=$WORK/nobody attempt start "$ID"
  succeeded
  says "NOTIFY_SOCKET has no effect"
  eventually grep -q '^mount ' "$WORK/output"
  run ! grep -q notify "$WORK/output"
}

@test "create and run send a pidfd of the container's init" {
  receiver
  arguments /bin/probe forever
  rt create --pidfd-socket "$WORK/pidfds" --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null
  wait "$HELPERS"
  equal "$(<"$WORK/came")" "$(printf 'standard\npidfd %s' "$(pid_of)")"
  rt delete --force "$ID"
  rm "$WORK/pidfds"
  receiver
  rt run --detach --pidfd-socket "$WORK/pidfds" --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null
  wait "$HELPERS"
  equal "$(<"$WORK/came")" "$(printf 'standard\npidfd %s' "$(pid_of)")"
}

@test "exec sends a pidfd of its process" {
  background forever
  receiver
  rt exec --detach --pid-file "$WORK/pid" --pidfd-socket "$WORK/pidfds" "$ID" /bin/probe forever >"$WORK/exec" 2>&1 </dev/null
  wait "$HELPERS"
  equal "$(<"$WORK/came")" "$(printf 'setns\npidfd %s' "$(<"$WORK/pid")")"
}

@test "a pidfd socket where nobody listens is an error that names it, and nothing remains" {
  arguments /bin/probe print started
  attempt run --pidfd-socket "$WORK/nobody" --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "$WORK/nobody"
  has_not started
  assert_nothing_left
  background forever
  attempt exec --pidfd-socket "$WORK/nobody" "$ID" /bin/probe print started
  failed_with 255
  says "$WORK/nobody"
  has_not started
}

@test "exec hands LISTEN_FDS down" {
  background forever
  echo handed >"$WORK/file"
  LISTEN_FDS=1 run rt exec "$ID" /bin/probe env session readfd 3 3<"$WORK/file"
  succeeded
  has "env LISTEN_FDS=1"
  # not pid 1, and sd_listen_fds(3) takes none that are another's
  has "env LISTEN_PID=$(sed -n 's/^pid //p' <<<"$output")"
  has "readfd 3 handed"
}
