// SPDX-License-Identifier: Apache-2.0
// How the cost of something grows with its size.
#pragma once

#include <time.h>

#include <algorithm>
#include <cstddef>
#include <functional>

namespace asylum {

/// CPU time of `work(8 * size)` over that of `work(size)`: about 8 where each element costs the
/// same, 64 where each is compared with all others. Of this thread alone, and the least of three,
/// so that no load on the machine matters.
inline double growth(std::size_t size, const std::function<void(std::size_t)>& work) {
  const auto cost = [&work](std::size_t n) {
    double least = 1e9;
    for (int round = 0; round < 3; ++round) {
      timespec begin{}, end{};
      ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
      work(n);
      ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
      const double seconds = static_cast<double>(end.tv_sec - begin.tv_sec) +
                             1e-9 * static_cast<double>(end.tv_nsec - begin.tv_nsec);
      least = std::min(least, seconds);
    }
    return least;
  };
  return cost(8 * size) / cost(size);
}

/// Between the two.
inline constexpr double kQuadratic = 28;

}  // namespace asylum
