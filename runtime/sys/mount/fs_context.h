// SPDX-License-Identifier: Apache-2.0
// A new file system, or an old one anew: fsopen(2) and its kin.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "runtime/sys/fd.h"

namespace asylum::sys {

/// A file system being configured: fsopen(2), fsconfig(2), fsmount(2). When the kernel refuses, the
/// message it left in the context goes into the Error's detail, together with the parameter, and
/// `pointer` into its pointer.
class FsContext {
 public:
  /// fsopen(2). ENODEV becomes ErrorKind::unsupported: this kernel has no such file system.
  explicit FsContext(const std::string& fs_type);
  /// fspick(2) of an existing mount by descriptor, to change its superblock with reconfigure().
  static FsContext pick(int mount_fd);
  /// The context of somebody else's fsopen(2).
  static FsContext adopt(Fd context, std::string fs_type) {
    return {std::move(context), std::move(fs_type)};
  }

  void set_flag(const std::string& key, const std::string& pointer = {});
  void set_string(const std::string& key, const std::string& value,
                  const std::string& pointer = {});
  void set_fd(const std::string& key, int fd, const std::string& pointer = {});

  /// FSCONFIG_CMD_CREATE. Throws.
  void create();
  /// 0, or the errno of FSCONFIG_CMD_CREATE, for where a refusal is an answer (proc, sysfs in a
  /// user namespace).
  [[nodiscard]] int try_create();
  /// FSCONFIG_CMD_RECONFIGURE. Throws.
  void reconfigure();
  /// fsmount(2): the detached mount, `attributes` are MOUNT_ATTR_*. Throws.
  Fd mount(std::uint64_t attributes);
  /// The same; no descriptor and errno in `error_number` when refused.
  [[nodiscard]] Fd try_mount(std::uint64_t attributes, int& error_number);

  /// Whether fsconfig(2) can carry it: a key or a value of 256 bytes and more it cannot (see
  /// legacy_mount.h).
  static bool can_carry(const std::string& key, const std::string& value);

 private:
  FsContext(Fd context, std::string fs_type)
      : context_(std::move(context)), fs_type_(std::move(fs_type)) {}
  [[noreturn]] void refuse(const char* syscall, int error_number, const std::string& parameter,
                           const std::string& pointer);
  std::string read_messages();

  Fd context_;
  std::string fs_type_;
};

}  // namespace asylum::sys
