// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/init/birth_filter.h"

#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "runtime/plan/types/plan.h"
#include "runtime/process/both/limits.h"
#include "runtime/seccomp/evaluate.h"
#include "runtime/seccomp/words.h"
#include "runtime/sys/process/process.h"

namespace asylum::process {
namespace {

// Where an argument is an address: some filters tell null from all others.
constexpr std::uint64_t kSomeAddress = 0x7000'0000'0000;
constexpr std::uint64_t kSomeDescriptor = 5;

using Arguments = std::array<std::uint64_t, 4>;

class Judge {
 public:
  explicit Judge(std::string_view program) : program_(program) {}

  bool allows(long number, const Arguments& arguments) const {
    seccomp_data data{};
    data.nr = static_cast<int>(number);
    data.arch = seccomp::native_architecture().audit_arch;
    std::copy(arguments.begin(), arguments.end(), data.args);
    const std::uint32_t action = seccomp::evaluate(program_, data) & SECCOMP_RET_ACTION_FULL;
    return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
  }

 private:
  std::string_view program_;
};

}  // namespace

bool lets_be_born(const plan::Plan& plan, std::string_view program) {
  const Judge filter(program);
  if (!filter.allows(SYS_clone, {sys::kSiblingFlags}) || !filter.allows(SYS_setsid, {})) {
    return false;
  }
  if (plan.process.terminal && !filter.allows(SYS_ioctl, {0, TIOCSCTTY})) return false;
  if (seccomp::uses_notify(*plan.seccomp) && (!filter.allows(SYS_close, {kSomeDescriptor}) ||
                                              !filter.allows(SYS_read, {kSomeDescriptor}))) {
    return false;
  }
  const auto& limits = plan.process.limits;
  return std::all_of(limits.begin(), limits.end(), [&](const plan::ResourceLimit& limit) {
    return !counts_what_is_ours(limit) ||
           filter.allows(SYS_prlimit64, {0, limit.resource, kSomeAddress});
  });
}

}  // namespace asylum::process
