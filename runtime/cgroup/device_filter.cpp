// SPDX-License-Identifier: Apache-2.0
#include "runtime/cgroup/device_filter.h"

#include <vector>

#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/sys/bpf.h"

namespace asylum::cgroup {
namespace {

std::vector<sys::Fd> our_programs(const Cgroup& cgroup) {
  std::vector<sys::Fd> ours;
  for (const std::uint32_t id : sys::attached_device_programs(cgroup.fd())) {
    sys::Fd program = sys::open_program(id);
    if (sys::name_of_program(program.get()) == kDeviceProgramName) {
      ours.push_back(std::move(program));
    }
  }
  return ours;
}

}  // namespace

std::pair<sys::Fd, sys::Fd> replace_device_filter(const Cgroup& cgroup,
                                                  std::span<const std::uint64_t> program) {
  const Step step{cat("replace the device filter of cgroup ", cgroup.path())};
  sys::Fd loaded = sys::load_device_program(program, kDeviceProgramName);
  std::vector<sys::Fd> ours = our_programs(cgroup);
  if (ours.empty()) {
    sys::attach_device_program(cgroup.fd(), loaded.get());
    return {sys::Fd(), std::move(loaded)};
  }
  sys::replace_device_program(cgroup.fd(), loaded.get(), ours.front().get());
  return {std::move(ours.front()), std::move(loaded)};
}

void restore_device_filter(const Cgroup& cgroup, const sys::Fd& old_program,
                           const sys::Fd& new_program) {
  if (!new_program) return;
  if (old_program) {
    sys::replace_device_program(cgroup.fd(), old_program.get(), new_program.get());
  } else {
    sys::detach_device_program(cgroup.fd(), new_program.get());
  }
}

}  // namespace asylum::cgroup
