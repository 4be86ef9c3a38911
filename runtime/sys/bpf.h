// SPDX-License-Identifier: Apache-2.0
// cgroup device programs. Source: bpf(2), BPF_PROG_TYPE_CGROUP_DEVICE.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "runtime/sys/fd.h"

namespace asylum::sys {

/// BPF_PROG_LOAD; each element is a struct bpf_insn. `name` is at most 15 of [A-Za-z0-9_.]. When
/// the verifier refuses, its last words go into the Error's detail. Throws.
Fd load_device_program(std::span<const std::uint64_t> instructions, const char* name);
/// No descriptor and the errno when refused.
[[nodiscard]] Fd try_load_device_program(std::span<const std::uint64_t> instructions,
                                         const char* name, int& error_number);

/// BPF_PROG_ATTACH with BPF_F_ALLOW_MULTI: filters of ancestors stay in force, those of children
/// add to ours. Throws.
void attach_device_program(int cgroup_fd, int program_fd);
/// Attaches `program_fd` in the place of `old_program_fd`, atomically (BPF_F_REPLACE). Throws.
void replace_device_program(int cgroup_fd, int program_fd, int old_program_fd);
void detach_device_program(int cgroup_fd, int program_fd);

/// Ids of the device programs attached to this cgroup itself (not inherited ones). Throws.
std::vector<std::uint32_t> attached_device_programs(int cgroup_fd);
/// BPF_PROG_GET_FD_BY_ID. Throws.
Fd open_program(std::uint32_t id);
/// The name given at the load. Throws.
std::string name_of_program(int program_fd);

}  // namespace asylum::sys
