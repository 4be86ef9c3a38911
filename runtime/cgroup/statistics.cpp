// SPDX-License-Identifier: Apache-2.0
#include "runtime/cgroup/statistics.h"

#include <errno.h>
#include <fcntl.h>

#include <algorithm>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"

namespace asylum::cgroup {
namespace {

/// "" for a file that is not there, or that the kernel does not want to read out: EOPNOTSUPP for
/// pressure that is switched off, ENODEV for a cgroup that was removed.
std::string read(int directory, const std::string& name) {
  const auto file = sys::try_open_beneath(directory, name, O_RDONLY);
  if (!file) return {};
  try {
    return sys::read_all(file->get());
  } catch (const Error& error) {
    if (error.err == EOPNOTSUPP || error.err == ENODEV) return {};
    throw;
  }
}

std::uint64_t number_in(int directory, const std::string& name) {
  return parse_u64(trim(read(directory, name))).value_or(0);
}

std::uint64_t value_of(const std::map<std::string, std::uint64_t>& values, const char* key) {
  const auto found = values.find(key);
  return found == values.end() ? 0 : found->second;
}

CpuStatistics read_cpu(int directory) {
  const auto values = parse_flat_keyed(read(directory, "cpu.stat"));
  CpuStatistics cpu;
  cpu.usage_us = value_of(values, "usage_usec");
  cpu.user_us = value_of(values, "user_usec");
  cpu.system_us = value_of(values, "system_usec");
  cpu.periods = value_of(values, "nr_periods");
  cpu.throttled_periods = value_of(values, "nr_throttled");
  cpu.throttled_us = value_of(values, "throttled_usec");
  cpu.pressure = parse_pressure(read(directory, "cpu.pressure"));
  return cpu;
}

Gauge read_gauge(int directory, const std::string& prefix) {
  Gauge gauge;
  gauge.usage = number_in(directory, cat(prefix, ".current"));
  gauge.peak = number_in(directory, cat(prefix, ".peak"));
  const std::string limit = read(directory, cat(prefix, ".max"));
  gauge.limit = limit.empty() ? 0 : parse_limit(limit);
  gauge.failures = value_of(parse_flat_keyed(read(directory, cat(prefix, ".events"))), "max");
  return gauge;
}

MemoryStatistics read_memory(int directory) {
  MemoryStatistics memory;
  memory.memory = read_gauge(directory, "memory");
  memory.swap = read_gauge(directory, "memory.swap");
  memory.raw = parse_flat_keyed(read(directory, "memory.stat"));
  memory.pressure = parse_pressure(read(directory, "memory.pressure"));
  return memory;
}

/// Reserved pages where the kernel counts them: a page that is reserved is taken.
std::map<std::string, Gauge> read_hugetlb(int directory) {
  constexpr std::string_view kPrefix = "hugetlb.";
  constexpr std::string_view kSuffix = ".current";
  std::map<std::string, Gauge> out;
  for (const std::string& name : sys::list_directory(directory)) {
    if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) continue;
    const std::string size =
        name.substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size());
    if (size.find('.') != std::string::npos) continue;  // "2MB.rsvd"
    const std::string plain = cat(kPrefix, size);
    const std::string reserved = cat(plain, ".rsvd");
    const bool counts = !read(directory, cat(reserved, kSuffix)).empty();
    Gauge gauge = read_gauge(directory, counts ? reserved : plain);
    gauge.failures = std::max(
        gauge.failures, value_of(parse_flat_keyed(read(directory, cat(plain, ".events"))), "max"));
    out.emplace(size, gauge);
  }
  return out;
}

/// A number that JSON has too: `events` prints the averages as they are.
bool is_decimal(std::string_view text) {
  const bool has_leading_zero = text.size() > 1 && text[0] == '0' && text[1] != '.';
  return !text.empty() && !has_leading_zero && text.front() != '.' && text.back() != '.' &&
         text.find_first_not_of("0123456789.") == std::string_view::npos &&
         std::count(text.begin(), text.end(), '.') <= 1;
}

PressureLine parse_pressure_line(std::string_view line) {
  PressureLine out;
  for (const std::string_view word : split(line, ' ')) {
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = word.substr(0, equals);
    const std::string_view value = word.substr(equals + 1);
    if (!is_decimal(value)) continue;
    if (key == "avg10") out.avg10 = value;
    if (key == "avg60") out.avg60 = value;
    if (key == "avg300") out.avg300 = value;
    if (key == "total") out.total_us = parse_u64(value).value_or(0);
  }
  return out;
}

}  // namespace

std::map<std::string, std::uint64_t> parse_flat_keyed(std::string_view text) {
  std::map<std::string, std::uint64_t> out;
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos) continue;
    if (const auto value = parse_u64(line.substr(blank + 1))) {
      out.emplace(line.substr(0, blank), *value);
    }
  }
  return out;
}

std::optional<Pressure> parse_pressure(std::string_view text) {
  if (trim(text).empty()) return std::nullopt;
  Pressure out;
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with("some ")) out.some = parse_pressure_line(line);
    if (line.starts_with("full ")) out.full = parse_pressure_line(line);
  }
  return out;
}

std::vector<IoStatistics> parse_io_stat(std::string_view text) {
  std::vector<IoStatistics> out;
  for (const std::string_view line : split(text, '\n')) {
    const std::vector<std::string_view> words = split(line, ' ');
    const std::vector<std::string_view> numbers = split(words.front(), ':');
    if (numbers.size() != 2) continue;
    const auto major = parse_u64(numbers[0]);
    const auto minor = parse_u64(numbers[1]);
    if (!major || !minor) continue;
    IoStatistics one{*major, *minor, {}};
    for (const std::string_view word : words) {
      const std::size_t equals = word.find('=');
      if (equals == std::string_view::npos) continue;
      if (const auto value = parse_u64(word.substr(equals + 1))) {
        one.values.emplace(word.substr(0, equals), *value);
      }
    }
    out.push_back(std::move(one));
  }
  return out;
}

std::uint64_t parse_limit(std::string_view text) {
  return parse_u64(trim(text)).value_or(kNoLimit);
}

Statistics read_statistics(int cgroup_fd) {
  Statistics out;
  out.cpu = read_cpu(cgroup_fd);
  out.memory = read_memory(cgroup_fd);
  out.pids = read_gauge(cgroup_fd, "pids");
  out.io = parse_io_stat(read(cgroup_fd, "io.stat"));
  out.io_pressure = parse_pressure(read(cgroup_fd, "io.pressure"));
  out.hugetlb = read_hugetlb(cgroup_fd);
  return out;
}

}  // namespace asylum::cgroup
