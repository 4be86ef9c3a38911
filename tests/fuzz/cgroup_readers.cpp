// SPDX-License-Identifier: Apache-2.0
// Cgroup: the files of a cgroup that say what its processes use.
#include <string>
#include <tuple>

#include "runtime/base/text.h"
#include "runtime/cgroup/statistics.h"
#include "runtime/sys/process/proc_text.h"
#include "tests/fuzz/reader.h"

namespace asylum::fuzz {
namespace {

void check_flat_keyed(Input input) {
  const auto values = cgroup::parse_flat_keyed(input.rest());
  std::string written;
  for (const auto& [key, value] : values) {
    require(key.find_first_of(" \n") == std::string::npos, "a key is one word");
    written += cat(key, ' ', value, '\n');
  }
  require(cgroup::parse_flat_keyed(written) == values, "a flat keyed file is read back as it was");
  for (const auto& [key, value] : values) {
    require(sys::flat_keyed_value(written, key) == value, "the reader of one key agrees");
  }
}

std::string line_of(std::string_view name, const cgroup::PressureLine& line) {
  return cat(name, " avg10=", line.avg10, " avg60=", line.avg60, " avg300=", line.avg300,
             " total=", line.total_us, '\n');
}

auto fields_of(const cgroup::PressureLine& line) {
  return std::tie(line.avg10, line.avg60, line.avg300, line.total_us);
}

// `events` puts it into its JSON as it is. Source: RFC 8259, section 6.
bool is_json_number(std::string_view text) {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const auto is_digits = [](std::string_view digits) {
    return !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
  };
  return is_digits(whole) && (whole == "0" || whole.front() != '0') &&
         (point == std::string_view::npos || is_digits(text.substr(point + 1)));
}

void check_pressure(Input input) {
  const auto pressure = cgroup::parse_pressure(input.rest());
  if (!pressure) return require(trim(input.rest()).empty(), "only an empty file has no pressure");
  const auto again =
      cgroup::parse_pressure(line_of("some", pressure->some) + line_of("full", pressure->full));
  require(again && fields_of(again->some) == fields_of(pressure->some) &&
              fields_of(again->full) == fields_of(pressure->full),
          "a pressure file is read back as it was");
  for (const auto* line : {&pressure->some, &pressure->full}) {
    for (const auto* average : {&line->avg10, &line->avg60, &line->avg300}) {
      require(is_json_number(*average), "an average is a number that JSON has");
    }
  }
}

std::string text_of(const std::vector<cgroup::IoStatistics>& devices) {
  std::string out;
  for (const cgroup::IoStatistics& one : devices) {
    out += cat(one.major, ':', one.minor);
    for (const auto& [key, value] : one.values) out += cat(' ', key, '=', value);
    out += '\n';
  }
  return out;
}

void check_io_stat(Input input) {
  const auto devices = cgroup::parse_io_stat(input.rest());
  const std::string written = text_of(devices);
  const auto again = cgroup::parse_io_stat(written);
  require(again.size() == devices.size() && text_of(again) == written,
          "the figures of a device are read back as they were");
  for (std::size_t i = 0; i < devices.size(); ++i) {
    require(again[i].values == devices[i].values, "a device has the figures of its own line");
  }
}

void check_limit(Input input) {
  const auto value = input.number<std::uint64_t>();
  require(cgroup::parse_limit(cat(value, '\n')) == value, "a limit is read as it is");
  const std::string_view text = input.rest();
  require(parse_u64(trim(text)) || cgroup::parse_limit(text) == cgroup::kNoLimit,
          "what is no number is no limit");
}

constexpr Reader kReaders[] = {
    {"flat-keyed", check_flat_keyed},
    {"pressure", check_pressure},
    {"io-stat", check_io_stat},
    {"limit", check_limit},
};

}  // namespace

std::span<const Reader> readers() {
  return kReaders;
}

}  // namespace asylum::fuzz
