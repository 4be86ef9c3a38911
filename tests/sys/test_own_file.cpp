// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/own_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "runtime/base/error.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::sys {
namespace {

struct ::stat status_with(uid_t uid, mode_t mode) {
  struct ::stat status {};
  status.st_uid = uid;
  status.st_mode = mode;
  return status;
}

TEST(Distrust, WhatOthersOwnOrMayWrite) {
  const uid_t other = ::geteuid() + 1000;
  EXPECT_EQ(distrust(status_with(::geteuid(), S_IFREG | 0600)), "");
  EXPECT_EQ(distrust(status_with(0, S_IFDIR | 0755)), "");
  EXPECT_EQ(distrust(status_with(other, S_IFREG | 0600)),
            "belongs to uid " + std::to_string(other));
  EXPECT_EQ(distrust(status_with(0, S_IFREG | 0620)), "may be written by others (mode 0620)");
  EXPECT_EQ(distrust(status_with(0, S_IFDIR | 0702)), "may be written by others (mode 0702)");
}

TEST(Distrust, TheStickyBitKeepsNamesInADirectoryOnly) {
  EXPECT_EQ(distrust(status_with(0, S_IFDIR | S_ISVTX | 0777)), "");
  EXPECT_NE(distrust(status_with(0, S_IFREG | S_ISVTX | 0666)), "");
}

TEST(OwnFile, IsReadWhole) {
  const TemporaryDirectory directory;
  const std::string text(3U << 20, 'x');
  directory.write("file", text);
  EXPECT_EQ(read_own_file(directory.fd(), "file"), text);
  EXPECT_EQ(look_at_own_file(directory.fd(), "file").text, text);
}

TEST(OwnFile, AMissingOneIsNoFault) {
  const TemporaryDirectory directory;
  EXPECT_FALSE(try_read_own_file(directory.fd(), "none"));
  EXPECT_EQ(look_at_own_file(directory.fd(), "none").fault, "");
  EXPECT_THROW(static_cast<void>(read_own_file(directory.fd(), "none")), Error);
}

TEST(OwnFile, WhatIsNoneIsAFault) {
  const TemporaryDirectory directory;
  directory.write("written by others", "x");
  ASSERT_EQ(::fchmodat(directory.fd(), "written by others", 0606, 0), 0);
  ASSERT_EQ(::mkfifoat(directory.fd(), "fifo", 0600), 0);
  ASSERT_EQ(::mkdirat(directory.fd(), "directory", 0700), 0);
  ASSERT_EQ(::symlinkat("/etc/passwd", directory.fd(), "link"), 0);
  directory.write("large", "x");
  ASSERT_EQ(::truncate((directory.path() + "/large").c_str(), kLargestOwnFile + 1), 0);
  for (const char* name : {"written by others", "fifo", "directory", "link", "large"}) {
    const OwnFile seen = look_at_own_file(directory.fd(), name);
    EXPECT_FALSE(seen.text) << name;
    EXPECT_NE(seen.fault, "") << name;
    EXPECT_THROW(static_cast<void>(try_read_own_file(directory.fd(), name)), Error) << name;
  }
}

}  // namespace
}  // namespace asylum::sys
