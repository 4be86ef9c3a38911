// SPDX-License-Identifier: Apache-2.0
// The only renderer of errors. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace asylum {

class Error;
struct Finding;

/// The sentence that stands alone, without program name and newline:
/// cannot mount /data: open "/no/such": no such file or directory (config.json#/mounts/7/source)
std::string sentence_of(const Error& error);

/// The lines under it: while, at, syscall, hint, further findings. Each begins with two blanks and
/// ends in a newline.
std::string details_of(const Error& error);

/// One JSON record with newline, valid UTF-8, at most 8 KiB: runc's level, msg, time; ours code,
/// stage, field, line, syscall, errno, hint, findings, warnings. `time` is RFC 3339.
std::string json_record(const Error& error, std::string_view time,
                        const std::vector<std::string>& warnings);
std::string json_record(std::string_view level, std::string_view message, std::string_view time);

/// "no such file or directory": in lower case, as Go has it and engines look for it in what we say.
std::string errno_words(int error_number);

/// "ENOENT"; for a number glibc does not know, the number.
std::string errno_name(int error_number);

}  // namespace asylum
