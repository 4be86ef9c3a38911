#!/usr/bin/env bats
# contrib/check-unused: what it says of a program of two files.

load script

setup() {
  command -v ninja >/dev/null || skip "there is no ninja"
  command -v c++ >/dev/null || skip "there is no compiler"
  TREE=$BATS_TEST_TMPDIR/tree
  mkdir -p "$TREE/contrib" "$TREE/build/release"
  cp "$TOP"/contrib/{strict.sh,check-unused} "$TREE/contrib"
  cd "$TREE/build/release" || return
  cat >library.cpp <<'CODE'
namespace asylum {
int called() { return 1; }
int kept(int) { return 2; }
int dead(int) { return 3; }
}
CODE
  printf 'namespace asylum { int called(); }\nint main() { return asylum::called(); }\n' >main.cpp
  # As CMake writes the link.
  cat >build.ninja <<'NINJA'
rule compile
  command = c++ -ffunction-sections -c $in -o $out
rule archive
  command = rm -f $out && ar qc $out $in
rule link
  command = : && c++ -Wl,--gc-sections main.o -o asylum-runc  libasylum_base.a && :
build main.o: compile main.cpp
build library.o: compile library.cpp
build libasylum_base.a: archive library.o
build asylum-runc: link main.o libasylum_base.a
NINJA
  ninja >&2
}

# with_rows ROW...: contrib/check-unused with these exceptions.
with_rows() {
  printf '%s\n' '# a comment' "$@" >"$TREE/contrib/unused-exceptions.txt"
  run "$TREE/contrib/check-unused"
}

@test "a function that nothing calls and no row excuses is named" {
  with_rows "asylum::kept for a test"
  [[ $status -eq 1 ]]
  says "asylum::dead is called by nothing in the program"
  [[ $output != *kept* && $output != *asylum::called* ]]
  with_rows "asylum::kept for a test" "asylum::dead also"
  [[ $status -eq 0 && -z $output ]]
}

@test "a row that is no longer true is to be struck" {
  with_rows "asylum::kept for a test" "asylum::dead also" "asylum::called is called" "asylum::gone is gone"
  [[ $status -eq 1 ]]
  says "asylum::called is called (or gone): strike it"
  says "asylum::gone is called (or gone): strike it"
}

@test "a link that fails is no program without unused functions" {
  rm "$TREE/build/release/main.o"
  with_rows "asylum::kept for a test" "asylum::dead also"
  [[ $status -ne 0 ]]
  says "cannot link: "
}
