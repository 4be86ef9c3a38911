// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/both/joins.h"

#include <fcntl.h>
#include <sched.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/plan.h"
#include "runtime/process/both/clone_flags.h"
#include "runtime/sys/file.h"
#include "runtime/sys/process/namespaces.h"
#include "runtime/sys/procfs.h"

namespace asylum::process {
namespace {

int flag_of(NamespaceType type) {
  return static_cast<int>(sys::clone_flag_of(type));
}

Join open_join(const plan::Namespace& space) {
  Step step{
      cat("open the ", sys::namespace_name(flag_of(space.type)), " namespace ", quote(space.path)),
      space.pointer + "/path"};
  // O_NONBLOCK: the path may lead to a FIFO.
  sys::Fd fd = sys::open_at(AT_FDCWD, space.path, O_RDONLY | O_NONBLOCK);
  const int found = sys::namespace_type_of(fd.get());
  if (found != flag_of(space.type)) {
    throw Error(ErrorKind::invalid_config,
                cat("it is a ", sys::namespace_name(found), " namespace"));
  }
  return {space.type, std::move(fd), space.path, space.pointer + "/path", 0};
}

bool is_owned_by(const Join& join, const sys::Fd& user_namespace) {
  const auto owner = sys::owning_user_namespace(join.fd.get());
  return owner && sys::same_namespace(owner->get(), user_namespace.get());
}

bool is_our_own(const Join& join, const char* name) {
  const auto own = sys::Procfs::open_host().try_open_link("self/ns", name, O_RDONLY);
  return own && sys::same_namespace(own->get(), join.fd.get());
}

// Joining the user namespace we are in is refused by the kernel, and needless.
bool is_our_user_namespace(const Join& join) {
  return join.type == NamespaceType::user && is_our_own(join, "user");
}

// Where our children are born anyway nobody need be built outside: we are seen there ourselves.
bool is_our_pid_namespace(const Join& join) {
  return join.type == NamespaceType::pid && is_our_own(join, "pid_for_children");
}

/// A path may lead to the very namespace that the command is in, which others than the container
/// use.
void refuse_writes(const Join& join, const plan::Namespace& space) {
  if (space.written_by.empty()) return;
  const int flag = flag_of(join.type);
  const sys::Fd own = sys::Procfs::open_host().open_link(
      "self/ns", std::string(sys::namespace_file(flag)), O_RDONLY);
  if (!sys::same_namespace(own.get(), join.fd.get())) return;
  const std::string_view name = sys::namespace_name(flag);
  throw Error(ErrorKind::invalid_config,
              cat("the setting would change the host: the ", name, " namespace ", quote(join.path),
                  " is not the container's own"))
      .at(space.written_by.front())
      .with_hint(cat("remove the setting, or the path of the ", name, " namespace"));
}

[[noreturn]] void refuse(const Join& join) {
  throw Error(ErrorKind::unsupported, cat("the mount namespace ", quote(join.path),
                                          " belongs to another user namespace than the container"))
      .at(join.pointer)
      .with_hint(
          "join the user namespace that owns it, or let the container make its own mount "
          "namespace");
}

}  // namespace

Joiner who_joins(NamespaceType type, UserNamespaceIs user_namespace, bool owned) {
  switch (user_namespace) {
    case UserNamespaceIs::none:
      return type == NamespaceType::pid ? Joiner::builder_last : Joiner::init;
    case UserNamespaceIs::made:
      return type == NamespaceType::mount ? Joiner::nobody : Joiner::bridge_outside;
    case UserNamespaceIs::joined:
      if (type == NamespaceType::pid && owned) return Joiner::builder_last;
      if (type == NamespaceType::user || owned) return Joiner::bridge_inside;
      return type == NamespaceType::mount ? Joiner::nobody : Joiner::bridge_outside;
  }
  return Joiner::nobody;
}

Joins open_joins(const plan::Plan& plan) {
  auto user_namespace = UserNamespaceIs::none;
  std::vector<Join> open;
  for (const plan::Namespace& space : plan.namespaces) {
    const bool is_user = space.type == NamespaceType::user;
    if (space.path.empty()) {
      if (is_user) user_namespace = UserNamespaceIs::made;
      continue;
    }
    Join join = open_join(space);
    refuse_writes(join, space);
    if (is_our_user_namespace(join) || is_our_pid_namespace(join)) continue;
    if (is_user) user_namespace = UserNamespaceIs::joined;
    open.push_back(std::move(join));
  }
  const auto rank = [](const Join& join) {
    return join.type == NamespaceType::user ? 0 : join.type == NamespaceType::mount ? 2 : 1;
  };
  std::stable_sort(open.begin(), open.end(),
                   [&](const Join& a, const Join& b) { return rank(a) < rank(b); });

  Joins joins;
  std::vector<Join> inside;
  for (Join& join : open) {
    // The user namespace is first, so it is in place when the others are asked about it.
    const bool owned = user_namespace == UserNamespaceIs::joined && !inside.empty() &&
                       is_owned_by(join, inside.front().fd);
    const Joiner joiner = who_joins(join.type, user_namespace, owned);
    if (joiner == Joiner::nobody) refuse(join);
    if (join.type == NamespaceType::pid) joins.pid_namespace = join.fd.dup();
    const bool at_the_end =
        join.type == NamespaceType::mount && plan.root.is == plan::RootIs::attached;
    if (at_the_end) {
      joins.at_the_end = std::move(join);
    } else if (joiner == Joiner::builder_last) {
      joins.by_builder_last = std::move(join);
    } else {
      auto& list = joiner == Joiner::init            ? joins.by_init
                   : joiner == Joiner::bridge_inside ? inside
                                                     : joins.by_bridge;
      list.push_back(std::move(join));
    }
  }
  std::move(inside.begin(), inside.end(), std::back_inserter(joins.by_bridge));
  return joins;
}

void join_all(std::span<const Join> joins) {
  for (const Join& join : joins) {
    Step step{join.of_process != 0 ? cat("join the namespaces ", join.path)
                                   : cat("join the namespace ", quote(join.path)),
              join.pointer};
    const int flags = join.of_process != 0 ? static_cast<int>(join.of_process) : flag_of(join.type);
    sys::set_namespace(join.fd.get(), flags);
  }
}

std::vector<Join> joins_of_process(const plan::Plan& plan, pid_t pid, int pidfd,
                                   std::uint64_t without) {
  const std::string words = cat("of process ", pid);
  std::uint64_t flags = 0;
  for (const plan::Namespace& space : plan.namespaces) flags |= sys::clone_flag_of(space.type);
  flags &= ~without;
  if ((flags & CLONE_NEWUSER) != 0) {
    const Join user{NamespaceType::user,
                    sys::Procfs::open_host().open_link(cat(pid, "/ns"), "user", O_RDONLY), words,
                    ""};
    if (is_our_user_namespace(user)) flags &= ~std::uint64_t{CLONE_NEWUSER};
  }
  std::vector<Join> joins;
  if (flags != 0) {
    joins.push_back({NamespaceType::user, sys::duplicate(pidfd), words, "", flags});
  }
  return joins;
}

}  // namespace asylum::process
