// SPDX-License-Identifier: Apache-2.0
// Runs in: main, delete, init. Pure.
#include "hooks/state_document.h"

#include <nlohmann/json.hpp>

#include "hooks/run_hooks.h"
#include "runtime/plan/types/hooks.h"

namespace asylum::hooks {

std::string state_document(const plan::StateSeed& seed, pid_t pid, std::string_view status) {
  nlohmann::ordered_json document{
      {"ociVersion", seed.oci_version}, {"id", seed.id}, {"status", status}};
  // REQUIRED only while there is a process; 0 would name one that is none.
  if (pid > 0) document["pid"] = pid;
  document["bundle"] = seed.bundle;
  if (!seed.annotations.empty()) {
    nlohmann::ordered_json annotations = nlohmann::ordered_json::object();
    for (const auto& [key, value] : seed.annotations) annotations[key] = value;
    document["annotations"] = std::move(annotations);
  }
  return document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace asylum::hooks
