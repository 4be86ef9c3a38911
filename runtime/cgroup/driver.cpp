// SPDX-License-Identifier: Apache-2.0
#include "runtime/cgroup/driver.h"

#include <array>

#include "runtime/base/error.h"
#include "runtime/cgroup/fs_driver.h"

namespace asylum::cgroup {
namespace {

std::unique_ptr<Driver> make_fs_driver() {
  return std::make_unique<FsDriver>();
}

}  // namespace

DriverFactory& driver_factory(CgroupManager manager) {
  static std::array<DriverFactory, 3> factories{make_fs_driver, nullptr, nullptr};
  return factories.at(static_cast<std::size_t>(manager));
}

std::unique_ptr<Driver> make_driver(CgroupManager manager) {
  if (manager == CgroupManager::disabled) return nullptr;
  if (DriverFactory make = driver_factory(manager)) return make();
  throw Error(ErrorKind::unsupported, "the systemd cgroup manager is not supported yet")
      .with_hint("leave --systemd-cgroup out, or use --cgroup-manager cgroupfs");
}

}  // namespace asylum::cgroup
