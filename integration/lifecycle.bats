#!/usr/bin/env bats
# The commands in the order of a container's life, their output formats and exit codes.

load helpers

@test "create, start, state, kill, delete" {
  created catch
  equal "$(status_of)" created
  rt start "$ID"
  eventually output_has ready
  equal "$(status_of)" running
  rt kill "$ID" TERM
  eventually is_status stopped
  rt delete "$ID"
  run rt state "$ID"
  failed_with 1
  says "container does not exist"
}

@test "state prints the members of the specification and of runc" {
  config '.annotations = {"org.example.key": "value"}'
  created forever
  run rt state "$ID"
  succeeded
  local pid
  pid=$(jq .pid <<<"$output")
  [[ $pid -gt 1 && -d /proc/$pid ]]
  equal "$(jq -c '[.ociVersion, .id, .status, .bundle, .rootfs, .annotations, .owner]' <<<"$output")" \
    "[\"$(jq -r .ociVersion "$CONFIG")\",\"$ID\",\"created\",\"$BUNDLE\",\"$BUNDLE/rootfs\",{\"org.example.key\":\"value\"},\"\"]"
  matches "$(jq -r .created <<<"$output")" '^20[0-9-]+T[0-9:.]+Z$'
  grep -q '^  "id": ' <<<"$output"
}

@test "state of a stopped container has pid 0" {
  background exit 3
  eventually is_status stopped
  equal "$(pid_of)" 0
}

@test "list as a table has runc's columns" {
  created forever
  run rt list
  succeeded
  matches "${lines[0]}" '^ID +PID +STATUS +BUNDLE +CREATED +OWNER$'
  matches "${lines[1]}" "^$ID +[0-9]+ +created +$BUNDLE +20[^ ]+ +root *$"
  equal "${#lines[@]}" 2
}

@test "list as JSON is one line, null when there is none" {
  mkdir "$STATE"
  run rt list --format json
  succeeded
  equal "$output" null
  created forever
  run rt list -f json
  succeeded
  equal "${#lines[@]}" 1
  equal "$(jq -r '.[0] | [.id, .status, .owner] | join(" ")' <<<"$output")" "$ID created root"
}

@test "list --quiet prints ids alone" {
  created forever
  run rt list -q
  equal "$output" "$ID"
}

@test "list with an unknown format is refused" {
  mkdir "$STATE"
  run rt list --format yaml
  failed_with 1
  says "invalid format option"
}

@test "the seccomp cache is never listed as a container" {
  created forever
  run rt list --quiet
  equal "${#lines[@]}" 1
}

@test "--pid-file holds the pid and no newline" {
  arguments /bin/probe forever
  rt create --bundle "$BUNDLE" --pid-file "$WORK/pid" "$ID" >/dev/null </dev/null
  equal "$(od -An -c "$WORK/pid" | tr -d ' \n')" "$(pid_of)"
}

@test "the pid in state is the container's program, in its own cgroup and namespaces" {
  background forever
  local pid
  pid=$(pid_of)
  equal "$(tr '\0' ' ' <"/proc/$pid/cmdline")" "/bin/probe forever "
  [[ $(readlink "/proc/$pid/ns/pid") != $(readlink /proc/self/ns/pid) ]]
  equal "$(cat "$(cgroup_of "$pid")/cgroup.procs")" "$pid"
}

@test "run prints the program's output and removes everything" {
  probe print hello
  equal "$output" hello
  run rt state "$ID"
  failed_with 1
}

@test "run --detach returns while the program runs" {
  arguments /bin/probe forever
  rt run --detach --bundle "$BUNDLE" "$ID" </dev/null >/dev/null 2>&1
  equal "$(status_of)" running
}

@test "the bundle is the working directory by default" {
  arguments /bin/probe print here
  cd "$BUNDLE"
  run rt run "$ID"
  succeeded
  equal "$output" here
}

@test "kill takes names with and without SIG, and numbers" {
  background catch
  eventually output_has ready
  rt kill "$ID" USR1
  eventually output_has "signal 10"
  rt kill "$ID" SIGUSR2
  eventually output_has "signal 12"
  rt kill "$ID" 1
  eventually output_has "signal 1"
  rt kill "$ID"
  eventually output_has "signal 15"
  eventually is_status stopped
}

@test "kill with an unknown signal is refused" {
  created forever
  run rt kill "$ID" NONSENSE
  failed_with 1
  says 'unknown signal "NONSENSE"'
}

@test "kill of a stopped container says that it is not running" {
  background exit 0
  eventually is_status stopped
  run rt kill "$ID" TERM
  failed_with 1
  says "container not running"
}

@test "kill --all of a stopped container is no error" {
  background exit 0
  eventually is_status stopped
  rt kill --all "$ID" KILL
}

@test "kill works on a created container" {
  created forever
  rt kill "$ID" KILL
  eventually is_status stopped
  rt delete "$ID"
}

@test "init at the gate dies of TERM, INT and HUP" {
  local signal
  for signal in TERM INT HUP; do
    created forever
    rt kill "$ID" "$signal"
    eventually is_status stopped
    rt delete "$ID"
  done
}

@test "delete of a running container is refused and harms nothing" {
  background forever
  run rt delete "$ID"
  failed_with 1
  says "cannot delete container $ID that is not stopped: running"
  equal "$(status_of)" running
}

@test "delete of a created container kills it" {
  created forever
  local pid
  pid=$(pid_of)
  rt delete "$ID"
  gone "$pid"
}

@test "delete --force of a running container removes it" {
  background forever
  local pid directory
  pid=$(pid_of)
  directory=$(cgroup_of "$pid")
  rt delete --force "$ID"
  gone "$pid"
  [[ ! -d $directory ]]
}

@test "delete --force removes processes that the program left behind" {
  config 'del(.linux.namespaces[] | select(.type == "pid"))'
  background orphan print started
  eventually is_status stopped
  rt delete --force "$ID"
}

@test "run removes processes that the program left behind" {
  config 'del(.linux.namespaces[] | select(.type == "pid"))'
  probe orphan print started
  equal "$output" started
}

@test "delete of an unknown id fails, delete --force does not" {
  mkdir "$STATE"
  run rt delete "$ID"
  failed_with 1
  says "container does not exist"
  rt delete --force "$ID"
}

@test "start twice is refused" {
  background forever
  run rt start "$ID"
  failed_with 1
  says "cannot start an already running container"
}

@test "start of a stopped container is refused" {
  background exit 0
  eventually is_status stopped
  run rt start "$ID"
  failed_with 1
  says "cannot start a container that has stopped"
}

@test "an id that is in use is refused and its container not disturbed" {
  background forever
  local pid
  pid=$(pid_of)
  attempt create --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "container with given ID already exists"
  equal "$(pid_of)" "$pid"
  equal "$(status_of)" running
}

@test "an id can be used again after delete" {
  probe print one
  probe print two
  equal "$output" two
}

@test "many containers of one bundle live side by side" {
  local i
  arguments /bin/probe forever
  for i in 1 2 3 4; do rt create --bundle "$BUNDLE" "$ID-$i" >/dev/null 2>&1 </dev/null; done
  equal "$(rt list -q | wc -l)" 4
  for i in 1 2 3 4; do rt delete "$ID-$i"; done
  equal "$(rt list -q | wc -l)" 0
}

@test "a container is created from another directory with a relative bundle" {
  arguments /bin/probe print relative
  cd "$WORK"
  run rt run --bundle bundle "$ID"
  succeeded
  equal "$output" relative
}

@test "a relative --root works in a later command from the same directory" {
  arguments /bin/probe forever
  cd "$WORK"
  "$ASYLUM_RUNC" --root state create --bundle bundle "$ID" </dev/null >/dev/null 2>&1
  "$ASYLUM_RUNC" --root state delete "$ID"
}

@test "the state directory is not open to others" {
  created forever
  matches "$(stat -c %a "$STATE/$ID")" '^7[01][01]$'
  find "$STATE" -perm /022 -not -type l | { ! grep .; }
}

@test "spec writes a config with tabs that create accepts, and refuses to overwrite" {
  mkdir "$WORK/new"
  "$ASYLUM_RUNC" spec --bundle "$WORK/new"
  grep -q $'^\t"ociVersion": "1\.' "$WORK/new/config.json"
  equal "$(stat -c %a "$WORK/new/config.json")" 644
  equal "$(jq -c '[.process.args, .process.terminal, .root.readonly]' "$WORK/new/config.json")" '[["sh"],true,true]'
  run "$ASYLUM_RUNC" spec --bundle "$WORK/new"
  failed_with 1
  says "File config.json exists. Remove it first"
}

@test "spec --rootless has a user namespace and no network namespace" {
  mkdir "$WORK/new"
  "$ASYLUM_RUNC" spec --rootless --bundle "$WORK/new"
  equal "$(jq -c '[.linux.namespaces[].type] | [index("user") != null, index("network") != null]' "$WORK/new/config.json")" '[true,false]'
}

@test "--version names itself first, then commit, spec and libseccomp" {
  run "$ASYLUM_RUNC" --version
  succeeded
  matches "${lines[0]}" '^asylum-runc version [0-9]+\.[0-9]+'
  # A checkout of git knows its commit, if there is git to ask.
  if git -C "$TOP" -c safe.directory='*' rev-parse HEAD >/dev/null 2>&1; then matches "${lines[1]}" '^commit: '; fi
  matches "$output" $'\nspec: 1\\.'
  matches "$output" 'libseccomp: 2\.'
}

@test "--help ends with 0, also of each command" {
  local command
  run "$ASYLUM_RUNC" --help
  succeeded
  for command in create start state kill delete list run spec explain; do
    says "$command"
    "$ASYLUM_RUNC" "$command" --help | grep -q "$command"
  done
}

@test "the default root is /run/asylum-runc" {
  arguments /bin/probe forever
  "$ASYLUM_RUNC" create --bundle "$BUNDLE" "$ID" </dev/null >/dev/null 2>&1
  [[ -d /run/asylum-runc/$ID ]]
  "$ASYLUM_RUNC" delete "$ID"
  [[ ! -e /run/asylum-runc/$ID ]]
}

@test "list of a missing default root is empty, of a missing --root an error" {
  run "$ASYLUM_RUNC" --root "$WORK/none" list
  failed_with 1
  says "$WORK/none"
}

@test "edits of the bundle after create have no effect on start" {
  created print from-create
  arguments /bin/probe print from-edit
  rt start "$ID"
  eventually output_has from-create
}

@test "two creates of one id at once: one wins, one says so" {
  arguments /bin/probe forever
  local first second codes
  rt create --bundle "$BUNDLE" "$ID" </dev/null >"$WORK/one" 2>&1 & first=$!
  rt create --bundle "$BUNDLE" "$ID" </dev/null >"$WORK/two" 2>&1 & second=$!
  codes=""
  if wait "$first"; then codes+=0; else codes+=1; fi
  if wait "$second"; then codes+=0; else codes+=1; fi
  matches "$codes" '^(01|10)$'
  cat "$WORK/one" "$WORK/two" | grep -q "already exists"
  equal "$(status_of)" created
}

@test "a container whose init was killed is stopped, and delete works" {
  background forever
  kill -KILL "$(pid_of)"
  eventually is_status stopped
  rt delete "$ID"
}

@test "--preserve-fds hands down exactly that many descriptors" {
  arguments /bin/probe fds
  printf 'through three\n' >"$WORK/three"
  run rt run --preserve-fds 1 --bundle "$BUNDLE" "$ID" 3<"$WORK/three" 4<"$WORK/three"
  succeeded
  matches "$output" 'fd 3 .*three'
  has_not "fd 4"
  equal "$(grep -c '^fd' <<<"$output")" 4
}

@test "--preserve-fds with a descriptor that is not open is refused" {
  arguments /bin/probe fds
  run rt run --preserve-fds 2 --bundle "$BUNDLE" "$ID" 3</dev/null 4<&-
  failed_with 1
  says "preserve"
}

@test "descriptors of the caller do not leak into the container" {
  arguments /bin/probe fds
  run rt run --bundle "$BUNDLE" "$ID" 5</etc/passwd 17</etc
  succeeded
  equal "$(grep '^fd' <<<"$output" | awk '{print $2}' | xargs)" "0 1 2"
}

@test "LISTEN_FDS are handed down with LISTEN_PID 1" {
  arguments /bin/probe env fds
  LISTEN_FDS=1 run rt run --bundle "$BUNDLE" "$ID" 3</dev/null
  succeeded
  has "env LISTEN_FDS=1"
  has "env LISTEN_PID=1"
  matches "$output" 'fd 3 '
}
