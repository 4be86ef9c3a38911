#!/usr/bin/env bats
# exec: what its options change, one by one, and --timeout.

load helpers

in_container() { attempt exec "$@"; }
container_cgroup() { cgroup_of "$(pid_of)"; }
# Processes of the container, as the host counts them: in its cgroup and below.
population() { find "$1" -name cgroup.procs -exec cat {} + | wc -l; }
is_population() { [[ $(population "$1") -eq $2 ]]; }

@test "--timeout kills the process and all that it has started, whoever their parent is now" {
  background forever
  local cgroup
  cgroup=$(container_cgroup)
  # A child, one in a session of its own, and one whose parent has ended.
  in_container --timeout 700ms "$ID" /bin/sh -c \
    '/bin/sleep 1000 & /bin/busybox setsid /bin/sleep 1000 & (/bin/busybox setsid /bin/sleep 1000 &) ; echo begun; exec /bin/sleep 1000'
  failed_with 255
  has begun
  says "has run longer than 700 ms and was killed"
  equal "$(population "$cgroup")" 1
  equal "$(find "$cgroup" -mindepth 1 -type d)" ""
  equal "$(status_of)" running
}

@test "--timeout gives timeout's code with --exit-codes, and the word in the record" {
  background forever
  attempt --exit-codes --log "$WORK/log" --log-format json exec --timeout 0.2s "$ID" /bin/sleep 1000
  failed_with 124
  equal "$(jq -r .code "$WORK/log")" timed_out
}

# Into another cgroup of the container's, as it can itself where its cgroup mount is writable.
@test "--timeout ends a process that has left its cgroup, and says so" {
  background forever
  local own limit exec
  own=$(container_cgroup)
  mkdir "$own/elsewhere"
  for limit in 2s 10s 40s; do # on a machine so loaded that it has been too late, once more
    rm -f "$WORK/pid"
    timeout 120 "$ASYLUM_RUNC" --root "$STATE" exec --timeout "$limit" --pid-file "$WORK/pid" "$ID" /bin/sleep 1000 >"$WORK/said" 2>&1 </dev/null 3>&- &
    exec=$!
    eventually test -s "$WORK/pid"
    cat "$WORK/pid" >"$own/elsewhere/cgroup.procs" 2>/dev/null && break
    wait "$exec" || true
  done
  status=0
  wait "$exec" || status=$?
  output=$(<"$WORK/said")
  failed_with 255
  says "had left its cgroup"
  equal "$(population "$own")" 1
}

@test "a program that ends in time gives its code, and what it has left runs on" {
  background forever
  local cgroup
  cgroup=$(container_cgroup)
  in_container --timeout 1m "$ID" /bin/sh -c '(/bin/busybox setsid /bin/sleep 1000 >/dev/null 2>&1 &) ; exit 7'
  failed_with 7
  equal "$(population "$cgroup")" 2
  equal "$(find "$cgroup" -mindepth 1 -type d)" ""
}

@test "--timeout and a program that cannot be executed: no cgroup remains" {
  background forever
  in_container --timeout 5s "$ID" nosuch
  failed_with 255
  says "executable file not found"
  equal "$(find "$(container_cgroup)" -mindepth 1 -type d)" ""
}

@test "--timeout is refused where it cannot be kept" {
  background forever
  in_container --timeout 5s --detach "$ID" /bin/true
  failed_with 255
  says "--timeout has no meaning with --detach"
  in_container --timeout soon "$ID" /bin/true
  failed_with 1
  says "must be a duration"
  rt delete --force "$ID"
  config 'del(.linux.resources)'
  "$ASYLUM_RUNC" --root "$STATE" --cgroup-manager disabled run --detach --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null
  in_container --timeout 5s "$ID" /bin/true
  failed_with 255
  says "the container has no cgroup"
}

@test "--process: every member is in force" {
  background forever
  cat >"$WORK/process.json" <<'JSON'
{"cwd": "/tmp", "args": ["/bin/probe", "ids", "groups", "caps", "cwd", "env", "limits", "flags"],
 "env": ["PATH=/bin", "X=1"], "user": {"uid": 7, "gid": 8, "umask": 63, "additionalGids": [9, 10]},
 "capabilities": {"bounding": ["CAP_CHOWN", "CAP_KILL"], "permitted": ["CAP_KILL"], "effective": ["CAP_KILL"], "inheritable": ["CAP_KILL"], "ambient": ["CAP_KILL"]},
 "rlimits": [{"type": "RLIMIT_NOFILE", "soft": 77, "hard": 99}],
 "noNewPrivileges": true, "oomScoreAdj": 321,
 "scheduler": {"policy": "SCHED_BATCH", "nice": 5}, "ioPriority": {"class": "IOPRIO_CLASS_IDLE", "priority": 0}}
JSON
  in_container --process "$WORK/process.json" "$ID"
  succeeded
  has "uid 7 7 7"
  has "gid 8 8 8"
  has "groups 9 10"
  has "cap_bounding 0000000000000021"
  has "cap_effective 0000000000000020"
  has "cap_inheritable 0000000000000020"
  has "cap_ambient 0000000000000020"
  has "cwd /tmp"
  has "env X=1"
  has "rlimit NOFILE 77 99"
  has "no_new_privs 1"
  has "umask 0077"
  has "oom_score_adj 321"
  has "nice 5"
  has "scheduler 3"
  has "ioprio 3 0"
}

@test "--process: an execCPUAffinity is the process's" {
  (($(nproc) > 1)) || skip "this machine has one CPU"
  background forever
  echo '{"cwd": "/", "args": ["/bin/busybox", "grep", "Cpus_allowed_list", "/proc/self/status"], "env": ["PATH=/bin"], "user": {"uid": 0, "gid": 0}, "execCPUAffinity": {"initial": "0", "final": "1"}}' >"$WORK/process.json"
  in_container --process "$WORK/process.json" "$ID"
  succeeded
  has "$(printf 'Cpus_allowed_list:\t1')"
}

@test "--process: a terminal has the size that it names" {
  background forever
  echo '{"cwd": "/", "args": ["/bin/busybox", "stty", "size"], "env": ["PATH=/bin"], "user": {"uid": 0, "gid": 0}, "terminal": true, "consoleSize": {"height": 33, "width": 77}}' >"$WORK/process.json"
  in_container --process "$WORK/process.json" "$ID"
  succeeded
  says "33 77"
}

@test "--process: a member that is refused at create is refused here too" {
  background forever
  echo '{"cwd": "/", "args": ["/bin/true"], "user": {"uid": 0, "gid": 0}, "apparmorProfile": "x"}' >"$WORK/process.json"
  in_container --process "$WORK/process.json" "$ID"
  failed_with 255
  says "not supported by this version"
  echo '{"cwd": "/", "args": "sh"}' >"$WORK/process.json"
  in_container --process "$WORK/process.json" "$ID"
  failed_with 255
  says "($WORK/process.json#/args)"
  in_container --process "$WORK/absent.json" "$ID"
  failed_with 255
  says "absent.json"
}

@test "--no-new-privs sets what the config does not" {
  config '.process.noNewPrivileges = false'
  background forever
  in_container "$ID" /bin/busybox grep NoNewPrivs /proc/self/status
  has "$(printf 'NoNewPrivs:\t0')"
  in_container --no-new-privs "$ID" /bin/busybox grep NoNewPrivs /proc/self/status
  succeeded
  has "$(printf 'NoNewPrivs:\t1')"
}

@test "labels are refused as at create, never ignored" {
  background forever
  in_container --apparmor profile "$ID" /bin/probe print begun
  failed_with 255
  says "an AppArmor profile is not supported by this version"
  has_not begun
  in_container --process-label a:b:c:s0 "$ID" /bin/probe print begun
  failed_with 255
  says "an SELinux label is not supported by this version"
  has_not begun
}

@test "--cgroup enters a cgroup below the container's, with and without controllers' names" {
  background forever
  local own
  own=$(container_cgroup)
  mkdir "$own/inner"
  in_container --cgroup inner --detach --pid-file "$WORK/pid" "$ID" /bin/sleep 1000
  succeeded
  equal "$(cgroup_of "$(<"$WORK/pid")")" "$own/inner"
  in_container --cgroup cpu,memory:/inner --detach --pid-file "$WORK/pid" "$ID" /bin/sleep 1000
  succeeded
  equal "$(cgroup_of "$(<"$WORK/pid")")" "$own/inner"
  in_container --cgroup / --detach --pid-file "$WORK/pid" "$ID" /bin/sleep 1000
  succeeded
  equal "$(cgroup_of "$(<"$WORK/pid")")" "$own"
  in_container --cgroup absent "$ID" /bin/true
  failed_with 255
  says absent
}

@test "exec follows an init that has moved into a cgroup of its own" {
  background forever
  local own
  own=$(container_cgroup)
  mkdir "$own/init.scope"
  pid_of >"$own/init.scope/cgroup.procs"
  in_container --detach --pid-file "$WORK/pid" "$ID" /bin/sleep 1000
  succeeded
  equal "$(cgroup_of "$(<"$WORK/pid")")" "$own/init.scope"
}

@test "a paused container is entered with --ignore-paused only, and the program begins with resume" {
  background forever
  rt pause "$ID"
  in_container "$ID" /bin/true
  failed_with 255
  says "cannot exec in a paused container (use --ignore-paused to override)"
  timeout 60 "$ASYLUM_RUNC" --root "$STATE" exec --ignore-paused "$ID" /bin/probe print begun >"$WORK/exec" 2>&1 </dev/null 3>&- &
  local exec=$!
  eventually is_population "$(container_cgroup)" 2
  [[ ! -s $WORK/exec ]]
  rt resume "$ID"
  wait "$exec"
  equal "$(<"$WORK/exec")" begun
}

@test "exec enters an init whose namespaces were joined by path" {
  arguments /bin/probe forever
  rt create --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null
  local first kind
  first=$(pid_of)
  make_bundle "$WORK/second"
  config ".process.args = [\"/bin/probe\", \"forever\"]" "$WORK/second/config.json"
  config ".linux.namespaces = [{\"type\": \"mount\"}, {\"type\": \"pid\", \"path\": \"/proc/$first/ns/pid\"}, {\"type\": \"ipc\", \"path\": \"/proc/$first/ns/ipc\"}, {\"type\": \"uts\", \"path\": \"/proc/$first/ns/uts\"}, {\"type\": \"network\", \"path\": \"/proc/$first/ns/net\"}] | del(.hostname)" "$WORK/second/config.json"
  rt run --detach --bundle "$WORK/second" "$ID-b" >"$WORK/output" 2>&1 </dev/null
  in_container "$ID-b" /bin/sh -c 'for kind in pid ipc uts net mnt; do /bin/busybox readlink /proc/self/ns/$kind; done'
  succeeded
  for kind in pid ipc uts net; do has "$(readlink "/proc/$first/ns/$kind")"; done
  has "$(readlink "/proc/$(rt state "$ID-b" | jq .pid)/ns/mnt")"
  rt delete --force "$ID-b"
}
