// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/state/record.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include "runtime/plan/types/plan.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::container {
namespace {

Record sample() {
  Record record;
  record.state = {
      "1.3.0", "web1", "/bundles/web 1", {{"org.example/key", "a\nvalue"}, {"empty", ""}}};
  record.rootfs = "/bundles/web 1/rootfs";
  record.created = "2026-01-02T03:04:05.000000006Z";
  record.owner = 1000;
  record.cgroup_manager = CgroupManager::disabled;
  record.keyring = "_ses.web1.123";
  record.own_pid_namespace = true;
  record.boot_id = "a-boot";
  record.cgroup = cgroup::Place{"/sys/fs/cgroup", {"/pods/web 1", 77}, {{"/pods", 76}}};
  plan::Hook hook;
  hook.path = "/bin/hook";
  hook.args = {"hook", "env", ""};
  hook.pointer = "/hooks/poststop/0";
  hook.timeout_s = 5;
  record.poststop = {hook};
  hook.env = std::vector<std::string>{};
  hook.timeout_s.reset();
  record.poststart = {hook};
  hook.env->push_back("A=b c");
  record.poststart.push_back(hook);
  return record;
}

void expect_equal(const plan::Hook& a, const plan::Hook& b) {
  EXPECT_EQ(a.path, b.path);
  EXPECT_EQ(a.args, b.args);
  EXPECT_EQ(a.env, b.env);  // absent differs from empty: it inherits
  EXPECT_EQ(a.timeout_s, b.timeout_s);
  EXPECT_EQ(a.pointer, b.pointer);
}

TEST(Record, WhatIsWrittenIsRead) {
  const Record before = sample();
  const auto after = read_record(write_record(before));
  ASSERT_TRUE(after);
  EXPECT_EQ(after->state.id, before.state.id);
  EXPECT_EQ(after->state.oci_version, before.state.oci_version);
  EXPECT_EQ(after->state.bundle, before.state.bundle);
  EXPECT_EQ(after->state.annotations, before.state.annotations);
  EXPECT_EQ(after->rootfs, before.rootfs);
  EXPECT_EQ(after->created, before.created);
  EXPECT_EQ(after->owner, before.owner);
  EXPECT_EQ(after->cgroup_manager, before.cgroup_manager);
  EXPECT_EQ(after->keyring, before.keyring);
  EXPECT_TRUE(after->own_pid_namespace);
  EXPECT_EQ(after->boot_id, before.boot_id);
  ASSERT_TRUE(after->cgroup);
  EXPECT_EQ(after->cgroup->manager, before.cgroup_manager);
  EXPECT_EQ(after->cgroup->mount_point, "/sys/fs/cgroup");
  EXPECT_EQ(after->cgroup->directory.path, "/pods/web 1");
  EXPECT_EQ(after->cgroup->directory.inode, 77U);
  ASSERT_EQ(after->cgroup->ancestors.size(), 1U);
  EXPECT_EQ(after->cgroup->ancestors[0].path, "/pods");
  EXPECT_EQ(after->cgroup->ancestors[0].inode, 76U);
  ASSERT_EQ(after->poststop.size(), 1U);
  expect_equal(after->poststop[0], before.poststop[0]);
  ASSERT_EQ(after->poststart.size(), 2U);
  expect_equal(after->poststart[0], before.poststart[0]);
  expect_equal(after->poststart[1], before.poststart[1]);
}

TEST(Record, WhatIsNoRecordIsRefused) {
  EXPECT_FALSE(read_record(""));
  EXPECT_FALSE(read_record("{}\n"));
  EXPECT_FALSE(read_record("asylum-record 1\nhook poststop /bin/x - - 9\n"));
  EXPECT_FALSE(read_record("asylum-record 1\ncgroup boot /m /a\n"));
  EXPECT_FALSE(read_record("asylum-record 1\ncgroup boot /m a 7\n"));
  EXPECT_FALSE(read_record("asylum-record 1\nid  web1\n"));
  EXPECT_FALSE(read_record("asylum-record 1\nid web1"));
}

TEST(Record, AnothersIsNotBelieved) {
  const sys::TemporaryDirectory state;
  state.write(kRecordName, "asylum-record 1\nid web1\n");
  EXPECT_TRUE(load_record(state.fd(), "web1").record);
  EXPECT_FALSE(load_record(state.fd(), "web2").record);
  EXPECT_NE(load_record(state.fd(), "web2").damage, "");
}

TEST(Record, OneThatOthersMayWriteIsNotBelieved) {
  const sys::TemporaryDirectory state;
  state.write(kRecordName, "asylum-record 1\nid web1\n");
  ASSERT_EQ(::fchmodat(state.fd(), kRecordName, 0622, 0), 0);
  EXPECT_FALSE(load_record(state.fd(), "web1").record);
  EXPECT_NE(load_record(state.fd(), "web1").damage, "");
}

TEST(Record, ANewPidNamespaceIsTheContainersOwn) {
  plan::Plan plan;
  EXPECT_FALSE(make_record(plan).own_pid_namespace);
  plan.namespaces = {{NamespaceType::pid, "/proc/1/ns/pid", ""}};
  EXPECT_FALSE(make_record(plan).own_pid_namespace);
  plan.namespaces = {{NamespaceType::pid, "", ""}};
  EXPECT_TRUE(make_record(plan).own_pid_namespace);
}

}  // namespace
}  // namespace asylum::container
