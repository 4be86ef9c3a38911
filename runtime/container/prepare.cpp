// SPDX-License-Identifier: Apache-2.0
// The half of create that touches nothing.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/container/creation.h"
#include "runtime/container/notify.h"
#include "runtime/container/probe_host.h"
#include "runtime/container/state_store.h"
#include "runtime/container/terminal.h"
#include "runtime/plan/make_plan.h"
#include "runtime/sys/process.h"

namespace asylum::container {
namespace {

constexpr int kFirstPreserved = 3;

void check_preserved_fds(std::uint32_t listen, std::uint32_t preserve) {
  for (std::uint32_t i = 0; i < preserve; ++i) {
    const int fd = kFirstPreserved + static_cast<int>(listen + i);
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    throw Error(ErrorKind::invalid_usage,
                cat("unable to stat preserved-fd ", i, " (of ", preserve, "): descriptor ", fd))
        .because_of("fcntl", errno)
        .with_hint("open it before, or lower --preserve-fds");
  }
}

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

std::uint32_t listen_fds() {
  const char* count = ::getenv("LISTEN_FDS");
  const char* pid = ::getenv("LISTEN_PID");
  if (count == nullptr) return 0;
  if (pid != nullptr && parse_u64(pid) != static_cast<std::uint64_t>(::getpid())) return 0;
  constexpr std::uint64_t kMost = 1024;
  const auto number = parse_u64(count);
  return number && *number <= kMost ? static_cast<std::uint32_t>(*number) : 0;
}

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
  request.listen_fds = listen_fds();
  request.cgroup_manager = settings.cgroup_manager;
  if (!service_manager().empty()) {
    request.notify_directory = cat(settings.root, "/", options.id, "/", kNotifyDirectory);
  }
  check_preserved_fds(request.listen_fds, request.preserve_fds);
  // What we were given and nobody asked for reaches no child of ours (CVE-2024-21626).
  sys::close_range_cloexec(kFirstPreserved + request.listen_fds + request.preserve_fds);

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
