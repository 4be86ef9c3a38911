// SPDX-License-Identifier: Apache-2.0
// From JsonView to typed values by what describe() says. Included by the files of this folder only.
#pragma once

#include <array>
#include <span>

#include "runtime/base/text.h"
#include "spec/json/view.h"
#include "spec/names.h"
#include "spec/properties.h"

namespace asylum::spec {

/// Reads one value into `out`; false (and a finding) when it is of the wrong type or out of range,
/// `out` then keeps its default. The overloads for structs that have a file of their own are
/// defined there, once.
template <typename Value>
bool read_value(const JsonView& view, Value& out);
template <typename Value>
bool read_value(const JsonView& view, std::optional<Value>& out);
template <typename Value>
bool read_value(const JsonView& view, std::vector<Value>& out);
bool read_value(const JsonView& view, std::vector<KeyValue>& out);
bool read_value(const JsonView& view, Process& out);    // process.cpp
bool read_value(const JsonView& view, Linux& out);      // linux.cpp
bool read_value(const JsonView& view, Resources& out);  // resources.cpp
bool read_value(const JsonView& view, Seccomp& out);    // seccomp.cpp

/// The reading archive of properties.h: hands out members by key and knows at the end which keys
/// nobody asked for.
class ObjectReader {
 public:
  static constexpr bool reading = true;
  explicit ObjectReader(const JsonView& view) : view_(view) {}

  template <typename Value>
  void required(std::string_view key, Value& out) {
    const JsonValue* value = take(key);
    if (value == nullptr) return missing(key);
    read_value(JsonView(view_, *value), out);
  }
  template <typename Value>
  void member(std::string_view key, Value& out) {
    if (const JsonValue* value = take(key)) read_value(JsonView(view_, *value), out);
  }
  template <typename Value>
  void always(std::string_view key, Value& out) {
    member(key, out);
  }
  template <typename Describe>
  void group(std::string_view key, bool /*present*/, const Describe& describe_members,
             Unknown& unknown) {
    const JsonValue* value = take(key);
    if (value == nullptr) return;
    const JsonView view(view_, *value);
    if (!view.is_object()) return;
    ObjectReader members(view);
    describe_members(members);
    members.finish(unknown);
  }
  void foreign(std::string_view key) { foreign_ = key; }
  void platform(std::string_view key, Unknown& kept);

  /// Keeps every member that was not asked for, and warns of it.
  void finish(Unknown& unknown);

 private:
  static constexpr std::size_t kMostKeys = 32;
  const JsonValue* take(std::string_view key);  // null when absent or null
  const JsonValue* find_in_another_case(std::string_view key);
  void missing(std::string_view key);

  const JsonView& view_;
  std::array<std::string_view, kMostKeys> keys_;
  std::size_t count_ = 0;
  std::string_view foreign_;
};

template <typename Value>
bool read_object(const JsonView& view, Value& out) {
  if (!view.is_object()) return false;
  ObjectReader reader(view);
  describe(reader, out);
  reader.finish(out.unknown);
  return true;
}

template <typename Value>
bool read_value(const JsonView& view, Value& out) {
  if constexpr (std::integral<Value> || std::same_as<Value, std::string>) {
    return view.get(out);
  } else if constexpr (std::is_enum_v<Value> || std::same_as<Value, PropagationChange>) {
    return view.get_word(words<Value>(), out);
  } else {
    return read_object(view, out);
  }
}

template <typename Value>
bool read_value(const JsonView& view, std::optional<Value>& out) {
  Value value{};
  const bool good = read_value(view, value);
  if (good) out = std::move(value);
  return good;
}

/// An array; or an object whose keys are names, for structs that carry their key.
template <typename Value>
bool read_value(const JsonView& view, std::vector<Value>& out) {
  constexpr bool keyed = requires(Value & value) {
    key_of(value);
  };
  if (!(keyed ? view.is_object() : view.is_array())) return false;
  out.reserve(view.value().children.size());
  for (const JsonValue& child : view.value().children) {
    Value& value = out.emplace_back();
    if constexpr (keyed) key_of(value) = child.key;
    read_value(JsonView(view, child), value);
  }
  return true;
}

}  // namespace asylum::spec
