// SPDX-License-Identifier: Apache-2.0
// The only way from a JSON value to a C++ value: checked, and every refusal is a finding with its
// pointer.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "runtime/base/error.h"
#include "spec/json/tree.h"

namespace asylum::spec {

/// A value and the way to it. Views of children live on the stack below their parent's: the pointer
/// is only spelled out when there is something to report.
class JsonView {
 public:
  JsonView(const Document& document, std::vector<Finding>& findings)
      : value_(document.root), document_(document), findings_(findings) {}
  JsonView(const JsonView& parent, const JsonValue& value)
      : value_(value), parent_(&parent), document_(parent.document_), findings_(parent.findings_) {}

  const JsonValue& value() const { return value_; }
  std::string_view raw_text() const { return document_.text_of(value_); }
  std::string pointer() const;

  void error(std::string text, std::string hint = {}) const;
  void warning(std::string text, std::string hint = {}) const;
  /// `must be <what>, found <what is there>`, without the value where it is nobody's to read
  void wrong_type(std::string_view what) const;

  /// Of an environment or an annotation.
  bool is_confidential() const;

  bool get(bool& out) const;
  bool get(std::string& out) const;
  bool is_object() const;  // and a finding if not
  bool is_array() const;

  /// Exact: no sign is lost, nothing is cut off, a fraction or text is no number.
  template <std::integral Number>
  requires(!std::same_as<Number, bool>) bool get(Number& out) const {
    using Limits = std::numeric_limits<Number>;
    if constexpr (std::is_signed_v<Number>) {
      const std::optional<std::int64_t> number = signed_number(Limits::min(), Limits::max());
      if (number) out = static_cast<Number>(*number);
      return number.has_value();
    } else {
      const std::optional<std::uint64_t> number = unsigned_number(Limits::max());
      if (number) out = static_cast<Number>(*number);
      return number.has_value();
    }
  }

  /// The value as one of a table's words (rows with .word and .value).
  template <typename Table, typename Value>
  bool get_word(const Table& table, Value& out) const {
    if (value_.type != JsonType::text) return wrong_type("a string"), false;
    std::vector<std::string_view> known;
    for (const auto& row : table) {
      if (row.word == value_.text) {
        out = row.value;
        return true;
      }
      known.push_back(row.word);
    }
    unknown_word(known);
    return false;
  }

 private:
  std::optional<std::int64_t> signed_number(std::int64_t least, std::int64_t most) const;
  std::optional<std::uint64_t> unsigned_number(std::uint64_t most) const;
  void out_of_range(std::string_view least, std::string_view most) const;
  void unknown_word(const std::vector<std::string_view>& known) const;

  const JsonValue& value_;
  const JsonView* parent_ = nullptr;
  const Document& document_;
  std::vector<Finding>& findings_;
};

}  // namespace asylum::spec
