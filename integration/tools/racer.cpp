// SPDX-License-Identifier: Apache-2.0
// racer DIRECTORY SECONDS: the sibling on a shared volume. It exchanges each entry of DIRECTORY
// that has a namesake NAME.other beside it with that, over and over (renameat2 RENAME_EXCHANGE:
// there is always something of the name), for so many seconds or until its stdin ends. The last
// line of its output is the number of exchanges; exits 0, 1 for a system call that failed, 2 for
// wrong arguments.
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
constexpr const char* kOther = ".other";

std::vector<std::string> names_with_an_other(const std::filesystem::path& directory) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const std::string name = entry.path().filename();
    if (std::filesystem::exists(std::filesystem::symlink_status(directory / (name + kOther)))) {
      names.push_back(name);
    }
  }
  return names;
}

bool has_ended(int fd) {
  pollfd one{fd, POLLIN, 0};
  return ::poll(&one, 1, 0) > 0;
}

}  // namespace

int main(int count, char** values) {
  if (count != 3) return 2;
  const int directory = ::open(values[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return 1;
  const auto names = names_with_an_other(values[1]);
  if (names.empty()) return 2;
  const auto end = Clock::now() + std::chrono::seconds(::atoi(values[2]));
  unsigned long exchanges = 0;
  while (Clock::now() < end && !has_ended(0)) {
    for (const std::string& name : names) {
      const std::string other = name + kOther;
      if (::renameat2(directory, name.c_str(), directory, other.c_str(), RENAME_EXCHANGE) != 0) {
        ::perror("renameat2");
        return 1;
      }
      ++exchanges;
    }
  }
  ::printf("%lu\n", exchanges);
  return 0;
}
