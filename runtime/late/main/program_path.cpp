// SPDX-License-Identifier: Apache-2.0
#include "runtime/late/main/program_path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include <string_view>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"

namespace asylum::late {
namespace {

constexpr const char* kSelf = "/proc/self/exe";

// Where the shell or an engine found the program that it calls `name`.
std::vector<std::string> places_of(std::string_view name) {
  if (name.find('/') != std::string_view::npos) return {std::string(name)};
  std::vector<std::string> places;
  const char* const path = ::getenv("PATH");
  for (const std::string_view directory : split(path == nullptr ? "" : path, ':')) {
    if (directory.starts_with('/')) places.push_back(cat(directory, "/", name));
  }
  return places;
}

std::string path_of_argument(bool is_copy) {
  const sys::Fd own = sys::open_at(AT_FDCWD, kSelf, O_PATH);
  for (const std::string& place : places_of(::program_invocation_name)) {
    const auto named = sys::try_open_at(AT_FDCWD, place, O_PATH);
    if (!named) continue;
    if (is_copy || sys::identity_of(named->get()) == sys::identity_of(own.get())) {
      return sys::read_link_at(AT_FDCWD, cat("/proc/self/fd/", named->get()));
    }
  }
  return {};
}

}  // namespace

std::string program_path() {
  const std::string link = sys::read_link_at(AT_FDCWD, kSelf);
  const bool is_copy = link.starts_with("/memfd:");
  return link == "/" || is_copy ? path_of_argument(is_copy) : link;
}

}  // namespace asylum::late
