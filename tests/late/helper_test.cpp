// SPDX-License-Identifier: Apache-2.0
// Asking the late helper: the one built with these tests, which lies beside them, and such as are
// none.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "runtime/base/report.h"
#include "runtime/late/main/helper.h"
#include "runtime/sys/file.h"
#include "tests/base/thrown_by.h"

namespace asylum::late {
namespace {

using testing::HasSubstr;

Helper program(const std::string& path) {
  return {path, sys::open_at(AT_FDCWD, path, O_PATH)};
}

std::string error_of(const std::string& path) {
  return sentence_of(thrown_by([&] { (void)read_mount_table(program(path), 1); }));
}

TEST(LateHelper, ReadsTheMountTable) {
  const std::vector<MountRow> table = read_mount_table();
  const std::string text = sys::read_file_at(AT_FDCWD, "/proc/self/mountinfo", 64U << 20);
  EXPECT_EQ(table.size(), static_cast<std::size_t>(std::ranges::count(text, '\n')));
  const auto proc = std::ranges::find(table, "/proc", &MountRow::mount_point);
  ASSERT_NE(proc, table.end());
  EXPECT_EQ(proc->fs_type, "proc");
  EXPECT_EQ(proc->root, "/");
  EXPECT_THAT(proc->options, HasSubstr("rw"));
  EXPECT_THAT(text, HasSubstr(std::to_string(proc->id) + " " + std::to_string(proc->parent_id)));
}

TEST(LateHelper, OneThatHangsIsKilled) {
  const Error error = thrown_by([] { (void)read_mount_table(program("/bin/cat"), 1); });
  EXPECT_EQ(error.kind, ErrorKind::timed_out);
  EXPECT_THAT(sentence_of(error), HasSubstr("\"/bin/cat\" ran past its timeout of 1 s"));
}

TEST(LateHelper, OneThatEndsWithoutAnAnswerIsNamed) {
  EXPECT_THAT(error_of("/bin/false"), HasSubstr("\"/bin/false\" exited with code 1"));
  EXPECT_THAT(error_of("/bin/true"), HasSubstr("\"/bin/true\" has not answered"));
}

TEST(LateHelper, WhatCannotBeExecutedIsNamed) {
  EXPECT_THAT(error_of("/etc/passwd"), HasSubstr("\"/etc/passwd\" could not be executed"));
}

}  // namespace
}  // namespace asylum::late
