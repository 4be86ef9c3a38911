#!/usr/bin/env bats
# The command line for a caller without privileges: where the state is kept, and what is said when it cannot be.

load helpers

setup() {
  common_setup
  open_to_others
  mkdir -m 0700 "$WORK/home"
  chown 65534:65534 "$WORK/home"
}

# as_nobody ARGUMENTS...: with a runtime directory of its own and nothing else in the environment.
as_nobody() {
  run --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups env -i XDG_RUNTIME_DIR="$WORK/home" "$ASYLUM_RUNC" "$@"
}

@test "rootless: list is empty before the first container, and makes nothing" {
  as_nobody list --quiet
  succeeded
  equal "$output$stderr" ""
  as_nobody list --format json
  equal "$output" null
  [[ -z $(ls -A "$WORK/home") ]]
}

@test "rootless: state, kill and delete of an unknown id say so, and delete --force succeeds" {
  local command
  for command in state kill delete; do
    as_nobody "$command" nobody
    failed_with 1
    [[ $stderr == *"container does not exist"* ]] || die "$stderr"
  done
  as_nobody delete --force nobody
  succeeded
}

@test "rootless: the state is kept below XDG_RUNTIME_DIR, apart from root's" {
  created forever
  mkdir -m 0700 "$WORK/home/asylum-runc"
  cp -r "$STATE/$ID" "$WORK/home/asylum-runc/mine"
  find "$WORK/home/asylum-runc/mine" -type f -exec sed -i "s/$ID/mine/g" {} +
  chown -R 65534:65534 "$WORK/home/asylum-runc"
  as_nobody list --quiet
  succeeded
  equal "$output" mine
  as_nobody state mine
  equal "$(jq -r .id <<<"$output")" mine
  as_nobody state "$ID"
  failed_with 1
  rm -rf "$WORK/home/asylum-runc"
}

@test "rootless: a state directory of somebody else is an error that names it" {
  created forever
  as_nobody --root "$STATE" state "$ID"
  failed_with 1
  [[ $stderr == *"$STATE"*"permission denied"* ]] || die "$stderr"
}
