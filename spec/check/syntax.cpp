// SPDX-License-Identifier: Apache-2.0
#include "spec/check/syntax.h"

#include <algorithm>

#include "runtime/base/text.h"

namespace asylum::spec {
namespace {

constexpr std::uint64_t kHighestCpu = 65535;  // the kernel's largest NR_CPUS is 8192
constexpr std::size_t kInterfaceNameSize = 16;

bool is_identifier_list(std::string_view text) {
  for (const std::string_view part : split(text, '.')) {
    if (part.empty()) return false;
    for (const char c : part) {
      const bool good =
          (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
      if (!good) return false;
    }
  }
  return true;
}

std::optional<std::uint64_t> version_number(std::string_view text) {
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return parse_u64(text);
}

bool append_range(std::vector<std::uint32_t>& out, std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = parse_u64(trim(text.substr(0, dash)));
  const auto last = dash == std::string_view::npos ? first : parse_u64(trim(text.substr(dash + 1)));
  if (!first || !last || *first > *last || *last > kHighestCpu) return false;
  if (out.size() > kHighestCpu) return false;
  for (std::uint64_t cpu = *first; cpu <= *last; ++cpu)
    out.push_back(static_cast<std::uint32_t>(cpu));
  return true;
}

}  // namespace

std::optional<Version> parse_version(std::string_view text) {
  const std::size_t plus = text.find('+');
  if (plus != std::string_view::npos && !is_identifier_list(text.substr(plus + 1)))
    return std::nullopt;
  text = text.substr(0, plus);
  const std::size_t dash = text.find('-');
  if (dash != std::string_view::npos && !is_identifier_list(text.substr(dash + 1)))
    return std::nullopt;
  const auto numbers = split(text.substr(0, dash), '.');
  if (numbers.size() != 3) return std::nullopt;
  const auto major = version_number(numbers[0]);
  const auto minor = version_number(numbers[1]);
  const auto patch = version_number(numbers[2]);
  if (!major || !minor || !patch) return std::nullopt;
  return Version{*major, *minor, *patch};
}

std::optional<std::vector<std::uint32_t>> parse_cpu_list(std::string_view text) {
  std::vector<std::uint32_t> cpus;
  for (const std::string_view range : split(text, ',')) {
    if (!append_range(cpus, range)) return std::nullopt;
  }
  return cpus;
}

std::optional<std::string> sysctl_file(std::string_view name) {
  std::string file(name);
  const std::size_t separator = file.find_first_of("./");
  if (separator != std::string::npos && file[separator] == '.') {
    for (char& c : file) c = c == '.' ? '/' : c == '/' ? '.' : c;
  }
  for (const std::string_view component : split(file, '/')) {
    if (component.empty() || component == "." || component == "..") return std::nullopt;
  }
  return file;
}

bool is_interface_name(std::string_view name) {
  constexpr std::string_view kForbidden = "/: \t\n\v\f\r";
  return !name.empty() && name.size() < kInterfaceNameSize && name != "." && name != ".." &&
         name.find_first_of(kForbidden) == std::string_view::npos;
}

std::string_view fault_of_variable(std::string_view entry) {
  const std::size_t equals = entry.find('=');
  if (equals == std::string_view::npos) return "it has no \"=\"";
  return equals == 0 ? "its name is empty" : "";
}

bool climbs(std::string_view path) {
  const auto parts = split(path, '/');
  return std::find(parts.begin(), parts.end(), "..") != parts.end();
}

}  // namespace asylum::spec
