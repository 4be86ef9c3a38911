// SPDX-License-Identifier: Apache-2.0
// HOME of a program whose config says none: from the container's own /etc/passwd, as runc. The file
// is the container's: whatever it is, it must not keep `exec` out, and nothing but a regular file
// is opened.
// Runs in: init (before the first mount and after pivot_root); exec's bridge (before and after it
// joins).
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/report.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/plan.h"
#include "runtime/plan/types/process.h"
#include "runtime/process/init/environment.h"
#include "runtime/process/init/steps.h"
#include "runtime/sys/file.h"
#include "runtime/sys/passwd.h"
#include "runtime/sys/procfs.h"

namespace asylum::process {
namespace {

constexpr char kPasswd[] = "/etc/passwd";

void say_why_not(std::string_view reason) {
  log::debug(cat("HOME is \"/\", ", quote(kPasswd), " is not used: ", reason));
}

/// Nothing if there is no such file, or nothing in it: files of procfs say so of themselves, and
/// /proc/kmsg would be read empty.
std::optional<sys::Fd> open_passwd(const InitContext& context) {
  // What it is, is known before it is opened: a node may act on being opened (a watchdog, a tape).
  const auto file = context.rootfs.try_open(kPasswd, O_PATH);
  if (!file) return std::nullopt;
  const struct ::stat status = sys::status_of(file->get());
  if (!S_ISREG(status.st_mode)) throw Error(ErrorKind::denied, "it is not a regular file");
  if (status.st_size == 0) return std::nullopt;
  if (static_cast<std::size_t>(status.st_size) > sys::kLargestPasswd) {
    throw_os("fstat", EFBIG, cat("read more than ", sys::kLargestPasswd, " bytes"));
  }
  return sys::reopen(context.self_fd.get(), file->get(), O_RDONLY | O_NONBLOCK);
}

std::string home_of(const InitContext& context, std::uint32_t uid) {
  try {
    const auto file = open_passwd(context);
    auto account = file ? sys::find_account(file->get(), uid) : std::nullopt;
    if (account) return std::move(account->home);
  } catch (const Error& error) {
    say_why_not(sentence_of(error));
  }
  return "/";
}

}  // namespace

bool needs_home(const plan::Plan& plan) {
  return find_variable(plan.process.env, "HOME").value_or("").empty();
}

void open_self_fd(InitContext& context) {
  try {
    context.self_fd = sys::Procfs::open_host().open("self/fd", O_PATH | O_DIRECTORY);
  } catch (const Error& error) {
    say_why_not(sentence_of(error));
  }
}

void complete_environment(InitContext& context) {
  context.environment = context.process.env;
  if (!needs_home(context.plan)) return;
  std::erase_if(context.environment, [](const std::string& e) { return e.starts_with("HOME="); });
  context.environment.push_back(cat("HOME=", home_of(context, context.process.identity.uid)));
  context.self_fd.reset();
}

}  // namespace asylum::process
