// SPDX-License-Identifier: Apache-2.0
// attach SOCKET [INPUT]: connects to the attach socket of a conmon (SOCK_SEQPACKET; the first byte
// of a packet is the stream: 2 output, 3 errors), sends INPUT, and prints each line it receives as
// `stdout LINE` or `stderr LINE` until conmon hangs up. `attached` on a line of its own says that
// the connection stands.
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <string>

namespace {

int connect_to(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (::strlen(path) >= sizeof address.sun_path) return -1;
  ::strcpy(address.sun_path, path);
  const int fd = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  return ::connect(fd, generic, sizeof address) == 0 ? fd : -1;
}

const char* name_of(char stream) {
  if (stream == 2) return "stdout";
  return stream == 3 ? "stderr" : "unknown";
}

// Prints the whole lines of a stream's text and leaves the rest in it.
void print_lines(char stream, std::string& text) {
  for (std::size_t end = 0; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1)) {
    std::string line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    ::printf("%s %s\n", name_of(stream), line.c_str());
  }
  ::fflush(stdout);
}

}  // namespace

int main(int count, char** values) {
  if (count < 2) return 99;
  const int socket = connect_to(values[1]);
  if (socket < 0) return ::perror("attach: connect"), 1;
  ::printf("attached\n");
  ::fflush(stdout);
  if (count > 2 && ::write(socket, values[2], ::strlen(values[2])) < 0) return 1;
  std::string texts[2];
  char packet[32768];
  ssize_t length = 0;
  while ((length = ::read(socket, packet, sizeof packet)) > 0) {
    std::string& text = texts[packet[0] == 3 ? 1 : 0];
    text.append(packet + 1, static_cast<std::size_t>(length - 1));
    print_lines(packet[0], text);
  }
  return 0;
}
