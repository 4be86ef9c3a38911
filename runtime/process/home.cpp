// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/home.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <exception>
#include <optional>
#include <string_view>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/report.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/passwd.h"
#include "runtime/sys/procfs.h"

namespace asylum::process {
namespace {

constexpr char kPasswd[] = "/etc/passwd";

sys::Fd reopen(const sys::Procfs& procfs, int fd) {
  return procfs.open_link("self/fd", cat(fd), O_RDONLY | O_NONBLOCK);
}

/// Through the container's own procfs, which saves making one: nothing where there is none, or none
/// that shows us.
std::optional<sys::Fd> try_reopen_in(const sys::Rootfs& rootfs, int fd) {
  try {
    auto root = rootfs.try_open("/proc", O_PATH | O_DIRECTORY);
    if (root) return reopen(sys::Procfs::adopt(std::move(*root)), fd);
  } catch (const Error&) {
    // A private one decides.
  }
  return std::nullopt;
}

/// Nothing if there is no such file, or nothing in it: files of procfs say so of themselves, and
/// /proc/kmsg would be read empty.
std::optional<sys::Fd> open_passwd(const sys::Rootfs& rootfs) {
  // What it is, is known before it is opened: a node may act on being opened (a watchdog, a tape).
  const auto file = rootfs.try_open(kPasswd, O_PATH);
  if (!file) return std::nullopt;
  const struct ::stat status = sys::status_of(file->get());
  if (!S_ISREG(status.st_mode)) throw Error(ErrorKind::denied, "it is not a regular file");
  if (status.st_size == 0) return std::nullopt;
  if (static_cast<std::size_t>(status.st_size) > sys::kLargestPasswd) {
    throw_os("fstat", EFBIG, cat("read more than ", sys::kLargestPasswd, " bytes"));
  }
  auto opened = try_reopen_in(rootfs, file->get());
  if (!opened) opened = reopen(sys::Procfs::open(), file->get());
  if (sys::identity_of(opened->get()) != sys::identity_of(file->get())) {
    throw Error(ErrorKind::denied, "it was exchanged while it was being opened");
  }
  return opened;
}

void say_why_not(std::string_view reason) {
  log::debug(cat("HOME is \"/\", ", quote(kPasswd), " is not used: ", reason));
}

}  // namespace

std::string home_of(const sys::Rootfs& rootfs, std::uint32_t uid) noexcept {
  try {
    const auto file = open_passwd(rootfs);
    auto account = file ? sys::find_account(file->get(), uid) : std::nullopt;
    if (account) return std::move(account->home);
  } catch (const Error& error) {
    say_why_not(sentence_of(error));
  } catch (const std::exception& error) {
    say_why_not(error.what());
  }
  return "/";
}

}  // namespace asylum::process
