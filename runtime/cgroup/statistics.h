// SPDX-License-Identifier: Apache-2.0
// What a cgroup's files say of its use of resources, in the units of the files except where a name
// tells. Absent where its controller is not enabled.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asylum::cgroup {

/// One line of a pressure file. The averages are percentages as text, "0.42": they go out as they
/// came in. Source: Documentation/accounting/psi.rst.
struct PressureLine {
  std::string avg10 = "0.00";
  std::string avg60 = "0.00";
  std::string avg300 = "0.00";
  std::uint64_t total_us = 0;
};
struct Pressure {
  PressureLine some;
  PressureLine full;
};

struct CpuStatistics {
  std::uint64_t usage_us = 0;
  std::uint64_t user_us = 0;
  std::uint64_t system_us = 0;
  std::uint64_t periods = 0;
  std::uint64_t throttled_periods = 0;
  std::uint64_t throttled_us = 0;
  std::optional<Pressure> pressure;
};

inline constexpr std::uint64_t kNoLimit = ~std::uint64_t{0};

struct Gauge {
  std::uint64_t usage = 0;
  std::uint64_t peak = 0;
  std::uint64_t limit = kNoLimit;
  std::uint64_t failures = 0;
};

struct MemoryStatistics {
  Gauge memory;
  Gauge swap;                                // of swap alone
  std::map<std::string, std::uint64_t> raw;  // memory.stat
  std::optional<Pressure> pressure;
};

struct IoStatistics {
  std::uint64_t major = 0;
  std::uint64_t minor = 0;
  std::map<std::string, std::uint64_t> values;  // rbytes, wbytes, dbytes, rios, wios, dios
};

struct Statistics {
  CpuStatistics cpu;
  MemoryStatistics memory;
  Gauge pids;
  std::vector<IoStatistics> io;
  std::optional<Pressure> io_pressure;
  std::map<std::string, Gauge> hugetlb;  // by page size
};

/// Reads them all; a file that is not there leaves its zeros. Throws.
Statistics read_statistics(int cgroup_fd);

/// Pure readers of the files' texts.
std::map<std::string, std::uint64_t> parse_flat_keyed(std::string_view text);
std::optional<Pressure> parse_pressure(std::string_view text);
std::vector<IoStatistics> parse_io_stat(std::string_view text);
/// "max" is kNoLimit.
std::uint64_t parse_limit(std::string_view text);

}  // namespace asylum::cgroup
