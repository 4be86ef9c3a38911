// SPDX-License-Identifier: Apache-2.0
// The half of create that touches nothing.
#include "runtime/container/verbs/prepare.h"

#include <errno.h>
#include <sys/random.h>

#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/container/host/probe_host.h"
#include "runtime/container/state/state_store.h"
#include "runtime/container/verbs/notify.h"
#include "runtime/container/verbs/terminal.h"
#include "runtime/plan/make_plan.h"

namespace asylum::container {
namespace {

/// The kernel finds session keyrings by name: one that a container without seccomp has made in
/// advance, with permissions for all, would be joined. Nobody knows this name in advance.
std::string new_keyring_name(const std::string& id) {
  std::uint64_t random = 0;
  if (::getrandom(&random, sizeof random, 0) != sizeof random) {
    throw_os("getrandom", errno, "choose the name of the session keyring");
  }
  return cat("_ses.", id, ".", random);
}

}  // namespace

Preparation prepare(const Settings& settings, const CreateOptions& options,
                    std::optional<Bundle> bundle, Attachment attachment) {
  check_id(options.id);
  plan::Request request;
  request.id = options.id;
  request.no_pivot = options.no_pivot;
  request.no_new_keyring = options.no_new_keyring;
  if (!options.no_new_keyring) request.keyring = new_keyring_name(options.id);
  request.detached = attachment == Attachment::detached;
  request.preserve_fds = options.preserve_fds;
  request.listen_fds = options.listen_fds;
  request.cgroup_manager = settings.cgroup_manager;
  if (!service_manager().empty()) {
    request.notify_directory = cat(settings.root, "/", options.id, "/", kNotifyDirectory);
  }

  Preparation out;
  out.bundle = bundle ? std::move(*bundle) : read_bundle(options.bundle, options.config_file);
  settle_findings(std::move(out.bundle.warnings), out.bundle.document);
  request.bundle = out.bundle.directory;
  check_terminal(options.console_socket,
                 out.bundle.spec.process && out.bundle.spec.process->terminal,
                 attachment == Attachment::detached);
  out.facts = probe_host(out.bundle.spec, settings.rootless);
  plan::Planning planning = plan::make_plan(out.bundle.spec, out.facts, request);
  settle_findings(std::move(planning.findings), out.bundle.document);
  out.plan = std::move(planning.plan);
  return out;
}

}  // namespace asylum::container
