// SPDX-License-Identifier: Apache-2.0
// Each folder here is a case: config.json planned for the host of facts.json must give plan.json
// (and plan.txt where there is one). ASYLUM_ACCEPT=1 in the environment writes what is given now;
// review the difference before commit.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "runtime/plan/explain/host_facts_json.h"
#include "runtime/plan/explain/json.h"
#include "runtime/plan/explain/text.h"
#include "runtime/plan/make_plan.h"
#include "spec/json/tree.h"
#include "spec/read/read.h"

namespace asylum::plan::test {
namespace {

namespace fs = std::filesystem;

const fs::path& root() {
  static const fs::path path = "golden";  // the tests run in tests/
  return path;
}

std::vector<std::string> cases() {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(root())) {
    if (fs::exists(entry.path() / "config.json")) out.push_back(entry.path().filename().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

bool accepts() {
  return std::getenv("ASYLUM_ACCEPT") != nullptr;
}

/// As explain does it: the findings of the reader lead.
Planning plan_case(const fs::path& folder, const HostFacts& facts) {
  const auto document = spec::parse_document(read_file(folder / "config.json"));
  spec::Reading reading = spec::read_and_validate(document);
  Request request;
  request.id = "golden";
  request.bundle = "/bundle";
  Planning planning = make_plan(reading.spec, facts, request);
  reading.findings.insert(reading.findings.end(), planning.findings.begin(),
                          planning.findings.end());
  planning.findings = std::move(reading.findings);
  return planning;
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, PlanIsAsAccepted) {
  const fs::path folder = root() / GetParam();
  const std::string facts_text = read_file(folder / "facts.json");
  const HostFacts facts = read_host_facts(facts_text);
  const Planning planning = plan_case(folder, facts);
  const std::string json = explain_json(planning, facts);
  const std::string text = explain_text(planning, facts);
  if (accepts()) {
    write_file(folder / "plan.json", json);
    if (fs::exists(folder / "plan.txt")) write_file(folder / "plan.txt", text);
  }
  EXPECT_EQ(read_file(folder / "plan.json"), json) << "ASYLUM_ACCEPT=1 takes the new plan";
  if (fs::exists(folder / "plan.txt")) {
    EXPECT_EQ(read_file(folder / "plan.txt"), text);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, Golden, testing::ValuesIn(cases()),
                         [](const auto& one) { return one.param; });

TEST(GoldenCases, AreFound) {
  EXPECT_GE(cases().size(), 10U);
}

}  // namespace
}  // namespace asylum::plan::test
