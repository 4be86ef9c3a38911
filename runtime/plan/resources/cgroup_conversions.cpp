// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/resources/cgroup_conversions.h"

#include "runtime/base/text.h"

namespace asylum::plan {
namespace {

constexpr std::uint64_t kHighestWeight = 10000;
constexpr double kLn2 = 0.69314718055994530942;
constexpr double kLn10 = 2.30258509299404568402;

// Of a number from 1 up. Not libm's: loading that library would be paid by every start of the
// program, for one property of a few configs.
constexpr double natural_logarithm(double x) {
  int halvings = 0;
  for (; x > 1.5; x /= 2) ++halvings;
  const double z = (x - 1) / (x + 1);  // at most 0.2, so that 24 terms exceed a double's precision
  double power = z;
  double sum = 0;
  for (int n = 1; n < 48; n += 2, power *= z * z) sum += power / n;
  return 2 * sum + halvings * kLn2;
}

// The lowest weight that is not below e to the `exponent`.
std::uint64_t lowest_weight_from(double exponent) {
  constexpr double kRounding = 1e-12;  // 1024 shares are exactly 100
  std::uint64_t low = 1;
  std::uint64_t high = kHighestWeight;
  while (low < high) {
    const std::uint64_t middle = (low + high) / 2;
    if (natural_logarithm(static_cast<double>(middle)) + kRounding >= exponent) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace

std::uint64_t weight_of_shares(std::uint64_t shares) {
  if (shares == 0) return 0;
  if (shares <= 2) return 1;
  if (shares >= 262144) return kHighestWeight;
  // A parabola in log2(shares) through the ends and (1024, 100): 1024 shares and a weight of 100
  // are both "normal".
  const double l = natural_logarithm(static_cast<double>(shares)) / kLn2;
  const double exponent = (l * l + 125 * l) / 612.0 - 7.0 / 34.0;
  return lowest_weight_from(exponent * kLn10);
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
