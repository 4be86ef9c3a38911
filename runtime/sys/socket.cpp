// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"

namespace asylum::sys {
namespace {

// Room for control data, aligned as cmsghdr wants it.
struct ControlBuffer {
  alignas(cmsghdr) char bytes[CMSG_SPACE(kMaxMessageFds * sizeof(int)) + CMSG_SPACE(sizeof(ucred))];
};

// errno of the sendmsg, 0 when sent.
int send(int socket, std::string_view bytes, std::span<const int> fds) {
  if (bytes.empty() || bytes.size() > kMaxMessageBytes || fds.size() > kMaxMessageFds)
    return EMSGSIZE;
  iovec part{const_cast<char*>(bytes.data()), bytes.size()};
  ControlBuffer control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (!fds.empty()) {
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE(fds.size_bytes());
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(fds.size_bytes());
    std::memcpy(CMSG_DATA(header), fds.data(), fds.size_bytes());
  }
  ssize_t n = 0;
  do {
    n = ::sendmsg(socket, &message, MSG_NOSIGNAL);
  } while (n < 0 && errno == EINTR);
  return n < 0 ? errno : 0;
}

void take_fds(msghdr& message, std::vector<Fd>& fds) {
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
      fds.emplace_back(fd);
    }
  }
}

pid_t sender_of(msghdr& message) {
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_CREDENTIALS) continue;
    ucred sender{};
    std::memcpy(&sender, CMSG_DATA(header), sizeof sender);
    return sender.pid;
  }
  return 0;
}

Fd make_socket(int type) {
  Fd fd(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
  if (!fd) throw_os("socket", errno, "make a unix socket");
  return fd;
}

// The address of `name` in `dir`: short whatever the directory's own path is.
sockaddr_un address_of(int dir, const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = cat("/proc/self/fd/", dir, '/', name);
  if (name.empty() || name.find('/') != std::string::npos ||
      path.size() >= sizeof address.sun_path) {
    throw Error(ErrorKind::internal, cat(quote(name), " cannot be the name of a socket"));
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

}  // namespace

SocketPair seqpacket_pair() {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    throw_os("socketpair", errno, "make a socket pair");
  }
  return {Fd(ends[0]), Fd(ends[1])};
}

void send_message(int socket, std::string_view bytes, std::span<const int> fds) {
  const int failed = send(socket, bytes, fds);
  if (failed != 0) throw_os("sendmsg", failed, cat("send a message of ", bytes.size(), " bytes"));
}

bool try_send_message(int socket, std::string_view bytes, std::span<const int> fds) {
  const int failed = send(socket, bytes, fds);
  if (failed == EPIPE || failed == ECONNRESET) return false;
  if (failed != 0) throw_os("sendmsg", failed, cat("send a message of ", bytes.size(), " bytes"));
  return true;
}

std::optional<ReceivedMessage> receive_message(int socket) {
  // Static: only the pages that a message touches cost memory, which init has little of in a small
  // cgroup.
  static char buffer[kMaxMessageBytes];
  ReceivedMessage received;
  iovec part{buffer, sizeof buffer};
  ControlBuffer control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes;
  message.msg_controllen = sizeof control.bytes;
  ssize_t n = 0;
  bool was_reset = false;
  do {
    n = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    // A peer that ends with a message of ours unread resets the connection, and that is told before
    // what it has sent: its last words are behind it.
  } while (n < 0 && (errno == EINTR || (errno == ECONNRESET && !std::exchange(was_reset, true))));
  if (n < 0 && errno != ECONNRESET) throw_os("recvmsg", errno, "receive a message");
  if (n <= 0) return std::nullopt;
  take_fds(message, received.fds);
  received.sender = sender_of(message);
  if ((message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
    throw_os("recvmsg", EMSGSIZE, "receive a message",
             (message.msg_flags & MSG_CTRUNC) != 0
                 ? "RLIMIT_NOFILE may be too low for its descriptors"
                 : "");
  }
  received.bytes.assign(buffer, static_cast<std::size_t>(n));
  return received;
}

void ask_for_senders(int socket) {
  const int yes = 1;
  if (::setsockopt(socket, SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes) != 0) {
    throw_os("setsockopt", errno, "ask for the senders of messages");
  }
}

Fd connect_unix(int dir, const std::string& name, int type) {
  const sockaddr_un address = address_of(dir, name);
  Fd fd = make_socket(type);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw_os("connect", errno, cat("connect to ", quote(name)));
  }
  return fd;
}

Fd connect_unix_path(const std::string& path, int type) {
  const std::size_t slash = path.rfind('/');
  const std::string parent = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const Fd dir = open_at(AT_FDCWD, parent, O_PATH | O_DIRECTORY);
  try {
    return connect_unix(dir.get(), slash == std::string::npos ? path : path.substr(slash + 1),
                        type);
  } catch (Error& error) {
    error.detail = cat("connect to ", quote(path));
    throw;
  }
}

Fd connect_unix_abstract(const std::string& name, int type) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (name.size() >= sizeof address.sun_path) {
    throw_os("connect", ENAMETOOLONG, cat("connect to ", quote(cat("@", name))));
  }
  name.copy(address.sun_path + 1, name.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  Fd fd = make_socket(type);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0) {
    throw_os("connect", errno, cat("connect to ", quote(cat("@", name))));
  }
  return fd;
}

Fd bind_unix(int dir, const std::string& name, int type) {
  const sockaddr_un address = address_of(dir, name);
  Fd fd = make_socket(type);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw_os("bind", errno, cat("make socket ", quote(name)));
  }
  return fd;
}

}  // namespace asylum::sys
