// SPDX-License-Identifier: Apache-2.0
// What a compiled filter answers to one system call, without loading it. Pure.
#pragma once

#include <linux/seccomp.h>

#include <cstdint>
#include <string_view>

namespace asylum::seccomp {

/// SECCOMP_RET_* with its data. `program`: struct sock_filter[] as bytes. Throws
/// ErrorKind::internal for an instruction that neither libseccomp nor our prologue makes.
std::uint32_t evaluate(std::string_view program, const seccomp_data& data);

}  // namespace asylum::seccomp
