// SPDX-License-Identifier: Apache-2.0
// What is said of an errno of mount(2) that means something else than its name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "runtime/sys/mount/mount.h"

namespace asylum::sys {
namespace {

TEST(MountHint, AFullMountNamespaceIsNotAFullDisk) {
  EXPECT_THAT(hint_for_mount_error(ENOSPC), ::testing::HasSubstr("fs.mount-max"));
}

TEST(MountHint, OthersMeanWhatTheySay) {
  for (const int number : {EPERM, EINVAL, ENOENT, EBUSY, ENOMEM}) {
    EXPECT_EQ(hint_for_mount_error(number), "") << number;
  }
}

}  // namespace
}  // namespace asylum::sys
