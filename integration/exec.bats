#!/usr/bin/env bats
# exec: a further process in a container that exists.

load helpers

# in_container ARGUMENTS...: exec in the running container; $output has what it said.
in_container() {
  attempt exec "$@"
}

@test "exec enters every namespace and the cgroup of the container" {
  background forever
  local pid kind
  pid=$(pid_of)
  in_container "$ID" /bin/sh -c 'for kind in mnt uts ipc pid net cgroup; do /bin/busybox readlink /proc/self/ns/$kind; done'
  succeeded
  for kind in mnt uts ipc pid net cgroup; do
    has "$(readlink "/proc/$pid/ns/$kind")"
  done
  in_container "$ID" /bin/sh -c '/bin/busybox cat /proc/1/cgroup /proc/self/cgroup | /bin/busybox grep "^0:" | /bin/busybox sort -u | /bin/busybox wc -l'
  has 1
}

@test "exec has the container's capabilities, no_new_privs and limits" {
  background forever
  in_container "$ID" /bin/busybox grep -E '^(CapEff|CapBnd|CapInh|NoNewPrivs)' /proc/self/status
  succeeded
  has "$(printf 'CapEff:\t0000000020000420')"
  has "$(printf 'CapBnd:\t0000000020000420')"
  has "$(printf 'CapInh:\t0000000000000000')"
  has "$(printf 'NoNewPrivs:\t1')"
  in_container "$ID" /bin/sh -c 'ulimit -n'
  has 1024
}

@test "exec gives back the program's code, and 128 + its signal" {
  background forever
  in_container "$ID" /bin/sh -c 'exit 7'
  failed_with 7
  in_container "$ID" /bin/sh -c 'kill -9 $$'
  failed_with 137
}

@test "exec as another user, elsewhere, with more environment and groups" {
  background forever
  in_container --user 1000:1001 --additional-gids 5 --cwd /proc -e A=b --env A=c "$ID" \
    /bin/sh -c '/bin/busybox id -u; /bin/busybox id -g; /bin/busybox id -G; pwd; echo "A=$A"'
  succeeded
  has 1000
  has 1001
  has "1001 5"
  has /proc
  has A=c
}

@test "a capability is added, and never becomes inheritable (CVE-2022-29162)" {
  background forever
  in_container --cap CAP_SYS_PTRACE "$ID" /bin/busybox grep -E '^Cap' /proc/self/status
  succeeded
  has "$(printf 'CapEff:\t0000000020080420')"
  has "$(printf 'CapInh:\t0000000000000000')"
  has "$(printf 'CapAmb:\t0000000000000000')"
}

@test "exec --process takes a whole process object" {
  background forever
  cat >"$WORK/process.json" <<'JSON'
{"cwd": "/", "args": ["/bin/sh", "-c", "/bin/busybox id -u; echo X=$X"], "env": ["PATH=/bin", "X=1"], "user": {"uid": 7, "gid": 7}}
JSON
  in_container --process "$WORK/process.json" "$ID"
  succeeded
  has 7
  has X=1
}

@test "exec --process with a mistake names the place" {
  background forever
  echo '{"cwd": "/", "args": "sh"}' >"$WORK/process.json"
  in_container --process "$WORK/process.json" "$ID"
  failed_with 255
  says "/args"
}

@test "exec --tty allocates a terminal in the container" {
  background forever
  in_container --tty "$ID" /bin/busybox tty
  succeeded
  says /dev/pts/
}

@test "exec --detach writes the pid file and returns while the program runs" {
  background forever
  in_container --detach --pid-file "$WORK/pid" "$ID" /bin/sleep 100
  succeeded
  # The command line appears a moment after execve has let go of our descriptors.
  eventually sleeps "$(<"$WORK/pid")"
}
sleeps() { [[ $(tr '\0' ' ' <"/proc/$1/cmdline") == "/bin/sleep 100 " ]]; }

@test "exec of a missing program fails with 255 and says so" {
  background forever
  in_container "$ID" nosuch
  failed_with 255
  says 'exec: "nosuch": executable file not found in $PATH: no such file or directory'
}

@test "exec keeps the config as it was at create" {
  background forever
  config '.process.capabilities = {}'
  in_container "$ID" /bin/busybox grep CapEff /proc/self/status
  has "$(printf 'CapEff:\t0000000020000420')"
}

@test "exec refuses what is no user, leaves the cgroup, or has no program" {
  background forever
  local user
  for user in 5x -1 4294967295 1:x "1 "; do
    in_container --user "$user" "$ID" /bin/true
    failed_with 255
    says "not a user"
  done
  in_container --cgroup ../x "$ID" /bin/true
  failed_with 255
  says "out of the container's cgroup"
  in_container "$ID"
  failed_with 255
}

@test "exec in a stopped container or an unknown one is refused" {
  arguments /bin/probe exit 0
  rt create --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null
  rt kill "$ID" KILL
  eventually is_status stopped
  in_container "$ID" /bin/true
  failed_with 255
  says "cannot exec in a stopped container"
  in_container nosuch /bin/true
  failed_with 255
  says "container does not exist"
}

@test "exec works in a container with a user namespace" {
  config '.linux.namespaces += [{"type": "user"}] | .linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 65536}] | .linux.gidMappings = .linux.uidMappings'
  chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$WORK" "$BUNDLE" # bats keeps its directories to itself
  background forever
  in_container "$ID" /bin/sh -c '/bin/busybox readlink /proc/self/ns/user; /bin/busybox id -u'
  succeeded
  has "$(readlink "/proc/$(pid_of)/ns/user")"
  has 0
}

@test "twenty execs at once all succeed and leave no process" {
  background forever
  local i pids=()
  for i in $(seq 20); do
    rt exec "$ID" /bin/sh -c true >"$WORK/said$i" 2>&1 </dev/null &
    pids+=($!)
  done
  for i in "${pids[@]}"; do wait "$i"; done
  # One process looks: in a pipeline the shell may not have made the second when the first already counts.
  # shellcheck disable=SC2016
  in_container "$ID" /bin/sh -c 'set -- /proc/[0-9]*; echo "processes $#"'
  has "processes 2"
}
