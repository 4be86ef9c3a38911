// SPDX-License-Identifier: Apache-2.0
// notifyagent SOCKET DOCUMENTS ANSWER: a seccomp agent. Listens on SOCKET; of each connection it
// appends the container process state to the file DOCUMENTS, one a line, takes the one descriptor
// that comes along, and answers every system call of it: ANSWER is `value N` or `errno N`, two
// words. Runs until it is killed.
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace {

struct Answer {
  long long value = 0;
  int error = 0;
};

int listen_at(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (::strlen(path) >= sizeof address.sun_path) return -1;
  ::strcpy(address.sun_path, path);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return -1;
  return ::listen(fd, 8) == 0 ? fd : -1;
}

/// The descriptor of one connection; -1 unless there is exactly one.
int receive(int connection, std::string& document) {
  std::vector<char> payload(65536);
  iovec part{payload.data(), payload.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * 4)];
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t length = ::recvmsg(connection, &message, MSG_CMSG_CLOEXEC);
  if (length <= 0) return -1;
  document.assign(payload.data(), static_cast<std::size_t>(length));
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return -1;
  if (header->cmsg_len != CMSG_LEN(sizeof(int))) return -1;
  int fd = -1;
  ::memcpy(&fd, CMSG_DATA(header), sizeof fd);
  return fd;
}

/// False when all that had the filter are gone.
bool answer_one(int listener, const Answer& answer) {
  seccomp_notif request{};
  if (::ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) != 0) return false;
  seccomp_notif_resp response{};
  response.id = request.id;
  response.val = answer.value;
  response.error = -answer.error;
  ::ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
  return true;
}

void take(int socket, const char* documents, std::vector<pollfd>& watched) {
  const int connection = ::accept4(socket, nullptr, nullptr, SOCK_CLOEXEC);
  std::string document;
  const int listener = receive(connection, document);
  ::close(connection);
  if (listener < 0) return;
  watched.push_back({listener, POLLIN, 0});
  const int file = ::open(documents, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  document += '\n';
  if (::write(file, document.data(), document.size()) < 0) ::perror("notifyagent: write");
  ::close(file);
}

}  // namespace

int main(int count, char** values) {
  if (count != 5) return 99;
  const std::string kind = values[3];
  Answer answer;
  const int number = ::atoi(values[4]);
  if (kind == "value") {
    answer.value = number;
  } else {
    answer.error = number;
  }
  const int socket = listen_at(values[1]);
  if (socket < 0) return ::perror("notifyagent: listen"), 1;
  std::vector<pollfd> watched{{socket, POLLIN, 0}};
  while (::poll(watched.data(), watched.size(), -1) > 0) {
    for (std::size_t i = watched.size() - 1; i > 0; --i) {
      const short seen = watched[i].revents;
      if ((seen & POLLIN) != 0 && answer_one(watched[i].fd, answer)) continue;
      if (seen == 0) continue;
      ::close(watched[i].fd);
      watched.erase(watched.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if ((watched[0].revents & POLLIN) != 0) take(socket, values[2], watched);
  }
  return 0;
}
