// SPDX-License-Identifier: Apache-2.0
// Asks a compiled filter for its answer.
#pragma once

#include <linux/audit.h>

#include <string>
#include <vector>

#include "runtime/seccomp/evaluate.h"

namespace asylum::seccomp {

inline std::uint32_t call(const std::string& program, std::uint32_t arch, int number,
                          std::vector<std::uint64_t> args = {}) {
  seccomp_data data{};
  data.arch = arch;
  data.nr = number;
  for (std::size_t i = 0; i < args.size(); ++i) data.args[i] = args[i];
  return evaluate(program, data);
}

}  // namespace asylum::seccomp
