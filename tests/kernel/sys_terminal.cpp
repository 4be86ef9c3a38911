// SPDX-License-Identifier: Apache-2.0
// Pseudoterminals come from the devpts they should, and from no other (CVE-2025-52565).
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/mount/fs_context.h"
#include "runtime/sys/mount/mount.h"
#include "runtime/sys/terminal.h"
#include "tests/kernel/kernel_support.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::sys {
namespace {

Fd devpts_mount() {
  FsContext context("devpts");
  context.set_flag("newinstance");
  context.set_string("ptmxmode", "0666");
  context.create();
  return context.mount(MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
}

TEST(Terminal, PairOfADetachedInstance) {
  REQUIRE_ROOT();
  in_child(CLONE_NEWNS, [] {
    const Fd devpts = devpts_mount();
    const Pseudoterminal pair = open_pseudoterminal(devpts.get());
    EXPECT_TRUE(is_terminal(pair.peer.get()));
    EXPECT_EQ(identity_of(pair.peer.get()), *try_identity_at(devpts.get(), "0"))
        << "not of this instance";
    EXPECT_EQ(identity_of(open_peer(pair.master.get()).get()), identity_of(pair.peer.get()));
    EXPECT_NE(::fcntl(pair.peer.get(), F_GETFD) & FD_CLOEXEC, 0);
  });
}

TEST(Terminal, AFakePtmxIsRefused) {
  REQUIRE_ROOT();
  const TemporaryDirectory dir;
  dir.write("ptmx", "");
  EXPECT_EQ(error_from([&] { open_pseudoterminal(dir.fd()); }).kind, ErrorKind::denied);
  remove_at(dir.fd(), "ptmx");
  ASSERT_EQ(::symlinkat("/dev/ptmx", dir.fd(), "ptmx"), 0);
  EXPECT_EQ(error_from([&] { open_pseudoterminal(dir.fd()); }).err, ELOOP);
  remove_at(dir.fd(), "ptmx");
  if (::mknodat(dir.fd(), "ptmx", S_IFCHR | 0666, makedev(1, 3)) == 0) {
    EXPECT_THROW(open_pseudoterminal(dir.fd()), Error);
  }
}

TEST(Terminal, SizeModeAndControl) {
  REQUIRE_ROOT();
  in_child(CLONE_NEWNS, [] {
    const Fd devpts = devpts_mount();
    const Pseudoterminal pair = open_pseudoterminal(devpts.get());
    set_window_size(pair.master.get(), {24, 99});
    EXPECT_EQ(try_get_window_size(pair.peer.get())->columns, 99);
    EXPECT_FALSE(try_get_window_size(devpts.get()));

    const termios saved = make_raw(pair.peer.get());
    EXPECT_EQ(saved.c_oflag & ONLCR, 0U) << "LF stays LF";
    termios now{};
    ::tcgetattr(pair.peer.get(), &now);
    EXPECT_NE(now.c_oflag & OPOST, 0U) << "so the terminal outside has to translate it";
    EXPECT_EQ(now.c_lflag & (ECHO | ICANON), 0U);
    restore_terminal(pair.peer.get(), saved);
    ::tcgetattr(pair.peer.get(), &now);
    EXPECT_EQ(now.c_lflag, saved.c_lflag);

    become_session_leader();
    set_controlling_terminal(pair.peer.get());
    EXPECT_EQ(::tcgetsid(pair.peer.get()), ::getpid());
    ::signal(SIGHUP, SIG_IGN);  // the master is closed before us
  });
}

}  // namespace
}  // namespace asylum::sys
