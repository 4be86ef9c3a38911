// SPDX-License-Identifier: Apache-2.0
#include "spec/read.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "spec/reader.h"
#include "spec/validate.h"

namespace asylum::spec {
namespace {

// Values that could not be read, for questions about what is, or is inside, one of them.
class Unread {
 public:
  explicit Unread(const std::vector<Finding>& findings) {
    for (const Finding& one : findings) {
      if (one.severity == Severity::error) pointers_.insert(one.pointer);
    }
  }

  /// What validate says of such a value is about a default, not about the document.
  bool explains(std::string_view pointer) const {
    if (pointers_.contains(pointer)) return true;
    if (pointer.empty()) return false;  // of the document as a whole it says what it says
    for (std::size_t end = pointer.rfind('/'); end != 0 && end != std::string_view::npos;
         end = pointer.substr(0, end).rfind('/')) {
      if (pointers_.contains(pointer.substr(0, end))) return true;
    }
    const std::string inside = cat(pointer, "/");
    const auto next = pointers_.lower_bound(inside);
    return next != pointers_.end() && next->starts_with(inside);
  }

 private:
  std::set<std::string_view> pointers_;
};

}  // namespace

bool read_value(const JsonView& view, std::vector<KeyValue>& out) {
  if (!view.is_object()) return false;
  out.reserve(view.value().children.size());
  for (const JsonValue& child : view.value().children) {
    KeyValue& member = out.emplace_back(KeyValue{child.key, {}});
    JsonView(view, child).get(member.value);
  }
  return true;
}

const JsonValue* ObjectReader::take(std::string_view key) {
  keys_[count_++] = key;
  const JsonValue* value = view_.value().member(key);
  return value == nullptr || value->type == JsonType::null ? nullptr : value;
}

void ObjectReader::missing(std::string_view key) {
  view_.error(cat("the key ", quote(key), " is missing"));
}

void ObjectReader::platform(std::string_view key, Unknown& kept) {
  const JsonValue* value = take(key);
  if (value != nullptr)
    kept.push_back({value->key, std::string(JsonView(view_, *value).raw_text())});
}

void ObjectReader::finish(Unknown& unknown) {
  const auto end = keys_.begin() + static_cast<std::ptrdiff_t>(count_);
  for (const JsonValue& child : view_.value().children) {
    if (std::find(keys_.begin(), end, child.key) != end) continue;
    const JsonView view(view_, child);
    unknown.push_back({child.key, std::string(view.raw_text())});
    if (child.key == foreign_) continue;
    const auto near = closest_match(child.key, std::span(keys_.data(), count_));
    view.warning("unknown key, it has no effect",
                 near ? cat("did you mean ", quote(*near), "?") : std::string());
  }
}

Reading read(const Document& document) {
  Reading reading;
  read_object(JsonView(document, reading.findings), reading.spec);
  return reading;
}

MountsReading read_mounts(const Document& document) {
  MountsReading reading;
  read_value(JsonView(document, reading.findings), reading.mounts);
  return reading;
}

Reading read_and_validate(const Document& document) {
  Reading reading = read(document);
  std::vector<Finding> further = validate(reading.spec);
  const Unread unread(reading.findings);
  std::erase_if(further, [&](const Finding& finding) { return unread.explains(finding.pointer); });
  std::move(further.begin(), further.end(), std::back_inserter(reading.findings));
  return reading;
}

bool has_errors(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.severity == Severity::error; });
}

}  // namespace asylum::spec
