#!/usr/bin/env bats
# Images and configs that attack the runtime: links in place of /dev and /proc, a false /dev/null, descriptors as working
# directories, the runtime's own program as target; and what is left over in the environment and directory of its caller.

load helpers

setup() {
  common_setup
  mkdir "$WORK/outside"
  config '.root.readonly = false'
}
untouched() { equal "$(find "$WORK/outside" -mindepth 1)" ""; }

@test "an image whose /dev is a link out of it gets no node, link or mount outside" {
  rmdir "$BUNDLE/rootfs/dev"
  ln -s "../../../../../../../../../../..$WORK/outside" "$BUNDLE/rootfs/dev"
  arguments /bin/probe print started
  attempt run --bundle "$BUNDLE" "$ID"
  untouched
  config 'del(.mounts[] | select(.destination | startswith("/dev")))'
  attempt run --bundle "$BUNDLE" "$ID"
  untouched
}

@test "an image whose /proc or /sys is a link is refused" {
  local name
  for name in proc sys; do
    rmdir "$BUNDLE/rootfs/$name"
    ln -s etc "$BUNDLE/rootfs/$name"
    arguments /bin/probe exit 0
    fails_cleanly "must be mounted on ordinary directory" "/$name"
    rm "$BUNDLE/rootfs/$name"
    mkdir "$BUNDLE/rootfs/$name"
  done
}

@test "a false /dev/null of the image is not what paths are masked with" {
  # no mount on /dev: the image's own would be used
  config 'del(.mounts[] | select(.destination | startswith("/dev"))) | .linux.maskedPaths = ["/etc/secret"]'
  printf secret >"$BUNDLE/rootfs/etc/secret"
  printf visible >"$BUNDLE/rootfs/dev/null"
  probe read /etc/secret stat /etc/secret
  has "read /etc/secret empty"
  matches "$output" "stat /etc/secret character 0666 [0-9:]+ 1:3"
  rm "$BUNDLE/rootfs/dev/null"
  ln -s /proc/self/status "$BUNDLE/rootfs/dev/null"
  probe read /etc/secret
  has "read /etc/secret empty"
  equal "$(cat "$BUNDLE/rootfs/etc/secret")" secret
}

# Stands for a container on the host's own root: its /dev is a directory of the root, and no mount of the config is on it.
@test "a /dev that no mount of the config brought is left as it is" {
  local dev=$BUNDLE/rootfs/dev before
  mknod -m 666 "$dev/ptmx" c 5 2
  mknod -m 600 "$dev/null" c 1 3
  before=$(ls -lin --time-style=full-iso "$dev")
  config '.mounts |= map(select(.destination | startswith("/dev") | not))'
  probe stat /dev/ptmx
  has "stat /dev/ptmx character 0666 0:0 5:2"
  equal "$(ls -lin --time-style=full-iso "$dev")" "$before"
  "$ASYLUM_RUNC" explain --bundle "$BUNDLE" >"$WORK/plan" 2>/dev/null
  grep -qF "use /dev as it is" "$WORK/plan"
  ! grep -qE "(make|link) /dev" "$WORK/plan" || die "explain promises nodes"
  # a terminal comes from the devpts that is there, and needs no /dev/console
  mkdir "$dev/pts"
  before=$(ls -lin --time-style=full-iso "$dev")
  config '.process.terminal = true | .mounts += [{destination: "/dev/pts", type: "devpts", options: ["ptmxmode=0666"]}]'
  arguments /bin/probe tty
  run "$TOOLS/ptyrun" 'expect tty 0 /dev/pts/0' "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  succeeded
  equal "$(ls -lin --time-style=full-iso "$dev")" "$before"
}

@test "a device of the config is refused where it would remain in the root's /dev" {
  config '.mounts |= map(select(.destination | startswith("/dev") | not))
    | .linux.devices = [{path: "/dev/x", type: "c", major: 1, minor: 3}]'
  arguments /bin/probe exit 0
  attempt run --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "nothing is mounted on /dev"
  says "#/linux/devices/0"
  equal "$(ls -A "$BUNDLE/rootfs/dev")" ""
}

@test "the root can be a read-only path and cannot be masked, not by a link either" {
  ln -s ../.. "$BUNDLE/rootfs/self"
  local path
  for path in / /self; do
    config ".linux.readonlyPaths = [\"$path\"] | .linux.maskedPaths = []"
    probe create /tmp/file
    has "create /tmp/file EROFS"
    config ".linux.readonlyPaths = [] | .linux.maskedPaths = [\"$path\"]"
    attempt run --bundle "$BUNDLE" "$ID"
    failed_with 1
    says "is the root directory, which cannot be masked"
    says "#/linux/maskedPaths/0"
  done
}

# The mount(2) path: an option that fsconfig(2) cannot carry.
@test "an option of more than 255 bytes leaves a tmpfs read-only" {
  config '.mounts += [{destination: "/tmp", type: "tmpfs", source: "tmpfs",
    options: ["ro", "tmpcopyup", "size='"$(printf '0x%0300x' 1048576)"'"]}]'
  printf image >"$BUNDLE/rootfs/tmp/file"
  probe create /tmp/x read /tmp/file
  has "create /tmp/x EROFS"
  has "read /tmp/file image"
}

@test "tmpcopyup copies a tree that is deeper than there are descriptors" {
  local deep
  deep=$(printf 'd/%.0s' {1..300})
  mkdir -p "$BUNDLE/rootfs/data/$deep"
  printf image >"$BUNDLE/rootfs/data/${deep}file"
  config '.mounts += [{destination: "/data", type: "tmpfs", source: "tmpfs", options: ["tmpcopyup"]}]'
  ulimit -Sn 128
  probe read "/data/${deep}file"
  has "read /data/${deep}file image"
}

@test "tmpcopyup does not copy what a link of the image leads to in sysfs" {
  ln -s sys/devices/system/cpu/vulnerabilities "$BUNDLE/rootfs/data"
  config '.mounts += [{destination: "/data", type: "tmpfs", source: "tmpfs", options: ["tmpcopyup"]}]'
  arguments /bin/busybox ls -A /sys/devices/system/cpu/vulnerabilities
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  equal "$output" ""
}

# CVE-2021-30465, CVE-2024-45310 and their class: everything that init looks up is exchanged for a link meanwhile.
@test "a sibling that exchanges directories of a shared volume for links gets nothing outside" {
  local volume=$WORK/volume outside=$WORK/outside long name before pid
  local up=../../../../../../../../../../../..
  mkdir "$volume"
  for name in tmpfs long bound copied proc masked; do
    mkdir -p "$volume/$name/below"
    ln -s "$up$outside" "$volume/$name.other"
  done
  ln -sfn /proc/sys "$volume/long.other"
  mkdir "$outside/below" "$outside/net" "$volume/long/net" "$volume/masked/net"
  printf secret >"$outside/secret"
  long=$(printf '0x%0300x' 1048576)
  config '.mounts += [
    {destination: "/vol", type: "bind", source: "'"$volume"'", options: ["rbind"]},
    {destination: "/vol/tmpfs/below", type: "tmpfs", source: "tmpfs"},
    {destination: "/vol/long/net", type: "tmpfs", source: "tmpfs", options: ["size='"$long"'"]},
    {destination: "/vol/bound/file", type: "bind", source: "'"$CONFIG"'", options: ["bind"]},
    {destination: "/vol/bound/new/file", type: "bind", source: "'"$CONFIG"'", options: ["bind"]},
    {destination: "/vol/copied", type: "tmpfs", source: "tmpfs", options: ["tmpcopyup"]},
    {destination: "/vol/proc/below", type: "proc", source: "proc"}]
    | .linux.readonlyPaths += ["/vol/tmpfs/below"] | .linux.maskedPaths += ["/vol/masked/net"]
    | .linux.devices = [{path: "/vol/tmpfs/node", type: "c", major: 1, minor: 3, uid: 1000}]
    | .process.cwd = "/vol/bound/new"'
  before=$(find "$outside" -printf '%p %i %m %u %C@\n' | sort)
  arguments /bin/probe statfs /proc/sys/net read /vol/copied/secret
  mkfifo "$WORK/never"
  "$TOOLS/racer" "$volume" 5 >"$WORK/exchanges" 2>&1 <>"$WORK/never" 3>&- & # an input that does not end
  pid=$!
  HELPERS=$pid
  while [[ -e /proc/$pid/fd/1 ]]; do
    attempt run --bundle "$BUNDLE" "$ID"
    [[ $status -le 1 ]] || die "ended with $status: $output"
    [[ $output != *secret\ secret* ]] || die "a file outside was read: $output"
    [[ $status -ne 0 ]] || says "statfs /proc/sys/net 0000000000009fa0"
  done
  wait "$pid"
  HELPERS=
  [[ $(tail -n 1 "$WORK/exchanges") -gt 100 ]] || die "no race: $(cat "$WORK/exchanges")"
  equal "$(find "$outside" -printf '%p %i %m %u %C@\n' | sort)" "$before"
}

@test "the working directory cannot be a descriptor of the runtime's or of its caller's" {
  local fd
  arguments /bin/probe cwd
  for fd in $(seq 3 24); do
    config ".process.cwd = \"/proc/self/fd/$fd\""
    status=0
    timeout 20 "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID" 9</ 21<"$WORK/outside" >"$WORK/said" 2>&1 </dev/null || status=$?
    [[ $status -ne 0 ]] || equal "$(cat "$WORK/said")" "cwd /"
  done
}

@test "exec's working directory cannot be a descriptor either" {
  background forever
  local fd
  for fd in $(seq 3 24); do
    status=0
    timeout 20 "$ASYLUM_RUNC" --root "$STATE" exec --cwd "/proc/self/fd/$fd" "$ID" /bin/probe cwd 9</ 21<"$WORK/outside" >"$WORK/said" 2>&1 </dev/null || status=$?
    [[ $status -ne 0 ]] || equal "$(cat "$WORK/said")" "cwd /"
  done
}

@test "the program that runs cannot be overwritten through /proc/PID/exe, not even when it has ended" {
  cp "$ASYLUM_RUNC" "$WORK/program"
  arguments /bin/probe forever
  "$WORK/program" --root "$STATE" create --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null
  exec 8<"/proc/$(pid_of)/exe"
  # while it runs the kernel says ETXTBSY of any program
  "$WORK/program" --root "$STATE" delete --force "$ID"
  run bash -c 'printf x >>/proc/self/fd/8'
  exec 8<&-
  failed_with 1
  says "Read-only file system"
  cmp "$ASYLUM_RUNC" "$WORK/program"
}

@test "a program that is /proc/self/exe is not the runtime's to write" {
  cp "$ASYLUM_RUNC" "$WORK/program"
  config '.process.args = ["/proc/self/exe", "--version"]'
  timeout 20 "$WORK/program" --root "$STATE" run --bundle "$BUNDLE" "$ID" >"$WORK/said" 2>&1 </dev/null || true
  cmp "$ASYLUM_RUNC" "$WORK/program"
}

# passing N COMMAND...: with N open descriptors after the standard streams, and no other.
passing() {
  local count=$1 fd
  shift
  (
    for fd in /proc/self/fd/*; do
      fd=${fd##*/}
      ((fd < 3)) || eval "exec $fd>&-"
    done
    for ((fd = 3; fd < 3 + count; ++fd)); do eval "exec $fd<\"$WORK/passed$fd\""; done
    "$@"
  )
}
# inherited HOW N VARIABLE... -- OPTION...: runs HOW (run, create, exec) with N descriptors passed; $listed has the numbers
# that the program sees, $output its words.
inherited() {
  local how=$1 count=$2 program=() variables=() container=$ID-$1
  shift 2
  until [[ $1 == -- ]]; do variables+=("$1"); shift; done
  shift
  program=(env "${variables[@]}" timeout 60 "$ASYLUM_RUNC" --root "$STATE" "$how" "$@")
  status=0
  if [[ $how == exec ]]; then
    passing "$count" "${program[@]}" "$ID" /bin/probe env session fds >"$WORK/said" 2>&1 </dev/null || status=$?
  else
    passing "$count" "${program[@]}" --bundle "$BUNDLE" "$container" >"$WORK/said" 2>&1 </dev/null || status=$?
  fi
  if [[ $how == create && $status -eq 0 ]]; then
    rt start "$container"
    eventually has_ended "$container"
    rt delete "$container"
  fi
  output=$(<"$WORK/said")
  listed=$(awk '$1 == "fd" { print $2 }' "$WORK/said" | xargs)
}
has_ended() { [[ $(rt state "$1" | jq -r .status) == stopped ]]; }
passed_files() {
  local fd
  for fd in $(seq 3 9); do printf 'passed %s' "$fd" >"$WORK/passed$fd"; done
  background forever
  arguments /bin/probe env session fds
}

# CVE-2024-21626: the state directory, the journal, the gate and the cgroup are opened at just these numbers.
@test "descriptors that LISTEN_FDS claims and nobody passed are none of the runtime's own" {
  local how claimed
  passed_files
  for how in run create exec; do
    for claimed in $(seq 1 12); do
      inherited "$how" 0 LISTEN_FDS="$claimed" --
      succeeded
      equal "$listed" "0 1 2"
      [[ $output != *"env LISTEN_"* ]] || die "handed down: $output"
      says "LISTEN_FDS"
    done
    # meant for another process
    inherited "$how" 0 LISTEN_FDS=4 LISTEN_PID=1 --
    succeeded
    equal "$listed" "0 1 2"
  done
}

@test "fewer descriptors than LISTEN_FDS claims are not handed down either" {
  local how
  passed_files
  for how in run create exec; do
    inherited "$how" 2 LISTEN_FDS=4 --
    succeeded
    equal "$listed" "0 1 2"
    inherited "$how" 1 LISTEN_FDS=4 -- --preserve-fds 1
    succeeded
    equal "$listed" "0 1 2 3"
    inherited "$how" 1 LISTEN_FDS=4 -- --preserve-fds 2
    [[ $status -ne 0 ]]
    says "descriptor 4"
  done
}

@test "descriptors that were passed are handed down, and those after them preserved" {
  local how
  passed_files
  for how in run create exec; do
    inherited "$how" 3 LISTEN_FDS=2 --
    succeeded
    equal "$listed" "0 1 2 3 4"
    has "env LISTEN_FDS=2"
    has "env LISTEN_PID=$(sed -n 's/^pid //p' <<<"$output")"
    inherited "$how" 4 LISTEN_FDS=2 -- --preserve-fds 1
    succeeded
    equal "$listed" "0 1 2 3 4 5"
    has "env LISTEN_FDS=2"
    inherited "$how" 3 LISTEN_FDS=2 -- --preserve-fds 2
    [[ $status -ne 0 ]]
    says "descriptor 6"
  done
}

@test "a service manager that names us and passes too few is told the number" {
  local how words
  passed_files
  for how in run create exec; do
    words=("$how" --bundle "$BUNDLE" "$ID-$how")
    [[ $how != exec ]] || words=(exec "$ID" /bin/probe fds)
    # the shell becomes the program, so its pid is the one that is named
    status=0
    # shellcheck disable=SC2016
    passing 1 bash -c 'LISTEN_FDS=3 LISTEN_PID=$$ exec "$@"' - "$ASYLUM_RUNC" --root "$STATE" "${words[@]}" \
      >"$WORK/said" 2>&1 </dev/null || status=$?
    output=$(<"$WORK/said")
    [[ $status -ne 0 ]]
    says "descriptor 4 is not open"
    equal "$(rt list -q)" "$ID"
  done
}

# another_owner: a copy of the program that belongs to uid 1000, so that a config with a user namespace into which that
# uid is not mapped would make its protection needless; $PROGRAM.
another_owner() {
  PROGRAM=$WORK/program
  cp "$ASYLUM_RUNC" "$PROGRAM"
  chown 1000 "$PROGRAM"
}
# misleading: a directory whose config.json claims just that.
misleading() {
  make_bundle "$WORK/misleading"
  chown -R 200000:200000 "$WORK/misleading/rootfs"
  config '.linux.namespaces += [{"type": "user"}]
    | .linux.uidMappings = [{"containerID": 0, "hostID": 200000, "size": 1000}]
    | .linux.gidMappings = .linux.uidMappings' "$WORK/misleading/config.json"
}
# executes COMMAND...: how often the program executes itself anew before it makes a process.
executes() {
  strace -qq -e trace=execveat -o "$WORK/trace" "$@" >"$WORK/said" 2>&1 </dev/null || true
  grep -c execveat "$WORK/trace" || true
}

# CVE-2019-5736: what protects the program from the container follows from that container's config, and from no other.
@test "a config.json of the caller's directory does not switch the protection of exec and mounts off" {
  another_owner
  misleading
  background forever
  printf '[]' >"$WORK/none.json"
  cd "$WORK/misleading"
  equal "$(executes "$PROGRAM" --root "$STATE" exec "$ID" /bin/probe exit 0)" 1
  equal "$(executes "$PROGRAM" --root "$STATE" mounts add "$ID" "$WORK/none.json")" 1
  equal "$(executes "$PROGRAM" --root "$STATE" mounts remove "$ID" "$WORK/none.json")" 1
  # of no container at all nothing is known
  equal "$(executes "$PROGRAM" --root "$STATE" exec "$ID-none" /bin/probe exit 0)" 1
}

@test "the container's own config says that exec needs no protection" {
  another_owner
  misleading
  # the ids of the namespace walk from / to the root
  local directory=$WORK
  until [[ $directory == / ]]; do chmod o+x "$directory"; directory=${directory%/*}; directory=${directory:-/}; done
  CONFIG=$WORK/misleading/config.json
  arguments /bin/probe forever
  "$PROGRAM" --root "$STATE" create --bundle "$WORK/misleading" "$ID" >"$WORK/output" 2>&1 </dev/null ||
    die "$(<"$WORK/output")"
  "$PROGRAM" --root "$STATE" start "$ID"
  cd "$BUNDLE"
  equal "$(executes "$PROGRAM" --root "$STATE" exec "$ID" /bin/probe exit 0)" 0
}

@test "the value of exec --env is not on the command line that the host's ps shows" {
  background forever
  local words
  for words in "--env TOKEN=hunter2" "--env=TOKEN=hunter2" "-e TOKEN=hunter2" "-eTOKEN=hunter2" "-env TOKEN=hunter2"; do
    # shellcheck disable=SC2086
    "$ASYLUM_RUNC" --root "$STATE" exec $words "$ID" /bin/probe env forever >"$WORK/said" 2>&1 </dev/null 3>&- &
    eventually grep -qxF "env TOKEN=hunter2" "$WORK/said"
    [[ $(tr '\0' ' ' <"/proc/$!/cmdline") == *TOKEN* ]]
    [[ $(tr '\0' ' ' <"/proc/$!/cmdline") != *hunter2* ]]
    kill "$!"
    wait "$!" || true
  done
}

@test "a variable without a name or a value is refused, and its text is in no error and no log" {
  local words
  background forever
  for words in "--env s3cret" "--env =s3cret"; do
    # shellcheck disable=SC2086
    attempt --log "$WORK/log.json" --log-format json exec $words "$ID" /bin/probe env
    failed_with 255
    says "--env (number 1): must be NAME=value"
    [[ $output$(<"$WORK/log.json") != *s3cret* ]]
  done
  for words in '["A=b", "=s3cret"]' '["s3cret"]' '"A=s3cret"' '{"A": "s3cret"}'; do
    config ".process.env = $words"
    rm -f "$WORK/log.json"
    attempt --log "$WORK/log.json" --log-format json run --bundle "$BUNDLE" "$ID-run"
    failed_with 1
    says "/process/env"
    [[ $output$(<"$WORK/log.json") != *s3cret* ]]
  done
  config '.process.env = [] | .annotations = "s3cret"'
  attempt run --bundle "$BUNDLE" "$ID-run"
  failed_with 1
  [[ $output != *s3cret* ]]
}
