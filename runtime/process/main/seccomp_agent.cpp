// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/main/seccomp_agent.h"

#include <sys/socket.h>

#include <span>

#include "hooks/state_document.h"
#include "runtime/base/json_writer.h"
#include "runtime/plan/types/plan.h"
#include "runtime/sys/socket.h"

namespace asylum::process {

std::string container_process_state(const plan::Plan& plan, const FilteredProcess& process) {
  JsonWriter json("");
  json.begin_object();
  json.member("ociVersion", plan.state.oci_version);
  json.key("fds");
  json.begin_array();
  json.text("seccompFd");
  json.end_array();
  json.member("pid", std::int64_t{process.pid});
  const std::string& metadata = plan.seccomp->listener_metadata;
  if (!metadata.empty()) json.member("metadata", metadata);
  const bool enters = process.container_init.has_value();
  std::string state = hooks::state_document(
      plan.state, process.container_init.value_or(process.pid), enters ? "running" : "creating");
  state.pop_back();  // its newline
  json.key("state");
  json.raw(state);
  json.end_object();
  return json.take();
}

void send_listener(const plan::Plan& plan, const FilteredProcess& process,
                   const sys::Fd& listener) {
  const sys::Fd agent = sys::connect_unix_path(plan.seccomp->listener_path, SOCK_STREAM);
  const int fd = listener.get();
  sys::send_message(agent.get(), container_process_state(plan, process),
                    std::span<const int>(&fd, 1));
}

}  // namespace asylum::process
