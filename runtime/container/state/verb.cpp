// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/state/verb.h"

#include <errno.h>

#include <array>
#include <string_view>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/text.h"

namespace asylum::container {
namespace {

/// "" = legal. In both texts {id} and {status} stand for the container's.
struct Refusal {
  std::string_view words;
  std::string_view hint;
  int err = 0;  // of pidfd_send_signal: containerd looks for its text, "no such process"
};

constexpr std::size_t kStatuses = 5;
using Row = std::array<Refusal, kStatuses>;  // creating, created, running, paused, stopped

constexpr Refusal kLegal{};
constexpr std::string_view kSeen = "the container is in the {status} state";
constexpr Refusal kNotRunning{"container not running", kSeen};
constexpr Refusal kNotPaused{"container not paused", kSeen};
constexpr Refusal kNoKill{"cannot kill a container in the creating state",
                          "wait for create, or end that process"};
constexpr Refusal kNoExec{"cannot exec in a container in the creating state", ""};
constexpr Refusal kExecStopped{
    "cannot exec in a stopped container",
    "the container's first process has ended: delete it, or create it again"};
constexpr Refusal kNoEvents{"container with id {id} is not running", ""};
constexpr Refusal kNotStopped{"cannot delete container {id} that is not stopped: {status}",
                              "kill it first, or use delete --force"};

constexpr std::array<Row, kVerbs> kTable = {
    // start
    Row{Refusal{"cannot start a container in the creating state", ""}, kLegal,
        Refusal{"cannot start an already running container", ""},
        Refusal{"cannot start a container in the paused state", ""},
        Refusal{"cannot start a container that has stopped", ""}},
    // exec
    Row{kNoExec, kLegal, kLegal,
        Refusal{"cannot exec in a paused container (use --ignore-paused to override)", ""},
        kExecStopped},
    // exec_in_paused
    Row{kNoExec, kLegal, kLegal, kLegal, kExecStopped},
    // kill
    Row{kNoKill, kLegal, kLegal, kLegal, Refusal{"container not running", "", ESRCH}},
    // kill_all: the cgroup of a container without a pid namespace may outlive its first process
    Row{kNoKill, kLegal, kLegal, kLegal, kLegal},
    // pause
    Row{kNotRunning, kLegal, kLegal, kNotRunning, kNotRunning},
    // resume
    Row{kNotPaused, kNotPaused, kNotPaused, kLegal, kNotPaused},
    // update
    Row{kNotRunning, kLegal, kLegal, kLegal, kNotRunning},
    // mounts
    Row{kNotRunning, kLegal, kLegal, kLegal, kNotRunning},
    // events
    Row{kNoEvents, kLegal, kLegal, kLegal, kNoEvents},
    // remove
    Row{kNotStopped, kLegal, kNotStopped, kNotStopped, kLegal},
};

const Refusal& refusal_of(Verb verb, Status status) {
  return kTable.at(static_cast<std::size_t>(verb)).at(static_cast<std::size_t>(status));
}

std::string fill(std::string_view text, Status status, const std::string& id) {
  std::string out;
  while (true) {
    const std::size_t open = text.find('{');
    out += text.substr(0, open);
    if (open == std::string_view::npos) return out;
    const std::size_t close = text.find('}', open);
    out += text.substr(open, close - open) == "{id" ? std::string_view(id) : name_of(status);
    text.remove_prefix(close + 1);
  }
}

}  // namespace

void check_legal(Verb verb, Status status, const std::string& id) {
  const Refusal& refusal = refusal_of(verb, status);
  if (refusal.words.empty()) return;
  Error error = Error(ErrorKind::wrong_state, fill(refusal.words, status, id))
                    .with_hint(fill(refusal.hint, status, id));
  if (refusal.err == 0) throw error;
  throw std::move(error).because_of("pidfd_send_signal", refusal.err);
}

}  // namespace asylum::container
