// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/host/user_names.h"

#include <fcntl.h>

#include "runtime/base/error.h"
#include "runtime/sys/file.h"
#include "runtime/sys/passwd.h"

namespace asylum::container {

std::optional<std::string> user_name_of(uid_t uid) {
  try {
    const auto file = sys::try_open_at(AT_FDCWD, "/etc/passwd", O_RDONLY);
    if (!file) return std::nullopt;
    auto account = sys::find_account(file->get(), uid);
    if (account && !account->name.empty()) return std::move(account->name);
  } catch (const Error&) {
    // A name is a courtesy: `list` says the number instead.
  }
  return std::nullopt;
}

}  // namespace asylum::container
