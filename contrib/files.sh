# shellcheck shell=bash
# Which files of the tree are ours to check: C++ sources and scripts.

our_sources() {
  find "$TOP"/{spec,hooks,runtime,tests,integration,contrib/docs-tool} -type f \( -name '*.cpp' -o -name '*.h' \) | sort
}

# is_script FILE: its first line says shell, or it is a bats file or a part of a script.
is_script() {
  case $1 in
    *.sh | *.bash | *.bats) return 0 ;;
    *) [[ $(head -c 64 "$1" | tr -d '\0' | head -n 1) =~ ^#!.*(bash|/sh|bats) ]] ;;
  esac
}

our_scripts() {
  local file
  find "$TOP"/{contrib,integration,tests,.ci} -type f | while read -r file; do
    if is_script "$file"; then printf '%s\n' "$file"; fi
  done | sort
}
