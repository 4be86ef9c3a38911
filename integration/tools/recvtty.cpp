// SPDX-License-Identifier: Apache-2.0
// recvtty SOCKET [INPUT]: listens on SOCKET, receives one terminal (the console socket protocol:
// SCM_RIGHTS of the pty master, its name as the payload), prints `name NAME`, types INPUT into it,
// and copies its output until it hangs up.
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <string>

namespace {

int listen_at(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (::strlen(path) >= sizeof address.sun_path) return -1;
  ::strcpy(address.sun_path, path);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return -1;
  return ::listen(fd, 1) == 0 ? fd : -1;
}

int receive_terminal(int connection, std::string& name) {
  char payload[4096];
  iovec part{payload, sizeof payload};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * 4)];
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t length = ::recvmsg(connection, &message, MSG_CMSG_CLOEXEC);
  if (length < 0) return -1;
  name.assign(payload, static_cast<std::size_t>(length));
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return -1;
  if (header->cmsg_len != CMSG_LEN(sizeof(int))) return -1;  // exactly one descriptor
  int terminal = -1;
  ::memcpy(&terminal, CMSG_DATA(header), sizeof terminal);
  return terminal;
}

}  // namespace

int main(int count, char** values) {
  if (count < 2) return 99;
  const int listener = listen_at(values[1]);
  if (listener < 0) return ::perror("recvtty: listen"), 1;
  pollfd waiting{listener, POLLIN, 0};
  if (::poll(&waiting, 1, 120000) != 1) return ::fprintf(stderr, "recvtty: nobody connected\n"), 1;
  const int connection = ::accept(listener, nullptr, nullptr);
  std::string name;
  const int terminal = receive_terminal(connection, name);
  if (terminal < 0) return ::fprintf(stderr, "recvtty: no terminal came\n"), 1;
  ::printf("name %s\n", name.c_str());
  ::fflush(stdout);
  ::close(connection);
  if (count > 2 && ::write(terminal, values[2], ::strlen(values[2])) < 0) return 1;
  char text[4096];
  ssize_t length = 0;
  while ((length = ::read(terminal, text, sizeof text)) > 0) {
    if (::write(1, text, static_cast<std::size_t>(length)) < 0) return 1;
  }
  return 0;
}
