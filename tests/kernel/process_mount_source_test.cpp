// SPDX-License-Identifier: Apache-2.0
// Mount sources that main hands to init: id-mapped ones, and the attack on the locks of a host
// mount (design §6).
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "runtime/base/text.h"
#include "runtime/plan/types/plan.h"
#include "runtime/sys/file.h"
#include "tests/kernel/init_support.h"
#include "tests/kernel/kernel_support.h"

namespace asylum::process {
namespace {

using ::testing::HasSubstr;

/// A tmpfs of the host with a file of root's, and a directory that only root may enter.
class HostMount {
 public:
  explicit HostMount(const BusyboxRoot& root) : path_(root.state() + "/source") {
    ::mkdir(path_.c_str(), 0755);
    EXPECT_EQ(::mount("tmpfs", path_.c_str(), "tmpfs", 0, "mode=755"), 0);
    const sys::Fd file = sys::open_at(AT_FDCWD, at("/file"), O_WRONLY | O_CREAT, 0644);
    sys::write_all(file.get(), "host\n");
    ::mkdir(at("/private").c_str(), 0700);
    ::mkdir(at("/private/data").c_str(), 0755);
    ::chmod(at("/private/data").c_str(), 0777);
  }
  ~HostMount() { ::umount2(path_.c_str(), MNT_DETACH); }
  const std::string& path() const { return path_; }
  std::string at(const char* name) const { return path_ + name; }

 private:
  std::string path_;
};

class ProcessMountSource : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    if (!has_static_busybox()) GTEST_SKIP() << "needs busybox-static";
  }

  static plan::Plan user_plan(const BusyboxRoot& root, const std::string& script) {
    plan::Plan plan = default_plan(root, script);
    plan.namespaces.insert(plan.namespaces.begin(), {NamespaceType::user, "", ""});
    plan.id_maps.emplace();
    plan.id_maps->uids = plan.id_maps->gids = {{0, 100000, 65536}};
    for (plan::DeviceNode& device : plan.devices) device.bind_from_host = true;
    return plan;
  }

  // The container's root, in its own map, may reach the root file system.
  static void open_up(const BusyboxRoot& root) { ::chmod(root.state().c_str(), 0755); }
};

TEST_F(ProcessMountSource, IdMappedWithTheContainersOwnMap) {
  if (!kernel_is_at_least(6, 3)) GTEST_SKIP() << "tmpfs has no id-mapped mounts before 6.3";
  in_child(CLONE_NEWNS, [] {
    const BusyboxRoot root;
    open_up(root);
    const HostMount source(root);
    plan::Plan plan = user_plan(root, "stat -c %u:%g /data/file; echo new > /data/new");
    plan.mounts.push_back(bind_mount(source.path(), "/data"));
    plan.mounts.back().idmap.emplace();
    const Outcome outcome = run_container(root, plan);
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.output, "0:0\n");
    struct stat status {};
    ASSERT_EQ(::stat(source.at("/new").c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, 0U) << "the container's root writes as the owner of the source";
  });
}

TEST_F(ProcessMountSource, IdMappedWithAMapOfItsOwn) {
  if (!kernel_is_at_least(6, 3)) GTEST_SKIP() << "tmpfs has no id-mapped mounts before 6.3";
  in_child(CLONE_NEWNS, [] {
    const BusyboxRoot root;
    const HostMount source(root);
    plan::Plan plan = default_plan(root, "stat -c %u:%g /data/file");
    plan.mounts.push_back(bind_mount(source.path(), "/data"));
    plan.mounts.back().idmap.emplace();
    plan.mounts.back().idmap->uids = {{0, 5000, 10}};
    plan.mounts.back().idmap->gids = {{0, 6000, 10}};
    const Outcome outcome = run_container(root, plan);
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.output, "5000:6000\n");
  });
}

TEST_F(ProcessMountSource, AFileSystemThatCannotMapIdsIsExplained) {
  in_child(CLONE_NEWNS, [] {
    const BusyboxRoot root;
    plan::Plan plan = default_plan(root, "true");
    plan.mounts.push_back(bind_mount("/proc/sys", "/data"));
    plan.mounts.back().idmap.emplace();
    plan.mounts.back().idmap->uids = plan.mounts.back().idmap->gids = {{0, 5000, 10}};
    const Outcome outcome = run_container(root, plan);
    EXPECT_THAT(outcome.error, HasSubstr("map the ids of the mount: invalid argument"));
  });
}

TEST_F(ProcessMountSource, ASourceThatTheContainerMayNotReachIsHandedOver) {
  in_child(CLONE_NEWNS, [] {
    const BusyboxRoot root;
    open_up(root);
    const HostMount source(root);
    plan::Plan plan = user_plan(root, "echo new > /data/new && echo written");
    plan.mounts.push_back(bind_mount(source.at("/private/data"), "/data"));
    const Outcome outcome = run_container(root, plan);
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.output, "written\n");
  });
}

/// The attack: what the host mounted read-only is handed over, and the container clears the flag.
TEST_F(ProcessMountSource, AReadOnlyMountOfTheHostIsNotHandedOver) {
  for (const bool recursive : {false, true}) {
    in_child(CLONE_NEWNS, [recursive] {
      const BusyboxRoot root;
      open_up(root);
      const HostMount source(root);
      ASSERT_EQ(::mount(nullptr, source.path().c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY,
                        nullptr),
                0);
      plan::Plan plan =
          user_plan(root, "mount -o remount,bind,rw /data; echo broken > /data/private/data/x");
      plan.process.identity.capabilities.bounding |= 1U << 21;  // CAP_SYS_ADMIN
      plan.mounts.push_back(
          bind_mount(source.at(recursive ? "" : "/private/data"), "/data", recursive));
      if (recursive) plan.mounts.back().idmap.emplace();
      const Outcome outcome = run_container(root, plan);
      EXPECT_THAT(outcome.error, HasSubstr("is mounted ro on the host"));
      EXPECT_EQ(outcome.pointer, plan.mounts.back().pointer);
      EXPECT_NE(::access(source.at("/private/data/x").c_str(), F_OK), 0);
    });
  }
}

TEST_F(ProcessMountSource, AReadOnlyMountBelowATreeCountsToo) {
  in_child(CLONE_NEWNS, [] {
    const BusyboxRoot root;
    open_up(root);
    const HostMount source(root);
    const std::string below = source.at("/private");
    ASSERT_EQ(::mount("tmpfs", below.c_str(), "tmpfs", MS_RDONLY, nullptr), 0);
    plan::Plan plan = user_plan(root, "echo ran");
    plan.mounts.push_back(bind_mount(source.path(), "/data", /*recursive=*/true));
    plan.mounts.back().idmap.emplace();
    plan.mounts.back().idmap->recursive = true;
    EXPECT_THAT(run_container(root, plan).error, HasSubstr("is mounted ro on the host"));
  });
}

}  // namespace
}  // namespace asylum::process
