// SPDX-License-Identifier: Apache-2.0
// tests/data/coverage.json says of each property of the schemas what becomes of it:
//   acted           it takes effect; the test shows the effect
//   refused         its use, or its misuse where that is all there is to it, is an error that
//                   names it
//   warned          cgroup2 has nothing like it: a warning names it
//   not at create   means something to that other command only
//   other platform  kept and without effect, with all below it
// A test is "Suite.Name", "BrokenRule: <check>", "golden/<case>" or "<file>.bats: <title>", and
// must be there.
#include <filesystem>

#include "runtime/plan/types/plan.h"
#include "schema_walk.h"
#include "support.h"

namespace asylum::spec {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = fs::path(ASYLUM_TEST_DATA).parent_path().parent_path();

struct Entry {
  std::string pointer;
  std::string status;
  std::string test;
};

std::vector<Entry> entries() {
  std::vector<Entry> out;
  const Document document = parse_document(file_text(data_path("coverage.json")));
  for (const JsonValue& entry : document.root.children) {
    EXPECT_EQ(entry.children.size(), 1U) << entry.key;
    for (const JsonValue& status : entry.children)
      out.push_back({entry.key, status.key, status.text});
  }
  return out;
}

bool is_inside(std::string_view pointer, std::string_view outer) {
  return pointer.starts_with(outer) && pointer.size() > outer.size() &&
         pointer[outer.size()] == '/';
}

TEST(Coverage, EveryPropertyOfTheSchemasHasAnEntry) {
  std::set<std::string> covered;
  std::vector<std::string> foreign;
  for (const Entry& entry : entries()) {
    covered.insert(entry.pointer);
    if (entry.status == "other platform") foreign.push_back(entry.pointer);
  }
  for (const std::string& property : SchemaWalk::properties()) {
    const bool elsewhere =
        std::any_of(foreign.begin(), foreign.end(),
                    [&](const std::string& outer) { return is_inside(property, outer); });
    EXPECT_TRUE(elsewhere || covered.contains(property)) << property << " has no entry";
  }
}

TEST(Coverage, EveryEntryIsAPropertyOfTheSchemas) {
  const std::set<std::string> properties = SchemaWalk::properties();
  EXPECT_GT(properties.size(), 300U);
  for (const Entry& entry : entries()) {
    EXPECT_TRUE(properties.contains(entry.pointer)) << entry.pointer << " is in no schema";
  }
}

// The text of all unit and kernel tests, where "TEST(Suite, Name)" is looked for.
std::string test_sources() {
  std::string text;
  for (const auto& file : fs::recursive_directory_iterator(kSource / "tests")) {
    if (file.path().extension() == ".cpp") text += file_text(file.path());
  }
  return text;
}

// Whether one leads to, or is, the other; "*" is any token.
bool on_one_way(std::string_view pattern, std::string_view pointer) {
  const auto wanted = split(pattern, '/');
  const auto given = split(pointer, '/');
  const std::size_t common = std::min(wanted.size(), given.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (wanted[i] != "*" && wanted[i] != given[i]) return false;
  }
  return true;
}

// What is acted on stands in that case's config; what is refused is named by an error of its plan.
bool is_in_golden_case(const Entry& entry) {
  const fs::path folder = kSource / "tests" / entry.test;
  if (!fs::exists(folder)) return false;
  if (entry.status != "refused") {
    return has_value(parse_document(file_text(folder / "config.json")).root, entry.pointer);
  }
  const Document plan = parse_document(file_text(folder / "plan.json"));
  const JsonValue* findings = plan.root.member("findings");
  return findings != nullptr &&
         std::any_of(findings->children.begin(), findings->children.end(),
                     [&](const JsonValue& finding) {
                       return finding.member("severity")->text == "error" &&
                              on_one_way(entry.pointer, finding.member("pointer")->text);
                     });
}

bool is_there(const Entry& entry, const std::string& sources) {
  constexpr std::string_view kRule = "BrokenRule: ";
  const std::size_t bats = entry.test.find(".bats: ");
  if (bats != std::string::npos) {
    const std::size_t title = bats + std::string_view(".bats: ").size();
    const std::string file =
        file_text(kSource / "integration" / (entry.test.substr(0, bats) + ".bats"));
    return file.find(cat("@test \"", entry.test.substr(title), "\"")) != std::string::npos;
  }
  if (entry.test.starts_with("golden/")) return is_in_golden_case(entry);
  if (entry.test.starts_with(kRule)) {
    const std::string cases = file_text(kSource / "tests/spec/validate_cases.h");
    return cases.find(quote(entry.test.substr(kRule.size()))) != std::string::npos;
  }
  const std::size_t dot = entry.test.find('.');
  if (dot == std::string::npos) return false;
  return sources.find(cat("(", entry.test.substr(0, dot), ", ", entry.test.substr(dot + 1), ")")) !=
         std::string::npos;
}

TEST(Coverage, EveryEntryNamesATestThatIsThere) {
  const std::set<std::string> commands = {"exec", "update"};
  const std::set<std::string> platforms = {"solaris", "windows", "vm", "zos", "freebsd"};
  const std::string sources = test_sources();
  for (const Entry& entry : entries()) {
    if (entry.status == "acted" || entry.status == "refused" || entry.status == "warned") {
      EXPECT_TRUE(is_there(entry, sources)) << entry.pointer << ": there is no test " << entry.test;
    } else if (entry.status == "not at create") {
      EXPECT_TRUE(commands.contains(entry.test)) << entry.pointer;
    } else {
      EXPECT_EQ(entry.status, "other platform") << entry.pointer;
      EXPECT_TRUE(platforms.contains(entry.test)) << entry.pointer;
    }
  }
}

// The reader knows the property: a document that has it everywhere gives no warning but of the keys
// named x-….
TEST(Coverage, TheReaderKnowsEveryProperty) {
  const Document document = parse_document(file_text(data_path("config/everything.json")));
  for (const Entry& entry : entries()) {
    EXPECT_TRUE(has_value(document.root, entry.pointer))
        << entry.pointer << " is not in everything.json";
  }
  for (const Finding& finding : read(document).findings) {
    EXPECT_EQ(finding.severity, Severity::warning) << finding.pointer;
    EXPECT_NE(finding.pointer.find("/x-"), std::string::npos)
        << finding.pointer << ": " << finding.text;
  }
}

}  // namespace
}  // namespace asylum::spec
