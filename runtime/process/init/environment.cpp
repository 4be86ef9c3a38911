// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/init/environment.h"

namespace asylum::process {

std::optional<std::string_view> find_variable(const std::vector<std::string>& environment,
                                              std::string_view key) {
  for (const std::string_view entry : environment) {
    if (entry.size() > key.size() && entry.starts_with(key) && entry[key.size()] == '=') {
      return entry.substr(key.size() + 1);
    }
  }
  return std::nullopt;
}

}  // namespace asylum::process
