// SPDX-License-Identifier: Apache-2.0
#include "spec/check/syntax.h"

#include <gtest/gtest.h>

namespace asylum::spec {
namespace {

using Cpus = std::vector<std::uint32_t>;

TEST(Syntax, Versions) {
  for (const char* good :
       {"1.0.0", "1.2.3-dev", "1.0.2-rc.1+build.5", "0.5.0-dev", "1.3.0+x", "10.20.30"}) {
    EXPECT_TRUE(parse_version(good).has_value()) << good;
  }
  for (const char* bad : {"", "1", "1.0", "1.0.0.0", "v1.0.0", "1.0.x", "01.0.0", "1.0.0-",
                          "1.0.0+", "1.0.0-a..b", "1.0.0 ", "-1.0.0", "99999999999999999999.0.0"}) {
    EXPECT_FALSE(parse_version(bad).has_value()) << bad;
  }
  EXPECT_EQ(parse_version("1.2.3")->minor, 2U);
}

TEST(Syntax, CpuLists) {
  EXPECT_EQ(parse_cpu_list("0-3,7"), (Cpus{0, 1, 2, 3, 7}));
  EXPECT_EQ(parse_cpu_list("0, 2 - 3"), (Cpus{0, 2, 3}));
  EXPECT_EQ(parse_cpu_list("5"), (Cpus{5}));
  for (const char* bad :
       {"", ",", "1,", "a", "3-1", "1-", "-1", "1-2-3", "65536", "0x1", "1;2", "0-4294967296"}) {
    EXPECT_FALSE(parse_cpu_list(bad).has_value()) << bad;
  }
}

TEST(Syntax, ACpuListCannotEatTheMemory) {
  std::string text = "0-65535";
  for (int i = 0; i < 10000; ++i) text += ",0-65535";
  EXPECT_FALSE(parse_cpu_list(text).has_value());
}

TEST(Syntax, SysctlFiles) {
  EXPECT_EQ(sysctl_file("net.ipv4.ip_forward"), "net/ipv4/ip_forward");
  EXPECT_EQ(sysctl_file("net/ipv4/conf/eth0.1/rp_filter"), "net/ipv4/conf/eth0.1/rp_filter");
  EXPECT_EQ(sysctl_file("net.ipv4.conf.eth0/1.rp_filter"), "net/ipv4/conf/eth0.1/rp_filter");
  for (const char* bad :
       {"", ".", "net..x", "net.", "/net/x", "net/../kernel/x", "net.//.kernel.x", "net/./x"}) {
    EXPECT_FALSE(sysctl_file(bad).has_value()) << bad;
  }
}

TEST(Syntax, InterfaceNames) {
  for (const char* good : {"eth0", "eth%d", "a-very-long-nam"})
    EXPECT_TRUE(is_interface_name(good)) << good;
  for (const char* bad : {"", ".", "..", "a/b", "a b", "a:1", "sixteen-letters!", "a\nb"}) {
    EXPECT_FALSE(is_interface_name(bad)) << bad;
  }
}

TEST(Syntax, Climbing) {
  for (const char* path : {"..", "/a/../b", "a/..", "../a"}) EXPECT_TRUE(climbs(path)) << path;
  for (const char* path : {"", "/a/..b", "...", "a.../b", "/a/b"})
    EXPECT_FALSE(climbs(path)) << path;
}

}  // namespace
}  // namespace asylum::spec
