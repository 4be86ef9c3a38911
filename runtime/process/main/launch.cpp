// SPDX-License-Identifier: Apache-2.0
// Runs in: main; the functions that begin a child, in that child, right after its clone.
#include "runtime/process/main/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>

#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/knockout.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/late/both/mount_table.h"
#include "runtime/late/main/helper.h"
#include "runtime/plan/types/plan.h"
#include "runtime/process/both/channel.h"
#include "runtime/process/both/clone_flags.h"
#include "runtime/process/both/joins.h"
#include "runtime/process/init/builder_hooks.h"
#include "runtime/process/init/builder_steps.h"
#include "runtime/process/init/exec_steps.h"
#include "runtime/process/init/init.h"
#include "runtime/process/init/mounting_steps.h"
#include "runtime/process/init/steps.h"
#include "runtime/process/main/bridge.h"
#include "runtime/process/main/conversation.h"
#include "runtime/process/main/dialogue.h"
#include "runtime/sys/process/argument_area.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/procfs.h"
#include "runtime/sys/signals.h"

namespace asylum::process {
namespace {

// What is open of a container that is entered.
struct Opened {
  std::vector<Join> joins;
  sys::Fd root;  // init's own, where the mount namespace does not tell it
  sys::Fd pid_namespace;
};

// What the clone inherits in main's frame: copy-on-write, so the child may take it apart.
struct Cradle {
  const LaunchRequest& request;
  const Duties& duties;
  ParentChannel ours;
  ChildChannel theirs;
  Joins joins;    // of a container that is made
  Opened opened;  // of one that is entered
  std::vector<late::KernelView> host_views;
};

// The first acts of every child. Its command line is world-readable, in the container's procfs too,
// and in `ps` for as long as a created container waits; an exec's has secrets (--env).
void become_nobody(Cradle& cradle, const char* name) {
  // Else main's death would never be end of file for us.
  (void)cradle.ours.release();
  if (!knocked_out("launch", "wipe_arguments")) sys::wipe_argument_area();
  sys::set_name(name);
}

InitContext context_of(Cradle& cradle) {
  return {.plan = cradle.request.plan,
          .channel = std::move(cradle.theirs),
          .gate = cradle.request.gate,
          .host_views = std::move(cradle.host_views)};
}

void begin_init(void* place) noexcept {
  Cradle& cradle = *static_cast<Cradle*>(place);
  become_nobody(cradle, kInitName);
  try {
    join_all(cradle.joins.by_init);
  } catch (const Error& error) {
    cradle.theirs.failed(error);
    sys::exit_now(1);
  }
  InitContext init = context_of(cradle);
  init.mount_namespace = std::move(cradle.joins.at_the_end);
  cradle.joins = {};
  run_init(init);
}

sys::CloneRequest clone_of(const Cradle& cradle) {
  return {.namespaces = clone_flags_of(cradle.request.plan), .cgroup_fd = cradle.request.cgroup_fd};
}

void begin_bridge(void* place) noexcept {
  Cradle& cradle = *static_cast<Cradle*>(place);
  become_nobody(cradle, "asylum:[bridge]");
  cross({cradle.joins.by_bridge, clone_of(cradle), begin_init, &cradle}, cradle.theirs);
}

void begin_builder(void* place) noexcept {
  Cradle& cradle = *static_cast<Cradle*>(place);
  // Its child inherits the name.
  become_nobody(cradle, kInitName);
  InitContext context = context_of(cradle);
  context.is_bridge = true;
  context.forget = &cradle.duties.forget;
  context.joins = std::move(cradle.joins.by_bridge);
  context.later_joins = std::move(cradle.joins.by_init);
  context.mount_namespace = std::move(cradle.joins.at_the_end);
  context.last_join = std::move(cradle.joins.by_builder_last);
  context.pid_namespace = std::move(cradle.joins.pid_namespace);
  run_builder(context);
}

void begin_entering(void* place) noexcept {
  Cradle& cradle = *static_cast<Cradle*>(place);
  // Exec's child inherits the name.
  become_nobody(cradle, kInitName);
  InitContext context = context_of(cradle);
  context.joins = std::move(cradle.opened.joins);
  context.pid_namespace = std::move(cradle.opened.pid_namespace);
  if (cradle.opened.root) context.rootfs.replace_root(std::move(cradle.opened.root));
  switch (cradle.request.enter->errand) {
    case Errand::program:
      context.is_bridge = true;
      context.forget = &cradle.duties.forget;
      run_exec(context);
    case Errand::add_mounts:
      run_adding_mounts(context);
    case Errand::remove_mounts:
      run_removing_mounts(context);
    case Errand::create_container_hooks:
      run_hooks_for(cradle.request.enter->init, context);
  }
  sys::exit_now(1);
}

sys::Child clone_first(Cradle& cradle, Birthplace birthplace) {
  if (cradle.request.enter) {
    const int cgroup = birthplace == Birthplace::outside ? -1 : cradle.request.cgroup_fd;
    return sys::clone_process({.cgroup_fd = cgroup}, begin_entering, &cradle);
  }
  if (cradle.joins.need_builder()) {
    return sys::clone_process({.cgroup_fd = cradle.request.cgroup_fd}, begin_builder, &cradle);
  }
  if (cradle.joins.by_bridge.empty()) {
    return sys::clone_process(clone_of(cradle), begin_init, &cradle);
  }
  return sys::clone_process({.cgroup_fd = cradle.request.cgroup_fd}, begin_bridge, &cradle);
}

sys::Child clone_child(Cradle& cradle, Birthplace birthplace) {
  Step step{cradle.request.enter ? "enter the container" : "clone the container's init process",
            cradle.request.enter ? "" : "/linux/namespaces"};
  // A signal between clone and init's own dispositions would run main's handlers in it, or end it
  // unexplained.
  const sigset_t before = sys::block_all_signals();
  try {
    sys::Child child = clone_first(cradle, birthplace);
    sys::set_signal_mask(before);
    cradle.theirs.close();
    return child;
  } catch (...) {
    sys::set_signal_mask(before);
    throw;
  }
}

Opened open_container(const plan::Plan& plan, const Entrance& entrance) {
  Opened opened;
  // For all else nobody need be seen in it.
  const bool stays_out = entrance.errand != Errand::program;
  opened.joins = joins_of_process(plan, entrance.init, entrance.init_pidfd,
                                  stays_out ? std::uint64_t{CLONE_NEWPID} : 0);
  const std::string process = cat(entrance.init);
  if (plan.root.is != plan::RootIs::own) {
    opened.root = sys::Procfs::open_host().open_link(process, "root", O_PATH | O_DIRECTORY);
  }
  if (stays_out && has_namespace(plan, NamespaceType::pid)) {
    opened.pid_namespace = sys::Procfs::open_host().open_link(process + "/ns", "pid", O_RDONLY);
  }
  return opened;
}

// Init may not look for them itself: a mount table takes a library to read, and it has none.
std::vector<late::KernelView> host_views_of(const plan::Plan& plan) {
  if (!plan.root.no_pivot) return {};
  const Step step{"find what --no-pivot would leave in reach"};
  return late::kernel_views(late::read_mount_table());
}

Expect expectation(const Cradle& cradle) {
  const LaunchRequest& request = cradle.request;
  if (!request.enter && cradle.joins.need_builder()) {
    return expect_of_builder(request.plan, cradle.joins.by_builder_last.has_value());
  }
  if (!request.enter) {
    Expect expect = expect_of(request.plan);
    if (!cradle.joins.by_bridge.empty()) expect.birth = Birth::bridged_first;
    return expect;
  }
  switch (request.enter->errand) {
    case Errand::program:
      return expect_of_exec(request.plan);
    case Errand::add_mounts:
      return Expect{.mount_sources = true};
    case Errand::remove_mounts:
    case Errand::create_container_hooks:
      return {};
  }
  return {};
}

Launched attempt(const LaunchRequest& request, const Duties& duties, Birthplace birthplace) {
  auto [ours, theirs] = make_channel();
  Cradle cradle{request, duties, std::move(ours), std::move(theirs), {}, {}, {}};
  if (request.enter) {
    cradle.opened = open_container(request.plan, *request.enter);
  } else {
    cradle.joins = open_joins(request.plan);
    cradle.host_views = host_views_of(request.plan);
  }
  const Expect expect = expectation(cradle);
  if (expect.birth != Birth::cloned) cradle.ours.ask_for_senders();
  sys::Child first = clone_child(cradle, birthplace);
  cradle.joins = {};
  cradle.opened = {};
  sys::Child ready =
      Conversation(request, duties, expect, birthplace, cradle.ours, std::move(first)).hold();
  return {ready.pid, std::move(ready.pidfd), cradle.ours.release()};
}

// Of the two places that bridge and child need there may be none or one (EAGAIN), or a process
// cannot be born there at all, below a threaded parent (EOPNOTSUPP).
bool wants_migration(const LaunchRequest& request, const Error& error) {
  if (!request.enter || request.cgroup_fd < 0) return false;
  return (error.err == EAGAIN && (error.syscall == "clone" || error.syscall == "clone3")) ||
         (error.err == EOPNOTSUPP && error.syscall == "clone3");
}

}  // namespace

Launched launch(const LaunchRequest& request, const Duties& duties) {
  try {
    return attempt(request, duties, Birthplace::cgroup);
  } catch (const Error& error) {
    if (!wants_migration(request, error)) throw;
  }
  return attempt(request, duties, Birthplace::outside);
}

void commit(Launched& launched) {
  ParentChannel channel(std::move(launched.channel));
  channel.committed();
}

}  // namespace asylum::process
