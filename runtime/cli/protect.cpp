// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/protect.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/self_exec.h"
#include "spec/read.h"

namespace asylum::cli {
namespace {

constexpr const char* kSelf = "/proc/self/exe";
constexpr std::size_t kLargestConfig = 16U << 20;

// The config is read for this only where it can save more than it costs: a program on a read-only
// mount, or not owned by who runs it. A clone hangs in no mount tree, so its own path is "/".
bool config_may_help() {
  if (sys::read_link_at(AT_FDCWD, kSelf) == "/") return false;
  const sys::Fd program = sys::open_at(AT_FDCWD, kSelf, O_PATH);
  return (sys::mount_flags_of(program.get()) & ST_RDONLY) != 0 ||
         sys::status_of(program.get()).st_uid != ::geteuid();
}

bool has_new(const spec::Spec& spec, spec::NamespaceType type) {
  return std::ranges::any_of(spec.linux.namespaces, [type](const spec::Namespace& one) {
    return one.type == type && one.path.empty();
  });
}

sys::SelfProtection facts_of(const spec::Spec& spec) {
  sys::SelfProtection facts;
  facts.own_mount_namespace = has_new(spec, spec::NamespaceType::mount);
  // Without maps in the config we choose them, later: nothing is claimed of those.
  facts.own_user_namespace =
      has_new(spec, spec::NamespaceType::user) && !spec.linux.uid_mappings.empty();
  for (const spec::IdMapping& mapping : spec.linux.uid_mappings) {
    facts.mapped_uids.push_back({mapping.host_id, mapping.size});
  }
  return facts;
}

// A config that cannot be read claims nothing; create says what is wrong with it.
sys::SelfProtection facts_of(const container::CreateOptions& options) {
  const std::string path =
      options.config_file.empty() ? cat(options.bundle, "/config.json") : options.config_file;
  const auto file = sys::try_open_at(AT_FDCWD, path, O_RDONLY);
  if (!file) return {};
  try {
    const spec::Reading reading =
        spec::read(spec::parse_document(sys::read_all(file->get(), kLargestConfig)));
    return spec::has_errors(reading.findings) ? sys::SelfProtection{} : facts_of(reading.spec);
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

void protect_this_program(const Arguments& arguments) {
  Step step{"protect the program's own file"};
  const sys::SelfProtection facts =
      config_may_help() ? facts_of(arguments.create) : sys::SelfProtection{};
  sys::protect_own_executable(facts, arguments.argv);
}

}  // namespace asylum::cli
