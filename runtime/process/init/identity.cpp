// SPDX-License-Identifier: Apache-2.0
// Who the program is: working directory, bounding set, groups, ids, capabilities, no_new_privs. A
// table of its own, because exec runs the same steps.
// Runs in: init after pivot_root; exec's child after it has joined.
#include <errno.h>
#include <sys/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <string>
#include <string_view>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/process.h"
#include "runtime/process/init/steps.h"
#include "runtime/sys/process/credentials.h"
#include "runtime/sys/process/labels.h"

namespace asylum::process {
namespace {

constexpr std::uint64_t kSysAdmin = std::uint64_t{1} << CAP_SYS_ADMIN;

const plan::Identity& identity_of(const InitContext& context) {
  return context.process.identity;
}

[[noreturn]] void refuse_cwd(const std::string& cwd, int error_number) {
  // runc's words: Podman matches "chdir to cwd".
  throw Error(ErrorKind::os, cat("chdir to cwd (", quote(cwd), ") set in config.json failed"))
      .at("/process/cwd")
      .because_of("chdir", error_number);
}

/// "CAP_SYS_ADMIN"; a number for what libcap does not know.
std::string capability_name(unsigned number) {
  char* const text = ::cap_to_name(static_cast<cap_value_t>(number));
  if (text == nullptr) return cat("capability ", number);
  std::string name(text);
  ::cap_free(text);
  for (char& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return name;
}

void warn_of_each(std::uint64_t set, std::string_view text, std::string_view pointer) {
  for (unsigned n = 0; n < 64; ++n) {
    if ((set >> n & 1) != 0) log::warning(cat(capability_name(n), " ", text), pointer);
  }
}

/// What the config asks for and the kernel cannot give any more (a smaller bounding set above us):
/// less power than configured, so a warning that names it.
std::uint64_t without_unavailable(std::uint64_t wanted, std::uint64_t available,
                                  std::string_view set) {
  warn_of_each(wanted & ~available, "is not available here; continuing without it",
               cat("/process/capabilities/", set));
  return wanted & available;
}

/// Without no_new_privs the kernel lets nobody else load a filter (seccomp(2)). It is lent: all that
/// happens until then is done with the program's own effective set.
bool needs_power_for_filter(const InitContext& context) {
  return has_filter(context.plan) && !identity_of(context).no_new_privileges;
}

}  // namespace

void set_labels(InitContext& context) {
  const plan::Identity& identity = identity_of(context);
  if (!identity.apparmor_profile.empty()) {
    const Step step{"set the AppArmor profile", "/process/apparmorProfile"};
    sys::set_apparmor_exec_profile(opened_procfs(context), identity.apparmor_profile);
  }
  if (!identity.selinux_label.empty()) {
    const Step step{"set the SELinux label", "/process/selinuxLabel"};
    sys::set_selinux_exec_label(opened_procfs(context), identity.selinux_label);
  }
}

void enter_cwd(InitContext& context) {
  const std::string& cwd = context.process.cwd;
  context.cwd_pending = false;
  if (::chdir(cwd.c_str()) == 0) return;
  // A directory that only its owner may enter (a network file system that squashes root): the user
  // tries again.
  if (errno != EACCES && errno != EPERM) refuse_cwd(cwd, errno);
  context.cwd_pending = true;
}

void enter_cwd_as_user(InitContext& context) {
  if (!context.cwd_pending) return;
  const std::string& cwd = context.process.cwd;
  if (::chdir(cwd.c_str()) != 0) refuse_cwd(cwd, errno);
}

void prove_cwd_inside(InitContext& context) {
  // The kernel answers "(unreachable)/..." for a directory outside the root, which a leaked
  // descriptor can lead to: cwd "/proc/self/fd/7" (CVE-2024-21626). Raw, because glibc would walk.
  char path[PATH_MAX];
  const long length = ::syscall(SYS_getcwd, path, sizeof path);
  if (length > 0 && path[0] == '/') return;
  throw Error(ErrorKind::denied, cat("the working directory ", quote(context.process.cwd),
                                     " is outside of the container's root"))
      .at("/process/cwd");
}

void drop_bounding_set(InitContext& context) {
  constexpr unsigned kHighest = 63;  // the call stops at the first that the kernel does not know
  sys::drop_bounding(identity_of(context).capabilities.bounding, kHighest);
}

void keep_capabilities(InitContext&) {
  sys::keep_capabilities(true);
}

/// Where setgroups is denied the caller's groups stay. Nothing is lost, but somebody should know
/// which files they open.
void warn_of_groups_that_stay() {
  std::string named;
  std::size_t unmapped = 0;
  for (const gid_t gid : sys::additional_groups()) {
    if (gid == sys::kOverflowId) {
      ++unmapped;
    } else if (gid != ::getegid()) {
      named += cat(named.empty() ? "" : " ", gid);
    }
  }
  if (unmapped != 0) named += cat(named.empty() ? "" : " and ", unmapped, " not mapped here");
  if (named.empty()) return;
  log::warning(
      cat("groups of the caller cannot be dropped in this user namespace and stay: ", named),
      "/process/user/additionalGids");
}

void set_groups(InitContext& context) {
  const plan::Identity& identity = identity_of(context);
  if (!identity.set_groups) return warn_of_groups_that_stay();
  try {
    sys::set_groups({identity.additional_gids.begin(), identity.additional_gids.end()});
  } catch (const Error& error) {
    if (error.err != EPERM || !identity.additional_gids.empty()) throw;
    warn_of_groups_that_stay();
  }
}

void set_group(InitContext& context) {
  sys::set_gid(identity_of(context).gid);
}

void set_user(InitContext& context) {
  sys::set_uid(identity_of(context).uid);
}

void set_capabilities(InitContext& context) {
  const plan::CapabilitySets& wanted = identity_of(context).capabilities;
  const sys::Capabilities now = sys::get_capabilities();
  sys::Capabilities sets;
  sets.permitted = without_unavailable(wanted.permitted, now.permitted, "permitted");
  sets.effective = without_unavailable(wanted.effective, sets.permitted, "effective");
  // capset(2): nothing may become inheritable that is outside of the bounding set.
  sets.inheritable = without_unavailable(
      wanted.inheritable, (now.permitted & wanted.bounding) | now.inheritable, "inheritable");
  context.capabilities = sets;
  if (needs_power_for_filter(context)) sets.permitted |= kSysAdmin & now.permitted;
  sys::set_capabilities(sets);
}

void raise_power_for_filter(InitContext& context) {
  if (!needs_power_for_filter(context)) return;
  sys::Capabilities sets = context.capabilities;
  sets.permitted |= kSysAdmin;
  sets.effective |= kSysAdmin;
  sys::set_capabilities(sets);
}

std::optional<sys::PreparedCapabilities> power_after_filter(const InitContext& context) {
  const sys::Capabilities& sets = context.capabilities;
  if (!needs_power_for_filter(context) || (sets.effective & kSysAdmin) != 0) return std::nullopt;
  return sys::PreparedCapabilities(sets);
}

void raise_ambient_capabilities(InitContext& context) {
  const std::uint64_t refused = sys::raise_ambient(identity_of(context).capabilities.ambient);
  warn_of_each(refused, "cannot be ambient: it is not both permitted and inheritable",
               "/process/capabilities/ambient");
}

void set_no_new_privileges(InitContext&) {
  sys::set_no_new_privileges();
}

}  // namespace asylum::process
