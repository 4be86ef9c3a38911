// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/state/settings.h"

#include <stdlib.h>
#include <unistd.h>

#include "runtime/base/text.h"
#include "runtime/container/host/probe_host.h"
#include "runtime/sys/process/namespaces.h"

namespace asylum::container {

std::string default_root() {
  const char* runtime_directory = ::getenv("XDG_RUNTIME_DIR");
  const bool rootless = is_rootless(::geteuid(), sys::in_initial_user_namespace());
  if (rootless && runtime_directory != nullptr && *runtime_directory == '/') {
    return clean_path(cat(runtime_directory, "/asylum-runc"));
  }
  return "/run/asylum-runc";
}

}  // namespace asylum::container
