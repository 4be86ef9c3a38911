// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/process/proc_text.h"

#include <array>

#include "runtime/base/text.h"

namespace asylum::sys {
namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines = split(text, '\n');
  std::erase_if(lines, [](std::string_view line) { return line.empty(); });
  return lines;
}

// Fields separated by any number of blanks.
std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (const std::string_view field : split(line, ' ')) {
    if (!field.empty()) fields.push_back(field);
  }
  return fields;
}

std::optional<std::uint32_t> parse_u32(std::string_view text) {
  const std::optional<std::uint64_t> value = parse_u64(text);
  if (!value || *value > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(*value);
}

std::optional<pid_t> parse_pid(std::string_view text) {
  const std::optional<std::int64_t> value = parse_i64(text);
  if (!value || *value < 0 || *value > INT32_MAX) return std::nullopt;
  return static_cast<pid_t>(*value);
}

}  // namespace

std::vector<CgroupEntry> parse_cgroup(std::string_view text) {
  std::vector<CgroupEntry> entries;
  for (const std::string_view line : lines_of(text)) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const auto hierarchy = parse_u32(line.substr(0, first));
    if (!hierarchy) continue;
    entries.push_back({*hierarchy, std::string(line.substr(first + 1, second - first - 1)),
                       std::string(line.substr(second + 1))});
  }
  return entries;
}

std::optional<std::string> cgroup2_path(std::string_view text) {
  constexpr std::string_view kDeleted = " (deleted)";
  for (CgroupEntry& entry : parse_cgroup(text)) {
    if (entry.hierarchy != 0) continue;
    if (entry.path.ends_with(kDeleted)) entry.path.resize(entry.path.size() - kDeleted.size());
    return std::move(entry.path);
  }
  return std::nullopt;
}

std::optional<ProcessStat> parse_stat(std::string_view text) {
  const std::size_t open = text.find(" (");
  const std::size_t close = text.rfind(") ");  // comm itself may hold ") "
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return std::nullopt;
  }
  const std::vector<std::string_view> rest = fields_of(trim(text.substr(close + 2)));
  if (rest.size() < 20 || rest[0].size() != 1) return std::nullopt;  // rest[0] is field 3
  const auto pid = parse_pid(text.substr(0, open));
  const auto parent = parse_pid(rest[1]);
  const auto session = parse_pid(rest[3]);
  const auto start = parse_u64(rest[19]);
  if (!pid || !parent || !session || !start) return std::nullopt;
  return ProcessStat{*pid,       std::string(text.substr(open + 2, close - open - 2)),
                     rest[0][0], *parent,
                     *session,   *start};
}

std::vector<IdMapEntry> parse_id_map(std::string_view text) {
  std::vector<IdMapEntry> entries;
  for (const std::string_view line : lines_of(text)) {
    const std::vector<std::string_view> fields = fields_of(line);
    if (fields.size() != 3) continue;
    const auto inside = parse_u32(fields[0]);
    const auto outside = parse_u32(fields[1]);
    const auto count = parse_u32(fields[2]);
    if (inside && outside && count) entries.push_back({*inside, *outside, *count});
  }
  return entries;
}

std::optional<std::uint64_t> flat_keyed_value(std::string_view text, std::string_view key) {
  for (const std::string_view line : lines_of(text)) {
    if (line.starts_with(key) && line.size() > key.size() && line[key.size()] == ' ') {
      return parse_u64(trim(line.substr(key.size() + 1)));
    }
  }
  return std::nullopt;
}

}  // namespace asylum::sys
