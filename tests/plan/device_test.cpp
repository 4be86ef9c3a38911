// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/device_plan.h"

#include <gmock/gmock.h>

#include "runtime/plan/types/root.h"
#include "tests/base/growth.h"
#include "tests/plan/support.h"

namespace asylum::plan::test {
namespace {

using spec::Spec;

spec::Device character(std::string path, std::int64_t major, std::int64_t minor) {
  spec::Device out;
  out.path = std::move(path);
  out.major = major;
  out.minor = minor;
  return out;
}

const DeviceNode* find(const Planning& planning, std::string_view path) {
  for (const DeviceNode& one : planning.plan.devices) {
    if (one.path == path) return &one;
  }
  return nullptr;
}

TEST(PlanDevices, MakesTheDefaults) {
  const Planning planning = plan_for(spec::default_spec());
  ASSERT_EQ(planning.plan.devices.size(), 6U);
  const DeviceNode* null = find(planning, "/dev/null");
  ASSERT_NE(null, nullptr);
  EXPECT_EQ(null->major, 1U);
  EXPECT_EQ(null->minor, 3U);
  EXPECT_EQ(null->mode, 0666U);
  EXPECT_FALSE(null->bind_from_host);
  EXPECT_EQ(find(planning, "/dev/console"), nullptr) << "it comes from the terminal";
  ASSERT_EQ(planning.plan.links.size(), 6U);
  EXPECT_EQ(planning.plan.links[5].path, "/dev/ptmx");
  EXPECT_EQ(planning.plan.links[5].target, "pts/ptmx");
}

TEST(PlanDevices, TheConfigReplacesADefault) {
  const Planning planning = plan_for(changed([](Spec& s) {
    s.linux.devices = {character("/dev/../dev/null", 1, 3), character("/dev/fuse", 10, 229)};
    s.linux.devices[0].file_mode = 0600;
    s.linux.devices[1].uid = 7;
  }));
  EXPECT_EQ(errors_of(planning), "");
  ASSERT_EQ(planning.plan.devices.size(), 7U);
  EXPECT_EQ(find(planning, "/dev/null")->mode, 0600U);
  EXPECT_EQ(find(planning, "/dev/null")->pointer, "/linux/devices/0");
  EXPECT_EQ(find(planning, "/dev/fuse")->mode, 0666U);
  EXPECT_EQ(find(planning, "/dev/fuse")->uid, 7U);
}

TEST(PlanDevices, CostTheSameEach) {
  EXPECT_LT(growth(1000,
                   [](std::size_t count) {
                     const auto planning = plan_for(changed([count](spec::Spec& s) {
                       for (std::size_t i = 0; i < count; ++i) {
                         s.linux.devices.push_back(character(cat("/dev/node", i), 1, 3));
                       }
                     }));
                     EXPECT_GE(planning.plan.devices.size(), count);
                   }),
            kQuadratic);
}

TEST(PlanDevices, InAUserNamespaceNodesAreBound) {
  Spec spec = spec::default_spec(spec::RootlessOwner{1000, 1000});
  spec.linux.devices = {character("/dev/fuse", 10, 229)};
  spec.linux.devices[0].file_mode = 0600;
  spec::Device fifo;
  fifo.type = spec::DeviceType::fifo;
  fifo.path = "/dev/initctl";
  spec.linux.devices.push_back(fifo);
  const Planning planning = plan_for(spec, rootless_host());
  EXPECT_TRUE(find(planning, "/dev/null")->bind_from_host);
  EXPECT_TRUE(find(planning, "/dev/fuse")->bind_from_host);
  EXPECT_NE(warning_at(planning, "/linux/devices/0"), "") << "its mode is the host's";
  EXPECT_FALSE(find(planning, "/dev/initctl")->bind_from_host) << "anyone may make a fifo";
}

TEST(PlanDevices, NothingIsMadeInABoundDev) {
  const Planning planning = plan_for(changed([](Spec& s) {
    s.mounts = {mount("/dev", "none", "/dev", {"rbind"})};
    s.linux.devices = {character("/dev/fuse", 10, 229)};
  }));
  EXPECT_TRUE(planning.plan.devices.empty());
  EXPECT_TRUE(planning.plan.links.empty());
  EXPECT_NE(warning_at(planning, "/linux/devices"), "");
}

void without_dev(Spec& s) {
  std::erase_if(s.mounts, [](const auto& one) { return one.destination.starts_with("/dev"); });
}

TEST(PlanDevices, NothingIsMadeInADevThatNoMountBrought) {
  const Planning planning = plan_for(changed(without_dev));
  EXPECT_FALSE(planning.plan.own_dev);
  EXPECT_TRUE(planning.plan.devices.empty());
  EXPECT_TRUE(planning.plan.links.empty());
  EXPECT_NE(warning_at(planning, "/mounts"), "");
  EXPECT_EQ(errors_of(planning), "");
}

TEST(PlanDevices, TheHostsOwnRootNeedsNoWarning) {
  const Planning planning = plan_for(changed([](Spec& s) {
    without_dev(s);
    s.root->path = "/";
  }));
  EXPECT_TRUE(planning.plan.devices.empty());
  EXPECT_TRUE(planning.plan.links.empty());
  EXPECT_EQ(warnings_of(planning), "");
}

TEST(PlanDevices, OnlyANewFileSystemBringsADev) {
  struct Case {
    std::vector<spec::Mount> mounts;
    bool own;
  };
  const spec::Mount tmpfs = mount("/dev", "tmpfs", "tmpfs", {});
  const spec::Mount bind = mount("/dev", "bind", "/dev", {"rbind"});
  const spec::Mount new_root = mount("/", "tmpfs", "tmpfs", {});
  const spec::Mount bound_root = mount("/", "bind", "/", {"rbind"});
  const spec::Mount devtmpfs = mount("/dev", "devtmpfs", "devtmpfs", {});
  const spec::Mount remount = mount("/dev", "", "", {"remount", "nosuid"});
  const spec::Mount below = mount("/dev/shm", "tmpfs", "tmpfs", {});
  const Case cases[] = {
      {{tmpfs}, true},
      {{tmpfs, remount}, true},
      {{new_root}, true},
      {{bound_root, tmpfs}, true},
      {{bind, tmpfs}, true},
      {{below}, false},
      {{bind}, false},
      {{bound_root}, false},
      {{devtmpfs}, false},
      {{tmpfs, bind}, false},
      {{tmpfs, bound_root}, false},
      {{remount}, false},
  };
  for (const Case& one : cases) {
    const Planning planning = plan_for(changed([&](Spec& s) { s.mounts = one.mounts; }));
    EXPECT_EQ(planning.plan.own_dev, one.own) << &one - cases;
    EXPECT_EQ(planning.plan.devices.size(), one.own ? 6U : 0U) << &one - cases;
  }
}

TEST(PlanDevices, ANodeThatCannotBeMadeIsAnError) {
  Spec spec = changed(without_dev);
  spec.linux.devices = {character("/dev/fuse", 10, 229), character("/srv/fuse", 10, 229)};
  const Planning planning = plan_for(spec);
  EXPECT_THAT(error_at(planning, "/linux/devices/0"),
              testing::HasSubstr("\"/dev/fuse\" cannot be made: nothing is mounted on /dev"));
  EXPECT_EQ(error_at(planning, "/linux/devices/1"), "") << "the config's word, in its own root";
  spec.root->path = "/";
  EXPECT_NE(error_at(plan_for(spec), "/linux/devices/1"), "") << "it would remain on the host";
}

}  // namespace
}  // namespace asylum::plan::test
