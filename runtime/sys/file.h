// SPDX-License-Identifier: Apache-2.0
// Files and directories by descriptor. `dir` is a directory descriptor or AT_FDCWD; a `name` is one
// component.
#pragma once

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/sys/fd.h"

namespace asylum::sys {

// ---- open -------------------------------------------------------------------------------------

/// openat(2) with O_CLOEXEC added. Throws: open "PATH".
Fd open_at(int dir, const std::string& path, int flags, mode_t mode = 0);

/// As open_at, but absence is an answer: nullopt for ENOENT and ENOTDIR, and for ENXIO (a FIFO
/// without reader).
std::optional<Fd> try_open_at(int dir, const std::string& path, int flags, mode_t mode = 0);

/// What look-ups below a trusted directory may not do (openat2(2) RESOLVE_*).
inline constexpr std::uint64_t kResolveStrict =
    RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV;

/// openat2(2) below `dir`: by default no "..", no link of any kind, no other mount on the way.
/// Throws.
Fd open_beneath(int dir, const std::string& path, int flags, mode_t mode = 0,
                std::uint64_t resolve = kResolveStrict);

/// As open_beneath; nullopt for ENOENT and ENOTDIR.
std::optional<Fd> try_open_beneath(int dir, const std::string& path, int flags, mode_t mode = 0,
                                   std::uint64_t resolve = kResolveStrict);

/// openat2(2) with O_CLOEXEC added: the descriptor, or -errno. EAGAIN (a rename raced with a "..")
/// is tried again, but not for ever.
[[nodiscard]] int openat2_or_errno(int dir, const std::string& path, int flags, mode_t mode,
                                   std::uint64_t resolve);

/// Opens the same object anew with other flags, through `proc_self_fd`, a descriptor of
/// /proc/self/fd: from O_PATH to O_RDONLY, say. Throws.
Fd reopen(int proc_self_fd, int fd, int flags);

// ---- read -------------------------------------------------------------------------------------

/// All of the file from the current offset. Throws EFBIG above `limit` bytes.
std::string read_all(int fd, std::size_t limit = 1U << 20);
std::string read_file_at(int dir, const std::string& path, std::size_t limit = 1U << 20);
/// nullopt for ENOENT, ENOTDIR.
std::optional<std::string> try_read_file_at(int dir, const std::string& path,
                                            std::size_t limit = 1U << 20);

// ---- write ------------------------------------------------------------------------------------

/// The whole text, in as many write(2) as it takes. Throws.
void write_all(int fd, std::string_view text);

/// One write(2) to a control file (cgroup, proc). Throws: write "VALUE" to "NAME".
void write_control_at(int dir, const std::string& name, std::string_view value);
/// The same; nullopt when written, else the errno of the open or the write.
[[nodiscard]] std::optional<int> try_write_control_at(int dir, const std::string& name,
                                                      std::string_view value);

/// Replaces a file whole or not at all: writes ".NAME" (exclusive; one left by a killed command is
/// removed first), then renames it over NAME. Not synced to the disk: state is for this boot only.
void replace_file_at(int dir, const std::string& name, std::string_view content, mode_t mode);

// ---- identity -----------------------------------------------------------------------------------

/// Says whether two descriptors are the same object, as long as either of them is held open.
struct FileIdentity {
  std::uint64_t dev = 0;
  std::uint64_t ino = 0;
  auto operator<=>(const FileIdentity&) const = default;
};
FileIdentity identity_of(int fd);
/// nullopt for ENOENT, ENOTDIR. Does not follow a link in the last component.
std::optional<FileIdentity> try_identity_at(int dir, const std::string& path);

/// fstat(2) of a descriptor, O_PATH included. Throws.
struct ::stat status_of(int fd);
/// f_type of fstatfs(2): PROC_SUPER_MAGIC and the like (linux/magic.h). Throws.
std::uint64_t filesystem_magic(int fd);
/// ST_* flags of fstatvfs(2): ST_RDONLY, ST_NOSUID, ST_NODEV, ST_NOEXEC... of the mount. Throws.
std::uint64_t mount_flags_of(int fd);

// ---- pipes --------------------------------------------------------------------------------------

struct Pipe {
  Fd read_end;
  Fd write_end;
};
Pipe make_pipe();

}  // namespace asylum::sys
