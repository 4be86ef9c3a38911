# shellcheck shell=bash
# Stages that read the sources and run nothing: layers, forbidden calls, sizes, unused functions, documents, format, lint.

# shellcheck source=contrib/files.sh
. "$TOP/contrib/files.sh"

stage_layers() { rule layers "direction of includes" "$TOP/contrib/check-layers"; }
stage_forbidden() { rule forbidden "forbidden calls" "$TOP/contrib/check-forbidden"; }
stage_size() { rule size "400 lines a file, 60 a function, 40 sources a folder" "$TOP/contrib/check-size"; }
stage_pairs() { rule pairs "one stem, one pair" "$TOP/contrib/check-pairs"; }
stage_house() { rule house "what an edit costs" "$TOP/contrib/count-house" --check; }
stage_unused() { rule unused "functions that nothing calls" "$TOP/contrib/check-unused"; }

licence_lines() {
  local file status=0
  while read -r file; do
    head -n 3 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' || { say "$file: no SPDX line"; status=1; }
  done < <(our_sources)
  return "$status"
}

package_reasons() {
  local name status=0
  while read -r name; do
    grep -qF "\`$name\`" "$TOP/contrib/docs/DEPENDENCIES.md" ||
      { say "contrib/packages: $name has no reason in contrib/docs/DEPENDENCIES.md"; status=1; }
  done < <(packages_of build test)
  return "$status"
}

# What README and the documents name as a path of the tree must exist.
named_paths() {
  local file name status=0
  for file in README.md contrib/docs/*.md contrib/examples/README.md integration/README.md; do
    [[ -f $file ]] || continue
    # shellcheck disable=SC2016
    while read -r name; do
      compgen -G "$name" >/dev/null || { say "$file: $name does not exist"; status=1; }
    done < <(lines_with -oE '`(spec|hooks|runtime|tests|integration|contrib|cmake)/[A-Za-z0-9_./*-]*`' "$file" | tr -d '\`' | sort -u)
  done
  return "$status"
}

# has_section FILE NUMBER: "8" is a heading, "8.2" an item of its list.
has_section() {
  awk -v section="${2%%.*}" -v item="$([[ $2 == *.* ]] && printf '%s' "${2#*.}")" '
    /^## / { inside = ($2 == section "."); if (inside && item == "") found = 1 }
    inside && item != "" && $1 == item "." { found = 1 }
    END { exit !found }' "$1"
}

# What comments cite of the design must stand there.
cited_sections() {
  local line status=0
  while read -r line; do
    has_section contrib/docs/DESIGN.md "${line##*§}" || { say "$line: not in contrib/docs/DESIGN.md"; status=1; }
  done < <(lines_with -noE 'design §[0-9]+(\.[0-9]+)?' -rH runtime spec hooks tests integration contrib cmake | sort -u)
  return "$status"
}

# explain plans each example without a word on stderr: no error, no warning.
example_is_planned() {
  local words
  words=$("$TOP/build/release/asylum-runc" explain --bundle "$1" 2>&1 >/dev/null) && [[ -z $words ]] && return
  say "$1: $words"
  return 1
}

stage_documents() {
  cd "$TOP" || return
  rule documents "SPDX line in each source" licence_lines
  rule documents "a reason for each package" package_reasons
  rule documents "paths named in the documents exist" named_paths
  rule documents "cited sections of the design exist" cited_sections
  local example
  for example in contrib/examples/*/; do rule documents "explain plans $example" example_is_planned "$example"; done
}

stage_clang_format() {
  local file
  while read -r file; do
    rule clang-format "${file#"$TOP"/}" "$TOP/contrib/check-format" "$file"
  done < <(our_sources)
}

stage_shellcheck() {
  local file
  while read -r file; do
    rule shellcheck "${file#"$TOP"/}" "$TOP/contrib/check-shell" "$file"
  done < <(our_scripts)
}

# Each translation unit on its own, so that one that hangs or crashes is named; headers are seen through them. The stage
# has eight minutes however many files there are: it begins at another place for each commit, so that what it does not
# reach now it reaches the next time, and says which those are. With --full it has as long as it takes.
stage_clang_tidy() {
  cd "$TOP" || return
  local list=$WORK/tidy seconds=480
  [[ -z ${CHECK_FULL:-} ]] || seconds=86400
  mkdir -p "$list"
  # shellcheck disable=SC2016
  rotated_sources | xargs -P 2 -I{} sh -c '
    [ "$(date +%s)" -lt "$3" ] || { echo "unread $2"; exit 0; }
    log=$1/$(printf %s "$2" | tr / _)
    if timeout 300 clang-tidy --quiet -p build/dev "$2" >"$log" 2>/dev/null; then echo "passed $2"; else
      echo "failed $2"; fi' sh "$list" {} $(($(date +%s) + seconds)) |
    while read -r result file; do
      if [[ $result == unread ]]; then
        say "left for another commit: $file"
        continue
      fi
      record "$result" clang-tidy "$file"
      [[ $result == passed ]] || failure_says clang-tidy "$file" <"$list/${file//\//_}"
    done
}

rotated_sources() {
  local files first
  mapfile -t files < <(find spec hooks runtime contrib/docs-tool -name '*.cpp' | sort)
  first=$(($(commit_number) % ${#files[@]}))
  printf '%s\n' "${files[@]:first}" "${files[@]:0:first}"
}
