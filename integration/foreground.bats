#!/usr/bin/env bats
# run in the foreground: codes, signals, streams.

load helpers

# foreground VERB...: run in the background of this shell; $RUN is its pid.
foreground() {
  arguments /bin/probe "$@"
  "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null 3>&- &
  RUN=$!
  HELPERS=$RUN
}

@test "exit codes 0, 1, 127 and 255 come through" {
  local code
  for code in 0 1 127 255; do
    arguments /bin/probe exit "$code"
    status=0
    rt run --bundle "$BUNDLE" "$ID" || status=$?
    equal "$status" "$code"
  done
}

@test "a program that a signal killed gives 128 + its number" {
  foreground forever
  eventually is_status running
  rt kill "$ID" KILL
  local code=0
  wait "$RUN" || code=$?
  equal "$code" 137
}

@test "TERM, HUP, INT and USR1 are passed on to the program" {
  foreground catch
  eventually output_has ready
  kill -USR1 "$RUN"
  eventually output_has "signal 10"
  kill -HUP "$RUN"
  eventually output_has "signal 1"
  kill -INT "$RUN"
  eventually output_has "signal 2"
  kill -TERM "$RUN"
  eventually output_has "signal 15"
  local code=0
  wait "$RUN" || code=$?
  equal "$code" 7
}

@test "stdin reaches the program, end of file too" {
  arguments /bin/probe echo
  run rt run --bundle "$BUNDLE" "$ID" <<<"line in"
  succeeded
  equal "$output" "line in"
}

@test "stdout and stderr stay apart" {
  config '.process.args = ["/bin/sh", "-c", "echo out; echo err >&2"]'
  run --separate-stderr rt run --bundle "$BUNDLE" "$ID"
  succeeded
  equal "$output" out
  # shellcheck disable=SC2154
  equal "$stderr" err
}

@test "much output is not lost at the end" {
  config '.process.args = ["/bin/sh", "-c", "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done"]'
  rt run --bundle "$BUNDLE" "$ID" >"$WORK/many"
  equal "$(wc -l <"$WORK/many")" 20000
  equal "$(tail -n 1 "$WORK/many")" "line 19999"
}

@test "children that the program leaves to it are reaped, and run ends with the program" {
  config '.process.args = ["/bin/sh", "-c", "(sleep 0.1; exit 9) & exit 4"]'
  run rt run --bundle "$BUNDLE" "$ID"
  failed_with 4
}

@test "a signal ends a run that waits for a hook, with the signal's code, and nothing is left" {
  local code signal
  for signal in TERM:143 INT:130 HUP:129; do
    mkfifo "$WORK/begun"
    config '.hooks.createRuntime = [{path: "/bin/sh", args: ["sh", "-c", "echo > '"$WORK"'/begun; exec sleep 1000"]}]'
    foreground forever
    read -r <"$WORK/begun"
    kill "-${signal%:*}" "$RUN"
    code=0
    wait "$RUN" || code=$?
    equal "$code" "${signal#*:}"
    output=$(<"$WORK/output")
    says "ended by SIG${signal%:*}"
    equal "$(rt list -q)" ""
    rm "$WORK/begun"
  done
}

@test "SIGKILL of run leaves a container that delete --force removes" {
  foreground forever
  eventually is_status running
  kill -KILL "$RUN"
  wait "$RUN" || true
  rt delete --force "$ID"
}

@test "state is running while run is in the foreground, and kill works from outside" {
  foreground catch
  eventually output_has ready
  equal "$(status_of)" running
  rt kill "$ID" TERM
  local code=0
  wait "$RUN" || code=$?
  equal "$code" 7
  run rt state "$ID"
  failed_with 1
}
