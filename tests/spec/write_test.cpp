// SPDX-License-Identifier: Apache-2.0
// What is written is what was read: over every property, every unknown key, and the runtime-spec's
// own documents.
#include "spec/write.h"

#include <algorithm>

#include "spec/default_spec.h"
#include "support.h"

namespace asylum::spec {
namespace {

Spec read_text(const std::string& text) {
  return read(parse_document(text)).spec;
}

// Every pointer of a document with its scalar, sorted: two documents with equal lists say the same.
void flatten(const Document& document, const JsonValue& value, const std::string& pointer,
             std::vector<std::string>& out) {
  if (value.type != JsonType::object && value.type != JsonType::array) {
    out.push_back(
        cat(pointer, "=", value.type == JsonType::text ? value.text : document.text_of(value)));
  } else if (value.children.empty()) {
    out.push_back(cat(pointer, "=", document.text_of(value)));
  }
  for (std::size_t i = 0; i < value.children.size(); ++i) {
    const JsonValue& child = value.children[i];
    const std::string token =
        value.type == JsonType::object ? escape_pointer_token(child.key) : cat(i);
    flatten(document, child, cat(pointer, "/", token), out);
  }
}

std::vector<std::string> flat(const std::string& text) {
  const Document document = parse_document(text);
  std::vector<std::string> out;
  flatten(document, document.root, "", out);
  std::sort(out.begin(), out.end());
  return out;
}

TEST(Write, LosesNothingOfADocumentWithEverything) {
  const std::string text = file_text(data_path("config/everything.json"));
  const Spec spec = read_text(text);
  EXPECT_EQ(read_text(write(spec)), spec);

  std::vector<std::string> lost;
  const auto before = flat(text);
  const auto after = flat(write(spec));
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                      std::back_inserter(lost));
  // What equals its absence is left out, and -1 is how older writers say "any device".
  EXPECT_THAT(lost, testing::UnorderedElementsAre("/linux/resources/devices/2/major=-1",
                                                  "/linux/resources/devices/2/minor=-1"));
}

TEST(Write, InventsNothing) {
  const std::string text = file_text(data_path("config/everything.json"));
  std::vector<std::string> invented;
  const auto before = flat(text);
  const auto after = flat(write(read_text(text)));
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                      std::back_inserter(invented));
  EXPECT_THAT(invented, testing::IsEmpty());
}

TEST(Write, KeepsTheOrderOfTheSpecAndOfMaps) {
  const std::string text = write(read_text(file_text(data_path("config/everything.json"))));
  std::size_t last = 0;
  for (const char* key :
       {"\"ociVersion\"", "\"process\"", "\"root\"", "\"hostname\"", "\"mounts\"", "\"hooks\"",
        "\"annotations\"", "\"z.last\"", "\"a.first\"", "\"linux\"", "\"solaris\"", "\"x-top\""}) {
    const std::size_t at = text.find(cat(std::string_view(key), ":"));
    ASSERT_NE(at, std::string::npos) << key;
    EXPECT_GT(at, last == 0 ? 0 : last) << key;
    last = at;
  }
}

TEST(Write, IndentsWithTabs) {
  Spec spec;
  spec.oci_version = "1.3.0";
  spec.root = {"r\"\\\n\x01", false, {}};
  EXPECT_EQ(write(spec),
            "{\n\t\"ociVersion\": \"1.3.0\",\n\t\"root\": {\n\t\t\"path\": "
            "\"r\\\"\\\\\\n\\u0001\"\n\t}\n}");
}

TEST(Write, BytesThatAreNoUtf8StillMakeJson) {
  Spec spec;
  spec.root = {std::string("a\xff\xed\xa0\x80z"), false, {}};
  EXPECT_EQ(read_text(write(spec)).root->path, "a\uFFFD\uFFFD\uFFFD\uFFFDz");
}

TEST(Write, OneObjectAlone) {
  const Spec spec = read_text(file_text(data_path("config/everything.json")));
  EXPECT_EQ(read_resources(parse_document(write(spec.linux.resources))).resources,
            spec.linux.resources);
  EXPECT_EQ(read_process(parse_document(write(*spec.process))).process, *spec.process);
}

TEST(DefaultSpec, BreaksNoRule) {
  EXPECT_EQ(to_text(findings_of(write(default_spec()))), "");
  EXPECT_EQ(to_text(findings_of(write(default_spec(RootlessOwner{1000, 1001})))), "");
  EXPECT_EQ(read_text(write(default_spec())), default_spec());
  EXPECT_EQ(read_text(write(default_spec(RootlessOwner{1, 2}))), default_spec(RootlessOwner{1, 2}));
}

TEST(DefaultSpec, IsAShellInAReadOnlyRoot) {
  const Spec spec = default_spec();
  EXPECT_EQ(spec.oci_version, "1.3.0");
  EXPECT_EQ(spec.process->args, (std::vector<std::string>{"sh"}));
  EXPECT_TRUE(spec.process->terminal);
  EXPECT_TRUE(spec.process->no_new_privileges);
  EXPECT_TRUE(spec.root->readonly);
  EXPECT_EQ(spec.mounts.size(), 7U);
  EXPECT_EQ(spec.linux.namespaces.size(), 6U);
  EXPECT_NE(spec.linux.find(NamespaceType::cgroup), nullptr);
  EXPECT_EQ(spec.linux.resources.devices.size(), 1U);
}

TEST(DefaultSpec, RootlessAsksForNothingAUserCannotHave) {
  const Spec spec = default_spec(RootlessOwner{1000, 1001});
  EXPECT_EQ(spec.linux.find(NamespaceType::network), nullptr);
  EXPECT_NE(spec.linux.find(NamespaceType::user), nullptr);
  EXPECT_EQ(spec.linux.uid_mappings, (std::vector<IdMapping>{{0, 1000, 1, {}}}));
  EXPECT_EQ(spec.linux.gid_mappings, (std::vector<IdMapping>{{0, 1001, 1, {}}}));
  EXPECT_EQ(spec.linux.resources, Resources{});
  const Mount& sys = spec.mounts[spec.mounts.size() - 2];
  EXPECT_EQ(sys.destination, "/sys");
  EXPECT_EQ(sys.parsed.bind, Bind::rbind);
  EXPECT_NE(sys.parsed.recursive_attributes.set & attribute::rdonly, 0U)
      << "what is mounted below, too";
  const Mount& cgroup = spec.mounts.back();
  EXPECT_EQ(cgroup.destination, "/sys/fs/cgroup") << "over the user's own (CVE-2023-25809)";
  EXPECT_NE(cgroup.parsed.attributes.set & attribute::rdonly, 0U);
  for (const Mount& mount : spec.mounts) {
    for (const DataOption& option : mount.parsed.data)
      EXPECT_FALSE(option.text.starts_with("gid=")) << option.text;
  }
}

}  // namespace
}  // namespace asylum::spec
