// SPDX-License-Identifier: Apache-2.0
// The renderer: one sentence that stands alone, details below, and a record that is JSON whatever
// failed.
#include <errno.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "runtime/base/error.h"
#include "runtime/base/report.h"

namespace asylum {
namespace {

using Json = nlohmann::json;

Error mount_error() {
  Error error = Error(ErrorKind::os, "open \"/no/such\"")
                    .because_of("openat2", ENOENT)
                    .at("/mounts/7/source");
  error.doing = "mount /data";
  error.context = {"create 'web1'", "prepare the root file system"};
  error.hint = "create the directory";
  return error;
}

TEST(Report, TheSentenceOfTheDesign) {
  EXPECT_EQ(sentence_of(mount_error()),
            "cannot mount /data: open \"/no/such\": no such file or directory "
            "(config.json#/mounts/7/source)");
}

TEST(Report, WordsAreNotSaidTwice) {
  Error error = Error(ErrorKind::os, "set the memory policy").because_of("set_mempolicy", EINVAL);
  error.doing = "set the memory policy";
  EXPECT_EQ(sentence_of(error), "cannot set the memory policy: invalid argument");
  error.detail = "set the memory policy \"x\"";
  EXPECT_EQ(sentence_of(error), "cannot set the memory policy \"x\": invalid argument");
  error.detail = "set the memory policyholder";
  EXPECT_EQ(sentence_of(error),
            "cannot set the memory policy: set the memory policyholder: invalid argument");
}

TEST(Report, APlaceInAnotherDocument) {
  Error error = mount_error();
  error.document = "mounts.json";
  error.line = 3;
  error.findings = {{Severity::error, "/1", "must be an object", ""}};
  EXPECT_TRUE(sentence_of(error).ends_with(" (mounts.json#/mounts/7/source)"));
  EXPECT_NE(details_of(error).find("at       mounts.json line 3"), std::string::npos);
  EXPECT_NE(details_of(error).find("must be an object (mounts.json#/1)"), std::string::npos);
}

TEST(Report, Details) {
  EXPECT_EQ(details_of(mount_error()),
            "  while    create 'web1' > prepare the root file system\n"
            "  syscall  openat2 → ENOENT\n"
            "  hint     create the directory\n");
}

TEST(Report, PlaceAndFindingsInDetails) {
  Error error(ErrorKind::invalid_config, "must be a string");
  error.line = 3;
  error.column = 7;
  error.findings = {{Severity::error, "/b", "is missing", "", ErrorKind::invalid_config},
                    {Severity::warning, "/c", "unknown key", "", ErrorKind::invalid_config}};
  EXPECT_EQ(details_of(error),
            "  at       config.json line 3, column 7\n"
            "  also     is missing (config.json#/b)\n"
            "  warning  unknown key (config.json#/c)\n");
}

// CSI as C0 and as C1, a byte that is no UTF-8: init's word may be a hostile process's.
TEST(Report, OneLineWhateverTheTextHolds) {
  Error error(ErrorKind::os, "hook said: line 1\nline 2\x1b[31m \xc2\x9b[2J \x9b ü");
  EXPECT_EQ(sentence_of(error), "hook said: line 1 line 2\\x1b[31m \\xc2\\x9b[2J \\x9b ü");
  error.hint = "a\nb";
  error.context = {"x\ny"};
  error.syscall = "op\nen\x7f";
  error.err = EPERM;
  error.document = "doc\r";
  error.line = 1;
  error.findings = {{Severity::warning, "/a\x1b", "te\nxt", ""}};
  EXPECT_EQ(details_of(error),
            "  while    x y\n  at       doc  line 1, column 0\n"
            "  syscall  op en\\x7f → EPERM\n  hint     a b\n"
            "  warning  te xt (doc #/a\\x1b)\n");
}

TEST(Report, RecordHasRuncsKeysAndOurs) {
  const Json record =
      Json::parse(json_record(mount_error(), "2026-01-02T03:04:05.000006Z", {"w1"}));
  EXPECT_EQ(record["level"], "error");
  EXPECT_EQ(record["msg"], sentence_of(mount_error()));
  EXPECT_EQ(record["time"], "2026-01-02T03:04:05.000006Z");
  EXPECT_EQ(record["code"], "os");
  EXPECT_EQ(record["stage"], "mount /data");
  EXPECT_EQ(record["field"], "/mounts/7/source");
  EXPECT_EQ(record["syscall"], "openat2");
  EXPECT_EQ(record["errno"], "ENOENT");
  EXPECT_EQ(record["warnings"], Json::array({"w1"}));
}

TEST(Report, RecordIsUtf8AlsoForPathsThatAreNot) {
  const std::string line = json_record(Error(ErrorKind::os, "open \"\xff\xfe\""), "t", {"\xc3"});
  EXPECT_TRUE(Json::accept(line));
  EXPECT_EQ(line.back(), '\n');
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

TEST(Report, RecordIsAtMost8KiBAndKeepsItsMessage) {
  Error error(ErrorKind::invalid_config, "the message");
  for (int i = 0; i < 1000; ++i) {
    error.findings.push_back(
        {Severity::error, "/x", "is wrong in many words", "", ErrorKind::invalid_config});
  }
  const std::string line = json_record(error, "t", std::vector<std::string>(500, "a warning"));
  EXPECT_LE(line.size(), 8192U);
  const Json record = Json::parse(line);
  EXPECT_EQ(record["msg"], "the message");
  EXPECT_EQ(record["shortened"], true);
}

TEST(Report, RecordIsAtMost8KiBAlsoWhenEachByteIsEscaped) {
  Error error(ErrorKind::os, std::string(5000, '\x01'));
  error.doing = std::string(5000, '\x02');
  error.hint = std::string(5000, '\xff');
  error.pointer = std::string(5000, '\x03');
  const std::string line = json_record(error, "t", {std::string(20000, '\x04')});
  EXPECT_LE(line.size(), 8192U);
  EXPECT_TRUE(Json::accept(line));
  EXPECT_LE(json_record("debug", std::string(5000, '\x01'), "t").size(), 8192U);
}

TEST(Report, RecordEndsWhateverThereIsOfIt) {
  Error error(ErrorKind::invalid_config, std::string(300'000, '\xe2'));
  for (int i = 0; i < 10'000; ++i) {
    const auto severity = i % 2 == 0 ? Severity::error : Severity::warning;
    error.findings.push_back({severity, "/x\xff", "\xf0\x9f", "\x01", ErrorKind::invalid_config});
  }
  const std::string line = json_record(error, std::string(100'000, '\x02'),
                                       std::vector<std::string>(10'000, "\xc3(\x03"));
  EXPECT_LE(line.size(), 8192U);
  EXPECT_TRUE(Json::accept(line));
}

TEST(Report, ErrnoNames) {
  EXPECT_EQ(errno_name(EPERM), "EPERM");
  EXPECT_EQ(errno_name(12345), "12345");
}

}  // namespace
}  // namespace asylum
