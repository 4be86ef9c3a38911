// SPDX-License-Identifier: Apache-2.0
// Wrong types, ranges and words: each a finding at its pointer, all in one pass, and no value bent
// to fit.
#include "spec/read/read.h"

#include <functional>

#include "support.h"
#include "tests/base/growth.h"

namespace asylum::spec {
namespace {

struct Wrong {
  const char* name;
  const char* members;
  const char* pointer;
  const char* text;
};

class WrongValue : public testing::TestWithParam<Wrong> {};

TEST_P(WrongValue, IsAFinding) {
  const Reading reading = read(parse_document(config_with(GetParam().members)));
  EXPECT_TRUE(has(reading.findings, Severity::error, GetParam().pointer, GetParam().text))
      << to_text(reading.findings);
}

const Wrong kWrong[] = {
    {"UidTooLarge", R"("process":{"cwd":"/","user":{"uid":4294967296}})", "/process/user/uid",
     "must be between 0 and 4294967295, found 4294967296"},
    {"UidNegative", R"("process":{"cwd":"/","user":{"uid":-1}})", "/process/user/uid", "found -1"},
    {"UidFraction", R"("process":{"cwd":"/","user":{"uid":1.9}})", "/process/user/uid",
     "must be a whole number, found 1.9"},
    {"UidWholeFraction", R"("process":{"cwd":"/","user":{"uid":1.0}})", "/process/user/uid",
     "whole number"},
    {"UidExponent", R"("process":{"cwd":"/","user":{"uid":1e3}})", "/process/user/uid",
     "whole number, found 1e3"},
    {"UidText", R"("process":{"cwd":"/","user":{"uid":"0"}})", "/process/user/uid",
     "must be a number, found string \"0\""},
    {"UidBoolean", R"("process":{"cwd":"/","user":{"uid":true}})", "/process/user/uid",
     "found true or false"},
    {"GidInList", R"("process":{"cwd":"/","user":{"additionalGids":[1,4294967296]}})",
     "/process/user/additionalGids/1", "between"},
    {"LimitAbove63Bits", R"("linux":{"resources":{"memory":{"limit":18446744073709551615}}})",
     "/linux/resources/memory/limit",
     "must be between -9223372036854775808 and 9223372036854775807"},
    {"LimitAbove64Bits", R"("linux":{"resources":{"memory":{"limit":18446744073709551616}}})",
     "/linux/resources/memory/limit", "found 18446744073709551616"},
    {"LimitText", R"("linux":{"resources":{"memory":{"limit":"10m"}}})",
     "/linux/resources/memory/limit", "must be a number, found string \"10m\""},
    {"RlimitAbove64Bits",
     R"("process":{"cwd":"/","rlimits":[{"type":"RLIMIT_CORE","soft":0,"hard":18446744073709551616}]})",
     "/process/rlimits/0/hard", "between 0 and 18446744073709551615"},
    {"RlimitNegative",
     R"("process":{"cwd":"/","rlimits":[{"type":"RLIMIT_CORE","soft":-1,"hard":1}]})",
     "/process/rlimits/0/soft", "found -1"},
    {"ConsoleTooHigh", R"("process":{"cwd":"/","consoleSize":{"height":65536,"width":1}})",
     "/process/consoleSize/height", "between 0 and 65535"},
    {"WeightTooLarge", R"("linux":{"resources":{"blockIO":{"weight":70000}}})",
     "/linux/resources/blockIO/weight", "between 0 and 65535"},
    {"TextIsNumber", R"("hostname":7)", "/hostname", "must be a string, found number"},
    {"ArgIsNull", R"("process":{"cwd":"/","args":["sh",null]})", "/process/args/1",
     "must be a string, found null"},
    {"ArgsIsText", R"("process":{"cwd":"/","args":"sh"})", "/process/args",
     "must be an array, found string \"sh\""},
    {"BooleanIsText", R"("root":{"path":"r","readonly":"true"})", "/root/readonly",
     "must be true or false"},
    {"BooleanIsNumber", R"("root":{"path":"r","readonly":1})", "/root/readonly",
     "must be true or false, found number"},
    {"RootIsText", R"("root":"rootfs")", "/root", "must be an object, found string"},
    {"AnnotationIsNumber", R"("annotations":{"a":1})", "/annotations/a",
     "must be a string, found number"},
    {"NamespaceUnknown", R"("linux":{"namespaces":[{"type":"mnt"}]})", "/linux/namespaces/0/type",
     "unknown word \"mnt\", must be one of pid, network"},
    {"ActionUnknown", R"("linux":{"seccomp":{"defaultAction":"SCMP_ACT_DENY"}})",
     "/linux/seccomp/defaultAction", "unknown word \"SCMP_ACT_DENY\""},
    {"DeviceTypeUnknown", R"("linux":{"devices":[{"path":"/dev/x","type":"d"}]})",
     "/linux/devices/0/type", "must be one of c, b, u, p"},
    {"PropagationUnknown", R"("linux":{"rootfsPropagation":"open"})", "/linux/rootfsPropagation",
     "unknown word"},
    {"MissingPath", R"("root":{})", "/root", "the key \"path\" is missing"},
    {"MissingCwd", R"("process":{"args":["sh"]})", "/process", "the key \"cwd\" is missing"},
    {"NullIsMissing", R"("process":{"cwd":null})", "/process", "the key \"cwd\" is missing"},
    {"MissingSize", R"("linux":{"uidMappings":[{"containerID":0,"hostID":1}]})",
     "/linux/uidMappings/0", "the key \"size\" is missing"},
    {"MissingPidsLimit", R"("linux":{"resources":{"pids":{}}})", "/linux/resources/pids",
     "the key \"limit\" is missing"},
    {"EscapedPointer", R"("linux":{"sysctl":{"net/a~b":1}})", "/linux/sysctl/net~1a~0b",
     "must be a string"},
};

INSTANTIATE_TEST_SUITE_P(Read, WrongValue, testing::ValuesIn(kWrong),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Read, NeverBendsANumber) {
  const Reading reading = read(parse_document(config_with(
      R"("process":{"cwd":"/","user":{"uid":7,"gid":4294967295}},"linux":{"resources":{"memory":{"limit":"10m","swap":-1}}})")));
  EXPECT_EQ(reading.spec.process->user.uid, 7U);
  EXPECT_EQ(reading.spec.process->user.gid, 4294967295U);
  EXPECT_FALSE(reading.spec.linux.resources.memory.limit_bytes.has_value());
  EXPECT_EQ(reading.spec.linux.resources.memory.swap_bytes, -1);
}

TEST(Read, ReportsEverythingInOnePass) {
  const Reading reading = read(
      parse_document(R"({"hostname":1,"root":{"path":2},"process":{"cwd":3,"user":{"uid":-4}}})"));
  EXPECT_TRUE(has(reading.findings, Severity::error, "", "\"ociVersion\" is missing"));
  EXPECT_TRUE(has(reading.findings, Severity::error, "/hostname", "string"));
  EXPECT_TRUE(has(reading.findings, Severity::error, "/root/path", "string"));
  EXPECT_TRUE(has(reading.findings, Severity::error, "/process/cwd", "string"));
  EXPECT_TRUE(has(reading.findings, Severity::error, "/process/user/uid", "between"));
  EXPECT_EQ(reading.findings.size(), 5U) << to_text(reading.findings);
}

TEST(Read, ADocumentThatIsNoObjectIsOneFinding) {
  const Reading reading = read(parse_document("[]"));
  ASSERT_EQ(reading.findings.size(), 1U);
  EXPECT_EQ(reading.findings[0].text, "must be an object, found array");
}

TEST(Read, WarnsOfUnknownKeysWithTheNearestOne) {
  const Reading reading =
      read(parse_document(config_with(R"("linux":{"resource":{"x":1},"zzz":2})")));
  ASSERT_EQ(reading.findings.size(), 2U) << to_text(reading.findings);
  EXPECT_EQ(reading.findings[0].severity, Severity::warning);
  EXPECT_EQ(reading.findings[0].pointer, "/linux/resource");
  EXPECT_EQ(reading.findings[0].hint, "did you mean \"resources\"?");
  EXPECT_EQ(reading.findings[1].hint, "");
  EXPECT_EQ(reading.spec.linux.unknown, (Unknown{{"resource", "{\"x\":1}"}, {"zzz", "2"}}));
}

TEST(Read, KeepsOtherPlatformsWithoutAWord) {
  const Reading reading = read(parse_document(config_with(
      R"("windows":{"a":[1, 2]},"vm":{},"process":{"cwd":"/","args":["sh"],"commandLine":"x","user":{"username":"y"}})")));
  EXPECT_EQ(to_text(reading.findings), "");
  EXPECT_EQ(reading.spec.other_platforms, (Unknown{{"windows", "{\"a\":[1, 2]}"}, {"vm", "{}"}}));
  EXPECT_EQ(reading.spec.process->unknown, (Unknown{{"commandLine", "\"x\""}}));
}

TEST(Read, NullMembersAreAbsent) {
  const Reading reading =
      read(parse_document(config_with(R"("mounts":null,"hooks":null,"hostname":null)")));
  EXPECT_EQ(to_text(reading.findings), "");
}

TEST(Read, KeepsAbsentAndEmptyApartWhereItMatters) {
  const auto seccomp = [](const char* flags) {
    return *read(parse_document(config_with(
                     cat(R"("linux":{"seccomp":{"defaultAction":"SCMP_ACT_LOG")", flags, "}}"))))
                .spec.linux.seccomp;
  };
  EXPECT_FALSE(seccomp("").flags.has_value());
  EXPECT_EQ(seccomp(R"(,"flags":[])").flags->size(), 0U);
  EXPECT_EQ(seccomp(R"(,"flags":["SECCOMP_FILTER_FLAG_LOG"])").flags,
            (std::vector{SeccompFlag::log}));
}

TEST(Read, DeviceRulesSayAnyWithMinusOne) {
  const Reading reading = read(parse_document(config_with(
      R"("linux":{"resources":{"devices":[{"allow":true,"type":"c","major":-1,"minor":5,"access":"r"}]}})")));
  const DeviceRule& rule = reading.spec.linux.resources.devices[0];
  EXPECT_FALSE(rule.major.has_value());
  EXPECT_EQ(rule.minor, 5);
  EXPECT_EQ(rule.type, DeviceRuleType::character);
}

TEST(Read, ResourcesAndProcessAloneHaveShortPointers) {
  const ResourcesReading resources =
      read_resources(parse_document(R"({"memory":{"limit":"x"},"pids":{"limit":3}})"));
  EXPECT_TRUE(has(resources.findings, Severity::error, "/memory/limit", "number"));
  EXPECT_EQ(resources.resources.pids_limit, 3);
  const ProcessReading process = read_process(parse_document(R"({"cwd":"/","args":[1]})"));
  EXPECT_TRUE(has(process.findings, Severity::error, "/args/0", "string"));
}

TEST(Read, AWrongTypeDoesNotCauseFurtherFindings) {
  EXPECT_EQ(to_text(findings_of(config_with(R"("process":{"cwd":7,"args":["sh"]})"))),
            "error /process/cwd: must be a string, found number\n");
}

TEST(Read, EveryOtherFindingSurvivesAWrongType) {
  const auto findings = findings_of(config_with(R"("hostname":"x","domainname":7,"linux":{})"));
  EXPECT_TRUE(has(findings, Severity::error, "/hostname", "needs a uts namespace"))
      << to_text(findings);
  EXPECT_TRUE(has(findings, Severity::error, "/domainname", "must be a string"));
}

std::string list_of(std::size_t count, const std::function<std::string(std::size_t)>& element) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += cat(i == 0 ? "" : ",", element(i));
  return out;
}

/// How the cost of a config of n elements grows.
double growth_of(std::size_t size, const std::function<std::string(std::size_t)>& members) {
  return growth(size, [&members](std::size_t count) {
    static_cast<void>(read_and_validate(parse_document(config_with(members(count)))));
  });
}

// Each wrong value is a finding of read and one of validate, which is about the same.
TEST(Growth, OfWrongValues) {
  EXPECT_LT(growth_of(1000,
                      [](std::size_t count) {
                        return cat(R"("process":{"cwd":"/","args":["x"],"env":[)",
                                   list_of(count, [](std::size_t) { return "1"; }), "]}");
                      }),
            kQuadratic);
}

TEST(Growth, OfCapabilities) {
  EXPECT_LT(growth_of(1000,
                      [](std::size_t count) {
                        const auto names = [&](const char* name) {
                          return list_of(count, [&](std::size_t) { return cat('"', name, '"'); });
                        };
                        return cat(R"("process":{"cwd":"/","args":["x"],"capabilities":{)",
                                   R"("effective":[)", names("CAP_CHOWN"), R"(],"permitted":[)",
                                   names("CAP_KILL"), "]}}");
                      }),
            kQuadratic);
}

TEST(Growth, OfVariablesMountsAndSysctls) {
  const auto members = [](std::size_t count) {
    return cat(
        R"("process":{"cwd":"/","args":["x"],"env":[)",
        list_of(count, [](std::size_t i) { return cat(R"("A)", i, R"(=1")"); }), R"(]},"mounts":[)",
        list_of(count,
                [](std::size_t i) {
                  return cat(R"({"destination":"/m)", i, R"(","type":"tmpfs","source":"x"})");
                }),
        R"(],"linux":{"namespaces":[{"type":"mount"},{"type":"network"}],"sysctl":{)",
        list_of(count, [](std::size_t i) { return cat(R"("net.x)", i, R"(":"1")"); }), "}}");
  };
  EXPECT_LT(growth_of(500, members), kQuadratic);
}

// Every pair of them overlaps: what is said of it must not be a line a pair.
TEST(Growth, OfOverlappingIdRangesIsALineEach) {
  const std::string ranges = list_of(
      340, [](std::size_t) { return std::string(R"({"containerID":0,"hostID":0,"size":1})"); });
  const Reading reading = read_and_validate(parse_document(
      config_with(cat(R"("linux":{"namespaces":[{"type":"mount"},{"type":"user"}],"uidMappings":[)",
                      ranges, "]}"))));
  EXPECT_LT(reading.findings.size(), 1000U);
}

}  // namespace
}  // namespace asylum::spec
