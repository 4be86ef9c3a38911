// SPDX-License-Identifier: Apache-2.0
// Where words go, as engines read it: one error record a command, whole, the last line a sentence.
#include <gtest/gtest.h>
#include <stdio.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/text.h"

namespace asylum {
namespace {

class LogTest : public testing::Test {
 protected:
  void SetUp() override { file_ = ::tmpfile(); }
  void TearDown() override {
    log::configure({});
    log::relay_to({});
    ::fclose(file_);
  }
  int fd() const { return ::fileno(file_); }
  std::string written() const {
    std::string text(65536, '\0');
    text.resize(static_cast<std::size_t>(::pread(fd(), text.data(), text.size(), 0)));
    return text;
  }

 private:
  FILE* file_ = nullptr;
};

TEST_F(LogTest, JsonFileHoldsOneRecordAndWarningsRideAlong) {
  log::configure({fd(), log::Format::json, log::Level::warning, false});
  log::warning("no such capability", "/process/capabilities");
  EXPECT_EQ(written(), "");
  testing::internal::CaptureStderr();
  log::failure(Error(ErrorKind::os, "it failed"));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "asylum-runc: it failed\n");
  const auto record = nlohmann::json::parse(written());
  EXPECT_EQ(record["msg"], "it failed");
  EXPECT_EQ(record["warnings"].back(), "no such capability (config.json#/process/capabilities)");
}

TEST_F(LogTest, WithoutAFileWarningsPrecedeTheErrorOnStderr) {
  log::configure({});
  testing::internal::CaptureStderr();
  log::warning("careful");
  log::failure(Error(ErrorKind::os, "it failed"));
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "asylum-runc: warning: careful\nasylum-runc: it failed\n");
}

TEST_F(LogTest, OffATerminalTheSentenceIsTheLastLine) {
  log::configure({-1, log::Format::text, log::Level::warning, true});
  testing::internal::CaptureStderr();
  Error error(ErrorKind::os, "it failed");
  error.hint = "try again";
  log::failure(error);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "  hint     try again\nasylum-runc: it failed\n");
}

TEST_F(LogTest, TextFileKeepsALongMessageWhole) {
  log::configure({fd(), log::Format::text, log::Level::warning, false});
  testing::internal::CaptureStderr();
  log::failure(Error(ErrorKind::os, cat(std::string(600, 'x'), " the \"end\"")));
  (void)testing::internal::GetCapturedStderr();
  EXPECT_NE(written().find(cat(std::string(600, 'x'), " the \\\"end\\\"\"\n")), std::string::npos)
      << written();
}

TEST_F(LogTest, DebugLinesOnlyWhenAskedFor) {
  log::configure({fd(), log::Format::json, log::Level::warning, false});
  log::debug("quiet");
  EXPECT_EQ(written(), "");
  log::configure({fd(), log::Format::json, log::Level::debug, false});
  log::debug("loud");
  EXPECT_EQ(nlohmann::json::parse(written())["msg"], "loud");
}

TEST_F(LogTest, AChildsLinesAreRelayedNotWritten) {
  log::configure({fd(), log::Format::json, log::Level::debug, false});
  std::string seen;
  log::relay_to([&](log::Level, std::string_view text, std::string_view pointer) {
    seen = cat(text, '|', pointer);
  });
  log::warning("from init", "/hooks");
  EXPECT_EQ(seen, "from init|/hooks");
  EXPECT_EQ(written(), "");
}

}  // namespace
}  // namespace asylum
