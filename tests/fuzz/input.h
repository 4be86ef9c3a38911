// SPDX-License-Identifier: Apache-2.0
// The bytes of one execution, taken from the front: for checks that need several values, or a value
// that a reader's text is then written from. Never runs out: what is missing is zero or empty.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace asylum::fuzz {

class Input {
 public:
  explicit Input(std::string_view bytes) : rest_(bytes) {}

  bool empty() const { return rest_.empty(); }

  /// All that has not been taken.
  std::string_view rest() const { return rest_; }

  template <std::integral T>
  T number() {
    T value{};
    const std::string_view bytes = take(sizeof value);
    std::memcpy(&value, bytes.data(), bytes.size());
    return value;
  }

  /// 0 … limit-1.
  std::size_t below(std::size_t limit) { return number<std::uint8_t>() % limit; }

  bool flag() { return (number<std::uint8_t>() & 1) != 0; }

  /// Any bytes, 255 at most: one byte of length, then they.
  std::string text() { return std::string(take(number<std::uint8_t>())); }

  /// text() with each of `excluded` replaced by a letter.
  std::string text_without(std::string_view excluded) {
    std::string out = text();
    for (char& c : out) {
      if (excluded.find(c) != std::string_view::npos) c = 'x';
    }
    return out;
  }

  /// Up to and without the next newline, or all.
  std::string_view line() {
    const std::string_view taken = take(rest_.find('\n'));
    take(1);
    return taken;
  }

 private:
  std::string_view take(std::size_t size) {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view rest_;
};

}  // namespace asylum::fuzz
