// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/quantity_text.h"

#include <algorithm>
#include <string>

#include "runtime/base/text.h"

namespace asylum {
namespace {

/// Digits, perhaps with a fraction, times `unit`; the fraction is cut after nine digits.
std::optional<std::int64_t> scaled(std::string_view number, std::int64_t unit) {
  const std::size_t point = number.find('.');
  std::string_view whole = number.substr(0, point);
  std::string_view fraction =
      point == std::string_view::npos ? std::string_view{} : number.substr(point + 1);
  if (whole.empty() && fraction.empty()) return std::nullopt;
  std::int64_t out = 0;
  const auto units = parse_u64(whole.empty() ? "0" : whole);
  if (!units || *units > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
  if (__builtin_mul_overflow(static_cast<std::int64_t>(*units), unit, &out)) return std::nullopt;
  if (fraction.empty()) return out;
  std::string digits(fraction.substr(0, 9));
  const auto part = parse_u64(digits);
  if (!part || fraction.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  std::int64_t scale = 1;
  for (std::size_t i = 0; i < digits.size(); ++i) scale *= 10;
  // part × unit ÷ scale without rounding: "0.3" in binary is less than 3/10, and each product here
  // fits, as part < scale ≤ 10⁹.
  const auto share = static_cast<std::int64_t>(*part);
  const std::int64_t more = share * (unit / scale) + share * (unit % scale) / scale;
  if (__builtin_add_overflow(out, more, &out)) return std::nullopt;
  return out;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// "", "b", "k", "kb", "kib", ... → the power of 1024; nothing for another word.
std::optional<std::int64_t> size_unit(std::string_view word) {
  constexpr std::string_view kLetters = "kmgtp";
  std::string text;
  for (const char c : word) text += lower(c);
  if (text.empty() || text == "b") return 1;
  const std::size_t power = kLetters.find(text.front());
  if (power == std::string_view::npos) return std::nullopt;
  const std::string_view rest = std::string_view(text).substr(1);
  if (!rest.empty() && rest != "b" && rest != "ib") return std::nullopt;
  return std::int64_t{1} << (10 * (power + 1));
}

struct TimeUnit {
  std::string_view word;
  std::int64_t ns;
};
constexpr TimeUnit kTimeUnits[] = {{"ns", 1},
                                   {"us", 1'000},
                                   {"µs", 1'000},
                                   {"ms", 1'000'000},
                                   {"s", 1'000'000'000},
                                   {"m", 60'000'000'000},
                                   {"h", 3'600'000'000'000}};

std::optional<std::int64_t> time_unit(std::string_view word) {
  for (const TimeUnit& unit : kTimeUnits) {
    if (unit.word == word) return unit.ns;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_size(std::string_view text) {
  if (text == "-1") return -1;
  const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  std::string_view word = text.substr(end);
  if (word.starts_with(' ')) word.remove_prefix(1);
  const auto unit = size_unit(word);
  if (!unit || end == 0) return std::nullopt;
  return scaled(text.substr(0, end), *unit);
}

std::optional<std::int64_t> parse_duration_ns(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  std::int64_t sum = 0;
  while (!text.empty()) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
    const std::size_t end = std::min(text.find_first_of("0123456789.", digits), text.size());
    const auto unit = time_unit(text.substr(digits, end - digits));
    if (!unit || digits == 0) return std::nullopt;
    const auto part = scaled(text.substr(0, digits), *unit);
    if (!part || __builtin_add_overflow(sum, *part, &sum)) return std::nullopt;
    text.remove_prefix(end);
  }
  return negative ? -sum : sum;
}

}  // namespace asylum
