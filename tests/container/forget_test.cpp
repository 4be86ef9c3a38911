// SPDX-License-Identifier: Apache-2.0
// What a process that the container can see must not have in its memory, and what it still needs.
#include "runtime/container/verbs/forget.h"

#include <gtest/gtest.h>

#include "runtime/plan/types/plan.h"
#include "spec/read/read.h"

namespace asylum::container {
namespace {

plan::Plan plan_with(HookStage stage) {
  plan::Plan plan;
  plan.root.path = "/host/rootfs";
  plan.mounts.emplace_back().source = "/host/volume";
  plan.state = {"1.3.0", "web1", "/host/bundle", {{"key", "secret"}}};
  plan.hooks[static_cast<std::size_t>(stage)].push_back(
      {"/host/hook", {"hook"}, {{"A=b"}}, {}, ""});
  return plan;
}

TEST(Forget, APlanLosesThePathsOfTheHostAndWhatHooksAreTold) {
  plan::Plan plan = plan_with(HookStage::create_container);
  forget(plan);
  EXPECT_EQ(plan.root.path, "");
  EXPECT_EQ(plan.mounts[0].source, "");
  EXPECT_EQ(plan.state.bundle, "");
  EXPECT_TRUE(plan.state.annotations.empty());
  EXPECT_EQ(plan.state.id, "web1");
  EXPECT_TRUE(plan.hooks_of(HookStage::create_container).empty());
}

// The process runs them itself, and the container sees them and their state then.
TEST(Forget, APlanKeepsStartContainerHooksAndTheirState) {
  plan::Plan plan = plan_with(HookStage::start_container);
  forget(plan);
  ASSERT_EQ(plan.hooks_of(HookStage::start_container).size(), 1U);
  EXPECT_EQ(plan.hooks_of(HookStage::start_container)[0].path, "/host/hook");
  EXPECT_EQ(plan.state.bundle, "/host/bundle");
  EXPECT_EQ(plan.mounts[0].source, "");
}

TEST(Forget, ABundleLosesItsDocumentAndWhatWasReadOfIt) {
  Bundle bundle;
  bundle.directory = "/host/bundle";
  bundle.document = spec::parse_document(
      R"({"ociVersion": "1.3.0", "root": {"path": "/host/rootfs"}, "annotations": {"key": "secret"},
          "mounts": [{"destination": "/data", "source": "/host/volume"}],
          "hooks": {"poststop": [{"path": "/host/hook", "env": ["TOKEN=secret"]}]}})");
  bundle.spec = spec::read(bundle.document).spec;
  ASSERT_EQ(bundle.spec.hooks.poststop.size(), 1U);
  forget(bundle);
  EXPECT_EQ(bundle.directory, "");
  EXPECT_EQ(bundle.document.text, "");
  EXPECT_TRUE(bundle.spec.hooks.poststop.empty());
  EXPECT_EQ(bundle.spec.annotations[0].value, "");
  EXPECT_EQ(bundle.spec.mounts[0].source, "");
  EXPECT_EQ(bundle.spec.root->path, "");
}

}  // namespace
}  // namespace asylum::container
