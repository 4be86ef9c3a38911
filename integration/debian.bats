#!/usr/bin/env bats
# A real image: Debian's own root file system, made from the mirror that this machine's apt uses, as root and in a user
# namespace, alone and under the default seccomp rules of Docker and Podman.

load helpers

DEBIAN=$TOP/build/debian-rootfs # read-only in every test: both passes of contrib/check share it
PROFILE=/usr/share/containers/seccomp.json

# One a checkout: it takes a minute, the tests seconds. mmdebstrap hands descriptors to dash by number, of one digit only.
setup_file() {
  mkdir -p "$TOP/build"
  (
    flock 9
    [[ -d $DEBIAN ]] || make_debian >"$DEBIAN.log" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- || { cat "$DEBIAN.log" >&2; exit 1; }
  ) 9>"$DEBIAN.lock"
}

make_debian() {
  local codename mirror
  codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  mirror=$(apt-get indextargets --format '$(REPO_URI)' "Codename: $codename" 'Created-By: Packages' 'Component: main' 'Label: Debian' | head -n 1)
  rm -rf "$DEBIAN.new"
  mmdebstrap --mode=root --variant=apt --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    "$codename" "$DEBIAN.new" "$mirror" || return
  mv "$DEBIAN.new" "$DEBIAN"
}

setup() {
  common_setup
  chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/test "$WORK" 2>/dev/null || true
  config ".root.path = \"$DEBIAN\" | .process.env = [\"PATH=/usr/sbin:/usr/bin:/sbin:/bin\", \"LC_ALL=C\"]"
  config '.mounts += [{destination: "/tmp", type: "tmpfs", source: "tmpfs", options: ["nosuid", "nodev", "mode=1777"]}]'
  compile_program
}

# A program that needs the dynamic loader, libstdc++, threads and unwinding; to be seen at /mnt.
compile_program() {
  mkdir "$WORK/programs"
  cat >"$WORK/program.cpp" <<'CODE'
#include <iostream>
#include <stdexcept>
#include <thread>
int main() {
  int sum = 0;
  std::thread([&sum] { sum = 42; }).join();
  try {
    throw std::runtime_error("caught");
  } catch (const std::exception& error) {
    std::cout << "compiled " << sum << " " << error.what() << std::endl;
  }
}
CODE
  g++ -pthread -o "$WORK/programs/program" "$WORK/program.cpp"
  readelf -l "$WORK/programs/program" | grep -q 'program interpreter'
  config ".mounts += [{destination: \"/mnt\", type: \"bind\", source: \"$WORK/programs\", options: [\"bind\", \"ro\"]}]"
}

# The capabilities that engines give: the profile's rules depend on them.
usual_capabilities() {
  config '(["CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP", "SETPCAP",
      "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE"] | map("CAP_" + .)) as $all
    | .process.capabilities = {bounding: $all, effective: $all, permitted: $all} | .process.noNewPrivileges = false'
}

# The profile in Docker's format → the OCI's: a rule stays if what it includes is here and what it excludes is not.
docker_rules() {
  jq -n --slurpfile config "$CONFIG" --slurpfile profile "$PROFILE" --arg machine "$(uname -m)" --arg kernel "$(uname -r)" '
    def version: [scan("[0-9]+") | tonumber] | .[0:2];
    {x86_64: ["amd64", "SCMP_ARCH_X86_64"], aarch64: ["arm64", "SCMP_ARCH_AARCH64"]}[$machine] as [$arch, $native]
    | $config[0].process.capabilities.bounding as $caps
    | $profile[0]
    | {defaultAction, defaultErrnoRet,
       architectures: [.archMap[] | select(.architecture == $native) | .architecture, .subArchitectures[]],
       syscalls: [.syscalls[]
         | select((.includes.arches // [$arch]) | index($arch))
         | select((.excludes.arches // []) | index($arch) | not)
         | select((.includes.caps // []) - $caps == [])
         | select((.excludes.caps // []) | all(. as $cap | $caps | index($cap) | not))
         | select(($kernel | version) >= (.includes.minKernel // "0" | version))
         | {names: (.names // [.name]), action, args: (.args // []), errnoRet} | del(.[] | nulls)]}'
}

under_docker_rules() {
  docker_rules >"$WORK/rules.json"
  config ".linux.seccomp = $(<"$WORK/rules.json")"
  [[ $(jq '.linux.seccomp.syscalls | length' "$CONFIG") -gt 10 ]]
}

# What every test of this file asks of the image.
use_the_image() {
  arguments /bin/sh -c 'echo shell $(id -u) $(id -g); grep -H ^PRETTY_NAME= /etc/os-release; apt-get --version; dpkg -l
    /mnt/program; grep ^Seccomp: /proc/self/status; perl -e '\''
      print "io_pgetevents ", syscall(333, -1, 0, 0, 0, 0, 0) == 0 ? 0 : $! + 0, "\n";
      print "personality ", syscall(135, 0x1234) == -1 ? $! + 0 : "changed", "\n"'\'''
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  has "shell 0 0"
  matches "$output" $'\napt [0-9.]+ \\(amd64|arm64\\)'
  matches "$output" $'\nii +libc6'
  [[ $(grep -c '^ii ' <<<"$output") -gt 60 ]] || die "few packages: $output"
  has "compiled 42 caught"
}
is_free() { has "$(printf 'Seccomp:\t0')"; }
# EPERM 1 by a rule, ENOSYS 38 by default, EBADF 9 from the kernel itself.
is_filtered() {
  has "$(printf 'Seccomp:\t2')"
  has "io_pgetevents 1"
  has "personality 38"
}

@test "Debian as root" {
  use_the_image
  is_free
  has "personality changed"
}

@test "Debian as root under Docker's default seccomp rules" {
  usual_capabilities
  under_docker_rules
  use_the_image
  is_filtered
}

@test "Debian under Docker's rules with no_new_privs and as another user" {
  usual_capabilities
  under_docker_rules
  config '.process.noNewPrivileges = true | .process.user = {uid: 33, gid: 33}'
  arguments /bin/sh -c 'id; apt-get --version; /mnt/program; grep ^Seccomp: /proc/self/status'
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  has "uid=33(www-data) gid=33(www-data) groups=33(www-data)"
  has "compiled 42 caught"
  has "$(printf 'Seccomp:\t2')"
}

user_namespace() {
  config '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = [{containerID: 0, hostID: 100000, size: 65536}]'
}

# An idmapped mount on / gives the tree to the namespace's ids without a copy.
idmapped_root() {
  config ".mounts = [{destination: \"/\", type: \"bind\", source: \"$DEBIAN\", options: [\"rbind\", \"ro\"],
      uidMappings: .linux.uidMappings, gidMappings: .linux.gidMappings}] + .mounts | .root.path = \"rootfs\""
}

@test "Debian in a user namespace, its root idmapped" {
  user_namespace
  idmapped_root
  use_the_image
  is_free
}

@test "Debian in a user namespace under Docker's default seccomp rules" {
  user_namespace
  idmapped_root
  usual_capabilities
  under_docker_rules
  use_the_image
  is_filtered
}

@test "Debian in a user namespace on a copy that belongs to its ids: files are made and owned" {
  user_namespace
  usual_capabilities
  under_docker_rules
  cp -ax --reflink=auto "$DEBIAN" "$WORK/copy"
  local owner
  for owner in $(find "$WORK/copy" -printf '%U:%G\n' | sort -u); do
    find "$WORK/copy" -uid "${owner%:*}" -gid "${owner#*:}" \
      -exec chown -h "$((${owner%:*} + 100000)):$((${owner#*:} + 100000))" {} +
  done
  config ".root = {path: \"$WORK/copy\", readonly: false}"
  use_the_image
  is_filtered
  arguments /bin/sh -c 'useradd --system tester && install -o tester -g games -m 640 /etc/passwd /srv/copy && stat -c "%U %G %a" /srv/copy'
  attempt run --bundle "$BUNDLE" "$ID"
  succeeded
  has "tester games 640"
  equal "$(stat -c %g "$WORK/copy/srv/copy")" 100060
}

@test "a Debian shell on a terminal, under Docker's default seccomp rules" {
  usual_capabilities
  under_docker_rules
  config '.process.terminal = true'
  arguments /bin/bash --norc
  run "$TOOLS/ptyrun" 'expect #; type echo so-$((1+1)) `tty`\n; expect so-2 /dev/pts/0; type exit 6\n' \
    "$ASYLUM_RUNC" --root "$STATE" run --bundle "$BUNDLE" "$ID"
  failed_with 6
}
