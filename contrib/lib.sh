# shellcheck shell=bash
# What contrib/quickstart and contrib/check share: a clean environment and the set-up of a fresh machine.
# shellcheck source=contrib/strict.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/strict.sh"

# Starts the calling script again with nothing of the caller's environment that could change a result:
# compiler flags, preloads, locales, shims in PATH, signals that nohup ignores stay out of what is tested.
# Arguments: the script's own.
clean_environment() {
  [[ ${ASYLUM_CLEAN:-} == "$$" ]] && return
  local keep=() name
  for name in HOME TERM CI CCACHE_DIR http_proxy https_proxy no_proxy; do
    [[ -v $name ]] && keep+=("$name=${!name}")
  done
  umask 022
  cd "$TOP" || die "cannot enter $TOP"
  exec env -i --default-signal ASYLUM_CLEAN=$$ HOME="${HOME:-/root}" LC_ALL=C.UTF-8 \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    "${keep[@]}" "$BASH" "$0" "$@"
}

# packages_of GROUP...: the names of these groups in contrib/packages.
packages_of() {
  local groups=" $* " name group
  while read -r name group _; do
    [[ -z $name || $name == \#* ]] && continue
    [[ $groups == *" $group "* ]] && printf '%s\n' "$name"
  done <"$TOP/contrib/packages"
  return 0
}

# install_packages GROUP...: installs what dpkg does not already have. A second call only asks dpkg once.
install_packages() {
  local wanted missing=() name
  mapfile -t wanted < <(packages_of "$@")
  local have
  have=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null || true)
  for name in "${wanted[@]}"; do
    grep -qx "$name installed" <<<"$have" || missing+=("$name")
  done
  ((${#missing[@]})) || return 0
  ((EUID == 0)) || die "missing Debian packages (install them as root): ${missing[*]}"
  say "== installing ${missing[*]}"
  local install=(apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300)
  export DEBIAN_FRONTEND=noninteractive
  # The package lists of a fresh machine are empty or old: fetch them only when the first attempt says so.
  if ! "${install[@]}" "${missing[@]}" </dev/null >/dev/null 2>&1; then
    apt-get update -q </dev/null >/dev/null || die "apt-get update failed"
    "${install[@]}" "${missing[@]}" </dev/null || die "cannot install: ${missing[*]}"
  fi
}

# One compiler cache for all checkouts of the project: paths below the checkout are not part of the key.
export CCACHE_BASEDIR=$TOP CCACHE_NOHASHDIR=1

# build_preset NAME [TARGET...]: configures and builds into build/NAME. The output appears only when it fails.
build_preset() {
  local preset=$1 log
  shift
  log=$(mktemp)
  if ! { cmake --preset "$preset" -S "$TOP" && cmake --build "$TOP/build/$preset" "${@/#/--target=}"; } \
    </dev/null >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}

# cgroup2_directory: where the cgroup2 hierarchy is mounted; nothing without one.
cgroup2_directory() {
  local candidate
  for candidate in /sys/fs/cgroup /sys/fs/cgroup/unified; do
    if is_cgroup2 "$candidate"; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  awk '$3 == "cgroup2" {print $2; exit}' /proc/mounts
}
is_cgroup2() { [[ $(stat -f -c %T "$1" 2>/dev/null || true) == cgroup2fs ]]; }

# commit_number: a number that changes with the commit, so that what is done in part is done everywhere in time.
commit_number() { printf '%d\n' "0x$(git -C "$TOP" -c safe.directory='*' rev-parse --short=6 HEAD 2>/dev/null || echo 0)"; }

# machine_kind: hybrid (controllers on v1, cgroup2 elsewhere) or unified.
machine_kind() {
  if is_cgroup2 /sys/fs/cgroup; then say unified; else say hybrid; fi
}
