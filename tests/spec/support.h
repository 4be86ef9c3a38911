// SPDX-License-Identifier: Apache-2.0
// What the tests of spec/ share: small documents around the part under test, and questions about
// findings.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/text.h"
#include "spec/read/read.h"
#include "spec/write.h"

namespace asylum::spec {

inline std::string file_text(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file.good()) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Of a file in tests/data, absolute.
std::string data_path(std::string_view name);

/// A document that passes all checks but for `members` (top-level members as JSON), which replace
/// its own.
inline std::string config_with(const std::string& members) {
  std::string text = "{" + members;
  const Document given = parse_document(text + "}");
  const std::pair<const char*, const char*> defaults[] = {
      {"ociVersion", R"("1.3.0")"},
      {"root", R"({"path":"rootfs"})"},
      {"process", R"({"cwd":"/","args":["sh"]})"},
      {"linux", R"({"namespaces":[{"type":"mount"}]})"},
  };
  for (const auto& [key, json] : defaults) {
    if (given.root.member(key) != nullptr) continue;
    text += cat(text.size() > 1 ? "," : "", "\"", key, "\":", json);
  }
  return text + "}";
}

inline std::vector<Finding> findings_of(const std::string& config) {
  return read_and_validate(parse_document(config)).findings;
}

inline std::string to_text(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& one : findings) {
    out += cat(one.severity == Severity::error ? "error " : "warning ", one.pointer, ": ", one.text,
               "\n");
  }
  return out;
}

inline bool has(const std::vector<Finding>& findings, Severity severity, std::string_view pointer,
                std::string_view text) {
  for (const Finding& one : findings) {
    if (one.severity == severity && one.pointer == pointer &&
        one.text.find(text) != std::string::npos)
      return true;
  }
  return false;
}

}  // namespace asylum::spec
