// SPDX-License-Identifier: Apache-2.0
#include "runtime/seccomp/compile.h"
#include "runtime/plan/types/seccomp.h"

#include <errno.h>
#include <gtest/gtest.h>

#include "runtime/base/error.h"
#include "runtime/seccomp/words.h"
#include "tests/seccomp/evaluate_bpf.h"

namespace asylum::seccomp {
namespace {

constexpr std::uint32_t kAllow = SECCOMP_RET_ALLOW;
constexpr std::uint32_t kEperm = SECCOMP_RET_ERRNO | EPERM;
constexpr std::uint32_t kEnosys = SECCOMP_RET_ERRNO | ENOSYS;
constexpr int kX32 = 0x40000000;

// x86_64 numbers
constexpr int kRead = 0, kSocket = 41, kClone = 56, kMount = 165, kOpenat2 = 437, kUretprobe = 335;

plan::SeccompRule allow(std::vector<std::string> names) {
  return {std::move(names), SeccompAction::allow, {}, {}, "/linux/seccomp/syscalls/0"};
}

plan::Seccomp profile(std::vector<plan::SeccompRule> rules) {
  plan::Seccomp seccomp;
  seccomp.default_action = SeccompAction::errno_;
  seccomp.architectures = {SeccompArch::x86_64, SeccompArch::x86, SeccompArch::x32};
  seccomp.rules = std::move(rules);
  seccomp.pointer = "/linux/seccomp";
  return seccomp;
}

TEST(Seccomp, AllowsWhatIsNamedAndDeniesTheRest) {
  const std::string program = compile(profile({allow({"read", "openat2"})}));
  EXPECT_EQ(call(program, AUDIT_ARCH_X86_64, kRead), kAllow);
  EXPECT_EQ(call(program, AUDIT_ARCH_X86_64, kMount), kEperm);
  EXPECT_EQ(call(program, AUDIT_ARCH_I386, 3 /* read */), kAllow);
  EXPECT_EQ(call(program, AUDIT_ARCH_X86_64, kX32 | 0), kAllow);
}

TEST(Seccomp, NumbersAboveTheHighestNamedGetEnosysOnEveryArchitecture) {
  const std::string program = compile(profile({allow({"read", "openat2"})}));
  EXPECT_EQ(call(program, AUDIT_ARCH_X86_64, kOpenat2 + 1), kEnosys);
  EXPECT_EQ(call(program, AUDIT_ARCH_X86_64, kX32 | (kOpenat2 + 1)), kEnosys);
  EXPECT_EQ(call(program, AUDIT_ARCH_I386, 500), kEnosys);
  EXPECT_EQ(call(program, AUDIT_ARCH_X86_64, kOpenat2), kAllow);
}

TEST(Seccomp, X32NumbersGetEnosysWhenOnlyX8664IsListed) {
  plan::Seccomp seccomp = profile({allow({"read"})});
  seccomp.architectures = {SeccompArch::x86_64};
  EXPECT_EQ(call(compile(seccomp), AUDIT_ARCH_X86_64, kX32 | 0), kEnosys);
}

TEST(Seccomp, NoEnosysWhereTheDefaultIsMildOrAlreadyEnosys) {
  plan::Seccomp seccomp = profile({{{"mount"}, SeccompAction::errno_, {}, {}, "/r"}});
  seccomp.default_action = SeccompAction::allow;
  EXPECT_EQ(call(compile(seccomp), AUDIT_ARCH_X86_64, 999), kAllow);
  EXPECT_EQ(call(compile(seccomp), AUDIT_ARCH_X86_64, kMount), kEperm);
}

TEST(Seccomp, ErrnoRetIsReturned) {
  const std::string program =
      compile(profile({allow({"openat2"}), {{"mount"}, SeccompAction::errno_, 42, {}, "/r"}}));
  EXPECT_EQ(call(program, AUDIT_ARCH_X86_64, kMount), SECCOMP_RET_ERRNO | 42U);
  plan::Seccomp seccomp = profile({allow({"openat2"})});
  seccomp.default_errno_ret = 7;
  EXPECT_EQ(call(compile(seccomp), AUDIT_ARCH_X86_64, kMount), SECCOMP_RET_ERRNO | 7U);
}

TEST(Seccomp, ArgumentsOfDifferentIndexMustAllMatchThoseOfOneIndexAreAlternatives) {
  plan::SeccompRule both = allow({"socket"});
  both.args = {{0, 1, 0, SeccompOperator::equal}, {1, 2, 0, SeccompOperator::equal}};
  plan::SeccompRule either = allow({"clone"});
  either.args = {{0, 10, 0, SeccompOperator::equal}, {0, 20, 0, SeccompOperator::equal}};
  const std::string program = compile(profile({allow({"openat2"}), both, either}));
  EXPECT_EQ(call(program, AUDIT_ARCH_X86_64, kSocket, {1, 2}), kAllow);
  EXPECT_EQ(call(program, AUDIT_ARCH_X86_64, kSocket, {1, 3}), kEperm);
  EXPECT_EQ(call(program, AUDIT_ARCH_X86_64, kClone, {10}), kAllow);
  EXPECT_EQ(call(program, AUDIT_ARCH_X86_64, kClone, {20}), kAllow);
  EXPECT_EQ(call(program, AUDIT_ARCH_X86_64, kClone, {30}), kEperm);
}

TEST(Seccomp, NamesNewerThanLibseccompAreDecidedPerArchitecture) {
  const std::string program = compile(profile({allow({"openat2", "uretprobe", "file_getattr"})}));
  EXPECT_EQ(call(program, AUDIT_ARCH_X86_64, kUretprobe), kAllow);
  EXPECT_EQ(call(program, AUDIT_ARCH_X86_64, 468), kAllow);
  EXPECT_EQ(call(program, AUDIT_ARCH_I386, 468), kAllow);
  EXPECT_EQ(call(program, AUDIT_ARCH_I386, 335), kEperm);    // another call there
  EXPECT_EQ(call(program, AUDIT_ARCH_X86_64, 467), kEperm);  // below the highest named: the default
  EXPECT_EQ(call(program, AUDIT_ARCH_X86_64, 469), kEnosys);
}

TEST(Seccomp, ArgumentsOnANameOnlyWeKnowAreRefused) {
  plan::SeccompRule rule = allow({"file_getattr"});
  rule.args = {{0, 1, 0, SeccompOperator::equal}};
  try {
    compile(profile({rule}));
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.pointer, "/linux/seccomp/syscalls/0/names/0");
    EXPECT_EQ(error.kind, ErrorKind::unsupported);
  }
}

TEST(Seccomp, MaskedComparison) {
  plan::SeccompRule rule = allow({"clone"});
  rule.args = {{0, 0x7e020000, 0, SeccompOperator::masked_equal}};
  const std::string program = compile(profile({allow({"openat2"}), rule}));
  EXPECT_EQ(call(program, AUDIT_ARCH_X86_64, kClone, {0x11}), kAllow);
  EXPECT_EQ(call(program, AUDIT_ARCH_X86_64, kClone, {0x20000}), kEperm);
}

TEST(Seccomp, TheSameRuleTwiceIsNoError) {
  EXPECT_NO_THROW(compile(profile({allow({"read"}), allow({"read"})})));
}

TEST(Seccomp, LoadFlags) {
  plan::Seccomp seccomp = profile({{{"mount"}, SeccompAction::notify, {}, {}, "/r"}});
  seccomp.flags = {SeccompFlag::log, SeccompFlag::tsync};
  EXPECT_EQ(load_flags(seccomp), SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_NEW_LISTENER);
}

}  // namespace
}  // namespace asylum::seccomp
