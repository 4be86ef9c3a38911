// SPDX-License-Identifier: Apache-2.0
// What exec executes: the config's process changed by options, or a document of its own.
#include "runtime/container/exec/exec_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "runtime/base/text.h"
#include "tests/base/thrown_by.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::container {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(ParseUser, UidAlone) {
  const UserAndGroup parsed = parse_user("1000");
  EXPECT_EQ(parsed.uid, 1000U);
  EXPECT_FALSE(parsed.gid.has_value());
}

TEST(ParseUser, UidAndGid) {
  const UserAndGroup parsed = parse_user("0:4294967294");
  EXPECT_EQ(parsed.uid, 0U);
  EXPECT_EQ(parsed.gid, 4294967294U);
}

// CVE-2026-30892: what is no number must not become 0, which is root.
TEST(ParseUser, EverythingElseIsRefused) {
  for (const char* text :
       {"",         ":",          "1000:",        ":1000",      "root",
        "1000x",    "x1000",      "-1",           "+1",         " 1000",
        "1000 ",    "1000:-1",    "1000:wheel",   "1:2:3",      "0x10",
        "1.0",      "4294967295", "0:4294967295", "4294967296", "18446744073709551616",
        "1000,1001"}) {
    const Error error = thrown_by([&] { static_cast<void>(parse_user(text)); });
    EXPECT_EQ(error.kind, ErrorKind::invalid_usage) << text;
    EXPECT_THAT(error.detail, HasSubstr(quote(text))) << text;
  }
}

spec::Spec container() {
  spec::Spec out;
  out.process.emplace();
  out.process->args = {"/init"};
  out.process->env = {"PATH=/bin"};
  out.process->cwd = "/srv";
  out.process->terminal = true;
  out.process->user = {.uid = 7, .gid = 8, .umask = 077, .additional_gids = {9}, .unknown = {}};
  out.process->no_new_privileges = true;
  out.process->apparmor_profile = "profile";
  out.process->selinux_label = "label";
  out.process->capabilities = spec::Capabilities{.bounding = {"CAP_KILL"},
                                                 .effective = {"CAP_KILL"},
                                                 .inheritable = {"CAP_CHOWN"},
                                                 .permitted = {"CAP_KILL"},
                                                 .ambient = {},
                                                 .unknown = {}};
  return out;
}

TEST(ProcessToExecute, WithoutOptionsOnlyTheProgramAndTheTerminalAreOthers) {
  spec::Process expected = *container().process;
  expected.args = {"ls", "-l"};
  expected.terminal = false;
  EXPECT_EQ(process_to_execute(container(), {.args = {"ls", "-l"}}), expected);
}

TEST(ProcessToExecute, OptionsReplaceOrAdd) {
  const spec::Process process = process_to_execute(container(), {.args = {"ls"},
                                                                 .cwd = "/tmp",
                                                                 .env = {"A=1", "PATH=/sbin"},
                                                                 .user = "1000",
                                                                 .additional_gids = {10, 11},
                                                                 .apparmor_profile = "other",
                                                                 .process_label = "another",
                                                                 .tty = true});
  EXPECT_EQ(process.cwd, "/tmp");
  EXPECT_THAT(process.env, ElementsAre("PATH=/bin", "A=1", "PATH=/sbin"));
  EXPECT_EQ(process.user.uid, 1000U);
  EXPECT_EQ(process.user.gid, 8U);
  EXPECT_EQ(process.user.umask, 077U);
  EXPECT_THAT(process.user.additional_gids, ElementsAre(9, 10, 11));
  EXPECT_EQ(process.apparmor_profile, "other");
  EXPECT_EQ(process.selinux_label, "another");
  EXPECT_TRUE(process.terminal);
  EXPECT_EQ(process_to_execute(container(), {.user = "1:2"}).user.gid, 2U);
}

TEST(ProcessToExecute, NoNewPrivilegesIsNeverTakenAway) {
  EXPECT_TRUE(process_to_execute(container(), {}).no_new_privileges);
  spec::Spec without = container();
  without.process->no_new_privileges = false;
  EXPECT_FALSE(process_to_execute(without, {}).no_new_privileges);
  EXPECT_TRUE(process_to_execute(without, {.no_new_privileges = true}).no_new_privileges);
}

// CVE-2022-29162: never inheritable, and ambient only where the config's are inheritable.
TEST(ProcessToExecute, CapabilitiesAreAddedToThreeSetsOrFour) {
  const spec::Process process =
      process_to_execute(container(), {.capabilities = {"CAP_NET_RAW", "CAP_CHOWN", "CAP_KILL"}});
  const spec::Capabilities& sets = *process.capabilities;
  for (const auto* set : {&sets.bounding, &sets.effective, &sets.permitted}) {
    EXPECT_THAT(*set, ElementsAre("CAP_KILL", "CAP_NET_RAW", "CAP_CHOWN"));
  }
  EXPECT_THAT(sets.inheritable, ElementsAre("CAP_CHOWN"));
  EXPECT_THAT(sets.ambient, ElementsAre("CAP_CHOWN"));
}

TEST(ProcessToExecute, AConfigWithoutProcessHasAProcessAtTheRoot) {
  const spec::Process process =
      process_to_execute(spec::Spec{}, {.args = {"ls"}, .capabilities = {"CAP_KILL"}});
  EXPECT_EQ(process.cwd, "/");
  EXPECT_EQ(process.user.uid, 0U);
  EXPECT_THAT(process.capabilities->bounding, ElementsAre("CAP_KILL"));
  EXPECT_THAT(process.capabilities->ambient, IsEmpty());
}

TEST(ProcessToExecute, ACwdThatIsNotAbsoluteIsRefused) {
  const Error error =
      thrown_by([] { static_cast<void>(process_to_execute(container(), {.cwd = "tmp"})); });
  EXPECT_EQ(error.kind, ErrorKind::invalid_usage);
  EXPECT_THAT(error.detail, HasSubstr("Cwd must be an absolute path"));
}

// Its text may be a secret whole.
TEST(ProcessToExecute, AVariableThatIsNoneIsToldByItsNumber) {
  const Error error = thrown_by([] {
    static_cast<void>(process_to_execute(container(), {.env = {"A=1", "hunter2"}}));
  });
  EXPECT_EQ(error.kind, ErrorKind::invalid_usage);
  EXPECT_THAT(error.detail, HasSubstr("--env (number 2)"));
  EXPECT_EQ(error.detail.find("hunter2"), std::string::npos);
}

TEST(ProcessToExecute, AProcessFileReplacesEverything) {
  const sys::TemporaryDirectory directory;
  directory.write("process.json", R"({"args": ["id"], "cwd": "/", "user": {"uid": 3, "gid": 4}})");
  const spec::Process process =
      process_to_execute(container(), {.args = {"ls"},
                                       .process_file = cat(directory.path(), "/process.json"),
                                       .cwd = "/tmp",
                                       .env = {"A=1"},
                                       .tty = true});
  spec::Process expected;
  expected.args = {"id"};
  expected.cwd = "/";
  expected.user.uid = 3;
  expected.user.gid = 4;
  EXPECT_EQ(process, expected);
}

TEST(ProcessToExecute, AWrongProcessFileIsNamed) {
  const sys::TemporaryDirectory directory;
  const std::string path = cat(directory.path(), "/process.json");
  directory.write("process.json", R"({"args": ["id"], "cwd": "relative", "user": {"uid": 3}})");
  const Error error =
      thrown_by([&] { static_cast<void>(process_to_execute({}, {.process_file = path})); });
  EXPECT_EQ(error.kind, ErrorKind::invalid_config);
  EXPECT_EQ(error.document, path);
  EXPECT_EQ(error.pointer, "/cwd");
}

}  // namespace
}  // namespace asylum::container
