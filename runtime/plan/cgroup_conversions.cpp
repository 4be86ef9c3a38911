// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/cgroup_conversions.h"

#include <cmath>

#include "runtime/base/text.h"

namespace asylum::plan {

std::uint64_t weight_of_shares(std::uint64_t shares) {
  if (shares == 0) return 0;
  if (shares <= 2) return 1;
  if (shares >= 262144) return 10000;
  // A parabola in log2(shares) through the ends and (1024, 100): 1024 shares and a weight of 100
  // are both "normal".
  const double l = std::log2(static_cast<double>(shares));
  const double exponent = (l * l + 125 * l) / 612.0 - 7.0 / 34.0;
  return static_cast<std::uint64_t>(std::ceil(std::pow(10, exponent)));
}

std::uint64_t io_weight_of_blkio(std::uint16_t weight) {
  if (weight == 0) return 0;
  if (weight < 10) return 1;
  return 1 + (static_cast<std::uint64_t>(weight) - 10) * 9999 / 990;
}

std::string limit_text(std::int64_t value) {
  if (value == 0) return {};
  return value == -1 ? std::string("max") : cat(value);
}

SwapText swap_text(std::optional<std::int64_t> memory_and_swap,
                   std::optional<std::int64_t> memory) {
  const std::int64_t total = memory_and_swap.value_or(0);
  const std::int64_t limit = memory.value_or(0);
  if (limit == -1 && total == 0) return {"max"};
  if (total <= 0 || limit == -1) return {limit_text(total)};
  if (limit <= 0) return {"", "unable to set swap limit without memory limit"};
  if (total < limit) return {"", "memory+swap limit should be >= memory limit"};
  return {cat(total - limit)};  // equal: "0", no swap at all
}

}  // namespace asylum::plan
