#!/usr/bin/env bats
# Bad input: one clear sentence with file, pointer and reason, code 1, one JSON record, nothing left behind.

load helpers

@test "the sentence of a missing mount source, word by word" {
  config '.mounts += [{destination: "/data", type: "bind", source: "/no/such", options: ["bind"]}]'
  arguments /bin/probe print no
  run --separate-stderr rt run --bundle "$BUNDLE" "$ID"
  failed_with 1
  equal "$output" ""
  equal "$stderr" "asylum-runc: cannot mount /no/such on /data: open \"/no/such\": no such file or directory (config.json#/mounts/7/source)"
  grep -qxF "    $stderr" "$BATS_TEST_DIRNAME/../README.md" # which shows it
  fails_cleanly /no/such /mounts/7
}

@test "the JSON record has runc's keys and ours" {
  config '.mounts += [{destination: "/data", type: "bind", source: "/no/such", options: ["bind"]}]'
  run rt --log "$WORK/log" --log-format json run --bundle "$BUNDLE" "$ID"
  failed_with 1
  equal "$(jq -r '[.level, .errno] | join(" ")' "$WORK/log")" "error ENOENT"
  equal "$(jq -r 'has("msg") and has("time") and has("code") and has("stage") and has("field") and has("syscall")' "$WORK/log")" true
  matches "$(jq -r .time "$WORK/log")" '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)$'
  matches "$(jq -r .field "$WORK/log")" '^/mounts/7'
  matches "$(jq -r .msg "$WORK/log")" '/no/such'
}

@test "the log file is appended to, with mode 0644" {
  run rt --log "$WORK/log" --log-format json state nobody
  run rt --log "$WORK/log" --log-format json state nobody
  equal "$(jq -s length "$WORK/log")" 2
  equal "$(stat -c %a "$WORK/log")" 644
}

@test "a text log has the sentence" {
  run rt --log "$WORK/log" state nobody
  grep -q "container does not exist" "$WORK/log"
}

@test "--debug tells the steps and details" {
  config '.mounts += [{destination: "/data", type: "bind", source: "/no/such", options: ["bind"]}]'
  run rt --debug run --bundle "$BUNDLE" "$ID"
  failed_with 1
  matches "$output" 'syscall +[a-z_0-9]+ → ENOENT'
}

@test "a warning does not spoil the log of a success" {
  config '.linux.unknownMember = true'
  arguments /bin/probe print fine
  run rt --log "$WORK/log" --log-format json run --bundle "$BUNDLE" "$ID"
  succeeded
  [[ ! -s $WORK/log ]]
}

@test "an unknown member is a warning with a suggestion" {
  config '.hostnam = "box"'
  arguments /bin/probe print fine
  run --separate-stderr rt run --bundle "$BUNDLE" "$ID"
  succeeded
  matches "$stderr" 'did you mean "hostname".*#/hostnam\)'
}

@test "no config.json" {
  rm "$CONFIG"
  fails_cleanly config.json "$BUNDLE"
  cp /dev/null "$CONFIG"
}

@test "config.json that is no JSON says line and column" {
  printf '{\n  "ociVersion": "1.0.2",\n  "process": }\n' >"$CONFIG"
  fails_cleanly config.json
  attempt create --bundle "$BUNDLE" "$ID"
  matches "$output" '(line 3|:3:)'
}

@test "a bundle that does not exist" {
  attempt create --bundle "$WORK/none" "$ID"
  failed_with 1
  says "$WORK/none"
  says "no such file or directory"
  assert_nothing_left
}

@test "a root that does not exist" {
  config '.root.path = "missing"'
  fails_cleanly missing /root/path "no such file or directory"
}

@test "a root that is a file" {
  printf x >"$BUNDLE/plain"
  config '.root.path = "plain"'
  fails_cleanly plain /root/path
}

# refused FILTER POINTER [TEXT]: the edited config is refused, at this pointer.
refused() {
  cp "$BATS_FILE_TMPDIR/bundle/config.json" "$CONFIG"
  config "$1"
  fails_cleanly "$2" "${3:-}"
}
# refused_text OLD NEW POINTER [TEXT]: the same for what jq cannot write.
refused_text() {
  cp "$BATS_FILE_TMPDIR/bundle/config.json" "$CONFIG"
  grep -qF -- "$1" "$CONFIG"
  sed -i "s|$1|$2|" "$CONFIG"
  fails_cleanly "$3" "${4:-}"
}

@test "wrong types" {
  refused '.process.args = "sh"' /process/args
  refused '.process.user.uid = "0"' /process/user/uid
  refused '.mounts = {}' /mounts
  refused '.process.args[0] = 7' /process/args/0
  refused '.linux.resources.memory = {limit: "64m"}' /linux/resources/memory/limit
}

@test "numbers out of range" {
  refused_text '"uid": 0' '"uid": 4294967296' /process/user/uid
  refused_text '"uid": 0' '"uid": -1' /process/user/uid
  refused_text '"uid": 0' '"uid": 1.9' /process/user/uid
  refused_text '"uid": 0' '"uid": 18446744073709551616' /process/user/uid
}

@test "a duplicate key" {
  refused_text '"hostname":' '"hostname": "a", "hostname":' hostname twice
}

@test "a NUL byte in a path" {
  refused '.mounts[0].destination = "/proc\u0000x"' /mounts/0/destination
}

@test "missing members" {
  refused 'del(.ociVersion)' ociVersion
  refused 'del(.root)' root
  refused 'del(.root.path)' /root
  refused 'del(.process.args)' /process
  refused '.process.args = []' /process/args
  refused 'del(.process.cwd)' /process
  refused '.process.cwd = "relative"' /process/cwd
}

@test "an ociVersion that is not ours" {
  refused '.ociVersion = "2.0.0"' /ociVersion 2.0.0
}

@test "unknown values" {
  refused '.process.rlimits[0].type = "RLIMIT_NONSENSE"' /process/rlimits/0/type RLIMIT_NONSENSE
  refused '.linux.namespaces += [{type: "nonsense"}]' /linux/namespaces nonsense
  refused '.linux.namespaces += [{type: "pid"}]' /linux/namespaces
  refused '.linux.rootfsPropagation = "nonsense"' /linux/rootfsPropagation nonsense
  refused '.linux.devices = [{path: "/dev/x", type: "z", major: 1, minor: 2}]' /linux/devices/0/type
}

@test "an unknown capability is a warning that names it, as with runc" {
  config '.process.capabilities.bounding += ["CAP_NONSENSE"]'
  arguments /bin/probe caps
  run rt run --bundle "$BUNDLE" "$ID"
  succeeded
  says CAP_NONSENSE
  has "cap_bounding 0000000020000420"
}

@test "what this version does not act on is refused by name, not ignored" {
  refused '.process.apparmorProfile = "nonsense"' /process/apparmorProfile
  refused '.linux.intelRdt = {closID: "x"}' /linux/intelRdt
}

@test "an unknown file system names the mount" {
  refused '.mounts += [{destination: "/tmp", type: "nonsensefs", source: "none"}]' /mounts/7 nonsensefs
}

@test "an unknown option of a file system names it" {
  refused '.mounts += [{destination: "/tmp", type: "tmpfs", source: "tmpfs", options: ["nonsense=1"]}]' /mounts/7 nonsense
}

@test "all findings come in one pass" {
  config '.process.cwd = "relative" | .process.args = [] | .root.path = ""'
  attempt --log "$WORK/log" --log-format json create --bundle "$BUNDLE" "$ID"
  failed_with 1
  local all
  all=$(jq -r '[.field, .findings[].field] | join(" ")' "$WORK/log")
  [[ $all == */process/cwd* && $all == */process/args* && $all == */root/path* ]] || die "not all: $all"
}

@test "explain refuses what create refuses, without privileges" {
  config '.process.cwd = "relative"'
  open_to_others
  run setpriv --reuid 65534 --regid 65534 --clear-groups "$ASYLUM_RUNC" explain --bundle "$BUNDLE"
  failed_with 1
  says /process/cwd
}

@test "missing and malformed ids" {
  local id
  for command in create run start state kill delete; do
    run rt "$command"
    failed_with 1
    says "$command"
  done
  for id in ../x . .. a/b '' 'a b' $'new\nline' ünïcode; do
    attempt create --bundle "$BUNDLE" "$id"
    failed_with 1
    says "invalid container ID format"
  done
  for command in start state kill; do
    run rt "$command" ../../etc
    failed_with 1
  done
  assert_nothing_left
}

@test "unknown ids" {
  local command
  mkdir "$STATE"
  for command in start state kill delete; do
    run rt "$command" nobody
    failed_with 1
    says "container does not exist"
  done
}

@test "unknown commands and flags, and values that are missing" {
  run rt nonsense
  failed_with 1
  says nonsense
  attempt create --nonsense "$ID"
  failed_with 1
  says nonsense
  run rt --nonsense list
  failed_with 1
  says nonsense
  attempt create --bundle
  failed_with 1
  says "flag needs an argument"
  run rt --log-format yaml list
  failed_with 1
  says "yaml"
  run rt state one two
  failed_with 1
}

@test "--root / is refused" {
  run "$ASYLUM_RUNC" --root / list
  failed_with 1
}

@test "a pid file that cannot be written leaves no container" {
  arguments /bin/probe forever
  attempt create --pid-file "$WORK/none/pid" --bundle "$BUNDLE" "$ID"
  failed_with 1
  says "$WORK/none/pid"
  assert_nothing_left
}

@test "a log file that cannot be written is said on stderr" {
  run rt --log "$WORK/none/log" state nobody
  failed_with 1
  says "$WORK/none/log"
}

@test "a name with bytes that are not UTF-8 still gives a JSON record" {
  local bad=$WORK/$'b\xffd'
  attempt --log "$WORK/log" --log-format json create --bundle "$bad" "$ID"
  failed_with 1
  equal "$(jq -s length "$WORK/log")" 1
}

@test "a record is at most 8 KiB however much is wrong" {
  config '.process.args = [range(3000)]'
  attempt --log "$WORK/log" --log-format json create --bundle "$BUNDLE" "$ID"
  failed_with 1
  equal "$(jq -s length "$WORK/log")" 1
  [[ $(stat -c %s "$WORK/log") -le 8192 ]]
}
