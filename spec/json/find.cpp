// SPDX-License-Identifier: Apache-2.0
// Looking things up in a parsed document: members, pointers, lines and columns.
#include "spec/json/find.h"

#include <algorithm>

#include "runtime/base/text.h"
#include "spec/json/tree.h"

namespace asylum::spec {
namespace {

std::string unescape(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] == '~' && i + 1 < token.size() && (token[i + 1] == '0' || token[i + 1] == '1')) {
      out += token[++i] == '0' ? '~' : '/';
    } else {
      out += token[i];
    }
  }
  return out;
}

const JsonValue* child(const JsonValue& parent, std::string_view token) {
  if (parent.type == JsonType::object) return parent.member(unescape(token));
  if (parent.type != JsonType::array) return nullptr;
  const auto index = parse_u64(token);
  return index && *index < parent.children.size() ? &parent.children[*index] : nullptr;
}

struct Found {
  const JsonValue* value;
  bool complete;  // every token of the pointer led somewhere
};

Found walk(const JsonValue& root, std::string_view pointer) {
  const JsonValue* value = &root;
  while (!pointer.empty() && pointer.front() == '/') {
    pointer.remove_prefix(1);
    const std::size_t slash = std::min(pointer.find('/'), pointer.size());
    const JsonValue* next = child(*value, pointer.substr(0, slash));
    if (next == nullptr) return {value, false};
    value = next;
    pointer.remove_prefix(slash);
  }
  return {value, pointer.empty()};
}

}  // namespace

Position position_of(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const std::string_view before = text.substr(0, offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t newline = before.rfind('\n');
  const std::size_t line_begin = newline == std::string_view::npos ? 0 : newline + 1;
  return {static_cast<std::uint32_t>(lines + 1),
          static_cast<std::uint32_t>(offset - line_begin + 1)};
}

const JsonValue* find(const JsonValue& root, std::string_view pointer) {
  const Found found = walk(root, pointer);
  return found.complete ? found.value : nullptr;
}

Position locate(const Document& document, std::string_view pointer) {
  const JsonValue& value = *walk(document.root, pointer).value;
  const bool is_member =
      value.key_begin != 0;  // offset 0 is the document's first byte, never a key
  return position_of(document.text, is_member ? value.key_begin : value.begin);
}

}  // namespace asylum::spec
