// SPDX-License-Identifier: Apache-2.0
// Who we are: ids, capabilities (by libcap), no_new_privs, session keyring. Raw system calls for the
// ids: we have one thread, and glibc's set*id wrappers would signal others.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct _cap_struct;  // libcap's

namespace asylum::sys {

/// setgroups(2), the whole list. Throws.
void set_groups(const std::vector<gid_t>& groups);
/// getgroups(2). What the user namespace does not map is the overflow id.
inline constexpr gid_t kOverflowId = 65534;
std::vector<gid_t> additional_groups();
/// setresgid(2) then setresuid(2), real, effective and saved alike. Throws.
void set_ids(uid_t uid, gid_t gid);
void set_uid(uid_t uid);
void set_gid(gid_t gid);

/// Capability sets of the calling process; bit n is capability n.
struct Capabilities {
  std::uint64_t effective = 0;
  std::uint64_t permitted = 0;
  std::uint64_t inheritable = 0;
};
Capabilities get_capabilities();
/// capset(2) of exactly these sets (clears ambient ones that are no longer both permitted and
/// inheritable). Throws.
void set_capabilities(const Capabilities& sets);

/// The same, made beforehand: under a seccomp filter set() is one capset(2) and nothing else, while
/// libcap asks capget(2) for its version whenever a state is made.
class PreparedCapabilities {
 public:
  explicit PreparedCapabilities(const Capabilities& sets);
  void set() const;

 private:
  std::unique_ptr<_cap_struct, int (*)(void*)> state_;
};

/// prctl(PR_SET_KEEPCAPS): permitted survives the change of uid. execve clears it.
void keep_capabilities(bool keep);

/// Drops all from the bounding set that are not in `keep`, up to `last_capability`. Throws.
void drop_bounding(std::uint64_t keep, unsigned last_capability);
/// The bounding set, asked bit by bit up to the first the kernel does not know.
std::uint64_t bounding_capabilities();

/// Clears the ambient set, then raises each of `set`; those that are refused (not permitted or not
/// inheritable) are returned, for a warning. Throws for any other reason.
[[nodiscard]] std::uint64_t raise_ambient(std::uint64_t set);

void set_no_new_privileges();

/// keyctl(JOIN_SESSION_KEYRING): the session keyring named `name`, made and open to further
/// processes of its owner where there is none; "" is a new anonymous one. One that somebody else
/// has made under that name is joined all the same: choose it so that nobody can know it. Only
/// ENOSYS (a kernel without keys) is tolerated: false. EDQUOT names kernel.keys.maxkeys. Throws.
bool join_session_keyring(const std::string& name);

}  // namespace asylum::sys
