# shellcheck shell=bash
# Stages: packages, the two builds, the helper programs of the integration tests, and what is installed.

stage_packages() { install_packages build test; }
stage_build_dev() { rule build-dev "dev preset (ASan, UBSan)" build_preset dev; }
stage_build_release() { rule build-release "release preset" build_preset release; }

stage_build_helpers() {
  cmake -S "$TOP/integration" -B "$TOP/build/integration" -G Ninja >/dev/null
  rule build-helpers "probe and drivers" cmake --build "$TOP/build/integration"
}

# cmake --install puts the program where a package would.
stage_install() {
  local prefix
  prefix=$(mktemp -d)
  cmake --install "$TOP/build/release" --prefix "$prefix" >/dev/null
  rule install "cmake --install installs a program that runs" "$prefix/sbin/asylum-runc" --version
  rule install "the installed program finds its helper" finds_helper "$prefix/sbin/asylum-runc"
  rm -rf -- "$prefix"
}

# Where no cgroup2 is in a usual place the program asks its helper.
finds_helper() {
  local said
  said=$(unshare --mount --propagation private sh -c 'mount -t tmpfs none /sys/fs/cgroup && exec "$@"' sh "$1" features 2>&1) && return
  say "$said"
  return 1
}

# Numbers that a busy machine does not change: system calls by name, processes, libraries, page faults, bytes.
stage_counts() { rule counts "a start costs what tests/counts.txt says" "$TOP/contrib/counts"; }
