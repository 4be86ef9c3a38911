// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/main/seccomp_agent.h"

#include <sys/socket.h>

#include <nlohmann/json.hpp>
#include <span>

#include "hooks/run_hooks.h"
#include "hooks/state_document.h"
#include "runtime/plan/types/plan.h"
#include "runtime/sys/socket.h"

namespace asylum::process {

std::string container_process_state(const plan::Plan& plan, const FilteredProcess& process) {
  using Json = nlohmann::ordered_json;
  Json document{{"ociVersion", plan.state.oci_version},
                {"fds", Json::array({"seccompFd"})},
                {"pid", process.pid}};
  const std::string& metadata = plan.seccomp->listener_metadata;
  if (!metadata.empty()) document["metadata"] = metadata;
  const bool enters = process.container_init.has_value();
  document["state"] = Json::parse(hooks::state_document(
      plan.state, process.container_init.value_or(process.pid), enters ? "running" : "creating"));
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void send_listener(const plan::Plan& plan, const FilteredProcess& process,
                   const sys::Fd& listener) {
  const sys::Fd agent = sys::connect_unix_path(plan.seccomp->listener_path, SOCK_STREAM);
  const int fd = listener.get();
  sys::send_message(agent.get(), container_process_state(plan, process),
                    std::span<const int>(&fd, 1));
}

}  // namespace asylum::process
