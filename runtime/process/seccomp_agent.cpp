// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/seccomp_agent.h"

#include <sys/socket.h>

#include <nlohmann/json.hpp>
#include <span>

#include "hooks/run_hooks.h"
#include "runtime/sys/socket.h"

namespace asylum::process {

std::string container_process_state(const plan::Plan& plan, pid_t init) {
  using Json = nlohmann::ordered_json;
  Json document{
      {"ociVersion", plan.state.oci_version}, {"fds", Json::array({"seccompFd"})}, {"pid", init}};
  const std::string& metadata = plan.seccomp->listener_metadata;
  if (!metadata.empty()) document["metadata"] = metadata;
  document["state"] = Json::parse(hooks::state_document(plan.state, init, "creating"));
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void send_listener(const plan::Plan& plan, pid_t init, const sys::Fd& listener) {
  const sys::Fd agent = sys::connect_unix_path(plan.seccomp->listener_path, SOCK_STREAM);
  const int fd = listener.get();
  sys::send_message(agent.get(), container_process_state(plan, init), std::span<const int>(&fd, 1));
}

}  // namespace asylum::process
