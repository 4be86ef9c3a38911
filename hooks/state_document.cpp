// SPDX-License-Identifier: Apache-2.0
// Runs in: main, delete, init. Pure.
#include "hooks/state_document.h"

#include <cstdint>

#include "runtime/base/json_writer.h"
#include "runtime/plan/types/hooks.h"

namespace asylum::hooks {

std::string state_document(const plan::StateSeed& seed, pid_t pid, std::string_view status) {
  JsonWriter json("");
  json.begin_object();
  json.member("ociVersion", seed.oci_version);
  json.member("id", seed.id);
  json.member("status", status);
  // REQUIRED only while there is a process; 0 would name one that is none.
  if (pid > 0) json.member("pid", std::int64_t{pid});
  json.member("bundle", seed.bundle);
  if (!seed.annotations.empty()) {
    json.key("annotations");
    json.begin_object();
    for (const auto& [key, value] : seed.annotations) json.member(key, value);
    json.end_object();
  }
  json.end_object();
  return json.take() + "\n";
}

}  // namespace asylum::hooks
