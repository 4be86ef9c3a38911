// SPDX-License-Identifier: Apache-2.0
// Namespaces by descriptor: make, join, ask.
#pragma once

#include <sched.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "runtime/base/oci_words.h"
#include "runtime/sys/fd.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

namespace asylum::sys {

/// unshare(2); the Error names the namespaces and, for ENOSPC, their sysctl. Throws.
void unshare(int namespaces);

/// setns(2) into a namespace file of type `namespace_flag` (CLONE_NEW*), or by pidfd into several.
/// Throws.
void set_namespace(int fd, int namespace_flag);

/// CLONE_NEW* of a namespace file; ErrorKind::denied if it is none (the nsfs magic is checked).
/// Throws.
int namespace_type_of(int fd);
/// The user namespace that owns it; none when it is above ours (EPERM). Throws.
std::optional<Fd> owning_user_namespace(int fd);
/// Same namespace, by device and inode.
bool same_namespace(int fd, int other);
/// Whether we are in the initial user namespace: by the fixed inode of /proc/self/ns/user, not by
/// its map. A kernel without user namespaces has no other.
bool in_initial_user_namespace();

/// CLONE_NEWNET.
std::uint64_t clone_flag_of(NamespaceType type);

/// "network" for CLONE_NEWNET: the word of config.json; "" for an unknown flag.
std::string_view namespace_name(int namespace_flag);
/// "net": the file in /proc/PID/ns.
std::string_view namespace_file(int namespace_flag);
/// "user.max_net_namespaces".
std::string_view namespace_sysctl(int namespace_flag);

/// Sets the host and NIS domain name of the current uts namespace. Throws.
void set_hostname(std::string_view name);
void set_domainname(std::string_view name);

}  // namespace asylum::sys
