# shellcheck shell=bash
# Stage: clang's build of the fuzz targets, one a layer, each run for ten seconds from its seeds, two at a time. What an
# input has broken is shown in base64: kept below tests/fuzz/seeds it is replayed by the gtest stage from then on.
# contrib/docs/fuzzing.md says which target covers which reader.

# fuzz_layer LAYER: ten seconds; ASan's memory of freed blocks is kept small, which makes it twice as fast.
fuzz_layer() {
  local layer=$1 here=$WORK/fuzz/$1 seeds=("$TOP/tests/fuzz/seeds/$1")
  local options=(-max_total_time=10 -timeout=10 -rss_limit_mb=2048 -max_len=500 -print_final_stats=1)
  mkdir -p "$here/corpus" "$here/broken"
  if [[ $layer == plan ]]; then
    seeds+=("$TOP"/tests/golden/*/ "$TOP/tests/data/oci-schema/test/config")
    options+=(-max_len=4096 "-dict=$TOP/tests/fuzz/config.dict")
  fi
  ASAN_OPTIONS=malloc_context_size=2:quarantine_size_mb=16 timeout 60 "$TOP/build/fuzz/tests/fuzz/fuzz_$layer" \
    "${options[@]}" "-artifact_prefix=$here/broken/" "$here/corpus" "${seeds[@]}" >"$here/log" 2>&1
}

# show_broken LAYER: the last words of the target, and the input.
show_broken() {
  local here=$WORK/fuzz/$1 file
  grep -aE -A 12 'broken promise|ERROR:|runtime error' "$here/log" | head -n 40
  for file in "$here"/broken/*; do
    [[ -f $file ]] || continue
    say "to keep this input: base64 -d >tests/fuzz/seeds/$1/READER.WHAT <<<'$(base64 -w 0 "$file")'"
  done
}

stage_fuzz() {
  rule fuzz "clang's build of the fuzz targets" build_preset fuzz fuzzers
  (($(count_of failed fuzz) == 0)) || return 0
  local layers layer code
  mapfile -t layers < <(cd "$TOP/tests/fuzz/seeds" && printf '%s\n' *)
  export -f fuzz_layer
  export TOP WORK
  # shellcheck disable=SC2016
  while read -r layer code; do
    case $code in
      0) say "$layer: $(grep -a number_of_executed_units "$WORK/fuzz/$layer/log" | tr -dc 0-9) inputs"
        record passed fuzz "$layer" ;;
      *) show_broken "$layer"; record failed fuzz "$layer" "code $code" ;;
    esac
  done < <(printf '%s\n' "${layers[@]}" | xargs -P 2 -I{} bash -c 'fuzz_layer "$1"; echo "$1 $?"' bash {})
}
