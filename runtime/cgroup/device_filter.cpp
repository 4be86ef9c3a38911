// SPDX-License-Identifier: Apache-2.0
#include "runtime/cgroup/device_filter.h"

#include <cerrno>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/knockout.h"
#include "runtime/base/log.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/cgroup.h"
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

void attach_device_filter(const Cgroup& cgroup, const plan::DeviceFilter& filter,
                          bool mknod_is_impossible) {
  if (knocked_out("cgroup", "devices")) return;
  Step step{cat("restrict the devices of cgroup ", cgroup.path()), filter.pointer};
  try {
    const sys::Fd program = sys::load_device_program(filter.program, kDeviceProgramName);
    sys::attach_device_program(cgroup.fd(), program.get());
  } catch (const Error& error) {
    // Without CAP_BPF or CAP_NET_ADMIN. Where no device node can be made either, the container has
    // only the devices that are bind-mounted for it, so it is no more powerful without the filter.
    if (error.err != EPERM || !mknod_is_impossible) throw;
    log::debug("no device filter: BPF is not permitted here, and neither is mknod");
  }
}

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
