// SPDX-License-Identifier: Apache-2.0
// What the root of a user namespace may do to its own mounts, and what it must not gain by it.
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>

#include "integration/tools/attacker.h"

namespace attacker {
namespace {

void say(const std::string& what, bool done) {
  const std::string outcome = done ? "ok" : error_name();
  ::printf("%s %s\n", what.c_str(), outcome.c_str());
  ::fflush(stdout);
}

void try_open(const std::string& path, int flags, const char* what) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  say(std::string(what) + " " + path, file >= 0);
  if (file >= 0) ::close(file);
}

bool remount_writable(const char* path) {
  return ::mount(nullptr, path, nullptr, MS_REMOUNT | MS_BIND, nullptr) == 0;
}

// Unmounts a path until nothing is left on it.
void strip(const char* path) {
  while (::umount2(path, MNT_DETACH) == 0) {
  }
}

bool make_node(const char* path, unsigned major_number, unsigned minor_number) {
  return ::mknod(path, S_IFCHR | 0666, makedev(major_number, minor_number)) == 0;
}

}  // namespace

int undo_masks() {
  // By whatever means: what is under the masks must be closed to us by the kernel's own rules.
  for (const char* path : {"/proc/kcore", "/proc/sysrq-trigger", "/proc/sys", "/proc/acpi"}) {
    remount_writable(path);
    strip(path);
  }
  remount_writable("/proc");
  remount_writable("/sys");
  try_open("/proc/kcore", O_RDONLY, "read");
  try_open("/proc/sysrq-trigger", O_WRONLY, "write");
  try_open("/proc/sys/kernel/core_pattern", O_WRONLY, "write");
  try_open("/proc/sys/kernel/modprobe", O_WRONLY, "write");
  try_open("/sys/kernel/uevent_helper", O_WRONLY, "write");
  say("mount a device", ::mount("/dev/null", "/tmp", "ext4", 0, nullptr) == 0);
  say("make a node", make_node("/tmp/mem", 1, 1));
  return 0;
}

// A directory of the host's that was mounted read-only, nosuid and nodev, with a mount below it
// that hides something.
int use_volume(const std::string& directory) {
  try_open(directory + "/file", O_WRONLY, "write");
  say("remount", remount_writable(directory.c_str()));
  try_open(directory + "/file", O_WRONLY, "write");
  say("chmod", ::chmod((directory + "/file").c_str(), 04777) == 0);
  say("make a node", make_node((directory + "/node").c_str(), 1, 3));
  try_open(directory + "/device", O_RDONLY, "read");
  say("unmount", ::umount2((directory + "/hidden").c_str(), MNT_DETACH) == 0);
  try_open(directory + "/hidden/secret", O_RDONLY, "read");
  try_open(directory + "/../outside/secret", O_RDONLY, "read");
  // A bind that is not recursive leaves the covering mount behind, unless it is locked to its
  // place.
  say("bind", ::mount(directory.c_str(), "/tmp", nullptr, MS_BIND, nullptr) == 0);
  try_open("/tmp/hidden/secret", O_RDONLY, "read");
  return 0;
}

}  // namespace attacker
