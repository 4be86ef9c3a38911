// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/clock_text.h"

#include <chrono>

#include "runtime/base/text.h"

namespace asylum {
namespace {

std::string padded(std::uint64_t number, std::size_t width) {
  const std::string digits = cat(number);
  return cat(std::string(width > digits.size() ? width - digits.size() : 0, '0'), digits);
}

}  // namespace

std::string rfc3339(std::int64_t seconds_since_1970, std::uint32_t nanoseconds, unsigned digits) {
  using namespace std::chrono;
  const sys_seconds moment{seconds{seconds_since_1970}};
  const sys_days day = floor<days>(moment);
  const year_month_day date{day};
  const auto second_of_day = static_cast<std::uint64_t>((moment - day).count());
  return cat(padded(static_cast<std::uint64_t>(static_cast<int>(date.year())), 4), '-',
             padded(static_cast<unsigned>(date.month()), 2), '-',
             padded(static_cast<unsigned>(date.day()), 2), 'T', padded(second_of_day / 3600, 2),
             ':', padded(second_of_day / 60 % 60, 2), ':', padded(second_of_day % 60, 2), '.',
             padded(nanoseconds, 9).substr(0, digits), 'Z');
}

}  // namespace asylum
