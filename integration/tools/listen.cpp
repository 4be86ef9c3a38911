// SPDX-License-Identifier: Apache-2.0
// listen stream|datagram SOCKET: binds SOCKET and prints each message on a line of its own. For
// every descriptor that comes along: `pidfd PID` when it is one, else `fd`; all are closed again. A
// stream ends after its first message, datagrams with SIGTERM.
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <string>

namespace {

int bind_at(const char* path, int type) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (::strlen(path) >= sizeof address.sun_path) return -1;
  ::strcpy(address.sun_path, path);
  const int fd = ::socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return -1;
  if (type == SOCK_STREAM && ::listen(fd, 1) != 0) return -1;
  return fd;
}

void describe(int fd) {
  const std::string path = "/proc/self/fdinfo/" + std::to_string(fd);
  const int info = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  char text[4096] = {};
  const ssize_t length = ::read(info, text, sizeof text - 1);
  ::close(info);
  const char* const pid = length > 0 ? ::strstr(text, "\nPid:") : nullptr;
  if (pid != nullptr) {
    ::printf("pidfd %d\n", ::atoi(pid + 5));
  } else {
    ::printf("fd\n");
  }
}

void describe_all(msghdr& message) {
  for (cmsghdr* one = CMSG_FIRSTHDR(&message); one != nullptr; one = CMSG_NXTHDR(&message, one)) {
    if (one->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t bytes = one->cmsg_len - CMSG_LEN(0);
    for (std::size_t i = 0; i < bytes / sizeof(int); ++i) {
      int fd = -1;
      ::memcpy(&fd, CMSG_DATA(one) + i * sizeof(int), sizeof fd);
      describe(fd);
      ::fflush(stdout);  // whoever waits for the close may look right after it
      ::close(fd);
    }
  }
}

bool receive(int socket) {
  char payload[4096];
  iovec part{payload, sizeof payload};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * 8)];
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t length = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  if (length < 0) return false;
  ::printf("%.*s\n", static_cast<int>(length), payload);
  describe_all(message);
  ::fflush(stdout);
  return true;
}

}  // namespace

int main(int count, char** values) {
  if (count != 3) return 99;
  const bool stream = ::strcmp(values[1], "stream") == 0;
  const int socket = bind_at(values[2], stream ? SOCK_STREAM : SOCK_DGRAM);
  if (socket < 0) return ::perror("listen: bind"), 1;
  if (!stream) {
    while (receive(socket)) {
    }
    return 1;
  }
  pollfd waiting{socket, POLLIN, 0};
  if (::poll(&waiting, 1, 120000) != 1) return ::fprintf(stderr, "listen: nobody connected\n"), 1;
  return receive(::accept4(socket, nullptr, nullptr, SOCK_CLOEXEC)) ? 0 : 1;
}
