// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/options/setters.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "runtime/base/quantity_text.h"
#include "runtime/base/text.h"

namespace asylum::cli {
namespace {

template <typename T, std::size_t Size>
using Words = std::array<std::pair<std::string_view, T>, Size>;

template <typename T, std::size_t Size>
bool assign_word(T& field, std::string_view value, const Words<T, Size>& words) {
  const auto found = std::ranges::find(words, value, &std::pair<std::string_view, T>::first);
  if (found == words.end()) return false;
  field = found->second;
  return true;
}

constexpr Words<bool, 12> kBooleans{{{"true", true},
                                     {"1", true},
                                     {"t", true},
                                     {"T", true},
                                     {"TRUE", true},
                                     {"True", true},
                                     {"false", false},
                                     {"0", false},
                                     {"f", false},
                                     {"F", false},
                                     {"FALSE", false},
                                     {"False", false}}};
constexpr Words<log::Format, 2> kLogFormats{
    {{"text", log::Format::text}, {"json", log::Format::json}}};
constexpr Words<log::Level, 5> kLogLevels{{{"error", log::Level::error},
                                           {"warning", log::Level::warning},
                                           {"warn", log::Level::warning},  // youki's word
                                           {"info", log::Level::info},
                                           {"debug", log::Level::debug}}};
constexpr Words<ListFormat, 2> kListFormats{
    {{"table", ListFormat::table}, {"json", ListFormat::json}}};
constexpr Words<ExplainFormat, 2> kExplainFormats{
    {{"text", ExplainFormat::text}, {"json", ExplainFormat::json}}};

/// A number alone is seconds, as sleep(1) has it.
std::optional<std::int64_t> duration_ns(std::string_view value) {
  return parse_duration_ns(parse_i64(value) ? cat(value, "s") : value);
}

}  // namespace

bool assign(bool& field, std::string_view value) {
  return assign_word(field, value, kBooleans);
}

bool assign(std::string& field, std::string_view value) {
  if (value.empty()) return false;
  field = value;
  return true;
}

bool assign(std::string_view& field, std::string_view value) {
  if (value.empty()) return false;
  field = value;
  return true;
}

bool assign(std::uint32_t& field, std::string_view value) {
  const std::optional<std::uint64_t> number = parse_u64(value);
  if (!number || *number > std::numeric_limits<std::uint32_t>::max()) return false;
  field = static_cast<std::uint32_t>(*number);
  return true;
}

bool assign(std::vector<std::string>& field, std::string_view value) {
  if (value.empty()) return false;
  field.emplace_back(value);
  return true;
}

bool assign(std::vector<std::uint32_t>& field, std::string_view value) {
  std::uint32_t number = 0;
  if (!assign(number, value)) return false;
  field.push_back(number);
  return true;
}

bool assign(std::optional<std::uint64_t>& field, std::string_view value) {
  const std::optional<std::uint64_t> number = parse_u64(value);
  if (number) field = number;
  return number.has_value();
}

bool assign(std::optional<std::int64_t>& field, std::string_view value) {
  const std::optional<std::int64_t> number = parse_i64(value);
  if (number) field = number;
  return number.has_value();
}

bool assign(std::optional<container::ByteCount>& field, std::string_view value) {
  const std::optional<std::int64_t> bytes = parse_size(value);
  if (bytes) field = container::ByteCount{*bytes};
  return bytes.has_value();
}

bool assign(log::Format& field, std::string_view value) {
  return assign_word(field, value, kLogFormats);
}

bool assign(log::Level& field, std::string_view value) {
  return assign_word(field, value, kLogLevels);
}

bool assign(CgroupManager& field, std::string_view value) {
  const auto manager = value_of<CgroupManager>(value);
  if (manager) field = *manager;
  return manager.has_value();
}

bool assign(Rootless& field, std::string_view value) {
  if (value == "auto") {
    field = Rootless::automatic;
    return true;
  }
  bool yes = false;
  if (!assign(yes, value)) return false;
  field = yes ? Rootless::yes : Rootless::no;
  return true;
}

bool assign(ListFormat& field, std::string_view value) {
  return assign_word(field, value, kListFormats);
}

bool assign(ExplainFormat& field, std::string_view value) {
  return assign_word(field, value, kExplainFormats);
}

bool set_timeout(Arguments& arguments, std::string_view value) {
  const std::optional<std::int64_t> timeout = duration_ns(value);
  if (timeout.value_or(0) <= 0) return false;
  arguments.exec.timeout_ns = *timeout;
  return true;
}

bool set_interval(Arguments& arguments, std::string_view value) {
  const std::optional<std::int64_t> interval = duration_ns(value);
  if (interval) arguments.events.interval_ns = *interval;
  return interval.has_value();
}

bool set_exec_env(Arguments& arguments, std::string_view value) {
  // What has no name may be a value whole.
  const std::size_t equals = value.find('=');
  arguments.confidential.push_back(equals == std::string_view::npos ? value
                                                                    : value.substr(equals + 1));
  return assign(arguments.exec.env, value);
}

bool set_root(Arguments& arguments, std::string_view value) {
  arguments.global.root_given = true;
  return assign(arguments.global.root, value);
}

}  // namespace asylum::cli
