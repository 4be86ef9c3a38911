// SPDX-License-Identifier: Apache-2.0
// Readers of /proc: every line a hostile process can influence.
#include <gtest/gtest.h>

#include "runtime/sys/process/proc_text.h"

namespace asylum::sys {
namespace {

TEST(Cgroup, HybridHost) {
  const std::string text = "12:cpu,cpuacct:/a\n1:name=systemd:/b:c\n0::/user.slice/x:y (deleted)\n";
  const auto entries = parse_cgroup(text);
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].controllers, "cpu,cpuacct");
  EXPECT_EQ(entries[1].path, "/b:c");
  EXPECT_EQ(cgroup2_path(text), "/user.slice/x:y");
  EXPECT_FALSE(cgroup2_path("1:cpu:/a\n"));
}

TEST(Stat, CommMayHoldAnything) {
  const std::string rest = " S 7 9 8 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 100 200\n";
  const auto stat = parse_stat("42 (a) R 1 (b) c)" + rest);
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->pid, 42);
  EXPECT_EQ(stat->comm, "a) R 1 (b) c");
  EXPECT_EQ(stat->state, 'S');
  EXPECT_EQ(stat->parent, 7);
  EXPECT_EQ(stat->session, 8);
  EXPECT_EQ(stat->start_time_ticks, 987654U);
  EXPECT_FALSE(stat->is_dead());
}

TEST(Stat, ZombiesAreDeadAndShortLinesNothing) {
  EXPECT_TRUE(parse_stat("1 (x) Z 0 0 0 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 5 0")->is_dead());
  EXPECT_FALSE(parse_stat(""));
  EXPECT_FALSE(parse_stat("1 (x) S 0 0"));
  EXPECT_FALSE(parse_stat("x (x) S 7 9 8 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 100 200"));
}

TEST(IdMap, ReadsColumnsOfAnyWidth) {
  const auto map =
      parse_id_map("         0     100000      65536\n     65536 4294967295 1\n bad\n");
  EXPECT_EQ(map, (std::vector<IdMapEntry>{{0, 100000, 65536}, {65536, 4294967295U, 1}}));
  EXPECT_TRUE(parse_id_map("0 4294967296 1\n").empty());
}

TEST(Fields, WholeKeysOnly) {
  EXPECT_EQ(flat_keyed_value("oom 1\noom_kill 3\n", "oom_kill"), 3U);
  EXPECT_EQ(flat_keyed_value("oom 1\noom_kill 3\n", "oom"), 1U);
  EXPECT_FALSE(flat_keyed_value("populated x\n", "populated"));
}

}  // namespace
}  // namespace asylum::sys
