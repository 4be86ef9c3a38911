// SPDX-License-Identifier: Apache-2.0
// Our own program cannot be written through /proc/PID/exe (CVE-2019-5736, and its variant through
// exec).
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/mount/mount.h"
#include "runtime/sys/process/credentials.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/process/self_exec.h"
#include "runtime/sys/socket.h"
#include "tests/kernel/kernel_support.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::sys {
namespace {

constexpr int kReport = 200;  // the descriptor on which the protected program speaks
constexpr const char* kHelper = "SelfExecHelper.DISABLED_Protected";

SelfProtection facts_named(std::string_view name) {
  SelfProtection facts;
  facts.own_mount_namespace = name == "own-mount-namespace";
  facts.own_user_namespace = name == "owner-unmapped" || name == "owner-mapped";
  if (name == "owner-mapped") facts.mapped_uids = {{0, 1}};
  if (name == "owner-unmapped") facts.mapped_uids = {{100000, 65536}};
  return facts;
}

std::vector<std::string> own_arguments() {
  const std::string text = read_file_at(AT_FDCWD, "/proc/self/cmdline");
  std::vector<std::string> arguments;
  for (const std::string_view word :
       split(std::string_view(text).substr(0, text.size() - 1), '\0')) {
    arguments.emplace_back(word);
  }
  return arguments;
}

}  // namespace

// Not a test: what the tests below execute. It protects itself, says so, and waits to be attacked.
TEST(SelfExecHelper, DISABLED_Protected) {
  const char* name = ::getenv("ASYLUM_TEST_FACTS");
  if (name == nullptr) GTEST_SKIP() << "run by the tests of SelfExec only";
  const std::vector<std::string> arguments = own_arguments();
  protect_own_executable(facts_named(name), to_exec_array(arguments).data());
  send_message(kReport, "ready");
  (void)receive_message(kReport);
  exit_now(0);
}

namespace {

// A copy of this program under protection, until the end of the scope. A copy: the kernel lets
// nobody write a program that runs (ETXTBSY), and this one runs anyway.
class Protected {
 public:
  explicit Protected(const char* facts, bool privileged = true) : pair_(seqpacket_pair()) {
    copy_program();
    pid_ = ::fork();
    if (pid_ == 0) run(facts, privileged);
    pair_.theirs.reset();
    const auto message = receive_message(pair_.ours.get());
    ready_ = message && message->bytes == "ready";
  }
  ~Protected() { end(); }
  void end() {
    pair_.ours.reset();
    if (pid_ > 0) ::waitpid(std::exchange(pid_, -1), nullptr, 0);
  }
  bool ready() const { return ready_; }
  Fd exe() const { return open_at(AT_FDCWD, cat("/proc/", pid_, "/exe"), O_PATH); }
  Fd original() const { return open_at(dir_.fd(), "program", O_PATH); }

 private:
  void copy_program() const {
    const Fd from = open_at(AT_FDCWD, "/proc/self/exe", O_RDONLY);
    const Fd to = open_at(dir_.fd(), "program", O_WRONLY | O_CREAT, 0755);
    while (::sendfile(to.get(), from.get(), nullptr, 1U << 30) > 0) {
    }
  }
  [[noreturn]] void run(const char* facts, bool privileged) {
    duplicate_to(pair_.theirs.get(), kReport);
    ::setenv("ASYLUM_TEST_FACTS", facts, 1);
    if (!privileged) {
      drop_bounding(0, 63);
      set_capabilities({});
    }
    const std::vector<std::string> arguments = {"tests", cat("--gtest_filter=", kHelper),
                                                "--gtest_also_run_disabled_tests",
                                                "--gtest_brief=1"};
    ::execv(cat(dir_.path(), "/program").c_str(), to_exec_array(arguments).data());
    exit_now(1);
  }

  TemporaryDirectory dir_;
  SocketPair pair_;
  pid_t pid_ = -1;
  bool ready_ = false;
};

// What the attack does: holds on to the program, waits for its end, opens it for writing. 0 or the
// errno.
int write_after_the_end(Protected& program) {
  const Fd exe = program.exe();
  program.end();
  const Fd fd(::open(cat("/proc/self/fd/", exe.get()).c_str(), O_WRONLY | O_CLOEXEC));
  return fd ? 0 : errno;
}

TEST(SelfExec, TheProgramLiesOnAReadOnlyMountOfItsOwn) {
  REQUIRE_ROOT();
  for (const char* facts : {"own-mount-namespace", "shared-mount-namespace", "owner-mapped"}) {
    Protected program(facts);
    ASSERT_TRUE(program.ready()) << facts;
    const Fd exe = program.exe();
    EXPECT_NE(mount_flags_of(exe.get()) & ST_RDONLY, 0U) << facts;
    EXPECT_EQ(identity_of(exe.get()), identity_of(program.original().get())) << "a copy: " << facts;
    EXPECT_NE(try_set_attributes(exe.get(), 0, MOUNT_ATTR_RDONLY, 0, false), 0)
        << "its mount could be made writable again: " << facts;
    EXPECT_EQ(write_after_the_end(program), EROFS) << facts;
  }
}

TEST(SelfExec, WithoutPrivilegeItIsASealedCopy) {
  REQUIRE_ROOT();
  Protected program("own-mount-namespace", false);
  ASSERT_TRUE(program.ready());
  const Fd exe = program.exe();
  EXPECT_NE(identity_of(exe.get()), identity_of(program.original().get()));
  const Fd readable = open_at(AT_FDCWD, cat("/proc/self/fd/", exe.get()), O_RDONLY);
  EXPECT_EQ(::fcntl(readable.get(), F_GET_SEALS) & (F_SEAL_WRITE | F_SEAL_SEAL),
            F_SEAL_WRITE | F_SEAL_SEAL);
  program.end();
  const Fd writable(::open(cat("/proc/self/fd/", exe.get()).c_str(), O_WRONLY | O_CLOEXEC));
  EXPECT_LT(::write(writable.get(), "x", 1), 0);
}

TEST(SelfExec, AnUnmappedOwnerNeedsNoProtection) {
  REQUIRE_ROOT();
  Protected program("owner-unmapped");
  ASSERT_TRUE(program.ready());
  EXPECT_EQ(mount_id_of(program.exe().get()), mount_id_of(program.original().get()));
  EXPECT_EQ(write_after_the_end(program), 0) << "root of the host may still write its program";
}

}  // namespace
}  // namespace asylum::sys
