#!/usr/bin/env bats
# contrib/quick: which layers answer for an edit, and how its answer looks.

load script

setup() {
  command -v git >/dev/null || skip "there is no git"
  CLONE=$BATS_TEST_TMPDIR/clone
  mkdir "$CLONE"
  tar -C "$TOP" -c .clang-format CMakeLists.txt CMakePresets.json cmake contrib spec hooks runtime tests | tar -C "$CLONE" -x
  cd "$CLONE" || return
  git -c init.defaultBranch=main init -q
  git add .
  commit
}
commit() { git -c user.name=test -c user.email=test@example.org commit -q -a -m "A commit"; }

@test "a script is held against the rules; what they find is shown and fails" {
  # shellcheck disable=SC2016
  printf '#!/usr/bin/env bash\n. "$(dirname -- "$0")/strict.sh"\n' >contrib/new
  run contrib/quick
  [[ $status -eq 1 ]]
  says "1 files edited; tests: none"
  says "FAILED shell ("
  says "SC1091"
  says "ok forbidden ("
}

@test "the layers that an edit concerns: since the last commit, in it when nothing is edited, since another" {
  # Nothing is built here: cmake and ctest are stubs that only say how they were called.
  mkdir bin
  printf '#!/bin/sh\necho "cmake $*" >>"%s/called"\n' "$CLONE" >bin/cmake
  cp bin/cmake bin/ctest
  chmod +x bin/*
  sed -i "s,PATH=/usr/local/sbin,PATH=$CLONE/bin:/usr/local/sbin," contrib/lib.sh
  printf 'bin/\ncalled\nbuild/\n' >.gitignore
  git add .
  commit
  printf '\n' >>runtime/plan/types/plan.h
  printf '\n' >>hooks/run_hooks.cpp
  run contrib/quick
  says "2 files edited; tests: golden hooks plan"
  grep -q -- "--target=tests_golden --target=tests_hooks --target=tests_plan" called
  commit
  run contrib/quick
  says "2 files edited; tests: golden hooks plan"
  printf '\n' >>tests/sys/test_env.cpp
  run contrib/quick HEAD~1
  says "3 files edited; tests: golden hooks plan sys"
}
