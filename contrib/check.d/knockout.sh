# shellcheck shell=bash
# Stage: the knockout build leaves out one init step, one effect of main, or one cgroup write; the bats suite must
# notice each. The result goes to contrib/docs/knockout.md, which also says where to look first the next time.

# The files where most steps show come first; startup.bats is about the release build alone.
knockout_files() {
  local first=(process rootfs gate lifecycle namespaces hooks terminal cgroup devices foreground journal) file
  for file in "${first[@]}"; do printf '%s\n' "$TOP/integration/$file.bats"; done
  for file in "$TOP"/integration/*.bats; do
    [[ " ${first[*]} startup " == *" $(basename "$file" .bats) "* ]] || printf '%s\n' "$file"
  done
}

# bats_fails NAME BATS-ARGUMENT...: prints the first test that fails with NAME left out. A test that hangs fails, too.
# What the suite said stays in $WORK/said.NAME.
bats_fails() {
  local name=$1 private=() stop=(--stop-at-failure)
  shift
  [[ $name == nothing:* ]] && stop=() # what the failing test says is wanted, too
  [[ $(machine_kind) == hybrid ]] && private=(--cgroup2)
  "$TOP/contrib/in-private-dev" "${private[@]}" env ASYLUM_RUNC="$TOP/build/knockout/asylum-runc" \
    ASYLUM_RELEASE="$TOP/build/knockout/asylum-runc" ASYLUM_PASS=knockout ASYLUM_KNOCKOUT="$name" \
    "$TOP/build/integration/warden" "${stop[@]}" timeout 1800 bats --tap "$@" >"$WORK/said.$name" 2>&1 || true # what it said counts
  sed -n '/^not ok [0-9]* /{s///p;q}' "$WORK/said.$name"
}

# noticed_by NAME: the first test that fails; the one that noticed it last time is asked first.
noticed_by() {
  local name=$1 last files found=""
  mapfile -t files < <(knockout_files)
  last=$(awk -F' [|] ' -v name="| \`$name\`" '$1 == name {sub(/ \|$/, "", $2); print $2}' "$TOP/contrib/docs/knockout.md")
  if [[ -n $last && $last != "**none**" && $last != *"not reachable"* ]]; then
    # shellcheck disable=SC2001
    found=$(bats_fails "$name" --filter "^$(sed 's/[][().*+?^${}|\\]/\\&/g' <<<"$last")\$" "${files[@]}")
  fi
  printf '%s' "${found:-$(bats_fails "$name" "${files[@]}")}"
}

# exception_of NAME: why no test can notice it; nothing when one has to.
exception_of() { awk -v name="$1" '$1 == name {$1 = ""; print substr($0, 2)}' "$TOP/contrib/knockout-exceptions.txt"; }

# keep_rows: build/knockout/rows holds the rows as they come; those of an interrupted run hold for the same program and the
# same tests, and it goes on where it was. What no test noticed is tried again.
keep_rows() {
  local key directory=$TOP/build/knockout
  key=$(cat "$directory/asylum-runc" "$TOP/build/integration/probe" "$TOP"/integration/*.ba[ts]* | sha256sum)
  touch "$directory/rows"
  if [[ $(cat "$directory/rows.key" 2>/dev/null) == "$key" ]]; then
    sed -i '/[*][*]none[*][*]/d' "$directory/rows"
  else
    : >"$directory/rows"
    printf '%s\n' "$key" >"$directory/rows.key"
  fi
}

# A name that is asked for is tried in any case.
kept_row() { [[ -z ${KNOCKOUT_NAMES:-} ]] && grep -F "| \`$1\` |" "$TOP/build/knockout/rows" | tail -n 1 | grep . ; }

knock_out() {
  local name=$1 test reason
  if kept_row "$name" | tee "$WORK/knockout.$name"; then
    record passed knockout "$name" "as before"
    return
  fi
  reason=$(exception_of "$name")
  test=$(noticed_by "$name")
  if [[ -n $test ]]; then
    record passed knockout "$name"
  elif [[ -n $reason ]]; then
    record passed knockout "$name" "$reason"
  else
    record failed knockout "$name" "no test notices"
  fi
  # shellcheck disable=SC2016
  printf '| `%s` | %s |\n' "$name" "${test:-${reason:-**none**}}" | tee "$WORK/knockout.$name" |
    tee -a "$TOP/build/knockout/rows"
}

stage_knockout() {
  local names name running=0 files test
  rule knockout "knockout preset" build_preset knockout
  keep_rows
  mapfile -t files < <(knockout_files)
  # A test that fails anyway would seem to notice everything.
  test=$(bats_fails nothing:at-all "${files[@]}") || true
  if [[ -n $test ]]; then
    record failed knockout "nothing left out" "yet this test fails: $test"
    lines_with -A 30 '^not ok' "$WORK/said.nothing:at-all" | failure_says knockout "nothing left out"
    return
  fi
  read -ra names <<<"${KNOCKOUT_NAMES:-}"
  ((${#names[@]})) || mapfile -t names < <("$TOP/contrib/list-knockouts")
  set +e
  for name in "${names[@]}"; do
    ((running++ < 2)) || wait -n
    knock_out "$name" &
  done
  wait
  # A suite that is stopped at its first failure leaves the cgroup of the test it was in, its processes killed.
  cgroup_directories | comm -13 "$WORK/before-cgroup_directories" - | grep '/bats-' | sort -r | xargs -r rmdir
  # Only a run over all names is a result to keep.
  [[ -z ${KNOCKOUT_NAMES:-} ]] || return 0
  sed -n '1,/^| ---/p' "$TOP/contrib/docs/knockout.md" >"$WORK/knockout-new.md"
  for name in "${names[@]}"; do cat "$WORK/knockout.$name"; done >>"$WORK/knockout-new.md"
  cp "$WORK/knockout-new.md" "$TOP/contrib/docs/knockout.md"
}
