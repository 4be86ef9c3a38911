// SPDX-License-Identifier: Apache-2.0
// explain's JSON, one key and value at a time.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/json_writer.h"
#include "runtime/plan/make_plan.h"

namespace asylum::plan {

class Fields {
 public:
  explicit Fields(JsonWriter& writer) : writer_(writer) {}

  void text(std::string_view key, std::string_view value) {
    writer_.key(key);
    writer_.text(value);
  }
  /// Left out when empty: pointers, hints.
  void text_if(std::string_view key, std::string_view value) {
    if (!value.empty()) text(key, value);
  }
  void flag(std::string_view key, bool value) {
    writer_.key(key);
    writer_.boolean(value);
  }
  template <std::integral Number>
  void number(std::string_view key, Number value) {
    writer_.key(key);
    if constexpr (std::signed_integral<Number>) {
      writer_.number(static_cast<std::int64_t>(value));
    } else {
      writer_.number(static_cast<std::uint64_t>(value));
    }
  }
  void texts(std::string_view key, const std::vector<std::string>& values) {
    list(key, values, [this](const std::string& one) { writer_.text(one); });
  }
  void numbers(std::string_view key, const std::vector<std::uint32_t>& values) {
    list(key, values, [this](std::uint32_t one) { writer_.number(std::uint64_t{one}); });
  }

  /// `write` gets each element and writes one value.
  template <typename Range, typename Write>
  void list(std::string_view key, const Range& values, Write&& write) {
    writer_.key(key);
    writer_.begin_array();
    for (const auto& one : values) write(one);
    writer_.end_array();
  }
  /// A list of objects: `write` gets each element and writes its fields.
  template <typename Range, typename Write>
  void objects(std::string_view key, const Range& values, Write&& write) {
    list(key, values, [&](const auto& one) {
      writer_.begin_object();
      write(one);
      writer_.end_object();
    });
  }
  template <typename Write>
  void object(std::string_view key, Write&& write) {
    writer_.key(key);
    writer_.begin_object();
    write();
    writer_.end_object();
  }

 private:
  JsonWriter& writer_;
};

// The parts, in the order of the document. Each writes fields of the object that is open.
void write_cgroup_fields(const Cgroup& cgroup, Fields& fields);
void write_clone_fields(const Plan& plan, Fields& fields);
void write_root_fields(const Plan& plan, Fields& fields);
void write_process_fields(const Process& process, Fields& fields);
void write_seccomp_fields(const Seccomp& seccomp, Fields& fields);

}  // namespace asylum::plan
