// SPDX-License-Identifier: Apache-2.0
// Names of users from /etc/passwd itself: NSS would load libraries of the host's choice into us.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace asylum::container {

std::optional<std::string> user_name_of(uid_t uid);

}  // namespace asylum::container
