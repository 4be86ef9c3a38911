// SPDX-License-Identifier: Apache-2.0
// An error of exec does not point into config.json at what somebody else has said.
#include "runtime/container/exec/exec_blame.h"

#include <gtest/gtest.h>

#include <string>

#include "runtime/base/error.h"
#include "runtime/container/exec/exec.h"

namespace asylum::container {
namespace {

Error error_at(const std::string& pointer) {
  Error error(ErrorKind::os, "no");
  error.pointer = pointer;
  error.line = 7;
  error.column = 3;
  return error;
}

std::string blamed(const std::string& pointer, const ExecOptions& options = {}) {
  Error error = error_at(pointer);
  blame_source(error, options);
  EXPECT_EQ(error.document, "");
  EXPECT_EQ(error.line == 0, error.pointer != pointer);
  return error.pointer;
}

TEST(ExecBlame, TheConfigIsToBlameForWhatItSays) {
  for (const char* pointer : {"/process/cwd", "/process/user/uid", "/process/scheduler",
                              "/process/capabilities/ambient", "/linux/personality", ""}) {
    EXPECT_EQ(blamed(pointer), pointer);
  }
}

TEST(ExecBlame, TheCommandLineIsInNoDocument) {
  EXPECT_EQ(blamed("/process/args/0"), "");
  EXPECT_EQ(blamed("/process/argsomething"), "/process/argsomething");
  EXPECT_EQ(blamed("/process/terminal"), "");
  ExecOptions options;
  options.cwd = "/x";
  options.user = "5";
  options.capabilities = {"CAP_KILL"};
  EXPECT_EQ(blamed("/process/cwd", options), "");
  EXPECT_EQ(blamed("/process/user/uid", options), "");
  EXPECT_EQ(blamed("/process/user/gid", options), "/process/user/gid");
  EXPECT_EQ(blamed("/process/capabilities/bounding/0", options), "");
}

TEST(ExecBlame, AFileHasItsOwnPointers) {
  ExecOptions options;
  options.process_file = "p.json";
  Error error = error_at("/process/cwd");
  blame_source(error, options);
  EXPECT_EQ(error.document, "p.json");
  EXPECT_EQ(error.pointer, "/cwd");
  EXPECT_EQ(error.line, 0U);
  blame_source(error, options);
  EXPECT_EQ(error.pointer, "/cwd");
  Error other = error_at("/linux/seccomp");
  blame_source(other, options);
  EXPECT_EQ(other.document, "");
}

}  // namespace
}  // namespace asylum::container
