// SPDX-License-Identifier: Apache-2.0
#include "spec/json/tree.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "spec/json/find.h"
#include "spec/json/syntax.h"

namespace asylum::spec {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kDeepest = 64;
constexpr std::size_t kMostValues = 1U << 18;  // each costs up to 150 bytes of memory
constexpr std::size_t kFewKeys = 12;  // up to here comparing all pairs is faster than sorting

/// Tells how far the parser has read, which its handler interface does not.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, const char** furthest) : at_(at), furthest_(furthest) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    *furthest_ = ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator old = *this;
    ++*this;
    return old;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** furthest_;
};

class TreeBuilder final : public nlohmann::json_sax<Json> {
 public:
  TreeBuilder(std::string_view text, JsonValue& root)
      : text_(text), root_(root), furthest_(text.data()) {
    open_.reserve(kDeepest);
  }

  const char** furthest() { return &furthest_; }
  /// What made the parser stop.
  Error problem() const;

  bool null() override { return add(JsonType::null, 4) != nullptr; }
  bool boolean(bool value) override {
    JsonValue* added = add(JsonType::boolean, value ? 4 : 5);
    if (added != nullptr) added->boolean = value;
    return added != nullptr;
  }
  bool number_integer(std::int64_t value) override {
    JsonValue* added = add(JsonType::integer, number_length());
    if (added != nullptr) added->integer = value;
    return added != nullptr;
  }
  bool number_unsigned(std::uint64_t value) override {
    JsonValue* added = add(JsonType::unsigned_, number_length());
    if (added != nullptr) added->unsigned_ = value;
    return added != nullptr;
  }
  bool number_float(double value, const std::string&) override {
    JsonValue* added = add(JsonType::real, number_length());
    if (added != nullptr) added->real = value;
    return added != nullptr;
  }
  bool string(std::string& value) override {
    JsonValue* added = add(JsonType::text, consumed() - token_begin());
    if (added == nullptr) return false;
    if (has_nul(value)) {
      open_.push_back(
          added);  // the pointer then ends at the string itself; nothing is read after it
      return stop(added->begin, "a string must not have a NUL byte (\\u0000)");
    }
    added->text = value;
    return true;
  }
  bool binary(Json::binary_t&) override { return stop(last_end_, "binary data"); }
  bool key(std::string& value) override {
    key_begin_ = token_begin();
    last_end_ = consumed();
    if (has_nul(value)) return stop(key_begin_, "a key must not have a NUL byte (\\u0000)");
    key_ = value;
    place_ = JsonPlace::object_key;
    return true;
  }
  bool start_object(std::size_t) override {
    return open(JsonType::object, JsonPlace::object_start);
  }
  bool start_array(std::size_t) override { return open(JsonType::array, JsonPlace::array_start); }
  bool end_object() override { return keys_are_unique(*open_.back()) && close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t, const std::string&, const Json::exception& exception) override {
    const std::size_t offset = skip_separator();
    if (exception.id == 406) return stop(offset, "this number is too large for any use");
    SyntaxProblem problem = explain_syntax(text_, last_end_, place_);
    return stop(problem.offset, std::move(problem.text));
  }

 private:
  static bool has_nul(const std::string& text) { return text.find('\0') != std::string::npos; }
  std::size_t consumed() const { return static_cast<std::size_t>(furthest_ - text_.data()); }
  std::size_t skip_separator() const;
  std::size_t token_begin() const { return skip_separator(); }
  std::size_t number_length() const;
  bool stop(std::size_t offset, std::string problem);
  JsonValue* add(JsonType type, std::size_t length);
  bool open(JsonType type, JsonPlace place);
  bool close();
  void settle();
  bool keys_are_unique(const JsonValue& object);
  std::string pointer() const;

  std::string_view text_;
  JsonValue& root_;
  const char* furthest_;
  std::size_t last_end_ = 0;  // behind the last thing understood
  JsonPlace place_ = JsonPlace::document_start;
  std::vector<JsonValue*> open_;  // a child is always its parent's last, so the pointers stay good
  std::string key_;
  std::size_t key_begin_ = 0;
  std::size_t values_ = 0;
  std::size_t problem_offset_ = 0;
  std::string problem_pointer_;
  std::string problem_;
};

// Up to the first byte of the token that follows what was last understood.
std::size_t TreeBuilder::skip_separator() const {
  std::size_t offset = skip_blank(text_, last_end_);
  if (last_end_ != 0 && offset < text_.size() && (text_[offset] == ',' || text_[offset] == ':')) {
    offset = skip_blank(text_, offset + 1);
  }
  return offset;
}

// The parser has read one character further than the number, unless the text ended there.
std::size_t TreeBuilder::number_length() const {
  const std::size_t begin = token_begin();
  std::size_t end = begin;
  const auto skip = [&](std::string_view characters) {
    const bool there = end < text_.size() && characters.find(text_[end]) != std::string_view::npos;
    if (there) ++end;
    return there;
  };
  const auto skip_digits = [&] {
    while (skip("0123456789")) {
    }
  };
  skip("-");
  if (!skip("0")) skip_digits();
  if (skip(".")) skip_digits();
  if (skip("eE")) {
    skip("+-");
    skip_digits();
  }
  return end - begin;
}

bool TreeBuilder::stop(std::size_t offset, std::string problem) {
  problem_offset_ = offset;
  problem_ = std::move(problem);
  problem_pointer_ = pointer();
  return false;
}

JsonValue* TreeBuilder::add(JsonType type, std::size_t length) {
  const std::size_t begin = token_begin();
  if (++values_ > kMostValues) {
    stop(begin, cat("the document has more than ", kMostValues, " values"));
    return nullptr;
  }
  JsonValue* value = &root_;
  if (!open_.empty()) {
    value = &open_.back()->children.emplace_back();
    if (open_.back()->type == JsonType::object) {
      value->key = std::move(key_);
      value->key_begin = static_cast<std::uint32_t>(key_begin_);
    }
  }
  value->type = type;
  value->begin = static_cast<std::uint32_t>(begin);
  value->end = static_cast<std::uint32_t>(begin + length);
  last_end_ = value->end;
  settle();
  return value;
}

void TreeBuilder::settle() {
  place_ = open_.empty()                            ? JsonPlace::document_end
           : open_.back()->type == JsonType::object ? JsonPlace::object_member
                                                    : JsonPlace::array_item;
}

bool TreeBuilder::open(JsonType type, JsonPlace place) {
  JsonValue* value = add(type, 1);
  if (value == nullptr) return false;
  if (open_.size() == kDeepest) {
    return stop(value->begin, cat("values are nested more than ", kDeepest, " deep"));
  }
  open_.push_back(value);
  place_ = place;
  return true;
}

bool TreeBuilder::close() {
  last_end_ = consumed();
  open_.back()->end = static_cast<std::uint32_t>(last_end_);
  open_.pop_back();
  settle();
  return true;
}

// Parsers disagree about which of two equal keys counts; a config must not be read differently by
// an engine and by us.
bool TreeBuilder::keys_are_unique(const JsonValue& object) {
  const JsonValue* second = nullptr;
  const auto& members = object.children;
  if (members.size() <= kFewKeys) {
    for (std::size_t i = 1; i < members.size() && second == nullptr; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (members[i].key == members[j].key) second = &members[i];
      }
    }
  } else {
    std::vector<const JsonValue*> sorted;
    sorted.reserve(members.size());
    for (const JsonValue& member : members) sorted.push_back(&member);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](auto* a, auto* b) { return a->key < b->key; });
    const auto equal = [](auto* a, auto* b) { return a->key == b->key; };
    const auto pair = std::adjacent_find(sorted.begin(), sorted.end(), equal);
    if (pair != sorted.end()) second = *(pair + 1);
  }
  if (second == nullptr) return true;
  const std::string& key = second->key;
  const std::uint32_t line = position_of(text_, object.member(key)->key_begin).line;
  stop(second->key_begin, cat("the key ", quote(key), " is given twice, first in line ", line));
  problem_pointer_ += cat("/", escape_pointer_token(key));
  return false;
}

std::string TreeBuilder::pointer() const {
  std::string out;
  for (std::size_t i = 1; i < open_.size(); ++i) {
    const JsonValue& parent = *open_[i - 1];
    out += parent.type == JsonType::object ? cat("/", escape_pointer_token(open_[i]->key))
                                           : cat("/", parent.children.size() - 1);
  }
  return out;
}

Error TreeBuilder::problem() const {
  const Position position = position_of(text_, problem_offset_);
  Error error(ErrorKind::invalid_config,
              cat("line ", position.line, ", column ", position.column, ": ", problem_));
  error.pointer = problem_pointer_;
  error.line = position.line;
  error.column = position.column;
  return error;
}

}  // namespace

Document parse_document(std::string text) {
  if (text.size() > kLargestDocument) {
    throw Error(ErrorKind::invalid_config,
                cat("the document has ", text.size(), " bytes, more than ", kLargestDocument));
  }
  Document document;
  document.text = std::move(text);
  const char* begin = document.text.data();
  const char* end = begin + document.text.size();
  TreeBuilder builder(document.text, document.root);
  const CountingIterator first(begin, builder.furthest());
  const CountingIterator last(end, builder.furthest());
  if (!Json::sax_parse(first, last, &builder)) throw builder.problem();
  return document;
}

const JsonValue* JsonValue::member(std::string_view name) const {
  for (const JsonValue& one : children) {
    if (one.key == name) return &one;
  }
  return nullptr;
}

}  // namespace asylum::spec
