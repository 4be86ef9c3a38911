// SPDX-License-Identifier: Apache-2.0
// Which whole procfs and sysfs a mount table has, and which of them no path will lead to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/late/both/mount_table.h"

namespace asylum::late {
namespace {

using testing::ElementsAre;

MountRow row(std::uint64_t id, std::uint64_t parent, std::string mount_point, std::string type) {
  return {id, parent, "/", std::move(mount_point), std::move(type), "rw"};
}

std::vector<KernelView> views_of(std::vector<MountRow> further) {
  further.insert(further.begin(), row(1, 1, "/", "ext4"));
  return kernel_views(further);
}

TEST(KernelViews, ChildrenComeBeforeTheirParents) {
  EXPECT_THAT(
      views_of(
          {row(2, 1, "/sys", "sysfs"), row(3, 1, "/a", "tmpfs"), row(4, 3, "/a/proc", "proc")}),
      ElementsAre(KernelView{"/a/proc", "proc", false}, KernelView{"/sys", "sysfs", false}));
}

TEST(KernelViews, APartOfOneIsNone) {
  MountRow part = row(2, 1, "/p", "proc");
  part.root = "/sys";
  EXPECT_TRUE(views_of({part, row(3, 1, "/c", "cgroup2")}).empty());
}

TEST(KernelViews, WhatLiesOverItCovers) {
  EXPECT_THAT(views_of({row(2, 1, "/p", "proc"), row(3, 2, "/p", "tmpfs")}),
              ElementsAre(KernelView{"/p", "proc", true}));
  EXPECT_THAT(views_of({row(2, 1, "/p", "proc"), row(3, 2, "/p/sys", "tmpfs")}),
              ElementsAre(KernelView{"/p", "proc", false}));
}

TEST(KernelViews, WhatLiesOverADirectoryOnTheWayCovers) {
  EXPECT_THAT(views_of({row(2, 1, "/a/p", "proc"), row(3, 1, "/a", "tmpfs")}),
              ElementsAre(KernelView{"/a/p", "proc", true}));
  EXPECT_THAT(views_of({row(2, 1, "/ab/p", "proc"), row(3, 1, "/a", "tmpfs")}),
              ElementsAre(KernelView{"/ab/p", "proc", false}));
}

// The upper one is taken away, so the lower one comes to light.
TEST(KernelViews, AnotherViewDoesNotCover) {
  EXPECT_THAT(views_of({row(2, 1, "/p", "proc"), row(3, 2, "/p", "proc")}),
              ElementsAre(KernelView{"/p", "proc", false}, KernelView{"/p", "proc", false}));
}

TEST(KernelViews, AnotherViewThatIsCoveredItselfCovers) {
  EXPECT_THAT(
      views_of({row(2, 1, "/p", "proc"), row(3, 2, "/p", "proc"), row(4, 3, "/p", "tmpfs")}),
      ElementsAre(KernelView{"/p", "proc", true}, KernelView{"/p", "proc", true}));
}

// Mounted on /a after it, the file system that the way leads through hides /a/b of the root.
TEST(KernelViews, WhatTheWayItselfHidesCoversNothing) {
  EXPECT_THAT(
      views_of({row(2, 1, "/a/b", "tmpfs"), row(3, 1, "/a", "tmpfs"), row(4, 3, "/a/b/p", "proc")}),
      ElementsAre(KernelView{"/a/b/p", "proc", false}));
}

TEST(KernelViews, ATableOfNonsenseEnds) {
  EXPECT_EQ(
      kernel_views({row(2, 3, "/p", "proc"), row(3, 2, "/p", "proc"), row(2, 2, "/p", "proc")})
          .size(),
      3U);
}

}  // namespace
}  // namespace asylum::late
