// SPDX-License-Identifier: Apache-2.0
// The features structure against the runtime-spec's own schema: tests/data/oci-schema.
#include "spec/features.h"

#include <map>
#include <regex>

#include "spec/json/find.h"
#include "support.h"

namespace asylum::spec {
namespace {

/// As much of JSON Schema draft 4 as the features schema uses: type, properties, items, required,
/// enum, pattern, patternProperties by their $ref, $ref to another file.
class Schema {
 public:
  std::vector<std::string> check(const JsonValue& value, const std::string& file,
                                 const std::string& pointer) {
    problems_.clear();
    check_at(value, file, *find(document(file).root, pointer), "");
    return problems_;
  }

 private:
  const Document& document(const std::string& file) {
    const auto known = documents_.find(file);
    if (known != documents_.end()) return known->second;
    return documents_.emplace(file, parse_document(file_text(data_path("oci-schema/" + file))))
        .first->second;
  }

  void check_type(const JsonValue& value, const std::string& type, const std::string& at) {
    const bool right = (type == "object" && value.type == JsonType::object) ||
                       (type == "array" && value.type == JsonType::array) ||
                       (type == "string" && value.type == JsonType::text) ||
                       (type == "boolean" && value.type == JsonType::boolean);
    if (!right) problems_.push_back(at + " is no " + type);
  }

  void check_word(const JsonValue& value, const JsonValue& words, const std::string& at) {
    for (const JsonValue& word : words.children) {
      if (word.text == value.text) return;
    }
    problems_.push_back(at + " is " + value.text);
  }

  void check_members(const JsonValue& value, const std::string& file, const JsonValue& schema,
                     const std::string& at) {
    if (const JsonValue* required = schema.member("required")) {
      for (const JsonValue& name : required->children) {
        if (value.member(name.text) == nullptr) problems_.push_back(at + " lacks " + name.text);
      }
    }
    const JsonValue* properties = schema.member("properties");
    for (const JsonValue& member : value.children) {
      const JsonValue* rule = properties ? properties->member(member.key) : nullptr;
      if (rule != nullptr) {
        checked_ += 1;
        check_at(member, file, *rule, at + "/" + member.key);
      } else if (properties != nullptr) {
        problems_.push_back(at + "/" + member.key + " is not in the schema");
      }
    }
  }

  void check_at(const JsonValue& value, const std::string& file, const JsonValue& schema,
                const std::string& at) {
    if (const JsonValue* reference = schema.member("$ref")) {
      const std::size_t hash = reference->text.find('#');
      const std::string other = hash == 0 ? file : reference->text.substr(0, hash);
      const JsonValue* rule = find(document(other).root, reference->text.substr(hash + 1));
      ASSERT_NE(rule, nullptr) << reference->text;
      return check_at(value, other, *rule, at);
    }
    if (const JsonValue* type = schema.member("type")) check_type(value, type->text, at);
    if (const JsonValue* words = schema.member("enum")) check_word(value, *words, at);
    if (const JsonValue* pattern = schema.member("pattern")) {
      if (!std::regex_search(value.text, std::regex(pattern->text))) {
        problems_.push_back(at + " is " + value.text);
      }
    }
    if (const JsonValue* items = schema.member("items")) {
      for (const JsonValue& item : value.children) check_at(item, file, *items, at + "/-");
    }
    if (value.type == JsonType::object) check_members(value, file, schema, at);
  }

  std::map<std::string, Document> documents_;
  std::vector<std::string> problems_;

 public:
  int checked_ = 0;
};

Features all() {
  Features features;
  features.seccomp = {true, {"SCMP_ARCH_X86_64", "SCMP_ARCH_RISCV64"}, {"SECCOMP_FILTER_FLAG_LOG"}};
  features.systemd_cgroup = features.apparmor = features.selinux = features.intel_rdt = true;
  features.idmapped_mounts = features.net_devices = true;
  features.annotations = {{"org.opencontainers.runc.checkpoint.enabled", "false"}};
  return features;
}

TEST(Features, FitTheSchema) {
  for (const Features& features : {Features{}, all()}) {
    const Document document = parse_document(write_features(features));
    Schema schema;
    EXPECT_EQ(schema.check(document.root, "features-schema.json", ""), std::vector<std::string>{});
    EXPECT_GT(schema.checked_, 25);
  }
}

TEST(Features, TheCheckFindsWhatDoesNotFit) {
  const Document document = parse_document(
      R"({"ociVersionMin": "1.0.0", "hooks": "no", "linux": {"seccomp": {"actions": ["NO"]}}})");
  Schema schema;
  EXPECT_EQ(schema.check(document.root, "features-schema.json", "").size(), 3U);
}

TEST(Features, WhatIsOffIsNotListed) {
  const Document document = parse_document(write_features({}));
  EXPECT_EQ(find(document.root, "/linux/seccomp/actions"), nullptr);
  EXPECT_EQ(find(document.root, "/linux/memoryPolicy"), nullptr);
  EXPECT_FALSE(find(document.root, "/linux/seccomp/enabled")->boolean);
  EXPECT_TRUE(find(document.root, "/linux/cgroup/v2")->boolean);
}

}  // namespace
}  // namespace asylum::spec
