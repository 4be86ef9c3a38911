// SPDX-License-Identifier: Apache-2.0
// The arithmetic between the config's cgroup v1 units and cgroup2's, the same as runc's to the last
// digit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace asylum::plan {

/// cpu.shares (2..262144) → cpu.weight (1..10000), 1024 → 100. 0 is "not set" and gives 0.
std::uint64_t weight_of_shares(std::uint64_t shares);

/// blkio weight (10..1000) → io.weight (1..10000). 0 is "not set" and gives 0.
std::uint64_t io_weight_of_blkio(std::uint16_t weight);

/// "" for 0 (not set), "max" for -1, else the number in decimal.
std::string limit_text(std::int64_t value);

/// memory.swap.max for a limit on memory and swap together. `error` is what is wrong, or null.
struct SwapText {
  std::string value;  // "" = nothing to write
  const char* error = nullptr;
};
SwapText swap_text(std::optional<std::int64_t> memory_and_swap, std::optional<std::int64_t> memory);

}  // namespace asylum::plan
