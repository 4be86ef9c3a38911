// SPDX-License-Identifier: Apache-2.0
// Every property that the runtime-spec's JSON schemas allow in config.json, as pointers with "*"
// for "any index or name".
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "spec/json/find.h"
#include "support.h"

namespace asylum::spec {

class SchemaWalk {
 public:
  /// "/mounts/*/destination", "/linux/sysctl/*"…
  static std::set<std::string> properties() {
    SchemaWalk walk;
    walk.visit("config-schema.json", walk.file("config-schema.json").root, "");
    return std::move(walk.found_);
  }

 private:
  const Document& file(const std::string& name) {
    const auto known = files_.find(name);
    if (known != files_.end()) return known->second;
    return files_.emplace(name, parse_document(file_text(data_path("oci-schema/" + name))))
        .first->second;
  }

  void follow(const std::string& name, std::string_view reference, const std::string& pointer) {
    const std::size_t hash = reference.find('#');
    const std::string target = hash == 0 ? name : std::string(reference.substr(0, hash));
    const JsonValue* node = find(file(target).root, reference.substr(hash + 1));
    ASSERT_NE(node, nullptr) << reference;
    visit(target, *node, pointer);
  }

  void visit_named(const std::string& name, const JsonValue& node, const std::string& pointer) {
    found_.insert(pointer);
    visit(name, node, pointer);
  }

  void visit(const std::string& name, const JsonValue& node, const std::string& pointer) {
    if (const JsonValue* reference = node.member("$ref")) follow(name, reference->text, pointer);
    for (const char* combination : {"allOf", "anyOf", "oneOf"}) {
      const JsonValue* parts = node.member(combination);
      for (std::size_t i = 0; parts != nullptr && i < parts->children.size(); ++i)
        visit(name, parts->children[i], pointer);
    }
    if (const JsonValue* members = node.member("properties")) {
      for (const JsonValue& member : members->children) {
        visit_named(name, member, cat(pointer, "/", escape_pointer_token(member.key)));
      }
    }
    if (const JsonValue* patterns = node.member("patternProperties")) {
      for (const JsonValue& pattern : patterns->children)
        visit_named(name, pattern, pointer + "/*");
    }
    const JsonValue* further = node.member("additionalProperties");
    if (further != nullptr && further->type == JsonType::object)
      visit_named(name, *further, pointer + "/*");
    if (const JsonValue* items = node.member("items")) {
      const JsonValue& item = items->type == JsonType::array ? items->children[0] : *items;
      visit(name, item, pointer + "/*");
    }
  }

  std::map<std::string, Document> files_;
  std::set<std::string> found_;
};

/// Whether the document has a value at the pattern.
inline bool has_value(const JsonValue& value, std::string_view pattern) {
  if (pattern.empty()) return true;
  const std::size_t end = std::min(pattern.find('/', 1), pattern.size());
  const std::string_view token = pattern.substr(1, end - 1);
  for (const JsonValue& child : value.children) {
    if (token != "*" && escape_pointer_token(child.key) != token) continue;
    if (has_value(child, pattern.substr(end))) return true;
  }
  return false;
}

}  // namespace asylum::spec
