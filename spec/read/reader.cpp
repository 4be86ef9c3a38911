// SPDX-License-Identifier: Apache-2.0
#include "spec/read/reader.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace asylum::spec {

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
  const JsonValue* value = view_.value().member(key);
  if (value == nullptr) value = find_in_another_case(key);
  keys_[count_++] = value == nullptr ? key : std::string_view(value->key);
  return value == nullptr || value->type == JsonType::null ? nullptr : value;
}

/// Go's readers take a key in any case, so documents in the wild have them. Of two such keys none
/// can be meant more than the other.
const JsonValue* ObjectReader::find_in_another_case(std::string_view key) {
  const JsonValue* found = nullptr;
  for (const JsonValue& child : view_.value().children) {
    if (!equals_in_any_case(child.key, key)) continue;
    if (found != nullptr) return nullptr;
    found = &child;
  }
  if (found != nullptr) JsonView(view_, *found).warning(cat("is read as ", quote(key)));
  return found;
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

}  // namespace asylum::spec
