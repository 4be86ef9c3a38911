// SPDX-License-Identifier: Apache-2.0
// The seam of the cgroup drivers: with a second driver, which puts containers elsewhere than their
// plan says, every verb finds, changes and removes their cgroup, and none goes around it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "runtime/base/text.h"
#include "runtime/cgroup/driver.h"
#include "runtime/cgroup/fs_driver.h"
#include "runtime/container/exec/exec.h"
#include "runtime/container/host/probe_cgroups.h"
#include "runtime/container/host/probe_host.h"
#include "runtime/container/state/existing.h"
#include "runtime/container/verbs/create.h"
#include "runtime/container/verbs/list.h"
#include "runtime/container/verbs/make_container.h"
#include "runtime/container/verbs/pause.h"
#include "runtime/container/verbs/prepare.h"
#include "runtime/container/verbs/ps.h"
#include "runtime/container/verbs/remove.h"
#include "runtime/container/verbs/start.h"
#include "runtime/container/verbs/update.h"
#include "runtime/plan/types/cgroup.h"
#include "runtime/sys/file.h"
#include "spec/default_spec.h"
#include "spec/write.h"
#include "tests/kernel/init_support.h"

namespace asylum::container {
namespace {

using ::testing::Contains;
using ::testing::SizeIs;

std::vector<std::string>& calls() {
  static std::vector<std::string> all;
  return all;
}

std::string elsewhere(const std::string& path) {
  return path + ".scope";
}

/// The file system's, under another name and in another place.
class SecondDriver : public cgroup::Driver {
 public:
  cgroup::Cgroup create(const cgroup::CreateRequest& request,
                        const cgroup::Witness& witness) override {
    calls().push_back(cat("create ", request.cgroup.path));
    plan::Cgroup moved = request.cgroup;
    moved.path = elsewhere(moved.path);
    return files_.create({moved, request.mknod_is_impossible, request.delegate_to}, witness);
  }
  void update(const cgroup::Place& place, const cgroup::Cgroup& cgroup,
              const cgroup::LimitsUpdate& update) override {
    calls().push_back(cat("update ", place.directory.path));
    files_.update(place, cgroup, update);
  }
  void remove(const cgroup::Place& place, const sys::Deadline& deadline) override {
    calls().push_back(cat("remove ", place.directory.path));
    files_.remove(place, deadline);
  }
  std::optional<cgroup::Cgroup> find(const cgroup::Place& place) override {
    calls().push_back(cat("find ", place.directory.path));
    return files_.find(place);
  }

 private:
  cgroup::FsDriver files_;
};

class ContainerDriverTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    if (!process::has_static_busybox()) GTEST_SKIP() << "needs busybox-static";
    if (probe_cgroups().mount_point.empty()) GTEST_SKIP() << "needs a cgroup2 mount";
    cgroup::driver_factory(CgroupManager::systemd) = []() -> std::unique_ptr<cgroup::Driver> {
      return std::make_unique<SecondDriver>();
    };
    calls().clear();
    root_.emplace();
    settings_.root = cat(state_.path(), "/root");
    create_container();
  }
  void TearDown() override {
    if (!root_) return;
    remove(settings_, "web1", true);
    cgroup::driver_factory(CgroupManager::systemd) = nullptr;
    EXPECT_FALSE(sys::try_identity_at(AT_FDCWD, cat(probe_cgroups().mount_point, path_)));
  }

  /// As create does, but that the plan names the second driver: the command line refuses it.
  void create_container() {
    spec::Spec spec = spec::default_spec();
    spec.process->terminal = false;
    spec.process->args = {"/bin/busybox", "sh", "-c", "exec sleep 1000"};
    spec.root->path = root_->path();
    spec.linux.cgroups_path = path_;
    state_.write("config.json", spec::write(spec));
    CreateOptions options;
    options.id = "web1";
    options.bundle = state_.path();
    Preparation preparation = prepare(settings_, options, {}, Attachment::detached);
    preparation.plan.cgroup.manager = CgroupManager::systemd;
    static_cast<void>(make_container(settings_, options, preparation, Attachment::detached));
  }

  template <typename Verb>
  void expect_found(Verb verb) {
    calls().clear();
    verb();
    EXPECT_THAT(calls(), Contains(cat("find ", place_)));
  }

  const std::string path_ = cat("/asylum-test-driver-", ::getpid());
  const std::string place_ = elsewhere(path_);
  std::optional<process::BusyboxRoot> root_;
  sys::TemporaryDirectory state_;
  Settings settings_;
};

TEST_F(ContainerDriverTest, EveryVerbGoesThroughTheDriverThatMadeTheCgroup) {
  EXPECT_THAT(calls(), Contains(cat("create ", path_)));
  expect_found([&] { start(settings_, "web1"); });
  expect_found([&] { pause(settings_, "web1"); });
  EXPECT_EQ(state(settings_, "web1").status, "paused");
  expect_found([&] { resume(settings_, "web1"); });
  expect_found([&] { EXPECT_THAT(processes(settings_, "web1"), SizeIs(1)); });
  ExecOptions program;
  program.id = "web1";
  program.args = {"/bin/busybox", "true"};
  expect_found([&] { EXPECT_EQ(exec(settings_, program), 0); });

  calls().clear();
  UpdateOptions limits;
  limits.id = "web1";
  limits.resources_file = cat(state_.path(), "/resources.json");
  state_.write("resources.json",
               R"({"devices": [{"allow": true, "type": "c", "major": 1, "access": "r"}]})");
  update(settings_, limits);
  EXPECT_THAT(calls(), Contains(cat("update ", place_)));

  calls().clear();
  remove(settings_, "web1", true);
  EXPECT_THAT(calls(), Contains(cat("remove ", place_)));
}

// The journal alone names the driver: a create that was killed before it wrote the record.
TEST_F(ContainerDriverTest, ItIsKnownFromEitherRecord) {
  const Container container(settings_, "web1");
  EXPECT_EQ(container.ledger().cgroup->manager, CgroupManager::systemd);
  const sys::Fd directory = sys::open_at(AT_FDCWD, cat(settings_.root, "/web1"), O_RDONLY);
  const std::string journal = sys::read_file_at(directory.get(), kJournalName);
  ASSERT_EQ(::unlinkat(directory.get(), kJournalName, 0), 0);
  EXPECT_EQ(Container(settings_, "web1").ledger().cgroup->manager, CgroupManager::systemd);
  sys::replace_file_at(directory.get(), kJournalName, journal, 0600);
}

}  // namespace
}  // namespace asylum::container
