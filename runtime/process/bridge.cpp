// SPDX-License-Identifier: Apache-2.0
// Runs in: main; be_bridge() in the bridge.
#include "runtime/process/bridge.h"

#include <signal.h>

#include <exception>
#include <optional>
#include <string>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/process/explain_death.h"
#include "runtime/process/message.h"
#include "runtime/sys/socket.h"

namespace asylum::process {
namespace {

constexpr std::int64_t kDeathTimeoutMs = 10'000;

struct Crossing {
  const BridgeRequest& request;
  int socket;
};

void report(int socket, const Error& error) {
  Message message;
  message.type = MessageType::failed;
  message.error = error;
  (void)sys::try_send_message(socket, encode(message));
}

void cross(const Crossing& crossing) {
  sys::set_parent_death_signal(SIGKILL);
  // Processes of the user namespace that we enter have power over us; init inherits this.
  sys::set_dumpable(false);
  join_all(crossing.request.joins);
  sys::CloneRequest clone = crossing.request.clone;
  clone.as_sibling = true;
  clone.exit_signal = 0;  // CLONE_PARENT wants that: the signal will be ours, SIGCHLD
  clone.cgroup_fd = -1;
  const sys::Child init =
      sys::clone_process(clone, crossing.request.init, crossing.request.context);
  Message message;
  message.type = MessageType::ready;
  message.number = init.pid;
  const int fd = init.pidfd.get();
  sys::send_message(crossing.socket, encode(message), {&fd, 1});
}

[[noreturn]] void be_bridge(void* context) noexcept {
  const Crossing& crossing = *static_cast<const Crossing*>(context);
  sys::set_name("asylum:[bridge]");
  try {
    cross(crossing);
    sys::exit_now(0);
  } catch (const Error& error) {
    report(crossing.socket, error);
  } catch (const std::exception& error) {
    report(crossing.socket, Error(ErrorKind::internal, error.what()));
  }
  sys::exit_now(1);
}

sys::Child child_of(sys::ReceivedMessage received) {
  Message message = decode(received.bytes);
  if (message.error) {
    Step::enclose(*message.error);
    throw std::move(*message.error);
  }
  if (message.type != MessageType::ready || received.fds.size() != 1) {
    throw Error(ErrorKind::internal, cat("the bridge sent ", name_of(message.type)));
  }
  return {static_cast<pid_t>(message.number), std::move(received.fds.front())};
}

}  // namespace

sys::Child clone_over_bridge(const BridgeRequest& request) {
  Step step{"clone the container's init process in the joined user namespace"};
  sys::SocketPair pair = sys::seqpacket_pair();
  Crossing crossing{request, pair.theirs.get()};
  const sys::CloneRequest plain{.cgroup_fd = request.clone.cgroup_fd};
  const sys::Child bridge = sys::clone_process(plain, be_bridge, &crossing);
  pair.theirs.reset();
  auto received = sys::receive_message(pair.ours.get());
  const Death death =
      examine_death(bridge.pid, bridge.pidfd.get(), request.clone.cgroup_fd, kDeathTimeoutMs);
  (void)sys::try_send_signal(bridge.pidfd.get(), SIGKILL);
  (void)sys::wait_pidfd(bridge.pidfd.get());
  if (!received) throw explain(death, ErrorKind::os, "before it was cloned");
  return child_of(std::move(*received));
}

}  // namespace asylum::process
