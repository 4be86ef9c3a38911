// SPDX-License-Identifier: Apache-2.0
#include "hooks/run_hooks.h"

#include <optional>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/knockout.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/hooks.h"
#include "runtime/sys/process/captured_child.h"

namespace asylum::hooks {
namespace {

// Only what the document says may differ from `path`: argv[0] is the config's choice.
sys::CapturedRequest request_of(const HookRun& run, std::size_t index) {
  const plan::Hook& hook = run.hooks[index];
  sys::CapturedRequest request;
  request.path = hook.path;
  request.args = hook.args;
  if (request.args.empty()) request.args.push_back(hook.path);
  request.env = hook.env ? &*hook.env : run.default_env;
  request.input = run.state;
  request.timeout_s = hook.timeout_s;
  request.started = run.started;
  return request;
}

void run_hook(const HookRun& run, std::size_t index) {
  const sys::CapturedRequest request = request_of(run, index);
  const sys::CapturedEnd end = sys::run_captured(request);
  const auto failure = sys::describe_failure(request, end);
  if (!failure) return;
  std::string text = cat("hook ", word_of(run.stage), "[", index, "] ", quote(request.path), " ");
  const std::string words = sys::last_words(end);
  if (end.exec_errno != 0) {
    throw Error(ErrorKind::os, text + "could not be executed")
        .at(run.hooks[index].pointer)
        .because_of("execve", end.exec_errno);
  }
  throw Error(ErrorKind::os, words.empty() ? text + *failure : cat(text, *failure, ": ", words))
      .at(run.hooks[index].pointer);
}

}  // namespace

void run_hooks(const HookRun& run) {
  if (knocked_out("hooks", word_of(run.stage))) return;
  for (std::size_t i = 0; i < run.hooks.size(); ++i) run_hook(run, i);
}

}  // namespace asylum::hooks
