// SPDX-License-Identifier: Apache-2.0
// The one procfs of a process (design §8.2): private, or the container's own while still detached,
// or /proc proven to be procfs. Look-ups stay within it (CVE-2025-52881).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/sys/fd.h"

namespace asylum::sys {

class Procfs {
 public:
  enum class Scope : std::uint8_t {
    processes,  // subset=pid: no /proc/sys, nothing but processes
    whole,      // with /proc/sys, for sysctls
  };

  /// A private detached instance; where the kernel refuses (EPERM, EACCES), /proc proven. Throws.
  static Procfs open(Scope scope = Scope::processes);
  /// Takes over a procfs root of any origin after proving it: PROC_SUPER_MAGIC and inode 1. Throws
  /// ErrorKind::denied.
  static Procfs adopt(Fd root);
  /// /proc of the current root, proven. For main's common path, where nothing hostile has been
  /// entered. Throws.
  static Procfs open_host();

  int root() const { return root_.get(); }

  /// "sys/net/ipv4/ip_forward", "thread-self/attr/exec", "1234/stat": no magic link, no other mount
  /// on the way.
  Fd open(const std::string& path, int flags) const;
  std::optional<Fd> try_open(const std::string& path, int flags) const;
  std::string read(const std::string& path) const;
  /// nullopt for an absent file, or a process that is gone (ESRCH).
  std::optional<std::string> try_read(const std::string& path) const;
  /// One write(2). Throws: write "VALUE" to "/proc/PATH".
  void write(const std::string& path, std::string_view value) const;
  [[nodiscard]] std::optional<int> try_write(const std::string& path, std::string_view value) const;

  /// What a magic link leads to: open_link("1234/ns", "net", O_RDONLY), ("self", "exe", O_PATH).
  /// The directory is looked up as in open(); only the last component is followed.
  Fd open_link(const std::string& directory, const std::string& name, int flags) const;
  std::optional<Fd> try_open_link(const std::string& directory, const std::string& name,
                                  int flags) const;

 private:
  explicit Procfs(Fd root) : root_(std::move(root)) {}
  Fd root_;
};

}  // namespace asylum::sys
