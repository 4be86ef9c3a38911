// SPDX-License-Identifier: Apache-2.0
// The seccomp filter: fetched as bytes from main, loaded where the table says.
// Runs in: init, after pivot_root.
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <string>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/plan.h"
#include "runtime/plan/types/process.h"
#include "runtime/process/init/birth_filter.h"
#include "runtime/process/init/steps.h"
#include "runtime/seccomp/words.h"
#include "runtime/sys/file.h"

namespace asylum::process {
namespace {

constexpr std::size_t kMaxProgramBytes = BPF_MAXINSNS * sizeof(sock_filter);

// libgcc's unwinder sets itself up at the first throw, with a futex(2). Where a filter refuses that
// one, libc aborts, and where it refuses kill too, libc spins for ever instead of us saying why.
void prepare_to_throw() {
  try {
    throw Error(ErrorKind::internal, "");
  } catch (const Error&) {
    // that was all
  }
}

void hand_over(InitContext& context, int listener) {
  // Main takes it with pidfd_getfd; ours is close-on-exec, and a filter may refuse close.
  context.channel.hand_over_listener(listener);
  // Of a bridge's child the container may get hold: no process is to answer for itself.
  if (context.is_bridge) sys::Fd(listener).reset();
}

}  // namespace

void fetch_filter(InitContext& context) {
  const sys::Fd file = context.channel.want_filter();
  if (!file) throw Error(ErrorKind::internal, "main sent no seccomp filter");
  // Read now: what comes after may be under a filter already, or under a limit of descriptors.
  context.filter = sys::read_all(file.get(), kMaxProgramBytes);
  prepare_to_throw();
  context.filter_waits = context.is_bridge && !lets_be_born(context.plan, context.filter);
}

void load_filter(InitContext& context) {
  if (context.filter_waits) return;
  std::string& bytes = context.filter;
  if (bytes.empty() || bytes.size() % sizeof(sock_filter) != 0) {
    throw Error(ErrorKind::internal, cat("a seccomp filter of ", bytes.size(), " bytes"));
  }
  sock_fprog program{};
  program.len = static_cast<unsigned short>(bytes.size() / sizeof(sock_filter));
  program.filter = reinterpret_cast<sock_filter*>(bytes.data());
  const std::optional<sys::PreparedCapabilities> after = power_after_filter(context);
  raise_power_for_filter(context);
  const std::uint32_t flags = seccomp::load_flags(*context.plan.seccomp);
  const long answer = ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
  if (answer < 0) throw_os("seccomp", errno, "load the filter");
  context.filter_loaded = true;
  if ((flags & SECCOMP_FILTER_FLAG_NEW_LISTENER) != 0) {
    hand_over(context, static_cast<int>(answer));
  }
  if (!after) return;
  const Step step{"give up CAP_SYS_ADMIN, which the seccomp filter was loaded with",
                  "/process/capabilities"};
  after->set();
}

void load_held_filter(InitContext& context) {
  if (!context.filter_waits) return;
  context.filter_waits = false;
  load_filter(context);
}

}  // namespace asylum::process
