#!/usr/bin/env bats
# mounts add and mounts remove: file systems of a container that runs.

load helpers

# mounts_file JSON: the file of the command.
mounts_file() { printf '%s\n' "$1" >"$WORK/mounts.json"; }
add() { attempt mounts add "$ID" "$WORK/mounts.json"; }
remove() { attempt mounts remove "$ID" "$WORK/mounts.json"; }
inside() { "$ASYLUM_RUNC" --root "$STATE" exec "$ID" "$@"; }
# The container's mount points below /tmp, by the kernel's table.
points() { inside /bin/busybox sed -n 's/^[^ ]* [^ ]* [^ ]* [^ ]* \(\/tmp[^ ]*\) .*/\1/p' /proc/self/mountinfo; }

with_tmp() { config '.mounts += [{"destination": "/tmp", "type": "tmpfs", "source": "tmpfs"}]'; }

@test "a bind, a file and a tmpfs appear in the container, with their options, and not on the host" {
  with_tmp
  background forever
  mkdir "$WORK/data"
  echo hello >"$WORK/data/file"
  mounts_file "[{\"destination\": \"/tmp/data\", \"type\": \"none\", \"source\": \"$WORK/data\", \"options\": [\"bind\", \"ro\", \"nosuid\"]},
    {\"destination\": \"/tmp/one\", \"type\": \"none\", \"source\": \"$WORK/data/file\", \"options\": [\"bind\"]},
    {\"destination\": \"/tmp/new\", \"type\": \"tmpfs\", \"source\": \"tmpfs\", \"options\": [\"mode=0711\", \"size=64k\", \"ro\"]},
    {\"destination\": \"/tmp/proc\", \"type\": \"proc\", \"source\": \"proc\"}]"
  add
  succeeded
  equal "$output" ""
  output=$(inside /bin/probe read /tmp/data/file read /tmp/one create /tmp/data/x stat /tmp/new create /tmp/new/x read /tmp/proc/1/comm)
  has "read /tmp/data/file hello"
  has "read /tmp/one hello"
  has "create /tmp/data/x EROFS"
  matches "$output" 'stat /tmp/new directory 0711'
  has "create /tmp/new/x EROFS"
  has "read /tmp/proc/1/comm probe"
  run ! grep -F "$WORK/data" /proc/self/mountinfo
  remove
  succeeded
  equal "$(points)" /tmp
}

@test "the source of a bind is the host's, relative to the bundle" {
  with_tmp
  background forever
  mkdir "$BUNDLE/volume"
  echo host >"$BUNDLE/volume/file"
  mounts_file '[{"destination": "/tmp/v", "type": "none", "source": "volume", "options": ["rbind"]}]'
  add
  succeeded
  equal "$(inside /bin/busybox cat /tmp/v/file)" host
}

@test "from standard input, into a created container and a paused one" {
  with_tmp
  created mounts forever
  echo '[{"destination": "/tmp/a", "type": "tmpfs", "source": "tmpfs"}]' | rt mounts add "$ID" -
  rt start "$ID"
  eventually grep -q '^mount .* /tmp/a ' "$WORK/output"
  rt pause "$ID"
  mounts_file '[{"destination": "/tmp/b", "type": "tmpfs", "source": "tmpfs"}]'
  add
  succeeded
  rt resume "$ID"
  equal "$(points | tail -n 1)" /tmp/b
}

@test "mounts upon mounts come in the order of the file and go in the other" {
  with_tmp
  background forever
  mounts_file '[{"destination": "/tmp/a", "type": "tmpfs", "source": "tmpfs"}, {"destination": "/tmp/a/b", "type": "tmpfs", "source": "tmpfs"}, {"destination": "/tmp/a", "type": "tmpfs", "source": "tmpfs"}]'
  add
  succeeded
  equal "$(points | xargs)" "/tmp /tmp/a /tmp/a/b /tmp/a"
  mounts_file '[{"destination": "/tmp/a"}]'
  remove
  succeeded
  equal "$(points | xargs)" "/tmp /tmp/a /tmp/a/b"
  mounts_file '[{"destination": "/tmp/a"}, {"destination": "/tmp/a/b"}]'
  remove
  succeeded
  equal "$(points | xargs)" "/tmp"
}

@test "when one fails those before it are taken away, and the place in the file is named" {
  with_tmp
  background forever
  mounts_file '[{"destination": "/tmp/a", "type": "tmpfs", "source": "tmpfs"},
 {"destination": "/tmp/f", "type": "none", "source": "/etc/passwd", "options": ["bind"]},
 {"destination": "/tmp/c", "type": "none", "source": "/no/such", "options": ["bind"]}]'
  attempt --log "$WORK/log" --log-format json mounts add "$ID" "$WORK/mounts.json"
  failed_with 1
  says 'open "/no/such": no such file or directory'
  says "($WORK/mounts.json#/2"
  matches "$(jq -r .field "$WORK/log")" '^/2'
  equal "$(jq -r .line "$WORK/log")" 3
  equal "$(points)" /tmp
  mounts_file '[{"destination": "/tmp/a", "type": "tmpfs", "source": "tmpfs"}, {"destination": "/tmp/b", "type": "tmpfs", "source": "tmpfs", "options": ["size=nonsense"]}]'
  add
  failed_with 1
  says "#/1/options/0)"
  equal "$(points)" /tmp
}

@test "remove changes nothing when one of them is no mount" {
  with_tmp
  background forever
  mounts_file '[{"destination": "/tmp/a", "type": "tmpfs", "source": "tmpfs"}]'
  add
  mounts_file '[{"destination": "/etc"}, {"destination": "/tmp/a"}]'
  remove
  failed_with 1
  says '"/etc" is not a mount point'
  says "#/0)"
  equal "$(points | xargs)" "/tmp /tmp/a"
}

@test "what create refuses is refused here, in the same words" {
  with_tmp
  background forever
  local mount
  while IFS='|' read -r mount words; do
    mounts_file "[$mount]"
    add
    failed_with 1
    says "$words"
    equal "$(points)" /tmp
  done <<'TABLE'
{"destination": "/proc/self", "type": "tmpfs", "source": "tmpfs"}|inside /proc
{"destination": "/", "type": "tmpfs", "source": "tmpfs"}|the root of a running container
{"destination": "/tmp", "options": ["remount", "ro"]}|no mount that could be added
{"destination": "/tmp/x", "type": "nosuchfs", "source": "x"}|nosuchfs
{"destination": 7}|must be a string
{"type": "tmpfs"}|"destination" is missing
TABLE
  mounts_file '{"destination": "/tmp/x"}'
  add
  failed_with 1
  says "must be an array"
  mounts_file '[{"destination"'
  add
  failed_with 1
  says "line 2, column 1"
}

@test "a link in the image leads nowhere but inside" {
  with_tmp
  mkdir "$BUNDLE/rootfs/outside"
  ln -s ../../../../../../../../tmp/target "$BUNDLE/rootfs/outside/link"
  background forever
  mounts_file '[{"destination": "/outside/link", "type": "tmpfs", "source": "tmpfs"}]'
  add
  succeeded
  equal "$(points | xargs)" "/tmp /tmp/target"
  [[ ! -e /tmp/target ]]
}

@test "a container with a user namespace: its own file systems, and the host's directories" {
  config '.linux.namespaces += [{"type": "user"}] | .linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 65536}] | .linux.gidMappings = .linux.uidMappings'
  with_tmp
  chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$WORK" "$BUNDLE"
  background forever
  mkdir "$WORK/data"
  echo hello >"$WORK/data/file"
  mounts_file "[{\"destination\": \"/tmp/new\", \"type\": \"tmpfs\", \"source\": \"tmpfs\"}, {\"destination\": \"/tmp/data\", \"type\": \"none\", \"source\": \"$WORK/data\", \"options\": [\"bind\"]}]"
  add
  succeeded
  output=$(inside /bin/probe stat /tmp/new read /tmp/data/file)
  matches "$output" 'stat /tmp/new directory [0-7]* 0:0'
  has "read /tmp/data/file hello"
}

@test "misuse of mounts is one line and changes nothing" {
  mounts_file '[]'
  add
  failed_with 1
  says "container does not exist"
  attempt mounts frob "$ID" "$WORK/mounts.json"
  failed_with 1
  says "must be add or remove"
  attempt mounts add "$ID"
  failed_with 1
  says '"mounts" requires exactly 3 argument(s)'
  background exit 0
  eventually is_status stopped
  add
  failed_with 1
  says "container not running"
  rt delete "$ID"
  config '.linux.namespaces |= map(select(.type != "mount")) | .mounts = [] | .linux.maskedPaths = [] | .linux.readonlyPaths = [] | .root.readonly = false'
  background forever
  mounts_file '[{"destination": "/tmp/x", "type": "tmpfs", "source": "tmpfs"}]'
  add
  failed_with 1
  run ! grep -F "$BUNDLE" /proc/self/mountinfo
}
