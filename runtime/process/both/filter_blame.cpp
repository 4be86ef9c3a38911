// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/both/filter_blame.h"

#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>

#include <array>
#include <span>
#include <utility>

#include "runtime/base/text.h"
#include "runtime/plan/types/seccomp.h"
#include "runtime/seccomp/verdict.h"

namespace asylum::process {
namespace {

using Calls = std::span<const std::string_view>;

// In the order of what init does under the filter; seccomp.bats compares them with a trace.
constexpr std::array<std::string_view, 4> kSetUpCalls = {"capset", "write", "read", "exit_group"};
constexpr std::array<std::string_view, 4> kGateCalls = {"read", "write", "execve", "exit_group"};
constexpr std::array<std::string_view, 1> kExecveCalls = {"execve"};

// What libc makes of a name in our errors.
constexpr std::array kOtherNames = {
    std::pair<std::string_view, std::string_view>{"stat", "newfstatat"},
    std::pair<std::string_view, std::string_view>{"fstat", "newfstatat"},
    std::pair<std::string_view, std::string_view>{"faccessat", "faccessat2"},
};

Calls calls_of(FilterStage stage) {
  switch (stage) {
    case FilterStage::set_up:
      return kSetUpCalls;
    case FilterStage::set_up_without_capset:
      return Calls(kSetUpCalls).subspan(1);
    case FilterStage::gate:
      return kGateCalls;
    case FilterStage::execve:
      return kExecveCalls;
  }
  return {};
}

bool refuses(const seccomp::Verdict& verdict) {
  return (verdict.action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO;
}

std::string refusal_of(std::uint32_t action) {
  const char* name = ::strerrorname_np(static_cast<int>(action & SECCOMP_RET_DATA));
  return cat("refuses (", name == nullptr ? cat("errno ", action & SECCOMP_RET_DATA) : name, ")");
}

std::optional<seccomp::Verdict> find_refusal(const plan::Seccomp& seccomp, std::string_view call,
                                             int error_number) {
  for (seccomp::Verdict& verdict : seccomp::verdicts_on(seccomp, call)) {
    if (refuses(verdict) && static_cast<int>(verdict.action & SECCOMP_RET_DATA) == error_number) {
      return std::move(verdict);
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<FilterBlame> blame_for_death(const plan::Seccomp& seccomp, FilterStage stage,
                                           const sys::WaitResult& end) {
  if (end.exited) {
    // Init had something to say, and no way to write it; or could not hear that it is to go on, at
    // a time when main has ceased to listen.
    for (const std::string_view call : calls_of(stage)) {
      if (call != "write" && call != "read") continue;
      for (const seccomp::Verdict& verdict : seccomp::verdicts_on(seccomp, call)) {
        if (refuses(verdict)) return {{call, refusal_of(verdict.action), verdict.pointer}};
      }
    }
    return std::nullopt;
  }
  if (end.signal != SIGSYS) return std::nullopt;
  for (const std::string_view call : calls_of(stage)) {
    for (const seccomp::Verdict& verdict : seccomp::verdicts_on(seccomp, call)) {
      if (seccomp::is_deadly(verdict)) return {{call, "kills", verdict.pointer}};
    }
  }
  return std::nullopt;
}

bool blame_filter(Error& error, const plan::Seccomp& seccomp) {
  if (error.syscall.empty() || error.err == 0) return false;
  std::string call = error.syscall;
  auto verdict = find_refusal(seccomp, call, error.err);
  for (const auto& [ours, kernels] : kOtherNames) {
    if (verdict || ours != error.syscall) continue;
    call = kernels;
    verdict = find_refusal(seccomp, call, error.err);
  }
  if (!verdict) return false;
  error.pointer = verdict->pointer;
  error.hint = cat("the seccomp filter ", refusal_of(verdict->action), " the system call ", call,
                   verdict->conditional ? " with some arguments" : "");
  return true;
}

}  // namespace asylum::process
