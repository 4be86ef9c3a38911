// SPDX-License-Identifier: Apache-2.0
// libmount as the helper uses it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "runtime/base/text.h"
#include "runtime/late/helper/mount_table.h"
#include "runtime/sys/file.h"
#include "tests/base/thrown_by.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::late {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<MountRow> rows_in(const std::string& text) {
  const sys::TemporaryDirectory directory;
  const std::string path = directory.path() + "/table";
  sys::write_all(sys::open_at(AT_FDCWD, path, O_WRONLY | O_CREAT, 0600).get(), text);
  std::vector<MountRow> rows;
  read_mounts(path, [&](MountRow row) { rows.push_back(std::move(row)); });
  return rows;
}

TEST(ReadMounts, EveryField) {
  EXPECT_THAT(
      rows_in("36 35 98:0 /m\\0401 /a\\134b\\012c rw,nosuid shared:3 - fuse.x /dev/root rw,a=b\n"),
      ElementsAre(MountRow{36, 35, "/m 1", "/a\\b\nc", "fuse.x", "rw,nosuid"}));
}

TEST(ReadMounts, AnEmptySourceShiftsNothing) {
  EXPECT_THAT(
      rows_in("22 1 0:5 / /a rw - tmpfs  rw,size=4k\n23 1 0:6 / /b ro master:1 - proc p rw\n"),
      ElementsAre(MountRow{22, 1, "/", "/a", "tmpfs", "rw"},
                  MountRow{23, 1, "/", "/b", "proc", "ro"}));
}

TEST(ReadMounts, NothingIsLeftOut) {
  EXPECT_THAT(thrown_by([] { rows_in("1 0 0:1 / / rw - a b c\nnonsense\n"); }).detail,
              HasSubstr("table"));
  EXPECT_EQ(thrown_by([] { read_mounts("/nosuch", [](const MountRow&) {}); }).err, ENOENT);
}

}  // namespace
}  // namespace asylum::late
