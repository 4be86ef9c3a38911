// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/joins.h"

#include <fcntl.h>
#include <sched.h>

#include <algorithm>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/process/clone_flags.h"
#include "runtime/sys/file.h"
#include "runtime/sys/namespaces.h"
#include "runtime/sys/procfs.h"

namespace asylum::process {
namespace {

int flag_of(plan::NamespaceType type) {
  return static_cast<int>(clone_flag_of(type));
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

// Joining the user namespace we are in is refused by the kernel, and needless.
bool is_our_user_namespace(const Join& join) {
  if (join.type != plan::NamespaceType::user) return false;
  const sys::Fd own = sys::Procfs::open_host().open_link("self/ns", "user", O_RDONLY);
  return sys::same_namespace(own.get(), join.fd.get());
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

Joiner who_joins(plan::NamespaceType type, UserNamespaceIs user_namespace, bool owned) {
  using plan::NamespaceType;
  if (type == NamespaceType::user) return Joiner::child;
  const bool from_within = user_namespace == UserNamespaceIs::none ||
                           (user_namespace == UserNamespaceIs::joined && owned);
  if (type == NamespaceType::mount) return from_within ? Joiner::child : Joiner::nobody;
  // Without a bridge the child is init itself, which is in its pid namespace or never will be.
  if (type == NamespaceType::pid && user_namespace == UserNamespaceIs::none) return Joiner::main;
  return from_within ? Joiner::child : Joiner::main;
}

Joins open_joins(const plan::Plan& plan) {
  auto user_namespace = UserNamespaceIs::none;
  std::vector<Join> open;
  for (const plan::Namespace& space : plan.namespaces) {
    const bool is_user = space.type == plan::NamespaceType::user;
    if (space.path.empty()) {
      if (is_user) user_namespace = UserNamespaceIs::made;
      continue;
    }
    Join join = open_join(space);
    refuse_writes(join, space);
    if (is_our_user_namespace(join)) continue;
    if (is_user) user_namespace = UserNamespaceIs::joined;
    open.push_back(std::move(join));
  }
  const auto rank = [](const Join& join) {
    return join.type == plan::NamespaceType::user    ? 0
           : join.type == plan::NamespaceType::mount ? 2
                                                     : 1;
  };
  std::stable_sort(open.begin(), open.end(),
                   [&](const Join& a, const Join& b) { return rank(a) < rank(b); });

  Joins joins;
  joins.needs_bridge = user_namespace == UserNamespaceIs::joined;
  for (Join& join : open) {
    // The user namespace is first, so it is in place when the others are asked about it.
    const bool owned = joins.needs_bridge && join.type != plan::NamespaceType::user &&
                       is_owned_by(join, joins.by_child.front().fd);
    switch (who_joins(join.type, user_namespace, owned)) {
      case Joiner::main:
        joins.by_main.push_back(std::move(join));
        break;
      case Joiner::child:
        if (join.type == plan::NamespaceType::mount && plan.root.is == plan::RootIs::attached) {
          joins.at_the_end = std::move(join);
        } else {
          joins.by_child.push_back(std::move(join));
        }
        break;
      case Joiner::nobody:
        refuse(join);
    }
  }
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

Joins joins_of_process(const plan::Plan& plan, pid_t pid, int pidfd) {
  using plan::NamespaceType;
  const std::string words = cat("of process ", pid);
  std::uint64_t flags = 0;
  for (const plan::Namespace& space : plan.namespaces) flags |= clone_flag_of(space.type);
  Joins joins;
  if (plan.root.is != plan::RootIs::own) {
    joins.root = sys::Procfs::open_host().open_link(cat(pid), "root", O_PATH | O_DIRECTORY);
  }
  if ((flags & CLONE_NEWUSER) != 0) {
    const Join user{NamespaceType::user,
                    sys::Procfs::open_host().open_link(cat(pid, "/ns"), "user", O_RDONLY), words,
                    ""};
    if (is_our_user_namespace(user)) flags &= ~std::uint64_t{CLONE_NEWUSER};
  }
  joins.needs_bridge = (flags & CLONE_NEWUSER) != 0;
  if (!joins.needs_bridge && (flags & CLONE_NEWPID) != 0) {
    joins.by_main.push_back({NamespaceType::pid, sys::duplicate(pidfd), words, "", CLONE_NEWPID});
    flags &= ~std::uint64_t{CLONE_NEWPID};
  }
  if (flags != 0) {
    joins.by_child.push_back({NamespaceType::user, sys::duplicate(pidfd), words, "", flags});
  }
  return joins;
}

Excursion::Excursion(const std::vector<Join>& joins) {
  if (joins.empty()) return;
  const auto procfs = sys::Procfs::open_host();
  for (const Join& join : joins) {
    const std::string name(sys::namespace_file(flag_of(join.type)));
    own_.push_back(
        {join.type, procfs.open_link("self/ns", name, O_RDONLY), "of the command itself", "", 0});
  }
  try {
    join_all(joins);
  } catch (...) {
    leave();
    throw;
  }
}

void Excursion::leave() {
  // From the last to the first. One that was never entered is entered again: that changes nothing.
  std::reverse(own_.begin(), own_.end());
  join_all(own_);
  own_.clear();
}

}  // namespace asylum::process
