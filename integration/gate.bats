#!/usr/bin/env bats
# The start gate: create waits before execve, and start and run fail when the program could not be executed.

load helpers

# one_clear_record COMMAND...: fails with 1, one line on stderr's end, one JSON object in the log.
one_clear_record() {
  run rt --log "$WORK/log.json" --log-format json "$@"
  failed_with 1
  matches "$output" '^asylum-runc: .+'
  equal "$(jq -s length "$WORK/log.json")" 1
  equal "$(jq -r .level "$WORK/log.json")" error
  [[ $(jq -r '.msg | length' "$WORK/log.json") -gt 20 ]]
}

# start_and_run_fail TEXT: with the config as it is.
start_and_run_fail() {
  rt create --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null
  one_clear_record start "$ID"
  says "$1"
  is_status stopped
  rt delete "$ID"
  rm -f "$WORK/log.json"
  one_clear_record run --bundle "$BUNDLE" "$ID"
  says "$1"
  assert_nothing_left
}

@test "nothing of the program runs before start" {
  config '.root.readonly = false'
  created create /tmp/started
  sleep 0.2
  [[ ! -e $BUNDLE/rootfs/tmp/started ]]
  rt start "$ID"
  eventually test -e "$BUNDLE/rootfs/tmp/started"
}

@test "SIGKILL of init at the gate makes start fail" {
  created forever
  kill -KILL "$(pid_of)"
  one_clear_record start "$ID"
}

# others: what init has open beside stdio; holds N: that these are N.
others() { find "/proc/$(pid_of)/fd" -type l -printf '%f %l\n' | awk '$1 > 2 {print $2}'; }
holds() { [[ $(others | grep -c .) -eq $1 ]]; }

@test "init at the gate holds no descriptor but stdio and the gate's two" {
  arguments /bin/probe forever
  rt create --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null 5</etc/passwd 17</etc
  # Main's channel goes when init has read main's last word, which create does not wait for.
  eventually holds 2
  equal "$(others | grep -cF "$STATE/$ID/")" 2
}

@test "init at the gate cannot be looked into by a root without CAP_SYS_PTRACE" {
  config '.process.capabilities = {}'
  created forever
  setpriv --bounding-set -sys_ptrace readlink "/proc/self/exe"
  run setpriv --bounding-set -sys_ptrace readlink "/proc/$(pid_of)/exe"
  failed_with 1
}

@test "SIGKILL of create while a hook of init runs leaves no process of init" {
  config '.hooks.createContainer = [{path: "/bin/sleep", args: ["sleep", "1000"]}]'
  arguments /bin/probe forever
  "$ASYLUM_RUNC" --root "$STATE" create --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 </dev/null 3>&- &
  local create=$!
  eventually sees_bundle
  sleep 0.3
  kill -KILL "$create"
  wait "$create" || true
  eventually sees_no_bundle
  rt delete --force "$ID"
}
# Whether any process but ours has the bundle among its mounts.
sees_bundle() { grep -qlF -- "$BUNDLE" /proc/[0-9]*/mountinfo 2>/dev/null; }
sees_no_bundle() { ! sees_bundle; }

@test "a script without its interpreter makes start and run fail" {
  printf '#!/no/such/interpreter\n' >"$BUNDLE/rootfs/bin/script"
  chmod +x "$BUNDLE/rootfs/bin/script"
  config '.process.args = ["/bin/script"]'
  start_and_run_fail "no such file or directory"
}

@test "a file of no known format makes start and run fail" {
  printf 'not a program' >"$BUNDLE/rootfs/bin/text"
  chmod +x "$BUNDLE/rootfs/bin/text"
  config '.process.args = ["/bin/text"]'
  start_and_run_fail "exec format error"
}

# An ELF file whose one segment lies beyond the end of the address space: execve passes its point of no return, then
# kills the process.
unmappable_elf() {
  {
    printf '\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0'        # 64 bit, little endian
    printf '\x02\0\x3e\0\x01\0\0\0'                         # executable, x86-64
    printf '\0\0\0\0\0\x10\0\0'                              # entry
    printf '\x40\0\0\0\0\0\0\0''\0\0\0\0\0\0\0\0'            # program headers at 64, no sections
    printf '\0\0\0\0\x40\0\x38\0\x01\0\0\0\0\0\0\0'         # flags; sizes: 64, 56, one header
    printf '\x01\0\0\0\x05\0\0\0'                             # PT_LOAD, R+X
    printf '\0\0\0\0\0\0\0\0'                                 # file offset
    printf '\0\0\0\0\0\xf0\xff\xff''\0\0\0\0\0\xf0\xff\xff'   # virtual and physical address: not user space
    printf '\x78\0\0\0\0\0\0\0''\x78\0\0\0\0\0\0\0'          # sizes
    printf '\0\x10\0\0\0\0\0\0'                               # alignment
  } >"$1"
  chmod +x "$1"
}

@test "an unmappable ELF makes start and run fail" {
  unmappable_elf "$BUNDLE/rootfs/bin/broken"
  config '.process.args = ["/bin/broken"]'
  # `start` is not init's parent: this suite's reaper may be faster than its look at the dead process.
  start_and_run_fail "/bin/broken"
}

@test "a program that is not there makes create and run fail with runc's words" {
  config '.process.args = ["nonesuch"]'
  fails_cleanly 'exec: "nonesuch": executable file not found in $PATH'
}

@test "an absolute path that is not there, a directory, a file that is not executable" {
  config '.process.args = ["/bin/nonesuch"]'
  fails_cleanly /bin/nonesuch
  grep -qi "no such file or directory" <<<"$output"
  config '.process.args = ["/etc"]'
  fails_cleanly /etc
  printf x >"$BUNDLE/rootfs/etc/plain"
  config '.process.args = ["/etc/plain"]'
  fails_cleanly /etc/plain
  grep -qi "permission denied" <<<"$output"
}

@test "start succeeds for a program that ends at once" {
  local _
  for _ in 1 2 3 4 5; do
    created exit 0
    rt start "$ID"
    eventually is_status stopped
    rt delete "$ID"
  done
}

# A process of the container may open the gate's ends in /proc/1/fd, with CAP_SYS_PTRACE before start.
@test "start does not wait for whoever else holds the gate open" {
  created forever
  exec 8<>"$STATE/$ID/answer" 9<>"$STATE/$ID/go"
  attempt start "$ID"
  exec 8>&- 9>&-
  succeeded
  is_status running
}
