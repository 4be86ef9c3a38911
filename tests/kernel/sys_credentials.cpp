// SPDX-License-Identifier: Apache-2.0
// Becoming somebody with less: ids, groups, every capability set, no_new_privs, keyring.
#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/process/credentials.h"
#include "tests/kernel/kernel_support.h"

namespace asylum::sys {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t bit(int capability) {
  return std::uint64_t{1} << capability;
}

// The value of "Key:" in our /proc/PID/status.
std::string status(const char* key) {
  const std::string text = "\n" + read_file_at(AT_FDCWD, "/proc/self/status");
  const std::string before = cat("\n", key, ":");
  const std::size_t found = text.find(before);
  if (found == std::string::npos) return "absent";
  const std::size_t begin = found + before.size();
  return std::string(trim(std::string_view(text).substr(begin, text.find('\n', begin) - begin)));
}

TEST(Identity, IdsAreRealEffectiveSavedAndFileSystem) {
  REQUIRE_ROOT();
  in_child(0, [] {
    set_groups({7, 5});
    set_ids(1000, 1001);
    EXPECT_EQ(status("Uid"), "1000\t1000\t1000\t1000");
    EXPECT_EQ(status("Gid"), "1001\t1001\t1001\t1001");
    EXPECT_EQ(status("Groups"), "5 7");
    EXPECT_EQ(error_from([] { set_ids(0, 0); }).err, EPERM);
    EXPECT_EQ(error_from([] { set_groups({}); }).err, EPERM);
  });
}

TEST(Identity, AnUnmappedIdIsExplained) {
  REQUIRE_ROOT();
  in_child(CLONE_NEWUSER, [] {
    const Error error = error_from([] { set_uid(1000); });
    EXPECT_EQ(error.err, EINVAL);
    EXPECT_EQ(error.detail, "become uid 1000");
    EXPECT_THAT(error.hint, HasSubstr("not mapped"));
  });
}

TEST(Capabilities, SetsAreExactlyWhatIsAsked) {
  REQUIRE_ROOT();
  in_child(0, [] {
    const std::uint64_t wanted = bit(CAP_NET_BIND_SERVICE) | bit(CAP_KILL) | bit(CAP_AUDIT_READ);
    set_capabilities({bit(CAP_KILL), wanted, bit(CAP_AUDIT_READ)});
    const Capabilities now = get_capabilities();
    EXPECT_EQ(now.effective, bit(CAP_KILL));
    EXPECT_EQ(now.permitted, wanted);
    EXPECT_EQ(now.inheritable, bit(CAP_AUDIT_READ));
    EXPECT_EQ(error_from([] { set_capabilities({~0ULL >> 30, ~0ULL >> 30, 0}); }).err, EPERM);
  });
}

TEST(Capabilities, PermittedSurvivesTheChangeOfUidWhenKept) {
  REQUIRE_ROOT();
  in_child(0, [] {
    keep_capabilities(true);
    set_ids(1000, 1000);
    EXPECT_NE(get_capabilities().permitted, 0U);
    EXPECT_EQ(get_capabilities().effective, 0U);
    set_capabilities({bit(CAP_KILL), bit(CAP_KILL), bit(CAP_KILL)});
    EXPECT_EQ(raise_ambient(bit(CAP_KILL) | bit(CAP_CHOWN)), bit(CAP_CHOWN))
        << "refused ones come back";
    EXPECT_EQ(status("CapAmb"), "0000000000000020");
    EXPECT_EQ(raise_ambient(0), 0U);
    EXPECT_EQ(status("CapAmb"), "0000000000000000");
  });
}

TEST(Capabilities, BoundingKeepsOnlyWhatIsNamed) {
  REQUIRE_ROOT();
  in_child(0, [] {
    const std::uint64_t before = bounding_capabilities();
    ASSERT_NE(before & bit(CAP_CHOWN), 0U);
    drop_bounding(bit(CAP_CHOWN), 63);  // above the last capability is fine
    EXPECT_EQ(bounding_capabilities(), bit(CAP_CHOWN));
    set_capabilities({});
    EXPECT_NO_THROW(drop_bounding(bit(CAP_CHOWN), 40)) << "nothing left to drop needs no privilege";
    EXPECT_EQ(error_from([] { drop_bounding(0, 40); }).err, EPERM);
  });
}

TEST(Privileges, NoNewOnes) {
  REQUIRE_ROOT();
  in_child(0, [] {
    set_no_new_privileges();
    EXPECT_EQ(::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
  });
}

TEST(Keyring, IsANewOneOfThatName) {
  REQUIRE_ROOT();
  in_child(0, [] {
    const auto session = [] {
      return ::syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);
    };
    const long before = session();
    if (!join_session_keyring(cat("asylum-test-", ::getpid()))) {
      std::printf("note: this kernel has no keys\n");
      return;
    }
    const long after = session();
    EXPECT_GT(after, 0);
    EXPECT_NE(after, before);
    char text[256] = {};
    EXPECT_GT(::syscall(SYS_keyctl, KEYCTL_DESCRIBE, after, text, sizeof text), 0);
    EXPECT_THAT(std::string(text), HasSubstr(cat("asylum-test-", ::getpid())));
  });
}

// What exec does: its process finds the keys that the container's has added.
TEST(Keyring, IsJoinedByAFurtherProcessOfThatName) {
  REQUIRE_ROOT();
  in_child(0, [] {
    const std::string name = cat("asylum-test-", ::getpid());
    if (!join_session_keyring(name)) return;
    const long made = ::syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);
    // Another session keyring of ours, so that the first is not possessed any more by the child.
    const pid_t child = ::fork();
    if (child == 0) {
      join_session_keyring("");
      join_session_keyring(name);
      const long joined = ::syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);
      ::_exit(joined == made ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0) << "another keyring of the same name";
  });
}

}  // namespace
}  // namespace asylum::sys
