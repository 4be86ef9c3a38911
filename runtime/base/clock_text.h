// SPDX-License-Identifier: Apache-2.0
// Moments as text. Pure: gmtime_r(3) would do, but it opens /etc/localtime, which costs time and
// after pivot_root is the container's file.
#pragma once

#include <cstdint>
#include <string>

namespace asylum {

/// RFC 3339 in UTC: "2026-01-31T09:05:00.000123Z" with 6 digits of the second's fraction, 9 at
/// most.
std::string rfc3339(std::int64_t seconds_since_1970, std::uint32_t nanoseconds, unsigned digits);

}  // namespace asylum
