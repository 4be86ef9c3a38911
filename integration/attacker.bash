# shellcheck shell=bash
# For tests whose container has an attacker in it: the bundle, what he is after, who he may be, commands in steps.
# Loaded after helpers; integration/tools/attacker.h and stepper.cpp are the programs.

# What no container may learn. Each word is in one place of the host's only: an environment variable for exec's program,
# the caller's environment, the path of the state directory, the name of a mount, a file, a hook's environment, an annotation.
WORDS="env caller root mount secret hook annotation"
word() { printf 'word-of-%s-%s' "$1" "$$"; }
# How long a command may take that has to end by itself.
PATIENCE=${INSIDE_PATIENCE:-120}

setup() {
  common_setup
  # Sanitizers and ptrace exclude each other, and it is the release build's memory that is searched.
  ASYLUM_RUNC=$ASYLUM_RELEASE
  STATE=$WORK/state-$(word root)
  SHARED=$WORK/shared
  OUTSIDE=$WORK/outside
  # bats keeps its directories to itself; a user namespace's root must get through.
  chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$WORK" "$BUNDLE"
  mkdir "$SHARED" "$OUTSIDE" "$WORK/$(word mount)"
  chmod 777 "$SHARED" "$OUTSIDE"
  word secret >"$OUTSIDE/secret"
  mount -t tmpfs tmpfs "$WORK/$(word mount)"
  export CALLER_TOKEN
  CALLER_TOKEN=$(word caller)
  write_aim
  prepare_bundle
}

teardown() {
  local job
  for job in $(jobs -p); do kill "$job" 2>/dev/null || true; done
  umount "$WORK/$(word mount)"
  common_teardown
}

# What the attacker is after. Not in his arguments: those are in the config, and with it in the runtime's memory.
write_aim() {
  local name
  {
    printf 'outside - %s\n' "$OUTSIDE"
    for name in $WORDS; do printf 'marker %s %s\n' "$name" "$(word "$name")"; done
    for name in /proc/self/ns/*; do printf 'host-namespace - %s\n' "$(stat -L -c %i "$name")"; done
  } >"$SHARED/aim"
}

prepare_bundle() {
  mkdir "$BUNDLE/rootfs/shared"
  cp "$TOOLS/attacker" "$BUNDLE/rootfs/bin/attacker"
  config ".mounts += [{destination: \"/tmp\", type: \"tmpfs\", source: \"tmpfs\"},
      {destination: \"/shared\", type: \"bind\", source: \"$SHARED\", options: [\"rbind\", \"rw\"]}]
    | .annotations = {\"org.example.token\": \"$(word annotation)\"}
    | .hooks.poststop = [{path: \"/bin/true\", env: [\"TOKEN=$(word hook)\"]}]"
  filtering '["x86_64"]'
}

# filtering ARCHITECTURES: a filter that refuses mkdir with EPERM.
filtering() {
  config ".linux.seccomp = {defaultAction: \"SCMP_ACT_ALLOW\", syscalls: [{names: [\"mkdir\"], action: \"SCMP_ACT_ERRNO\"}],
    architectures: ($1 | map(\"SCMP_ARCH_\" + ascii_upcase))}"
}

powerless() { config '.process.user = {uid: 1000, gid: 1000} | .process.capabilities = {}'; }
tracer() { config '.process.capabilities = (["bounding", "effective", "permitted"] | map({(.): ["CAP_SYS_PTRACE"]}) | add)'; }
mapped() {
  local all
  all=$("$ASYLUM_RUNC" features | jq -c .linux.capabilities)
  config ".linux.namespaces += [{type: \"user\"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings | .process.capabilities = {bounding: $all, effective: $all, permitted: $all}"
}
# Who may stop and freeze what he sees.
captor() {
  config '(.mounts[] | select(.destination == "/sys/fs/cgroup")).options = ["nosuid", "noexec", "nodev", "rw"]'
}

# attacker VERB...: the container whose pid 1 he is.
attacker() {
  arguments /bin/attacker "$@"
  rt create --bundle "$BUNDLE" "$ID" >"$WORK/output" 2>&1 </dev/null || { cat "$WORK/output"; return 1; }
  rt start "$ID"
}
serving_attacker() {
  attacker serve
  eventually test -S "$SHARED/attacker"
}

# stepped NAME ARGUMENTS...: the command in steps; its words to $output, the looks to $WORK/NAME.
stepped() {
  local name=$1
  shift
  status=0
  timeout "$PATIENCE" "$TOOLS/stepper" "$SHARED/attacker" "$WORK/$name" "$ASYLUM_RUNC" --root "$STATE" "$@" >"$WORK/said" 2>&1 </dev/null || status=$?
  output=$(<"$WORK/said")
}

# --- what is asserted

own() { sed -n 's/^own 0 //p' "$SHARED/report"; }
strangers() { sed -n 's/^status [0-9]* //p' "$SHARED/report" | sort -u; }
# Each finding once, without numbers that differ from run to run; memory is a matter of its own.
all_findings() { sed -n 's/^reached [0-9]* //p' "$SHARED/report" | sed -E 's/[0-9]{4,}/N/g' | sort -u; }
findings() { all_findings | grep -v '^mem ' || true; }

assert_nothing_reached() {
  [[ -z $(findings) ]] || die "the attacker reached:"$'\n'"$(findings)"
  equal "$(find "$OUTSIDE" -name 'proof*')" ""
}
# Whoever was seen had the ids, capabilities, no_new_privs and filter of the container's own processes from the first look on.
assert_same_credentials() {
  [[ -n $(strangers) ]] || die "nobody was seen"
  local others
  others=$(strangers | grep -vxF -- "$(own)" || true)
  [[ -z $others ]] || die "$(wc -l <<<"$others") other credentials than $(own), for example:"$'\n'"$(sed -n '1p;$p' <<<"$others")"
}
assert_seen() { grep -q '^visible .*: looked [1-9]' "$WORK/$1" || die "nobody was seen: $(cat "$WORK/$1")"; }
assert_never_seen() {
  grep -q '^hidden ' "$WORK/$1" || die "nobody was held: $(cat "$WORK/$1")"
  ! grep -v '^main ' "$WORK/$1" | grep -v '^hidden .*: looked 0$' || die "somebody was seen"
}

# gains_nothing LINES...: no line of the output says ok, but these, whose spaces are written as underscores.
gains_nothing() {
  succeeded
  local line gained=""
  while read -r line; do
    [[ $line != *" ok" || " $* " == *" ${line// /_} "* ]] || gained+=$line$'\n'
  done <<<"$output"
  [[ -z $gained ]] || die "gained: $gained"
}
