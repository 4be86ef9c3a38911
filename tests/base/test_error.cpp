// SPDX-License-Identifier: Apache-2.0
// An Error knows what was being done when it was born; a Step is a scope.
#include <errno.h>
#include <gtest/gtest.h>

#include "runtime/base/error.h"
#include "runtime/base/step.h"

namespace asylum {
namespace {

Error caught_from(void (*action)()) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  return {ErrorKind::internal, "nothing was thrown"};
}

TEST(Step, InnermostIsWhatIsDoneOuterOnesAreContext) {
  const Error error = caught_from([] {
    const Step outer{"create container 'web1'"};
    const Step middle{"prepare the root file system", "/root"};
    const Step inner{"mount tmpfs on /dev/shm", "/mounts/3"};
    throw_os("move_mount", ENOSPC, "attach the mount", "raise it");
  });
  EXPECT_EQ(error.doing, "mount tmpfs on /dev/shm");
  EXPECT_EQ(error.pointer, "/mounts/3");
  EXPECT_EQ(error.context,
            (std::vector<std::string>{"create container 'web1'", "prepare the root file system"}));
  EXPECT_EQ(error.kind, ErrorKind::os);
  EXPECT_EQ(error.err, ENOSPC);
  EXPECT_EQ(error.syscall, "move_mount");
  EXPECT_EQ(error.hint, "raise it");
}

TEST(Step, AnOuterPointerServesWhereTheInnerHasNone) {
  const Error error = caught_from([] {
    const Step outer{"mount /data", "/mounts/7"};
    const Step inner{"open the source"};
    throw Error(ErrorKind::denied, "no");
  });
  EXPECT_EQ(error.pointer, "/mounts/7");
}

TEST(Step, EndsWithItsScopeAlsoWhenUnwound) {
  (void)caught_from([] {
    const Step step{"fail"};
    throw Error(ErrorKind::os, "x");
  });
  const Error later(ErrorKind::os, "y");
  EXPECT_EQ(later.doing, "");
  EXPECT_TRUE(later.context.empty());
}

TEST(Step, ACloneBeginsAnewAndItsParentEncloses) {
  const Step main{"create container 'web1'"};
  Error sent = caught_from([] {
    const Step clone{"clone the init process", "/linux/namespaces"};
    Step::begin_anew();
    const Step step{"set the host name"};
    throw Error(ErrorKind::os, "no");
  });
  EXPECT_EQ(sent.pointer, "");
  EXPECT_TRUE(sent.context.empty());
  const Step receiver{"wait for init", "/not/this"};
  sent.context = {"the sender's outer step"};
  Step::enclose(sent);
  EXPECT_EQ(sent.doing, "set the host name");
  EXPECT_EQ(sent.pointer, "");
  EXPECT_EQ(sent.context, (std::vector<std::string>{"create container 'web1'", "wait for init",
                                                    "the sender's outer step"}));
}

TEST(Step, AnErrorOfNoStepIsWhatTheReceiverIsDoing) {
  Error sent(ErrorKind::os, "no");
  const Step outer{"create container 'web1'"};
  const Step inner{"wait for init"};
  Step::enclose(sent);
  EXPECT_EQ(sent.doing, "wait for init");
  EXPECT_EQ(sent.context, std::vector<std::string>{"create container 'web1'"});
}

TEST(Error, ThePointerGivenAtTheThrowWins) {
  const Step step{"mount /data", "/mounts/7"};
  const Error error = Error(ErrorKind::invalid_config, "bad").at("/mounts/7/options/0");
  EXPECT_EQ(error.pointer, "/mounts/7/options/0");
}

TEST(Error, FirstErrorOfTheFindingsLeads) {
  const Step step{"read config.json"};
  const Error error = Error::from_findings(
      {{Severity::warning, "/x", "unknown key", "", ErrorKind::invalid_config},
       {Severity::error, "/a", "must be a string", "h", ErrorKind::unsupported},
       {Severity::error, "/b", "is missing", "", ErrorKind::invalid_config}});
  EXPECT_EQ(error.detail, "must be a string");
  EXPECT_EQ(error.pointer, "/a");
  EXPECT_EQ(error.hint, "h");
  EXPECT_EQ(error.kind, ErrorKind::unsupported);
  EXPECT_EQ(error.doing, "");
  ASSERT_EQ(error.findings.size(), 2U);
  EXPECT_EQ(error.findings[0].pointer, "/x");
  EXPECT_EQ(error.findings[1].pointer, "/b");
}

TEST(Error, FindingsWithoutAnErrorAreOurOwnFault) {
  EXPECT_EQ(Error::from_findings({}).kind, ErrorKind::internal);
}

TEST(ErrorKind, CodesAreStable) {
  EXPECT_EQ(name_of(ErrorKind::invalid_config), "invalid_config");
  EXPECT_EQ(name_of(ErrorKind::exec_failed), "exec_failed");
}

}  // namespace
}  // namespace asylum
