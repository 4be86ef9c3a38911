// SPDX-License-Identifier: Apache-2.0
// Runs in: main (and begin_init() in init, right after clone).
#include "runtime/process/launch.h"

#include <sched.h>
#include <signal.h>

#include <optional>
#include <utility>

#include "runtime/base/knockout.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/process/bridge.h"
#include "runtime/process/channel.h"
#include "runtime/process/clone_flags.h"
#include "runtime/process/dialogue.h"
#include "runtime/process/exec_steps.h"
#include "runtime/process/explain_death.h"
#include "runtime/process/filter_blame.h"
#include "runtime/process/id_maps.h"
#include "runtime/process/init.h"
#include "runtime/process/joins.h"
#include "runtime/process/limits.h"
#include "runtime/process/mount_source.h"
#include "runtime/process/mounting_steps.h"
#include "runtime/process/seccomp_agent.h"
#include "runtime/sys/namespaces.h"
#include "runtime/sys/process.h"
#include "runtime/sys/procfs.h"
#include "runtime/sys/signals.h"

namespace asylum::process {
namespace {

constexpr std::int64_t kDeathTimeoutMs = 10'000;

// What the clone inherits in main's frame: copy-on-write, so init may take it apart.
struct Birth {
  const LaunchRequest& request;
  ParentChannel ours;
  ChildChannel theirs;
  Joins joins;
};

[[noreturn]] void run_errand(Errand errand, InitContext& init) noexcept {
  switch (errand) {
    case Errand::program:
      run_exec(init);
    case Errand::add_mounts:
      run_adding_mounts(init);
    case Errand::remove_mounts:
      run_removing_mounts(init);
  }
  sys::exit_now(1);
}

void begin_init(void* context) noexcept {
  Birth& birth = *static_cast<Birth*>(context);
  // Else main's death would never be end of file for us.
  (void)birth.ours.release();
  sys::set_name(kInitName);
  const bool enters = birth.request.enter.has_value();
  try {
    // CVE-2016-9962: processes of the container that we enter must not get hold of us.
    if (enters) sys::set_dumpable(false);
    if (!birth.joins.needs_bridge) join_all(birth.joins.by_child);
  } catch (const Error& error) {
    birth.theirs.failed(error);
    sys::exit_now(1);
  }
  InitContext init{
      .plan = birth.request.plan, .channel = std::move(birth.theirs), .gate = birth.request.gate};
  init.mount_namespace = std::move(birth.joins.at_the_end);
  if (birth.joins.root) init.rootfs.replace_root(std::move(birth.joins.root));
  birth.joins = {};
  if (!enters) run_init(init);
  run_errand(birth.request.enter->errand, init);
}

sys::Child clone_where_we_are(Birth& birth) {
  const bool enters = birth.request.enter.has_value();
  const sys::CloneRequest clone{.namespaces = enters ? 0 : clone_flags_of(birth.request.plan),
                                .cgroup_fd = birth.request.cgroup_fd};
  if (!birth.joins.needs_bridge) return sys::clone_process(clone, begin_init, &birth);
  return clone_over_bridge({birth.joins.by_child, clone, begin_init, &birth});
}

sys::Child clone_in_joined_namespaces(Birth& birth) {
  Excursion excursion(birth.joins.by_main);
  try {
    sys::Child child = clone_where_we_are(birth);
    excursion.leave();
    return child;
  } catch (...) {
    excursion.leave();
    throw;
  }
}

sys::Child clone_init(Birth& birth) {
  Step step{birth.request.enter ? "enter the container" : "clone the container's init process",
            birth.request.enter ? "" : "/linux/namespaces"};
  // A signal between clone and init's own dispositions would run main's handlers in it, or end it
  // unexplained.
  const sigset_t before = sys::block_all_signals();
  try {
    sys::Child child = clone_in_joined_namespaces(birth);
    sys::set_signal_mask(before);
    birth.theirs.close();
    return child;
  } catch (...) {
    sys::set_signal_mask(before);
    throw;
  }
}

// What needs the host's side of privilege, while init waits for `proceed` (and can still be written
// to: it makes itself non-dumpable right after).
void prepare_from_outside(const LaunchRequest& request, pid_t init) {
  const plan::Plan& plan = request.plan;
  if (plan.id_maps && !request.enter && !knocked_out("launch", "id_maps"))
    write_id_maps(init, *plan.id_maps);
  if (plan.process.oom_score_adj && !knocked_out("launch", "oom_score_adj")) {
    Step step{"set the OOM score adjustment", "/process/oomScoreAdj"};
    sys::Procfs::open_host().write(cat(init, "/oom_score_adj"), cat(*plan.process.oom_score_adj));
  }
  if (!knocked_out("launch", "raise_limits")) raise_hard_limits(init, plan.process.limits);
}

Expect expectation(const LaunchRequest& request) {
  if (!request.enter) return expect_of(request.plan);
  switch (request.enter->errand) {
    case Errand::program:
      return expect_of_exec(request.plan);
    case Errand::add_mounts:
      return Expect{.mount_sources = true};
    case Errand::remove_mounts:
      return {};
  }
  return {};
}

class Conversation {
 public:
  Conversation(const LaunchRequest& request, const Duties& duties, const sys::Child& child,
               ParentChannel& channel)
      : request_(request),
        duties_(duties),
        child_(child),
        channel_(channel),
        dialogue_(expectation(request)) {}

  void hold() {
    if (duties_.process_made) duties_.process_made(child_.pid, child_.pidfd.get());
    prepare_from_outside(request_, child_.pid);
    channel_.proceed(child_.pid);
    if (request_.plan.seccomp) filter_ = duties_.compile_filter();
    while (!dialogue_.is_over()) {
      auto message = channel_.receive();
      if (!message) explain_silence();
      act(dialogue_.on(message->type), *message);
    }
  }

 private:
  void act(Act act, Message& message) {
    switch (act) {
      case Act::send_mount_source:
        return channel_.mount_source(open_mount_source(request_.plan, message.number, child_.pid));
      case Act::run_hooks:
        duties_.run_host_hooks(child_.pid);
        return channel_.hooks_done();
      case Act::take_console:
        return take_console(message);
      case Act::note_attachment:
        duties_.attaching_root(static_cast<std::uint64_t>(message.number));
        return channel_.attachment_noted();
      case Act::send_filter:
        return channel_.filter(filter_);
      case Act::take_listener:
        return take_listener(static_cast<int>(message.number));
      case Act::finish:
        return;
      case Act::fail:
        throw_reported(message);
      case Act::out_of_order:
        throw Error(ErrorKind::internal, cat("init sent ", name_of(message.type), " out of order"));
    }
  }

  void take_console(Message& message) {
    if (message.fds.size() != 1) throw Error(ErrorKind::internal, "init sent no terminal");
    duties_.take_console(std::move(message.fds.front()));
  }

  void take_listener(int number) {
    Step step{"hand the seccomp listener to its agent", "/linux/seccomp/listenerPath"};
    const sys::Fd listener = sys::get_fd_of(child_.pidfd.get(), number);
    // Only now may init close its own; the agent must have it before a rule notifies.
    FilteredProcess process{child_.pid};
    if (request_.enter) process.container_init = request_.enter->init;
    send_listener(request_.plan, process, listener);
    channel_.listener_taken();
  }

  [[noreturn]] static void throw_reported(Message& message) {
    if (!message.error) throw Error(ErrorKind::internal, "init failed without a reason");
    Step::enclose(*message.error);
    throw std::move(*message.error);
  }

  [[noreturn]] void explain_silence() {
    const plan::Plan& plan = request_.plan;
    const Death death =
        examine_death(child_.pid, child_.pidfd.get(), request_.cgroup_fd, kDeathTimeoutMs);
    std::optional<FilterBlame> blame;
    if (plan.seccomp && death.status) {
      const bool early = !plan.process.identity.no_new_privileges;
      blame = blame_for_death(*plan.seccomp,
                              early ? FilterStage::early_set_up : FilterStage::late_set_up,
                              *death.status);
    }
    throw explain(death, ErrorKind::os, "while it set the container up", blame);
  }

  const LaunchRequest& request_;
  const Duties& duties_;
  const sys::Child& child_;
  ParentChannel& channel_;
  Dialogue dialogue_;
  sys::Fd filter_;
};

void end_init(const sys::Child& child) noexcept {
  try {
    (void)sys::try_send_signal(child.pidfd.get(), SIGKILL);
    (void)sys::wait_pidfd(child.pidfd.get());
  } catch (const Error&) {
    // Not waitable: somebody ignores SIGCHLD and the kernel has reaped it.
  }
}

}  // namespace

std::uint64_t clone_flag_of(plan::NamespaceType type) {
  switch (type) {
    case plan::NamespaceType::user:
      return CLONE_NEWUSER;
    case plan::NamespaceType::mount:
      return CLONE_NEWNS;
    case plan::NamespaceType::pid:
      return CLONE_NEWPID;
    case plan::NamespaceType::network:
      return CLONE_NEWNET;
    case plan::NamespaceType::ipc:
      return CLONE_NEWIPC;
    case plan::NamespaceType::uts:
      return CLONE_NEWUTS;
    case plan::NamespaceType::cgroup:
      return CLONE_NEWCGROUP;
    case plan::NamespaceType::time:
      return CLONE_NEWTIME;
  }
  return 0;
}

std::uint64_t clone_flags_of(const plan::Plan& plan) {
  std::uint64_t flags = 0;
  for (const plan::Namespace& space : plan.namespaces) {
    if (space.path.empty()) flags |= clone_flag_of(space.type);
  }
  // Where the root is built: nobody sees it before it is whole.
  if (plan.root.is == plan::RootIs::attached) flags |= CLONE_NEWNS;
  // clone3 with NEWTIME freezes the offsets at once, so init makes the namespace itself
  // (time_namespaces(7)).
  if (!plan.time_offsets.empty()) flags &= ~std::uint64_t{CLONE_NEWTIME};
  return flags;
}

Launched launch(const LaunchRequest& request, const Duties& duties) {
  auto [ours, theirs] = make_channel();
  Birth birth{request, std::move(ours), std::move(theirs),
              request.enter
                  ? joins_of_process(request.plan, request.enter->init, request.enter->init_pidfd)
                  : open_joins(request.plan)};
  sys::Child child = clone_init(birth);
  birth.joins = {};
  try {
    Conversation(request, duties, child, birth.ours).hold();
  } catch (...) {
    end_init(child);
    throw;
  }
  return {child.pid, std::move(child.pidfd), birth.ours.release()};
}

void commit(Launched& launched) {
  ParentChannel channel(std::move(launched.channel));
  channel.committed();
}

}  // namespace asylum::process
