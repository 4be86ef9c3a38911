// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/main/conversation.h"

#include <signal.h>

#include <optional>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/knockout.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/plan.h"
#include "runtime/process/both/filter_blame.h"
#include "runtime/process/both/limits.h"
#include "runtime/process/both/scheduling.h"
#include "runtime/process/main/explain_death.h"
#include "runtime/process/main/id_maps.h"
#include "runtime/process/main/mount_source.h"
#include "runtime/process/main/seccomp_agent.h"
#include "runtime/sys/file.h"
#include "runtime/sys/procfs.h"

namespace asylum::process {
namespace {

void map_ids(const plan::Plan& plan, pid_t init) {
  if (plan.id_maps && !knocked_out("launch", "id_maps")) write_id_maps(init, *plan.id_maps);
}

// What needs the host's side of privilege, while init (or the bridge, whose child inherits it)
// waits for `proceed` and can still be written to: it makes itself non-dumpable right after.
void prepare_from_outside(const LaunchRequest& request, pid_t init) {
  const plan::Plan& plan = request.plan;
  if (plan.process.oom_score_adj && !knocked_out("launch", "oom_score_adj")) {
    Step step{"set the OOM score adjustment", "/process/oomScoreAdj"};
    sys::Procfs::open_host().write(cat(init, "/oom_score_adj"), cat(*plan.process.oom_score_adj));
  }
  if (!knocked_out("launch", "raise_limits")) raise_hard_limits(init, plan.process.limits);
}

// A migration is not held to pids.max, and goes where no process can be born (below a threaded
// parent): cgroups(7), cgroup-v2.rst.
void move_into_cgroup(int cgroup, pid_t pid) {
  Step step{"move the process into the container's cgroup", "/linux/cgroupsPath"};
  const auto failed = sys::try_write_control_at(cgroup, "cgroup.procs", cat(pid));
  if (failed) throw_os("write", *failed, "write to cgroup.procs");
}

void end(const sys::Child& child) noexcept {
  try {
    (void)sys::try_send_signal(child.pidfd.get(), SIGKILL);
    (void)sys::wait_pidfd(child.pidfd.get());
  } catch (const Error&) {
    // Not waitable: somebody ignores SIGCHLD and the kernel has reaped it.
  }
}

}  // namespace

Conversation::Conversation(const LaunchRequest& request, const Duties& duties, Expect expect,
                           Birthplace birthplace, ParentChannel& channel, sys::Child first)
    : request_(request),
      duties_(duties),
      birth_(expect.birth),
      birthplace_(birthplace),
      channel_(channel),
      partner_(std::move(first)),
      is_bridge_(expect.birth != Birth::cloned),
      dialogue_(expect) {}

sys::Child Conversation::hold() {
  try {
    hold_to_the_end();
  } catch (...) {
    end(partner_);
    throw;
  }
  return std::move(partner_);
}

void Conversation::hold_to_the_end() {
  if (birth_ != Birth::bridged_first) begin();
  while (!dialogue_.is_over()) {
    Message message = receive();
    act(dialogue_.on(message.type), message);
  }
}

void Conversation::begin() {
  if (birth_ == Birth::bridged_last) {
    if (duties_.builder_made) duties_.builder_made(partner_.pid);
  } else {
    if (duties_.process_made) duties_.process_made(partner_.pid, partner_.pidfd.get());
    // A builder has no user namespace yet, an exec's was there before.
    if (!request_.enter) map_ids(request_.plan, partner_.pid);
  }
  prepare_from_outside(request_, partner_.pid);
  channel_.proceed(partner_.pid);
  if (request_.plan.seccomp) filter_ = duties_.compile_filter();
}

Message Conversation::receive() {
  Speaker speaker;
  speaker.child = {partner_.pid, partner_.pidfd.get(), request_.is_frozen, request_.deadline};
  speaker.is_alone = birth_ == Birth::cloned;
  // The container may have got hold of it.
  if (birth_ == Birth::bridged_last) speaker.may_log = is_bridge_;
  auto message = channel_.receive(speaker);
  if (!message) explain_silence();
  return std::move(*message);
}

void Conversation::act(Act act, Message& message) {
  switch (act) {
    case Act::write_id_maps:
      map_ids(request_.plan, partner_.pid);
      return channel_.id_maps_written();
    case Act::send_mount_source:
      return channel_.mount_source(open_mount_source(request_.plan, message.number, partner_.pid));
    case Act::run_hooks:
      duties_.run_host_hooks(partner_.pid);
      return channel_.hooks_done();
    case Act::run_container_hooks:
      run_hooks_for_builder();
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
    case Act::meet_child:
      return meet_child(static_cast<pid_t>(message.number));
    case Act::finish:
      return;
    case Act::fail:
      if (!message.error) throw Error(ErrorKind::internal, "init failed without a reason");
      Step::enclose(*message.error);
      throw std::move(*message.error);
    case Act::out_of_order:
      throw Error(ErrorKind::internal, cat("init sent ", name_of(message.type), " out of order"));
  }
}

void Conversation::meet_child(pid_t pid) {
  // It is our child and unreaped, so the number is its, dead or alive.
  sys::Child child{pid, sys::open_pidfd(pid)};
  // It has nothing to do any more; a filter may refuse it its exit.
  end(partner_);
  partner_ = std::move(child);
  is_bridge_ = false;
  if (birth_ == Birth::bridged_first) return begin();
  if (duties_.process_made) duties_.process_made(partner_.pid, partner_.pidfd.get());
  complete_from_outside();
  channel_.proceed(pid);
}

void Conversation::run_hooks_for_builder() {
  LaunchRequest request{request_.plan, request_.cgroup_fd, request_.gate};
  request.enter = Entrance{partner_.pid, partner_.pidfd.get(), Errand::create_container_hooks};
  request.is_frozen = request_.is_frozen;
  const Launched child = launch(request, {});
  static_cast<void>(sys::wait_pidfd(child.pidfd.get()));
}

void Conversation::complete_from_outside() {
  if (birthplace_ == Birthplace::outside) move_into_cgroup(request_.cgroup_fd, partner_.pid);
  const auto& scheduler = request_.plan.process.scheduler;
  if (scheduler && !survives_fork(*scheduler)) {
    Step step{"set the scheduler", "/process/scheduler"};
    set_scheduler(partner_.pid, *scheduler);
  }
  if (listener_) hand_listener_over();
}

void Conversation::take_console(Message& message) {
  if (message.fds.size() != 1) throw Error(ErrorKind::internal, "init sent no terminal");
  duties_.take_console(std::move(message.fds.front()));
}

void Conversation::take_listener(int number) {
  listener_ = sys::get_fd_of(partner_.pidfd.get(), number);
  // The agent is told the program's pid, but it must have the listener before a rule notifies: of a
  // filter that is loaded before the identity at once, then the pid is the bridge's.
  const bool can_wait = is_bridge_ && request_.plan.process.identity.no_new_privileges;
  if (!can_wait) hand_listener_over();
  // Only now may the other side close its own.
  channel_.listener_taken();
}

void Conversation::hand_listener_over() {
  Step step{"hand the seccomp listener to its agent", "/linux/seccomp/listenerPath"};
  FilteredProcess process{partner_.pid};
  if (request_.enter) process.container_init = request_.enter->init;
  send_listener(request_.plan, process, listener_);
  listener_.reset();
}

void Conversation::explain_silence() {
  const plan::Plan& plan = request_.plan;
  const Death death = examine_death(partner_.pid, partner_.pidfd.get(), request_.cgroup_fd,
                                    sys::Deadline::patience());
  std::optional<FilterBlame> blame;
  if (plan.seccomp && death.status) {
    const FilterStage stage = plan.process.identity.no_new_privileges
                                  ? FilterStage::set_up_without_capset
                                  : FilterStage::set_up;
    blame = blame_for_death(*plan.seccomp, stage, *death.status);
  }
  throw explain(death, ErrorKind::os,
                is_bridge_ && birth_ == Birth::bridged_first ? "before it was cloned"
                                                             : "while it set the container up",
                blame);
}

}  // namespace asylum::process
