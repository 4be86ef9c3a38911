// SPDX-License-Identifier: Apache-2.0
// The runtime-spec's own good and bad documents: tests/data/oci-schema/test.
#include <filesystem>

#include "support.h"

namespace asylum::spec {
namespace {

std::vector<std::string> documents(const char* folder) {
  std::vector<std::string> names;
  for (const auto& entry :
       std::filesystem::directory_iterator(data_path(cat("oci-schema/test/config/", folder)))) {
    names.push_back(entry.path().stem());
  }
  return names;
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
}

class GoodDocument : public testing::TestWithParam<std::string> {};

// The schema is content with documents that no Linux container can be made of: only their types
// must be right.
TEST_P(GoodDocument, IsReadAndSurvivesARoundTrip) {
  const std::string text =
      file_text(data_path(cat("oci-schema/test/config/good/", GetParam(), ".json")));
  const Reading reading = read(parse_document(text));
  EXPECT_FALSE(has_errors(reading.findings)) << to_text(reading.findings);
  EXPECT_EQ(read(parse_document(write(reading.spec))).spec, reading.spec);
}

INSTANTIATE_TEST_SUITE_P(Documents, GoodDocument, testing::ValuesIn(documents("good")), test_name);

class BadDocument : public testing::TestWithParam<std::string> {};

TEST_P(BadDocument, IsRefused) {
  const std::string text =
      file_text(data_path(cat("oci-schema/test/config/bad/", GetParam(), ".json")));
  if (GetParam() == "freebsd-vnet-disable") {  // wrong for FreeBSD: kept without effect here
    EXPECT_EQ(read(parse_document(text)).spec.other_platforms.size(), 1U);
    return;
  }
  // The missing process is an error of each of them and not what makes it bad.
  try {
    const auto findings = findings_of(text);
    const auto guilty = std::count_if(findings.begin(), findings.end(), [](const Finding& finding) {
      return finding.severity == Severity::error && finding.pointer.starts_with("/linux/") &&
             finding.text.find("needs a network namespace") == std::string::npos;
    });
    EXPECT_GE(guilty, 1) << to_text(findings);
  } catch (const Error& error) {
    EXPECT_EQ(GetParam(), "invalid-json");
    EXPECT_NE(error.line, 0U);
  }
}

INSTANTIATE_TEST_SUITE_P(Documents, BadDocument, testing::ValuesIn(documents("bad")), test_name);

TEST(Documents, AreThere) {
  EXPECT_GE(documents("good").size(), 9U);
  EXPECT_GE(documents("bad").size(), 5U);
}

}  // namespace
}  // namespace asylum::spec
