// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/lines.h"

#include <unistd.h>

#include <cerrno>
#include <string>

#include "runtime/base/error.h"
#include "runtime/base/text.h"

namespace asylum::sys {
namespace {

constexpr std::size_t kChunk = 16U << 10;

std::size_t read_chunk(int fd, char* chunk) {
  ssize_t n = 0;
  do {
    n = ::read(fd, chunk, kChunk);
  } while (n < 0 && errno == EINTR);
  if (n < 0) throw_os("read", errno, "read a file");
  return static_cast<std::size_t>(n);
}

}  // namespace

void for_each_line(int fd, std::size_t limit, const std::function<bool(std::string_view)>& visit) {
  std::string chunk(kChunk, '\0');
  std::string begun;  // a line whose end is in a later chunk
  std::size_t total = 0;
  while (const std::size_t size = read_chunk(fd, chunk.data())) {
    total += size;
    if (total > limit) throw_os("read", EFBIG, cat("read more than ", limit, " bytes"));
    std::string_view rest(chunk.data(), size);
    for (std::size_t end = 0; (end = rest.find('\n')) != std::string_view::npos;) {
      std::string_view line = rest.substr(0, end);
      if (!begun.empty()) line = begun += line;
      if (!visit(line)) return;
      begun.clear();
      rest.remove_prefix(end + 1);
    }
    begun += rest;
  }
  if (!begun.empty()) visit(begun);
}

}  // namespace asylum::sys
