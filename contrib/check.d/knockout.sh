# shellcheck shell=bash
# Stage: the knockout build leaves out one init step or one cgroup write; the bats suite must notice each.
# The result goes to contrib/docs/knockout.md.

# knockout_list: "init:NAME" and "cgroup:NAME" for every step the sources name.
knockout_list() { "$TOP/contrib/list-knockouts"; }

# noticed_by NAME: the first bats test that fails with NAME left out; nothing when all pass.
noticed_by() {
  local private=() files=("$TOP"/integration/*.bats)
  [[ $(machine_kind) == hybrid ]] && private=(--cgroup2)
  "$TOP/contrib/in-private-dev" "${private[@]}" env ASYLUM_RUNC="$TOP/build/knockout/asylum-runc" \
    ASYLUM_RELEASE="$TOP/build/release/asylum-runc" ASYLUM_PASS=knockout ASYLUM_KNOCKOUT="$1" \
    "$TOP/build/integration/warden" --stop-at-failure bats --tap "${files[@]}" 2>/dev/null |
    sed -n 's/^not ok [0-9]* //p' | head -n 1
}

stage_knockout() {
  rule knockout "knockout preset" build_preset knockout
  local names name test report=$WORK/knockout.md
  read -ra names <<<"${KNOCKOUT_NAMES:-}"
  ((${#names[@]})) || mapfile -t names < <(knockout_list)
  : >"$report"
  for name in "${names[@]}"; do
    test=$(noticed_by "$name")
    if [[ -n $test ]]; then record passed knockout "$name"; else record failed knockout "$name" "no test notices"; fi
    # shellcheck disable=SC2016
    printf '| `%s` | %s |\n' "$name" "${test:-**none**}" | tee -a "$report"
  done
  # Only a run over all names is a result to keep.
  [[ -z ${KNOCKOUT_NAMES:-} ]] || return 0
  { sed -n '1,/^| ---/p' "$TOP/contrib/docs/knockout.md"; cat "$report"; } >"$WORK/knockout-new.md"
  cp "$WORK/knockout-new.md" "$TOP/contrib/docs/knockout.md"
}
