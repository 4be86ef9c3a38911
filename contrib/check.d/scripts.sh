# shellcheck shell=bash
# Stage: the scripts of the project themselves, and the machinery of this check (tests/scripts).

# A script that begins without strict.sh (lib.sh has it) may end without a word.
strict_scripts() {
  local file status=0
  while read -r file; do
    grep -qE '^\. .*/(strict|lib)\.sh"$' "$file" || { say "$file: does not begin with contrib/strict.sh"; status=1; }
  done < <(our_scripts | grep -v '[.]bats$' | xargs grep -lE '^#!.*sh$')
  return "$status"
}

# shellcheck disable=SC2154
stages_have_budgets() {
  local name status=0
  for name in "${first_stages[@]}" "${lane_one[@]}" "${lane_two[@]}" "${last_stages[@]}"; do
    grep -qE "^\| \`$name\` \| [^|]+ \| [0-9.]+ \|\$" "$budgets" ||
      { say "$name: no row \"| \`$name\` | PART | MINUTES |\" in ${budgets#"$TOP"/}"; status=1; }
  done
  return "$status"
}

stage_scripts() {
  local status
  rule scripts "every script begins with contrib/strict.sh" strict_scripts
  rule scripts "each stage has a budget" stages_have_budgets
  set +e # a failing test is recorded, it does not end the stage
  bats --tap --print-output-on-failure "$TOP"/tests/scripts/*.bats 2>&1 | tap_results scripts
  status=${PIPESTATUS[0]}
  ((status <= 1)) || record failed scripts "bats" "code $status"
}
