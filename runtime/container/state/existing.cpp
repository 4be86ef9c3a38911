// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/state/existing.h"

#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/container/state/saved_config.h"
#include "runtime/container/state/state_store.h"

namespace asylum::container {

Container Container::unseen(const Settings& settings, std::string id) {
  sys::Fd directory = StateStore(settings).open(id);
  return {std::move(directory), std::move(id)};
}

Container::Container(const Settings& settings, std::string id)
    : Container(unseen(settings, std::move(id))) {
  look();
}

void Container::look(LockView view) {
  seen_ = observe_existing(directory_.get(), id_, view);
}

void Container::require_whole() const {
  if (seen_.is_damaged()) throw_damaged(id_, seen_.damage);
}

void Container::require(Verb verb) const {
  // A lost record is no reason to spare a process that the journal names.
  const bool kills = verb == Verb::kill || verb == Verb::kill_all;
  if (!kills || seen_.pid() == 0) require_whole();
  check_legal(verb, seen_.status, id_);
}

sys::Fd Container::init_for(Verb verb) const {
  auto pidfd = try_open_process(*seen_.ledger.init);
  if (!pidfd) check_legal(verb, Status::stopped, id_);
  return std::move(*pidfd);
}

cgroup::Cgroup Container::cgroup(std::string_view lack) const {
  auto cgroup = try_cgroup();
  if (cgroup) return std::move(*cgroup);
  throw Error(ErrorKind::unsupported, cat("the container has no cgroup", lack))
      .with_hint("create it without --cgroup-manager disabled");
}

spec::Document Container::config() const {
  try {
    return read_saved_config(directory_.get());
  } catch (const Error&) {
    if (is_leaving(directory_.get())) throw_does_not_exist(id_);  // deleted meanwhile
    throw;
  }
}

}  // namespace asylum::container
