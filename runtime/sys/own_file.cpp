// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/own_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/report.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"

namespace asylum::sys {
namespace {

constexpr mode_t kWriteOfOthers = S_IWGRP | S_IWOTH;  // the group's bits are the mask of an ACL too

std::string octal(mode_t mode) {
  std::string digits;
  for (int shift = 9; shift >= 0; shift -= 3) {
    digits += static_cast<char>('0' + ((mode >> shift) & 7U));
  }
  return digits;
}

}  // namespace

std::string distrust(const struct ::stat& status) {
  if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
    return cat("belongs to uid ", status.st_uid);
  }
  const bool keeps_names = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
  if ((status.st_mode & kWriteOfOthers) == 0 || keeps_names) return {};
  return cat("may be written by others (mode ", octal(status.st_mode), ")");
}

bool is_shortage(int error_number) {
  return error_number == EMFILE || error_number == ENFILE || error_number == ENOMEM;
}

std::optional<std::string> try_read_own_file(int dir, const std::string& name) {
  // O_NONBLOCK: a FIFO would wait for its writer.
  const auto file = try_open_at(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  if (!file) return std::nullopt;
  const struct ::stat status = status_of(file->get());
  if (!S_ISREG(status.st_mode)) {
    throw Error(ErrorKind::denied, cat(quote(name), " is not a regular file"));
  }
  if (const std::string why = distrust(status); !why.empty()) {
    throw Error(ErrorKind::denied, cat(quote(name), " ", why));
  }
  return read_all(file->get(), kLargestOwnFile);
}

std::string read_own_file(int dir, const std::string& name) {
  auto text = try_read_own_file(dir, name);
  if (!text) throw_os("openat", ENOENT, cat("open ", quote(name)));
  return std::move(*text);
}

OwnFile look_at_own_file(int dir, const std::string& name) {
  try {
    return {try_read_own_file(dir, name), {}};
  } catch (const Error& error) {
    if (is_shortage(error.err)) throw;
    return {std::nullopt, sentence_of(error)};
  }
}

}  // namespace asylum::sys
