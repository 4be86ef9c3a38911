#!/usr/bin/env bats
# Each rule is seen refusing: its script in a small tree that is right, then wrong in one respect.

load script

setup() {
  TREE=$BATS_TEST_TMPDIR/tree
  mkdir -p "$TREE"/{spec/json,hooks,runtime/{base,sys,plan/types},tests,integration,cmake,contrib/docs-tool,.ci}
  cp "$TOP"/contrib/{strict.sh,files.sh,check-layers,check-pairs,check-size,check-forbidden,check-shell,check-format,count-house} \
    "$TREE/contrib"
  cp "$TOP/.clang-format" "$TREE"
  cd "$TREE" || return
  : >CMakeLists.txt
  printf '%s\n' '# a comment' 'runtime/base:' 'spec: runtime/base' 'spec/json: runtime/base' \
    'runtime/sys: runtime/base spec/json/tree.h' 'pure: spec spec/json' >contrib/layers.txt
  printf '# a comment\n' | tee contrib/pairs-exceptions.txt >contrib/size-exceptions.txt
  printf '# PATTERN ;; WHERE ;; EXCEPT ;; REASON\n\\bbad\\( ;; runtime ;; runtime/sys ;; a reason\n' >contrib/forbidden.txt
  # What is right.
  printf 'int answer();\n' >runtime/base/answer.h
  printf '#include "runtime/base/answer.h"\n\nint answer() {\n  return 42;\n}\n' >runtime/base/answer.cpp
  printf '#include "runtime/base/answer.h"\n' >spec/json/tree.h
  printf '#include <unistd.h>\n\n#include "runtime/base/answer.h"\n#include "spec/json/tree.h"\n' >runtime/sys/call.cpp
}

# content RULE: nothing to say.
content() {
  # shellcheck disable=SC2086
  run contrib/$1
  [[ $status -eq 0 && -z $output ]] || { printf '%s: %s\n' "$status" "$output" >&2; return 1; }
}
# refuses RULE TEXT...: ends with 1 and says each.
refuses() {
  local rule=$1 text
  shift
  # shellcheck disable=SC2086
  run contrib/$rule
  [[ $status -eq 1 ]] || { printf 'ended with %s: %s\n' "$status" "$output" >&2; return 1; }
  for text in "$@"; do says "$text"; done
}
# lines N: so many.
lines() { yes '// a line' | head -n "$1"; }

@test "check-layers: an include against the arrows, and one that is not from the root" {
  content check-layers
  printf '#include "runtime/sys/call.h"\n' >runtime/base/up.cpp
  : >runtime/sys/call.h
  refuses check-layers 'runtime/base/up.cpp:1: runtime/base may not include "runtime/sys/call.h"'
  printf '#include "answer.h"\n' >runtime/base/up.cpp
  refuses check-layers 'runtime/base/up.cpp:1: "answer.h" is not a path from the repository root'
}

@test "check-layers: a room may name a single header of another, and no other of its headers" {
  : >spec/json/other.h
  printf '#include "spec/json/other.h"\n' >runtime/sys/call.cpp
  refuses check-layers 'runtime/sys may not include "spec/json/other.h"'
}

@test "check-layers: a header of the kernel in a pure room" {
  printf '#include <sys/stat.h>\n' >spec/json/tree.cpp
  refuses check-layers 'spec/json/tree.cpp:1: spec/json makes no system call'
}

@test "check-layers: arrows that come back, by whatever way round" {
  printf '%s\n' 'runtime/base:' 'spec: runtime/sys' 'spec/json: spec' 'runtime/sys: runtime/base spec/json/tree.h' 'pure: spec' \
    >contrib/layers.txt
  refuses check-layers "contrib/layers.txt has a circle:" runtime/sys spec/json
}

@test "check-layers: a folder that it does not know" {
  mkdir -p runtime/new/deep
  : >runtime/new/deep/file.cpp
  refuses check-layers "runtime/new/deep: not in contrib/layers.txt"
}

@test "check-pairs: declared here, defined there; an exception that is none any more" {
  command -v ctags >/dev/null || skip "there is no ctags"
  content check-pairs
  printf 'namespace a {\nint elsewhere();\nstruct S { int member(); };\n}\n' >spec/one.h
  printf '#include "spec/one.h"\nnamespace a {\nint elsewhere() { return 1; }\nint S::member() { return 2; }\n}\n' >spec/two.cpp
  refuses check-pairs "spec/one.h declares a::elsewhere, spec/two.cpp defines it" "spec/one.h declares a::S::member"
  printf 'spec/one.h a table of contents\n' >contrib/pairs-exceptions.txt
  content check-pairs
  mv spec/two.cpp spec/one.cpp
  refuses check-pairs "contrib/pairs-exceptions.txt: spec/one.h declares nothing of others (any more): strike it"
}

@test "check-size: a long file, a long function, a full folder; what is excepted and no longer long" {
  command -v ctags >/dev/null || skip "there is no ctags"
  lines 400 >spec/file.cpp
  { printf 'int f() {\n'; lines 58; printf '}\n'; } >spec/function.cpp
  for ((i = 0; i < 40; i++)); do : >"hooks/$i.cpp"; done
  content check-size
  lines 401 >spec/file.cpp
  { printf 'int f() {\n'; lines 59; printf '}\n'; } >spec/function.cpp
  : >hooks/40.h
  refuses check-size "spec/file.cpp: 401 lines, at most 400" "spec/function.cpp:1: f has 61 lines, at most 60" \
    "hooks: 41 sources, at most 40"
  printf '%s long\n' spec/file.cpp spec/function.cpp:f hooks >contrib/size-exceptions.txt
  content check-size
  rm hooks/40.h
  refuses check-size "contrib/size-exceptions.txt: hooks is not too long (any more): strike it"
}

@test "check-forbidden: a call where it must not be; not in a comment, not where it is excepted" {
  printf '// bad()\nvoid f() { /* bad() */ worse_bad(); }\n' >runtime/base/f.cpp
  printf 'void f() { bad(); }\n' | tee runtime/sys/f.cpp >spec/f.cpp
  content check-forbidden
  printf '\nvoid f() { g("//"), bad(); }\n' >runtime/base/f.cpp
  refuses check-forbidden 'runtime/base/f.cpp:2: void f() { g("//"), bad(); }' "rule: a reason"
  run contrib/check-forbidden runtime/sys/f.cpp
  [[ $status -eq 0 ]]
  run contrib/check-forbidden runtime/base/f.cpp
  [[ $status -eq 1 ]]
}

@test "check-shell: what shellcheck says of a script, a part of one and a bats file" {
  command -v shellcheck >/dev/null || skip "there is no shellcheck"
  content check-shell
  local file
  for file in contrib/new contrib/part.sh tests/new.bats; do
    # shellcheck disable=SC2016
    printf '#!/usr/bin/env %s\nx=$(echo 1)\necho $x\n' "$([[ $file == *.bats ]] && echo bats || echo bash)" >"$file"
    refuses check-shell "$file" SC2086
    rm "$file"
  done
}

@test "check-format: another layout" {
  command -v clang-format >/dev/null || skip "there is no clang-format"
  content check-format
  printf 'int  answer( );\n' >runtime/base/answer.h
  refuses check-format runtime/base/answer.h
}

# --- count-house

# built: a release build of two objects that ninja knows the headers of.
built() {
  command -v ninja >/dev/null || skip "there is no ninja"
  command -v ctags >/dev/null || skip "there is no ctags"
  command -v c++ >/dev/null || skip "there is no compiler"
  printf 'struct Plan {};\n' >runtime/plan/types/plan.h
  printf '#include "runtime/plan/types/plan.h"\n' | tee runtime/plan/one.cpp >runtime/plan/two.cpp
  mkdir -p build/release
  # shellcheck disable=SC2016
  printf '%s\n' 'rule compile' "  command = c++ -I$TREE -MD -MF \$out.d -c \$in -o \$out" '  depfile = $out.d' '  deps = gcc' \
    'build one.o: compile ../../runtime/plan/one.cpp' 'build two.o: compile ../../runtime/plan/two.cpp' >build/release/build.ninja
  ninja -C build/release >&2
}
# aims NAME=BOUND...: the others are generous.
aims() {
  local name bound word
  for name in files-a-folder functions-elsewhere rebuilt-by-a-plan-type rebuilt-by-a-header files-a-scalar duplicated-pairs shell-lines; do
    bound=1000
    for word in "$@"; do [[ $word != "$name="* ]] || bound=${word#*=}; done
    printf '%s %s %s of a test\n' "$name" "$bound" "$bound"
  done >contrib/house-aims.txt
}

@test "count-house: its figures of a small tree" {
  built
  printf 'int personality; // domainname\n' | tee spec/a.h >spec/b.h
  printf 'int set_personality();\n' >spec/c.h
  printf 'long f(int a) {\n  a += 1;\n  a += 2;\n  a += 3;\n  a += 4;\n  a += 5;\n  a += 6;\n  a += 7;\n  return a;\n}\n' >hooks/f.cpp
  sed 's/a/counted/g; s/1/17/; s/f(/g(/' hooks/f.cpp >hooks/g.cpp
  sed 's/+= 4/-= 4/' hooks/f.cpp >hooks/h.cpp
  run contrib/count-house
  [[ $status -eq 0 ]]
  says "files-a-folder 3 "
  says "functions-elsewhere 0 "
  says "rebuilt-by-a-plan-type 2 runtime/plan/types/plan.h"
  says "rebuilt-by-a-header 2 "
  says "files-a-scalar 3 personality: spec/a.h spec/b.h spec/c.h"
  says "duplicated-pairs 1 of the same shape: hooks/f.cpp:1=hooks/g.cpp:1"
}

@test "count-house --check: worse than its bound, each figure" {
  built
  aims
  run contrib/count-house --check
  [[ $status -eq 0 ]]
  printf 'int elsewhere();\nint personality();\n' >spec/one.h
  printf 'int elsewhere() { return 1; }\n' >spec/two.cpp
  printf 'long f(int a) {\n  a += 1;\n  a += 2;\n  a += 3;\n  a += 4;\n  a += 5;\n  a += 6;\n  a += 7;\n  return a;\n}\n' | tee hooks/f.cpp >hooks/g.cpp
  local name
  for name in files-a-folder functions-elsewhere rebuilt-by-a-plan-type rebuilt-by-a-header files-a-scalar duplicated-pairs shell-lines; do
    aims "$name=0"
    refuses "count-house --check" "rule: $name is at most 0"
  done
}

@test "count-house --check: a figure without a row, a row without a figure" {
  built
  aims
  sed -i '/shell-lines/d' contrib/house-aims.txt
  printf 'nonsense 1 1 of a test\n' >>contrib/house-aims.txt
  refuses "count-house --check" "shell-lines: no row in contrib/house-aims.txt" "nonsense is no figure: strike it"
}

@test "count-house: without a release build there are no figures" {
  aims
  mkdir -p build/release
  run contrib/count-house --check
  [[ $status -ne 0 ]]
  says "contrib/count-house"
  [[ $output != *"strike it"* ]]
}
