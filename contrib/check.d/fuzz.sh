# shellcheck shell=bash
# Stage: clang's build of the fuzz targets, one a layer, each run for ten seconds from its seeds, two at a time. What an
# input has broken is shown in base64: kept below tests/fuzz/seeds it is replayed by the gtest stage from then on.
# contrib/docs/fuzzing.md says which target covers which reader.

fuzz_layer() {
  mkdir -p "$WORK/fuzz/$1"
  timeout 60 "$TOP/tests/fuzz/run" "$1" "$WORK/fuzz/$1" -max_total_time=10 >"$WORK/fuzz/$1/log" 2>&1
}

# show_broken LAYER: the last words of the target, and the input.
show_broken() {
  local here=$WORK/fuzz/$1 file
  grep -aE -A 12 'broken promise|ERROR:|runtime error' "$here/log" | head -n 40 || tail -n 20 "$here/log"
  for file in "$here"/broken/*; do
    [[ -f $file ]] || continue
    say "to keep this input: base64 -d >tests/fuzz/seeds/$1/READER.WHAT <<<'$(base64 -w 0 "$file")'"
  done
}

stage_fuzz() {
  rule fuzz "clang's build of the fuzz targets" build_preset fuzz fuzzers
  (($(count_of failed fuzz) == 0)) || return 0
  local layer code
  export -f fuzz_layer
  export TOP WORK
  # shellcheck disable=SC2016
  while read -r layer code; do
    if ((code == 0)); then
      say "$layer: $(grep -a number_of_executed_units "$WORK/fuzz/$layer/log" | tr -dc 0-9) inputs"
      record passed fuzz "$layer"
    else
      show_broken "$layer" | failure_says fuzz "$layer"
      record failed fuzz "$layer" "code $code"
    fi
  done < <(cd "$TOP/tests/fuzz/seeds" && printf '%s\n' * |
    xargs -P 2 -I{} bash -c 'fuzz_layer "$1"; echo "$1 $?"' bash {})
}
