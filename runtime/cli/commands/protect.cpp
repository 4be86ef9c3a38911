// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/commands/protect.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>

#include "runtime/base/log.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/process/argument_area.h"

namespace asylum::cli {
namespace {

constexpr const char* kSelf = "/proc/self/exe";

// The config is read so early only where it can save more than it costs: a program on a read-only
// mount, or not owned by who runs it. A clone hangs in no mount tree, so its own path is "/".
bool config_may_help() {
  if (sys::read_link_at(AT_FDCWD, kSelf) == "/") return false;
  const sys::Fd program = sys::open_at(AT_FDCWD, kSelf, O_PATH);
  return (sys::mount_flags_of(program.get()) & ST_RDONLY) != 0 ||
         sys::status_of(program.get()).st_uid != ::geteuid();
}

bool has_new(const spec::Spec& spec, NamespaceType type) {
  return std::ranges::any_of(spec.linux.namespaces, [type](const spec::Namespace& one) {
    return one.type == type && one.path.empty();
  });
}

}  // namespace

sys::SelfProtection facts_of(const spec::Spec& spec) {
  sys::SelfProtection facts;
  facts.own_mount_namespace = has_new(spec, NamespaceType::mount);
  // Without maps in the config we choose them, later: nothing is claimed of those.
  facts.own_user_namespace = has_new(spec, NamespaceType::user) && !spec.linux.uid_mappings.empty();
  for (const spec::IdMapping& mapping : spec.linux.uid_mappings) {
    facts.mapped_uids.push_back({mapping.host_id, mapping.size});
  }
  return facts;
}

void protect_this_program(const Arguments& arguments, const ConfigOf& config) {
  const std::optional<spec::Spec> known = config_may_help() ? config() : std::nullopt;
  {
    Step step{"protect the program's own file"};
    sys::protect_own_executable(known ? facts_of(*known) : sys::SelfProtection{}, arguments.argv);
  }
  for (const std::string_view value : arguments.confidential) sys::wipe_argument(value);
  if (arguments.ignored_listen_fds > 0) {
    log::warning(cat("LISTEN_FDS=", arguments.ignored_listen_fds,
                     " is ignored: not all of these descriptors were passed to this process"));
  }
}

}  // namespace asylum::cli
