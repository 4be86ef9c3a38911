# The shell completions do what they say (bash; zsh and fish are checked for agreement with the tables by tests/cli).
load helpers

# completed WORDS...: what bash offers for the last of these words.
completed() {
  # The function asks `asylum-runc` for containers: give it one in PATH.
  mkdir -p "$WORK/bin"
  printf '#!/bin/sh\nexec "%s" "$@"\n' "$ASYLUM_RUNC" >"$WORK/bin/asylum-runc"
  chmod +x "$WORK/bin/asylum-runc"
  PATH=$WORK/bin:$PATH bash -c '
    compopt() { :; }
    source "$0"
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _asylum_runc
    printf "%s\n" "${COMPREPLY[@]}" | sort | paste -sd " "
  ' "$TOP/contrib/completions/asylum-runc.bash" asylum-runc "$@"
}

# offers EXPECTED WORDS...
offers() {
  local expected=$1 found
  shift
  found=$(completed "$@")
  [[ $found == "$expected" ]] || die "asylum-runc $*: offered '$found', expected '$expected'"
}

@test "bash completes commands, options, values and files" {
  offers "start state" st
  offers "--pid-file --pidfd-socket --preserve-fds" create --p
  offers "json text" --log-format ''
  offers "json" --log-format = j
  offers "json table" list -f ''
  offers "KILL" kill web1 K
  offers "$BUNDLE" create --bundle "$WORK/bun"
  offers "$CONFIG" create -f "$BUNDLE/con"
}

@test "bash completes the containers below --root" {
  config '.process.args = ["sleep", "60"]'
  rt create --bundle "$BUNDLE" "$ID" </dev/null >/dev/null 2>&1
  offers "$ID" --root "$STATE" kill bats
  offers "$ID" --root = "$STATE" delete -f ''
  rt delete --force "$ID"
  offers "" --root "$STATE" kill ''
}
