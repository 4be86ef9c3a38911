// SPDX-License-Identifier: Apache-2.0
// FsContext: a file system being configured, and what the kernel says when it refuses.
#include "runtime/sys/mount/fs_context.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <span>
#include <string_view>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/sys/mount/mount.h"

namespace asylum::sys {
namespace {

// Options of the file systems that configs name most, for "did you mean". Source: their pages in
// section 5, tmpfs(5)...
constexpr std::array<std::string_view, 20> kTmpfs = {
    "size", "nr_blocks", "nr_inodes", "mode",    "uid",      "gid",      "huge",
    "mpol", "inode32",   "inode64",   "noswap",  "quota",    "usrquota", "grpquota",
    "ro",   "rw",        "sync",      "dirsync", "lazytime", "source"};
constexpr std::array<std::string_view, 6> kDevpts = {"newinstance", "ptmxmode", "mode",
                                                     "uid",         "gid",      "max"};
constexpr std::array<std::string_view, 3> kProc = {"hidepid", "gid", "subset"};
constexpr std::array<std::string_view, 5> kCgroup2 = {"nsdelegate", "favordynmods",
                                                      "memory_localevents", "memory_recursiveprot",
                                                      "memory_hugetlb_accounting"};
constexpr std::array<std::string_view, 10> kOverlay = {
    "lowerdir", "upperdir",  "workdir",  "redirect_dir", "index",
    "metacopy", "userxattr", "volatile", "xino",         "nfs_export"};

std::span<const std::string_view> options_of(std::string_view fs_type) {
  if (fs_type == "tmpfs") return kTmpfs;
  if (fs_type == "devpts") return kDevpts;
  if (fs_type == "proc") return kProc;
  if (fs_type == "cgroup2") return kCgroup2;
  if (fs_type == "overlay") return kOverlay;
  return {};
}

std::string hint_for_option(std::string_view fs_type, std::string_view parameter) {
  const std::string_view key = parameter.substr(0, parameter.find('='));
  const auto known = options_of(fs_type);
  for (const std::string_view option : known) {
    if (option == key) return {};  // the key is right, the value is not
  }
  const auto near = closest_match(key, known);
  return near ? cat("did you mean ", quote(*near), "?") : std::string{};
}

int configure(int context, fsconfig_command command, const char* key, const char* value, int aux) {
  return ::fsconfig(context, command, key, value, aux) == 0 ? 0 : errno;
}

}  // namespace

FsContext::FsContext(const std::string& fs_type)
    : context_(::fsopen(fs_type.c_str(), FSOPEN_CLOEXEC)), fs_type_(fs_type) {
  if (context_) return;
  const int error_number = errno;
  if (error_number == ENODEV) {
    throw Error(ErrorKind::unsupported, cat("this kernel has no file system ", quote(fs_type)))
        .because_of("fsopen", error_number)
        .with_hint(cat("load its module on the host: modprobe ", fs_type));
  }
  throw_os("fsopen", error_number, cat("make a ", fs_type, " file system"));
}

FsContext FsContext::pick(int mount_fd) {
  Fd context(::fspick(mount_fd, "", FSPICK_CLOEXEC | FSPICK_EMPTY_PATH));
  if (!context) throw_os("fspick", errno, "pick the file system of the mount");
  return {std::move(context), "the file system"};
}

void FsContext::set_flag(const std::string& key, const std::string& pointer) {
  const int failed = configure(context_.get(), FSCONFIG_SET_FLAG, key.c_str(), nullptr, 0);
  if (failed != 0) refuse("fsconfig", failed, key, pointer);
}

void FsContext::set_string(const std::string& key, const std::string& value,
                           const std::string& pointer) {
  const int failed = configure(context_.get(), FSCONFIG_SET_STRING, key.c_str(), value.c_str(), 0);
  if (failed != 0) refuse("fsconfig", failed, cat(key, '=', value), pointer);
}

void FsContext::set_fd(const std::string& key, int fd, const std::string& pointer) {
  const int failed = configure(context_.get(), FSCONFIG_SET_FD, key.c_str(), nullptr, fd);
  if (failed != 0) refuse("fsconfig", failed, key, pointer);
}

int FsContext::try_create() {
  return configure(context_.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0);
}

void FsContext::create() {
  const int failed = try_create();
  if (failed != 0) refuse("fsconfig", failed, {}, {});
}

void FsContext::reconfigure() {
  const int failed = configure(context_.get(), FSCONFIG_CMD_RECONFIGURE, nullptr, nullptr, 0);
  if (failed != 0) refuse("fsconfig", failed, {}, {});
}

Fd FsContext::try_mount(std::uint64_t attributes, int& error_number) {
  Fd mount(::fsmount(context_.get(), FSMOUNT_CLOEXEC, static_cast<unsigned>(attributes)));
  error_number = mount ? 0 : errno;
  return mount;
}

Fd FsContext::mount(std::uint64_t attributes) {
  int failed = 0;
  Fd mount = try_mount(attributes, failed);
  if (!mount) refuse("fsmount", failed, {}, {});
  return mount;
}

bool FsContext::can_carry(const std::string& key, const std::string& value) {
  constexpr std::size_t kLimit =
      256;  // fsconfig(2): strndup_user(..., 256), the final NUL included
  return key.size() < kLimit && value.size() < kLimit;
}

void FsContext::refuse(const char* syscall, int error_number, const std::string& parameter,
                       const std::string& pointer) {
  const std::string messages = read_messages();
  std::string detail = parameter.empty() ? cat("make a ", fs_type_, " file system")
                                         : cat(fs_type_, " rejected option ", quote(parameter));
  if (!messages.empty()) detail += cat(" (", messages, ')');
  Error error = Error(ErrorKind::os, std::move(detail)).because_of(syscall, error_number);
  if (!parameter.empty()) error.hint = hint_for_option(fs_type_, parameter);
  if (!pointer.empty()) error.pointer = pointer;
  throw Error(std::move(error));
}

// Each read gives one message, "e tmpfs: Unknown parameter 'sise'"; ENODATA ends them.
std::string FsContext::read_messages() {
  std::string all;
  char line[512];
  while (true) {
    const ssize_t n = ::read(context_.get(), line, sizeof line);
    if (n <= 2) return all;
    const std::string_view text =
        trim(std::string_view(line, static_cast<std::size_t>(n)).substr(2));
    if (!all.empty()) all += "; ";
    all += text;
  }
}

}  // namespace asylum::sys
