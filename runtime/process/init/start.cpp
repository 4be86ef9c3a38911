// SPDX-License-Identifier: Apache-2.0
// Init's first steps: it becomes a process of its own before it touches any mount.
// Runs in: init, after clone, before the first mount.
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <string>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/plan.h"
#include "runtime/plan/types/process.h"
#include "runtime/process/init/steps.h"
#include "runtime/sys/loopback.h"
#include "runtime/sys/process/credentials.h"
#include "runtime/sys/process/labels.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/terminal.h"

namespace asylum::process {

bool has_namespace(const plan::Plan& plan, NamespaceType type) {
  return std::any_of(plan.namespaces.begin(), plan.namespaces.end(),
                     [type](const plan::Namespace& ns) { return ns.type == type; });
}

bool makes_namespace(const plan::Plan& plan, NamespaceType type) {
  return std::any_of(
      plan.namespaces.begin(), plan.namespaces.end(),
      [type](const plan::Namespace& ns) { return ns.type == type && ns.path.empty(); });
}

const sys::Procfs& procfs_of(InitContext& context) {
  if (!context.procfs) context.procfs = sys::Procfs::open(sys::Procfs::Scope::whole);
  return *context.procfs;
}

const sys::Procfs& opened_procfs(const InitContext& context) {
  if (!context.procfs) throw Error(ErrorKind::internal, "no procfs was opened for this step");
  return *context.procfs;
}

void die_with_parent(InitContext&) {
  // No check that main still lives: if it died before this call, the channel is at end of file and
  // await_proceed leaves.
  sys::set_parent_death_signal(SIGKILL);
}

void await_proceed(InitContext& context) {
  context.host_pid = context.channel.expect(MessageType::proceed).number;
}

bool needs_procfs(const plan::Plan& plan) {
  const plan::Identity& identity = plan.process.identity;
  return has_clock_offsets(plan) || !plan.sysctls.empty() || !identity.apparmor_profile.empty() ||
         !identity.selinux_label.empty();
}

void open_procfs(InitContext& context) {
  procfs_of(context);
}

bool becomes_root(const plan::Plan& plan) {
  if (!has_namespace(plan, NamespaceType::user)) return false;
  if (!plan.id_maps) return true;  // joined: what its maps say is seen when we try
  auto has_zero = [](const std::vector<plan::IdMapping>& map) {
    return std::any_of(map.begin(), map.end(),
                       [](const plan::IdMapping& range) { return range.container_id == 0; });
  };
  return has_zero(plan.id_maps->uids) && has_zero(plan.id_maps->gids);
}

void become_root(InitContext&) {
  sys::set_ids(0, 0);
  // The change of ids has cleared it (prctl(2)).
  sys::set_parent_death_signal(SIGKILL);
}

void become_undumpable(InitContext&) {
  sys::set_dumpable(false);
}

void start_session(InitContext&) {
  sys::become_session_leader();
}

void join_keyring(InitContext& context) {
  const std::string& label = context.process.identity.selinux_label;
  if (!label.empty()) sys::set_selinux_keyring_label(opened_procfs(context), label);
  sys::join_session_keyring(context.plan.session_keyring);
  // What is made later, by a hook say, has its own label.
  if (!label.empty()) sys::set_selinux_keyring_label(opened_procfs(context), "");
}

void raise_loopback(InitContext&) {
  sys::bring_loopback_up();
}

void clear_umask(InitContext&) {
  ::umask(0);
}

}  // namespace asylum::process
