// SPDX-License-Identifier: Apache-2.0
// The two ends of a description of a message (process/both, late/both): one writes its fields as
// bytes, one reads them. Both have the same words. Whoever sends may share a container with hostile
// processes: nothing that is read is longer than what is written.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asylum {

/// Of one string, in bytes. With the limits of the lists it keeps the largest message under
/// sys::kMaxMessageBytes.
inline constexpr std::size_t kStringLimit = 4096;

class MessageWriter {
 public:
  void mark(std::uint8_t value) { number(value); }
  template <std::integral T>
  void number(T value) {
    // Both ends are of one build on one host: the machine's own byte order does.
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out_.append(bytes, sizeof bytes);
  }
  template <typename Enum>
  void one_of(Enum value, Enum /*last*/) {
    number(static_cast<std::uint8_t>(value));
  }
  void text(std::string_view value) {
    value = value.substr(0, kStringLimit);
    number(static_cast<std::uint16_t>(value.size()));
    out_.append(value);
  }
  template <typename T>
  void first_of(const std::vector<T>& list, std::size_t limit, auto each) {
    all_of(std::span(list).first(std::min(list.size(), limit)), each);
  }
  template <typename T>
  void last_of(const std::vector<T>& list, std::size_t limit, auto each) {
    all_of(std::span(list).last(std::min(list.size(), limit)), each);
  }
  template <typename T>
  void maybe(const std::optional<T>& value, auto /*make*/, auto each) {
    number(static_cast<std::uint8_t>(value.has_value()));
    if (value) each(*value);
  }
  std::string take() { return std::move(out_); }

 private:
  template <typename T>
  void all_of(std::span<T> list, auto each) {
    number(static_cast<std::uint8_t>(list.size()));
    for (auto& one : list) each(one);
  }
  std::string out_;
};

/// Throws ErrorKind::internal at what no writer writes.
class MessageReader {
 public:
  explicit MessageReader(std::string_view bytes) : rest_(bytes) {}

  void mark(std::uint8_t wanted);
  template <std::integral T>
  void number(T& value) {
    const std::string_view bytes = take(sizeof value);
    std::memcpy(&value, bytes.data(), sizeof value);
  }
  template <typename Enum>
  void one_of(Enum& value, Enum last) {
    const std::uint8_t found = byte();
    if (found > static_cast<std::uint8_t>(last)) refuse();
    value = static_cast<Enum>(found);
  }
  void text(std::string& value);
  template <typename T>
  void first_of(std::vector<T>& list, std::size_t limit, auto each) {
    const std::uint8_t count = byte();
    if (count > limit) refuse();
    list.clear();
    list.resize(count);
    for (T& one : list) each(one);
  }
  template <typename T>
  void last_of(std::vector<T>& list, std::size_t limit, auto each) {
    first_of(list, limit, each);
  }
  template <typename T>
  void maybe(std::optional<T>& value, auto make, auto each) {
    const std::uint8_t is_there = byte();
    if (is_there > 1) refuse();
    value.reset();
    if (is_there != 0) each(value.emplace(make()));
  }
  /// Nothing may be left.
  void end() const;

 private:
  std::uint8_t byte();
  std::string_view take(std::size_t size);
  [[noreturn]] static void refuse();
  std::string_view rest_;
};

}  // namespace asylum
