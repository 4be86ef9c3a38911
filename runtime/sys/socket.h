// SPDX-License-Identifier: Apache-2.0
// Unix sockets: one datagram one message, descriptors ride along; addresses never by a long path.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/sys/fd.h"

namespace asylum::sys {

struct SocketPair {
  Fd ours;
  Fd theirs;
};
/// SOCK_SEQPACKET, close-on-exec, blocking. Throws.
SocketPair seqpacket_pair();

inline constexpr std::size_t kMaxMessageBytes =
    128 * 1024;                                    // below the default send buffer (208 KiB)
inline constexpr std::size_t kMaxMessageFds = 64;  // the kernel's own limit is SCM_MAX_FD, 253

/// One message of 1..kMaxMessageBytes bytes and up to kMaxMessageFds descriptors, all or nothing,
/// without SIGPIPE. Throws (EPIPE: the peer is gone).
void send_message(int socket, std::string_view bytes, std::span<const int> fds = {});
/// false when the peer is gone (EPIPE, ECONNRESET); throws for all else.
[[nodiscard]] bool try_send_message(int socket, std::string_view bytes,
                                    std::span<const int> fds = {});

struct ReceivedMessage {
  std::string bytes;
  std::vector<Fd> fds;  // close-on-exec
  pid_t sender = 0;     // the process that sent it, as we see it; 0 without ask_for_senders()
};
/// SO_PASSCRED: from here on the kernel says of each message who sent it. Throws.
void ask_for_senders(int socket);
/// Blocks. nullopt at end of file (also for ECONNRESET). A truncated message is an error. Throws.
std::optional<ReceivedMessage> receive_message(int socket);

/// connect(2) to the socket `name` (one component) in the directory `dir`, through
/// /proc/self/fd/N/name: sun_path's 108 bytes do not bind us. `type` is SOCK_STREAM, SOCK_DGRAM or
/// SOCK_SEQPACKET. Throws: connect to "NAME".
Fd connect_unix(int dir, const std::string& name, int type);
/// The same for a path of the host, of any length.
Fd connect_unix_path(const std::string& path, int type);
/// The same for a name of the abstract name space, unix(7).
Fd connect_unix_abstract(const std::string& name, int type);
/// socket + bind(2) in `dir`; the mode is that of umask. Throws.
Fd bind_unix(int dir, const std::string& name, int type);

}  // namespace asylum::sys
