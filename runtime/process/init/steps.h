// SPDX-License-Identifier: Apache-2.0
// What the rows of init's table call: the step functions, grouped by the file that has them (a name with no folder: in this one).
// Runs in: init.
#pragma once

#include <optional>

#include "runtime/base/oci_words.h"
#include "runtime/process/init/init.h"
#include "runtime/sys/process/credentials.h"

namespace asylum::plan {
struct Plan;
}

namespace asylum::process {

/// Whether the container has a namespace of this type, made or joined.
bool has_namespace(const plan::Plan& plan, NamespaceType type);
/// Whether it is a new one.
bool makes_namespace(const plan::Plan& plan, NamespaceType type);

bool has_filter(const plan::Plan& plan);

/// The procfs of this process, opened at its first use: most containers need none (design §8.2).
/// Before pivot_root only: the fallback is the host's /proc.
const sys::Procfs& procfs_of(InitContext& context);
/// The one that the step "procfs" has opened. Throws ErrorKind::internal if there is none.
const sys::Procfs& opened_procfs(const InitContext& context);

// ---- start.cpp: from the clone to the first mount ------------------------------------------
void die_with_parent(InitContext& context);
void await_proceed(InitContext& context);
void open_procfs(InitContext& context);
bool needs_procfs(const plan::Plan& plan);
void become_root(InitContext& context);
bool becomes_root(const plan::Plan& plan);
void become_undumpable(InitContext& context);
void start_session(InitContext& context);
void join_keyring(InitContext& context);
void raise_loopback(InitContext& context);
void clear_umask(InitContext& context);

// ---- time.cpp ------------------------------------------------------------------------------
bool has_clock_offsets(const plan::Plan& plan);
void make_time_namespace(InitContext& context);

// ---- rootfs/rootfs.cpp ----------------------------------------------------------------------------
void detach_propagation(InitContext& context);
void attach_root(InitContext& context);
void enter_root(InitContext& context);
void attach_in_joined_namespace(InitContext& context);
void chroot_to(int directory);  // fchdir, chroot(".")
void change_root(InitContext& context);
void set_root_propagation(InitContext& context);
void make_cwd(InitContext& context);
void make_mounts_readonly(InitContext& context);
void make_root_readonly(InitContext& context);

// ---- rootfs/no_pivot.cpp --------------------------------------------------------------------------
void move_root(InitContext& context);

// ---- rootfs/mounts.cpp, mount_*.cpp ---------------------------------------------------------------
void make_mounts(InitContext& context);

// ---- rootfs/devices.cpp ---------------------------------------------------------------------------
void make_devices(InitContext& context);
void make_links(InitContext& context);
void open_dev_null(InitContext& context);    // the container's own
void clone_host_null(InitContext& context);  // where it has none: the host's

// ---- rootfs/console.cpp ---------------------------------------------------------------------------
void make_console(InitContext& context);
void make_unbound_console(InitContext& context);  // /dev/console stays what it is
void control_terminal(InitContext& context);      // of a session leader: the terminal is ours
void make_console_stdio(InitContext& context);
void own_stdio(InitContext& context);

// ---- hooks.cpp -----------------------------------------------------------------------------
bool has_host_hooks(const plan::Plan& plan);
void await_host_hooks(InitContext& context);
void run_create_container_hooks(InitContext& context);
void run_start_container_hooks(InitContext& context);

// ---- rootfs/masks.cpp -----------------------------------------------------------------------------
void make_paths_readonly(InitContext& context);
void mask_paths(InitContext& context);

// ---- tuning.cpp ----------------------------------------------------------------------------
void write_sysctls(InitContext& context);
void set_hostname(InitContext& context);
void set_domainname(InitContext& context);
void reset_affinity(InitContext& context);
void set_scheduler(InitContext& context);
void set_io_priority(InitContext& context);
void set_memory_policy(InitContext& context);
void set_personality(InitContext& context);
void set_umask(InitContext& context);
void set_limits(InitContext& context);
void set_counting_limits(InitContext& context);  // see counts_what_is_ours()

// ---- identity.cpp --------------------------------------------------------------------------
void set_labels(InitContext& context);
void enter_cwd(InitContext& context);
void drop_bounding_set(InitContext& context);
void keep_capabilities(InitContext& context);
void set_groups(InitContext& context);
void set_group(InitContext& context);
void set_user(InitContext& context);
void enter_cwd_as_user(InitContext& context);
void prove_cwd_inside(InitContext& context);
void set_capabilities(InitContext& context);
/// CAP_SYS_ADMIN where the filter takes it, for that moment. The second is under the filter.
void raise_power_for_filter(InitContext& context);
/// What is to be set again once the filter is loaded; made before, see PreparedCapabilities.
std::optional<sys::PreparedCapabilities> power_after_filter(const InitContext& context);
void raise_ambient_capabilities(InitContext& context);
void set_no_new_privileges(InitContext& context);

// ---- filter.cpp ----------------------------------------------------------------------------
void fetch_filter(InitContext& context);
void load_filter(InitContext& context);
/// Where the bridge could not: its child, after all that the filter would not let it do.
void load_held_filter(InitContext& context);

// ---- home.cpp ------------------------------------------------------------------------------
bool needs_home(const plan::Plan& plan);
void open_self_fd(InitContext& context);
void complete_environment(InitContext& context);

// ---- gate.cpp: what comes last -------------------------------------------------------------
void set_listen_pid(InitContext& context);
void locate_program(InitContext& context);
void reset_signals(InitContext& context);
void close_descriptors(InitContext& context);
void wipe_environment(InitContext& context);
void untie_from_main(InitContext& context);
void report_ready(InitContext& context);
void await_commit(InitContext& context);
/// Waits for `start`, runs the startContainer hooks, answers, executes.
[[noreturn]] void pass_gate(InitContext& context) noexcept;

}  // namespace asylum::process
