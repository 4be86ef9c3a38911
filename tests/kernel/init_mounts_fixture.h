// SPDX-License-Identifier: Apache-2.0
// Init's steps on a root file system of busybox, in a private mount namespace, without a container.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <string>

#include "runtime/process/init/steps.h"
#include "runtime/sys/file.h"
#include "tests/kernel/init_support.h"

namespace asylum::process {

class InitMounts : public ::testing::Test {
 protected:
  void SetUp() override {
    REQUIRE_ROOT();
    if (!has_static_busybox()) GTEST_SKIP() << "needs busybox-static";
    plan_ = default_plan(root_, "true");
    plan_.mounts.clear();
    plan_.devices.clear();
    plan_.links.clear();
    plan_.masked_paths.clear();
    plan_.readonly_paths.clear();
  }
  std::string with(const std::function<void(InitContext&)>& body) {
    return in_root(root_, plan_, body);
  }
  void symlink(const std::string& target, const std::string& path) {
    ::rmdir(root_.at(path).c_str());
    ASSERT_EQ(::symlink(target.c_str(), root_.at(path).c_str()), 0);
  }
  void write_file(const std::string& path, const std::string& text, mode_t mode = 0644) {
    const sys::Fd file = sys::open_at(AT_FDCWD, root_.at(path), O_WRONLY | O_CREAT | O_TRUNC, mode);
    sys::write_all(file.get(), text);
  }

  BusyboxRoot root_;
  plan::Plan plan_;
};

}  // namespace asylum::process
