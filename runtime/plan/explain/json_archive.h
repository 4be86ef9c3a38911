// SPDX-License-Identifier: Apache-2.0
// The archive of describe_plan.h that writes JSON: one rule a C++ type, none a struct.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "runtime/base/json_writer.h"
#include "runtime/base/oci_words.h"
#include "runtime/plan/explain/words.h"

namespace asylum::plan {

class JsonArchive {
 public:
  explicit JsonArchive(JsonWriter& writer) : writer_(writer) {}

  template <typename Member>
  void always(std::string_view key, const Member& member) {
    value_at(key, member);
  }
  template <typename Member>
  void always(std::string_view key, const std::optional<Member>& member) {
    if (member) value_at(key, *member);
  }
  template <typename Member, typename Words>
  void always(std::string_view key, const Member& member, const Words& words_of_member) {
    value_at(key, words_of_member(member));
  }

  template <typename Member>
  void if_set(std::string_view key, const Member& member) {
    if (is_set(member)) value_at(key, member);
  }
  template <typename Member, typename Words>
  void if_set(std::string_view key, const Member& member, const Words& words_of_member) {
    if_set(key, words_of_member(member));
  }

  template <typename Member>
  void only_if(bool shown, std::string_view key, const Member& member) {
    if (shown) value_at(key, member);
  }

  /// The members of a struct as keys of the object that is open.
  template <typename Struct>
  void inlined(const Struct& part) {
    describe(*this, part);
  }

  /// Pairs of texts as an object.
  template <typename Pairs>
  void keyed(std::string_view key, const Pairs& pairs) {
    object(key, [&] {
      for (const auto& [name, text] : pairs) value_at(name, text);
    });
  }

  /// An object with a key for each stage of the hooks.
  template <typename Stages>
  void by_stage(std::string_view key, const Stages& stages) {
    object(key, [&] {
      for (const auto& row : words<HookStage>()) {
        value_at(row.word, stages[static_cast<std::size_t>(row.value)]);
      }
    });
  }

  template <typename Write>
  void object(std::string_view key, const Write& write) {
    writer_.key(key);
    writer_.begin_object();
    write();
    writer_.end_object();
  }

  template <typename Value>
  void value_at(std::string_view key, const Value& value) {
    writer_.key(key);
    write(value);
  }

 private:
  static bool is_set(const std::string& text) { return !text.empty(); }
  template <typename Value>
  static bool is_set(const std::vector<Value>& list) {
    return !list.empty();
  }
  template <std::integral Number>
  static bool is_set(Number number) {
    return number != 0;
  }

  void write(std::string_view text) { writer_.text(text); }
  void write(const std::string& text) { writer_.text(text); }
  void write(bool flag) { writer_.boolean(flag); }
  void write(const PropagationChange& change) { writer_.text(word_of(change)); }
  template <std::integral Number>
  void write(Number number) {
    if constexpr (std::signed_integral<Number>) {
      writer_.number(static_cast<std::int64_t>(number));
    } else {
      writer_.number(static_cast<std::uint64_t>(number));
    }
  }
  template <typename Enum>
  requires std::is_enum_v<Enum>
  void write(Enum value) {
    if constexpr (requires { name_of(value); }) {
      writer_.text(name_of(value));
    } else {
      writer_.text(word_of(value));
    }
  }
  template <typename Value>
  void write(const std::vector<Value>& list) {
    writer_.begin_array();
    for (const Value& one : list) write(one);
    writer_.end_array();
  }
  template <typename Struct>
  requires std::is_class_v<Struct>
  void write(const Struct& one) {
    writer_.begin_object();
    describe(*this, one);
    writer_.end_object();
  }

  JsonWriter& writer_;
};

}  // namespace asylum::plan
