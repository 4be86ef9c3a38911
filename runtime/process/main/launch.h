// SPDX-License-Identifier: Apache-2.0
// Main's side of a container start: one clone3, then the dialogue until init is ready.
// Runs in: main.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>

#include "runtime/process/both/await_child.h"
#include "runtime/process/both/start_gate.h"
#include "runtime/sys/fd.h"
#include "runtime/sys/poll.h"

namespace asylum::plan {
struct Plan;
}

namespace asylum::process {

/// What launch asks of its caller (container), in this order. process/ knows neither Spec nor
/// cgroup driver nor journal.
struct Duties {
  std::function<void(pid_t init, int pidfd)> process_made;  // right after the clone: journal it
  std::function<sys::Fd()>
      compile_filter;  // only called if the plan has seccomp; overlaps init's mounts
  std::function<void(pid_t init)> run_host_hooks;    // prestart, createRuntime
  std::function<void(sys::Fd master)> take_console;  // only if the plan has a terminal
  // Before the root appears in the joined mount namespace that the plan names: journal it.
  std::function<void(std::uint64_t mount_id)> attaching_root;
  // In what clones a process into a pid namespace that others share (birth.h): overwrites what the
  // caller has in memory and the container's processes are not to read in the visible child's copy.
  // No system calls.
  std::function<void()> forget{};
  // Where that makes a container: right after its clone, journal it. `process_made` comes when it
  // has cloned init.
  std::function<void(pid_t builder)> builder_made{};
};

/// What is done in a container that is entered.
enum class Errand : std::uint8_t {
  program,        // exec
  add_mounts,     // those of the plan; all or none. No gate: the child ends when they are made
  remove_mounts,  // what is mounted on their destinations, the last one first
  create_container_hooks,  // of a container that `init` is still building (builder_hooks.h)
};

/// The container that an exec enters.
struct Entrance {
  pid_t init = -1;
  int init_pidfd = -1;
  Errand errand = Errand::program;
};

struct LaunchRequest {
  const plan::Plan& plan;
  int cgroup_fd = -1;  // directory to clone into; -1 = stay where we are
  const GateEnds&
      gate;  // both FIFOs, open; inherited by init. The caller closes its own copy after launch
  std::optional<Entrance> enter = std::nullopt;  // exec: join this container, run exec's own steps
  IsFrozen is_frozen{};  // asked while the child keeps main waiting (await_child.h)
  sys::Deadline deadline = sys::Deadline::never();  // exec --timeout
};

/// Init, waiting for `committed`. Closing `channel` before commit() makes it exit.
struct Launched {
  pid_t pid = -1;
  sys::Fd pidfd;
  sys::Fd channel;
};

/// Blocks the signals only around the clone itself: init begins with all of them blocked and
/// default dispositions are its own first step. In order: clone, process_made, id maps,
/// oom_score_adj, hard limits that must rise (limits.h), `proceed`, compile_filter, dialogue.
/// Whatever throws, init is killed and reaped first. Throws what init reported, or an explanation
/// of its silence (signal, OOM, exit) from the wait status.
Launched launch(const LaunchRequest& request, const Duties& duties);

/// State is on disk: init may go to the gate. Closes the channel.
void commit(Launched& launched);

}  // namespace asylum::process
