// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/process/argument_area.h"

#include <cstdint>
#include <cstring>

namespace asylum::sys {
namespace {

struct Area {
  char* begin = nullptr;
  char* end = nullptr;
};

Area arguments;
Area variables;

Area area_of(char* const* first, char* const* end) {
  if (first == end) return {};
  char* const last = end[-1];
  return {*first, last + std::strlen(last) + 1};
}

void wipe(char* begin, char* end) {
  if (begin != end) ::explicit_bzero(begin, static_cast<std::size_t>(end - begin));
}

}  // namespace

void remember_argument_area(int argc, char* const* argv, char* const* environment) noexcept {
  arguments = area_of(argv, argv + argc);
  char* const* end = environment;
  while (*end != nullptr) ++end;
  variables = area_of(environment, end);
}

void wipe_argument(std::string_view part) noexcept {
  // As integers: the order of pointers into different objects is not defined.
  const auto address = [](const char* p) { return reinterpret_cast<std::uintptr_t>(p); };
  const std::uintptr_t begin = address(part.data());
  if (begin < address(arguments.begin) || begin + part.size() > address(arguments.end)) return;
  char* const first = arguments.begin + (begin - address(arguments.begin));
  wipe(first, first + part.size());
}

void wipe_argument_area() noexcept {
  wipe(arguments.begin, arguments.end);
}

void wipe_environment_area() noexcept {
  wipe(variables.begin, variables.end);
}

}  // namespace asylum::sys
