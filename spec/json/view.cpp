// SPDX-License-Identifier: Apache-2.0
#include "spec/json/view.h"

#include "runtime/base/text.h"

namespace asylum::spec {
namespace {

constexpr std::size_t kMostWordsListed = 10;

bool is_number(JsonType type) {
  return type == JsonType::integer || type == JsonType::unsigned_ || type == JsonType::real;
}

// A whole number that fits no 64 bits arrives as a real: its text tells it from a fraction.
bool is_whole(std::string_view literal) {
  return literal.find_first_of(".eE") == std::string_view::npos;
}

std::string_view name_of(JsonType type) {
  switch (type) {
    case JsonType::null:
      return "null";
    case JsonType::boolean:
      return "true or false";
    case JsonType::integer:
    case JsonType::unsigned_:
    case JsonType::real:
      return "number";
    case JsonType::text:
      return "string";
    case JsonType::array:
      return "array";
    case JsonType::object:
      return "object";
  }
  return "nothing";
}

}  // namespace

std::string JsonView::pointer() const {
  if (parent_ == nullptr) return {};
  const JsonValue& container = parent_->value_;
  if (container.type == JsonType::object) {
    return cat(parent_->pointer(), "/", escape_pointer_token(value_.key));
  }
  return cat(parent_->pointer(), "/", &value_ - container.children.data());
}

void JsonView::error(std::string text, std::string hint) const {
  findings_.push_back(
      {Severity::error, pointer(), std::move(text), std::move(hint), ErrorKind::invalid_config});
}

void JsonView::warning(std::string text, std::string hint) const {
  findings_.push_back(
      {Severity::warning, pointer(), std::move(text), std::move(hint), ErrorKind::invalid_config});
}

// Their values may be secrets.
bool JsonView::is_confidential() const {
  if (value_.key == "env" || value_.key == "annotations") return true;
  return parent_ != nullptr && parent_->is_confidential();
}

void JsonView::wrong_type(std::string_view what) const {
  std::string found(name_of(value_.type));
  if (value_.type == JsonType::text && !is_confidential()) found += cat(" ", quote(value_.text));
  error(cat("must be ", what, ", found ", found));
}

bool JsonView::get(bool& out) const {
  if (value_.type != JsonType::boolean) return wrong_type("true or false"), false;
  out = value_.boolean;
  return true;
}

bool JsonView::get(std::string& out) const {
  if (value_.type != JsonType::text) return wrong_type("a string"), false;
  out = value_.text;
  return true;
}

bool JsonView::is_object() const {
  if (value_.type != JsonType::object) wrong_type("an object");
  return value_.type == JsonType::object;
}

bool JsonView::is_array() const {
  if (value_.type != JsonType::array) wrong_type("an array");
  return value_.type == JsonType::array;
}

void JsonView::out_of_range(std::string_view least, std::string_view most) const {
  if (!is_number(value_.type)) return wrong_type("a number");
  const std::string_view literal = raw_text();
  if (!is_whole(literal)) return error(cat("must be a whole number, found ", literal));
  error(cat("must be between ", least, " and ", most, ", found ", literal));
}

std::optional<std::int64_t> JsonView::signed_number(std::int64_t least, std::int64_t most) const {
  if (value_.type == JsonType::integer && value_.integer >= least && value_.integer <= most) {
    return value_.integer;
  }
  if (value_.type == JsonType::unsigned_ && value_.unsigned_ <= static_cast<std::uint64_t>(most)) {
    return static_cast<std::int64_t>(value_.unsigned_);
  }
  out_of_range(cat(least), cat(most));
  return std::nullopt;
}

std::optional<std::uint64_t> JsonView::unsigned_number(std::uint64_t most) const {
  if (value_.type == JsonType::unsigned_ && value_.unsigned_ <= most) return value_.unsigned_;
  if (value_.type == JsonType::integer && value_.integer == 0) return 0;  // "-0"
  out_of_range("0", cat(most));
  return std::nullopt;
}

void JsonView::unknown_word(const std::vector<std::string_view>& known) const {
  std::string text = cat("unknown word ", quote(value_.text));
  if (known.size() <= kMostWordsListed) {
    text += ", must be one of";
    for (const std::string_view word : known) text += cat(word == known.front() ? " " : ", ", word);
  }
  const auto near = closest_match(value_.text, known);
  error(std::move(text), near ? cat("did you mean ", quote(*near), "?") : std::string());
}

}  // namespace asylum::spec
