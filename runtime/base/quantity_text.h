// SPDX-License-Identifier: Apache-2.0
// Amounts as people write them on a command line: sizes and durations. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace asylum {

/// "512m", "1g", "1.5G", "64KiB", "4096", "100b": bytes, in powers of 1024 whatever the unit's
/// spelling, as every container tool has it; "-1" is -1, no limit. Nothing for anything else or
/// what does not fit.
std::optional<std::int64_t> parse_size(std::string_view text);

/// "5s", "1m30s", "250ms", "1.5h", "0", "-3s": nanoseconds, as Go's time.ParseDuration reads it.
std::optional<std::int64_t> parse_duration_ns(std::string_view text);

}  // namespace asylum
