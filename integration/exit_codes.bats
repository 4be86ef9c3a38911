#!/usr/bin/env bats
# --exit-codes: the kind of a failure as a number, and the word for it in the JSON record.

load helpers

# fails CODE WORD ARGUMENTS...: the command ends with CODE under --exit-codes, with runc's code without, and the record
# says WORD.
fails() {
  local code=$1 word=$2 plain=1
  shift 2
  [[ " $* " != *" exec "* ]] || plain=255
  rm -f "$WORK/log"
  attempt --exit-codes --log "$WORK/log" --log-format json "$@"
  failed_with "$code"
  equal "$(jq -r .code "$WORK/log")" "$word"
  attempt "$@"
  failed_with "$plain"
}

@test "each kind of failure has its own code" {
  arguments /bin/probe forever
  fails 66 not_found state "$ID"
  fails 66 not_found create --bundle "$WORK/nowhere" "$ID"
  rt create --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 </dev/null
  fails 73 already_exists create --bundle "$BUNDLE" "$ID"
  fails 75 wrong_state resume "$ID"
  rt start "$ID"
  fails 127 exec_failed exec "$ID" /bin/absent
  fails 126 exec_failed exec "$ID" /etc
  fails 77 denied exec --cgroup ../.. "$ID" /bin/probe
  fails 69 unsupported --systemd-cgroup state "$ID"
  rt delete --force "$ID"
  config '.process.cwd = 7'
  fails 78 invalid_config create --bundle "$BUNDLE" "$ID"
}

@test "the kernel's refusal has a code of its own" {
  config '.mounts += [{"destination": "/data", "type": "none", "source": "/no/such", "options": ["bind"]}]'
  fails 71 os create --bundle "$BUNDLE" "$ID"
}

@test "misuse is 64, also where the command line is not understood to its end" {
  attempt --exit-codes create --nonsense x
  failed_with 64
  attempt create --nonsense x
  failed_with 1
  attempt --exit-codes checkpoint --help
  failed_with 64
  attempt --exit-codes --log /no/such/log list
  failed_with 71
}

@test "the program's own code goes through" {
  arguments /bin/probe exit 64
  attempt --exit-codes run --bundle "$BUNDLE" "$ID"
  failed_with 64
}

@test "the manual lists every code of the record" {
  local word
  for word in invalid_usage invalid_config unsupported not_found already_exists wrong_state denied os exec_failed \
    timed_out interrupted internal; do
    grep -q "$word" "$TOP/contrib/man/asylum-runc.8"
  done
}
