// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/process/credentials.h"

#include <linux/keyctl.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <type_traits>

#include "runtime/base/error.h"
#include "runtime/base/text.h"

namespace asylum::sys {
namespace {

struct FreeCapabilities {
  void operator()(cap_t state) const { ::cap_free(state); }
};
using CapabilityState = std::unique_ptr<std::remove_pointer_t<cap_t>, FreeCapabilities>;

constexpr unsigned kMostCapabilities = 64;

bool has_bit(std::uint64_t set, unsigned bit) {
  return bit < 64 && ((set >> bit) & 1) != 0;
}

std::uint64_t read_set(cap_t state, cap_flag_t set) {
  std::uint64_t bits = 0;
  for (unsigned capability = 0; capability < kMostCapabilities; ++capability) {
    cap_flag_value_t held = CAP_CLEAR;
    if (::cap_get_flag(state, static_cast<cap_value_t>(capability), set, &held) != 0) break;
    if (held == CAP_SET) bits |= std::uint64_t{1} << capability;
  }
  return bits;
}

void fill_set(cap_t state, cap_flag_t set, std::uint64_t bits) {
  std::vector<cap_value_t> raised;
  for (unsigned capability = 0; capability < kMostCapabilities; ++capability) {
    if (has_bit(bits, capability)) raised.push_back(static_cast<cap_value_t>(capability));
  }
  if (raised.empty()) return;
  if (::cap_set_flag(state, set, static_cast<int>(raised.size()), raised.data(), CAP_SET) != 0)
    throw_os("cap_set_flag", errno, "set the capabilities");
}

// The kernel joins a keyring of that name only where it may be searched, and a new one's owner may
// not; he may link it, so that nothing is given away. What is not ours (joined) stays as it is.
void let_owner_search(long keyring) {
  constexpr unsigned long kPossessorAll = 0x3f000000;
  constexpr unsigned long kUserViewReadSearchLink = 0x001b0000;  // linux/key.h, KEY_USR_*
  static_cast<void>(
      ::syscall(SYS_keyctl, KEYCTL_SETPERM, keyring, kPossessorAll | kUserViewReadSearchLink));
}

std::string hint_for_id(int error_number) {
  if (error_number == EINVAL)
    return "the id is not mapped in the user namespace: see /linux/uidMappings";
  if (error_number == EPERM)
    return "changing ids needs CAP_SETUID and CAP_SETGID in the user namespace";
  return {};
}

}  // namespace

void set_groups(const std::vector<gid_t>& groups) {
  if (::syscall(SYS_setgroups, groups.size(), groups.data()) == 0) return;
  const int error_number = errno;
  throw_os("setgroups", error_number, cat("set ", groups.size(), " additional groups"),
           error_number == EPERM
               ? "in a user namespace made without privilege setgroups is denied: ask for no "
                 "additionalGids"
               : hint_for_id(error_number));
}

std::vector<gid_t> additional_groups() {
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(0, ::getgroups(0, nullptr))));
  const int count = ::getgroups(static_cast<int>(groups.size()), groups.data());
  groups.resize(static_cast<std::size_t>(std::max(0, count)));
  return groups;
}

void set_gid(gid_t gid) {
  if (::syscall(SYS_setresgid, gid, gid, gid) != 0) {
    throw_os("setresgid", errno, cat("become gid ", gid), hint_for_id(errno));
  }
}

void set_uid(uid_t uid) {
  if (::syscall(SYS_setresuid, uid, uid, uid) != 0) {
    const int error_number = errno;
    throw_os("setresuid", error_number, cat("become uid ", uid),
             error_number == EAGAIN ? "RLIMIT_NPROC of that user is reached"
                                    : hint_for_id(error_number));
  }
}

void set_ids(uid_t uid, gid_t gid) {
  set_gid(gid);  // first: without the uid the right to it is gone
  set_uid(uid);
}

Capabilities get_capabilities() {
  const CapabilityState state(::cap_get_proc());
  if (!state) throw_os("capget", errno, "read the capabilities");
  return {read_set(state.get(), CAP_EFFECTIVE), read_set(state.get(), CAP_PERMITTED),
          read_set(state.get(), CAP_INHERITABLE)};
}

PreparedCapabilities::PreparedCapabilities(const Capabilities& sets)
    : state_(::cap_init(), ::cap_free) {
  if (!state_) throw Error(ErrorKind::internal, "out of memory");
  fill_set(state_.get(), CAP_EFFECTIVE, sets.effective);
  fill_set(state_.get(), CAP_PERMITTED, sets.permitted);
  fill_set(state_.get(), CAP_INHERITABLE, sets.inheritable);
}

void PreparedCapabilities::set() const {
  if (::cap_set_proc(state_.get()) != 0) throw_os("capset", errno, "set the capabilities");
}

void set_capabilities(const Capabilities& sets) {
  PreparedCapabilities(sets).set();
}

void keep_capabilities(bool keep) {
  if (::prctl(PR_SET_KEEPCAPS, keep ? 1UL : 0UL, 0, 0, 0) != 0) {
    throw_os("prctl", errno, "keep capabilities over the change of uid");
  }
}

void drop_bounding(std::uint64_t keep, unsigned last_capability) {
  for (unsigned capability = 0; capability <= last_capability; ++capability) {
    if (has_bit(keep, capability) || ::cap_drop_bound(static_cast<cap_value_t>(capability)) == 0)
      continue;
    const int error_number = errno;
    // What is not in the set need not be dropped, whether or not we may.
    if (::cap_get_bound(static_cast<cap_value_t>(capability)) == 0) continue;
    if (error_number == EINVAL) return;  // the kernel knows no such capability, nor a higher one
    throw_os("prctl", error_number, cat("drop capability ", capability, " from the bounding set"),
             "it needs CAP_SETPCAP");
  }
}

std::uint64_t bounding_capabilities() {
  std::uint64_t set = 0;
  for (unsigned capability = 0; capability < 64; ++capability) {
    const int held = ::cap_get_bound(static_cast<cap_value_t>(capability));
    if (held < 0) break;
    if (held == 1) set |= std::uint64_t{1} << capability;
  }
  return set;
}

std::uint64_t raise_ambient(std::uint64_t set) {
  // cap_reset_ambient() asks for each capability first, 41 calls more at every start.
  if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) {
    throw_os("prctl", errno, "clear the ambient capabilities");
  }
  std::uint64_t refused = 0;
  for (unsigned capability = 0; capability < 64; ++capability) {
    if (!has_bit(set, capability)) continue;
    if (::cap_set_ambient(static_cast<cap_value_t>(capability), CAP_SET) == 0) continue;
    if (errno != EPERM && errno != EINVAL)
      throw_os("prctl", errno, cat("raise ambient capability ", capability));
    refused |= std::uint64_t{1} << capability;
  }
  return refused;
}

void set_no_new_privileges() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) throw_os("prctl", errno, "set no_new_privs");
}

bool join_session_keyring(const std::string& name) {
  const char* wanted = name.empty() ? nullptr : name.c_str();
  const long keyring = ::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, wanted);
  if (keyring >= 0) {
    if (!name.empty()) let_owner_search(keyring);
    return true;
  }
  const int error_number = errno;
  if (error_number == ENOSYS) return false;
  throw_os("keyctl", error_number, "join a new session keyring",
           error_number == EDQUOT
               ? "raise the sysctls kernel.keys.maxkeys and kernel.keys.maxbytes, or use "
                 "--no-new-keyring"
               : "--no-new-keyring goes without");
}

}  // namespace asylum::sys
