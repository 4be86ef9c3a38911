// SPDX-License-Identifier: Apache-2.0
// Base: text, numbers, amounts, moments, and the renderer of errors.
#include <time.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "runtime/base/clock_text.h"
#include "runtime/base/error.h"
#include "runtime/base/quantity_text.h"
#include "runtime/base/report.h"
#include "runtime/base/text.h"
#include "tests/fuzz/reader.h"

namespace asylum::fuzz {
namespace {

void check_path(Input input) {
  const std::string path(input.rest());
  const std::string clean = clean_path(path);
  require(clean.starts_with('/'), "a clean path is absolute");
  require(clean == "/" || !clean.ends_with('/'), "a clean path has no slash at its end");
  for (const std::string_view part : split(std::string_view(clean).substr(1), '/')) {
    require(clean == "/" || !part.empty(), "a clean path has no empty component");
    require(part != "." && part != "..", "a clean path does not climb");
  }
  require(clean_path(clean) == clean, "clean_path is idempotent");
  require(clean_path(cat(path, "/child")) == cat(clean == "/" ? "" : clean, "/child"),
          "what is below a path is below its clean form");
  require(clean_path(cat(path, "/child/..")) == clean, "the parent of a child is the path");
}

bool is_all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

void check_number(Input input) {
  const std::string_view text = input.rest();
  const auto large = parse_u64(text);
  const auto small = parse_i64(text);
  require(!large || is_all_digits(text), "an unsigned number is all digits");
  require(!small || is_all_digits(text.substr(text.starts_with('-') ? 1 : 0)),
          "a number is digits, perhaps behind a minus");
  require(!large || !small || *large == static_cast<std::uint64_t>(*small), "both readers agree");
  require(!large || parse_u64(cat("0", text)) == large, "leading zeros change nothing");
  require(large || !is_all_digits(text) || text.size() > 19, "what fits is read");
  const auto u64 = input.number<std::uint64_t>();
  require(parse_u64(cat(u64)) == u64, "an unsigned number is read back");
  const auto i64 = static_cast<std::int64_t>(u64);
  require(parse_i64(cat(i64)) == i64, "a signed number is read back");
}

__extension__ typedef __int128 Wide;

struct Unit {
  std::string_view word;
  std::int64_t value;
};
constexpr std::array<Unit, 10> kSizes = {{{"", 1},
                                          {"b", 1},
                                          {"k", 1LL << 10},
                                          {"KiB", 1LL << 10},
                                          {"m", 1LL << 20},
                                          {"MB", 1LL << 20},
                                          {"g", 1LL << 30},
                                          {"Gib", 1LL << 30},
                                          {"T", 1LL << 40},
                                          {"p", 1LL << 50}}};
constexpr std::array<Unit, 7> kTimes = {{{"ns", 1},
                                         {"us", 1'000},
                                         {"µs", 1'000},
                                         {"ms", 1'000'000},
                                         {"s", 1'000'000'000},
                                         {"m", 60'000'000'000},
                                         {"h", 3'600'000'000'000}}};

// An amount as text, and what it is in exact arithmetic.
struct Amount {
  std::string text;
  Wide exact;
};
Amount take_amount(Input& input, std::span<const Unit> units) {
  const Unit& unit = units[input.below(units.size())];
  const auto whole = input.number<std::uint32_t>();
  std::string fraction;
  Wide part = 0;
  Wide scale = 1;
  for (std::size_t n = input.below(10); n > 0; --n) {
    const auto digit = static_cast<char>('0' + input.below(10));
    fraction += digit;
    part = part * 10 + (digit - '0');
    scale *= 10;
  }
  return {cat(whole, fraction.empty() ? "" : ".", fraction, unit.word),
          Wide{whole} * unit.value + part * unit.value / scale};
}

void require_amount(const std::optional<std::int64_t>& read, Wide exact) {
  if (exact > INT64_MAX) {
    require(!read, "an amount that does not fit is none");
  } else {
    require(read && *read == exact, "an amount is what it says, cut to a whole number");
  }
}

void check_size(Input input) {
  const std::string text(input.rest());
  const auto size = parse_size(text);
  require(!size || *size >= 0 || text == "-1", "no size but -1 is negative");
  const Amount amount = take_amount(input, kSizes);
  require_amount(parse_size(amount.text), amount.exact);
}

void check_duration(Input input) {
  const std::string text(input.rest());
  const auto plain = parse_duration_ns(text);
  if (plain && !text.starts_with('-') && !text.starts_with('+')) {
    require(parse_duration_ns(cat("-", text)) == -*plain, "a minus negates");
    require(parse_duration_ns(cat("+", text)) == *plain, "a plus changes nothing");
  }
  Amount sum{"", 0};
  for (std::size_t n = 1 + input.below(3); n > 0; --n) {
    const Amount one = take_amount(input, kTimes);
    sum = {sum.text + one.text, sum.exact + one.exact};
  }
  require_amount(parse_duration_ns(sum.text), sum.exact);
}

void check_clock(Input input) {
  constexpr std::uint64_t kYear10000 = 253402300800;
  const auto seconds = static_cast<time_t>(input.number<std::uint64_t>() % kYear10000);
  const std::uint32_t nanoseconds = input.number<std::uint32_t>() % 1'000'000'000;
  const auto digits = static_cast<unsigned>(input.below(10));
  tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  const std::size_t length = ::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.", &parts);
  const std::string fraction = cat(std::uint64_t{1'000'000'000} + nanoseconds).substr(1, digits);
  require(
      rfc3339(seconds, nanoseconds, digits) == cat(std::string_view(text, length), fraction, "Z"),
      "a moment is written as libc has it");
}

std::string unquoted(std::string_view text) {
  std::string out;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
    } else if (text[++i] == 'n') {
      out += '\n';
    } else if (text[i] == 'x') {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool has_control_bytes(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return true;
  }
  return false;
}

void check_quote(Input input) {
  const std::size_t longest = input.number<std::uint8_t>();
  const std::string_view text = input.rest();
  std::string quoted = quote(text, longest);
  require(!has_control_bytes(quoted), "a quoted text has no control bytes");
  if (text.size() > longest) {
    require(quoted.ends_with("\"..."), "what is cut says so");
    quoted.resize(quoted.size() - 3);
  }
  require(unquoted(quoted) == text.substr(0, longest), "a quoted text can be unquoted");
}

void check_pointer_token(Input input) {
  const std::string_view token = input.rest();
  std::string back = escape_pointer_token(token);
  require(back.find('/') == std::string::npos, "a token has no slash");
  for (std::size_t at = 0; (at = back.find('~', at)) != std::string::npos; ++at) {
    back.replace(at, 2, back[at + 1] == '1' ? "/" : "~");
  }
  require(back == token, "an escaped token can be unescaped");
}

void check_closest(Input input) {
  std::vector<std::string> words;
  for (std::size_t n = input.below(8); n > 0; --n) words.push_back(input.text());
  const std::vector<std::string_view> candidates(words.begin(), words.end());
  const std::string word(input.rest());
  const auto near = closest_match(word, candidates);
  const auto at = std::find(candidates.begin(), candidates.end(), word);
  require(at == candidates.end() || near == *at, "the word itself is nearest");
  if (!near) return;
  const std::size_t longer = std::max(near->size(), word.size());
  const std::size_t shorter = std::min(near->size(), word.size());
  require(longer - shorter <= std::max<std::size_t>(1, word.size() / 3), "a match is near");
}

Error take_error(Input& input) {
  Error error(
      static_cast<ErrorKind>(input.below(static_cast<std::size_t>(ErrorKind::internal) + 1)),
      input.text());
  error.doing = input.text();
  error.pointer = input.text();
  error.syscall = input.text();
  error.document = input.text();
  error.err = input.number<std::int32_t>();
  error.line = input.number<std::uint32_t>();
  error.hint = input.text();
  for (std::size_t n = input.below(4); n > 0; --n) error.context.push_back(input.text());
  for (std::size_t n = input.number<std::uint8_t>(); n > 0; --n) {
    error.findings.push_back({static_cast<Severity>(input.flag()), input.text(), input.text()});
  }
  if (input.flag()) error.detail += input.rest();
  if (input.flag()) error.hint += input.rest();
  return error;
}

void check_report(Input input) {
  const Error error = take_error(input);
  std::vector<std::string> warnings;
  for (std::size_t n = input.number<std::uint8_t>(); n > 0; --n) warnings.push_back(input.text());
  require(!has_control_bytes(sentence_of(error)), "a sentence is one line without control bytes");
  const std::string details = details_of(error);
  for (const std::string_view line : split(details, '\n')) {
    require(line.empty() || line.starts_with("  "), "each line of the details is indented");
  }
  for (const std::string& record : {json_record(error, "2026-01-31T09:05:00Z", warnings),
                                    json_record("debug", input.rest(), "2026-01-31T09:05:00Z")}) {
    require(record.size() <= 8192, "a record has at most 8 KiB");
    require(record.find('\n') == record.size() - 1, "a record is one line");
    require(nlohmann::json::accept(record), "a record is JSON");
  }
}

constexpr Reader kReaders[] = {
    {"path", check_path},
    {"number", check_number},
    {"size", check_size},
    {"duration", check_duration},
    {"clock", check_clock},
    {"quote", check_quote},
    {"pointer", check_pointer_token},
    {"closest", check_closest},
    {"report", check_report},
};

}  // namespace

std::span<const Reader> readers() {
  return kReaders;
}

}  // namespace asylum::fuzz
