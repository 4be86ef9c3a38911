// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/error.h"

#include <algorithm>
#include <utility>

#include "runtime/base/step.h"

namespace asylum {

std::string_view name_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid_config:
      return "invalid_config";
    case ErrorKind::invalid_usage:
      return "invalid_usage";
    case ErrorKind::unsupported:
      return "unsupported";
    case ErrorKind::not_found:
      return "not_found";
    case ErrorKind::already_exists:
      return "already_exists";
    case ErrorKind::wrong_state:
      return "wrong_state";
    case ErrorKind::denied:
      return "denied";
    case ErrorKind::os:
      return "os";
    case ErrorKind::exec_failed:
      return "exec_failed";
    case ErrorKind::timed_out:
      return "timed_out";
    case ErrorKind::interrupted:
      return "interrupted";
    case ErrorKind::internal:
      return "internal";
  }
  return "internal";
}

Error::Error(ErrorKind error_kind, std::string error_detail) {
  kind = error_kind;
  detail = std::move(error_detail);
  Step::describe_open_steps(*this);
}

Error Error::at(std::string config_pointer) && {
  pointer = std::move(config_pointer);
  return std::move(*this);
}

Error Error::because_of(std::string_view system_call, int error_number) && {
  syscall = system_call;
  err = error_number;
  return std::move(*this);
}

Error Error::with_hint(std::string text) && {
  hint = std::move(text);
  return std::move(*this);
}

Error Error::from_findings(std::vector<Finding> findings) {
  auto first = std::find_if(findings.begin(), findings.end(),
                            [](const Finding& f) { return f.severity == Severity::error; });
  if (first == findings.end()) return {ErrorKind::internal, "no finding is an error"};
  Error error(first->kind, first->text);
  error.doing.clear();
  error.pointer = first->pointer;
  error.hint = first->hint;
  findings.erase(first);
  error.findings = std::move(findings);
  return error;
}

void throw_os(std::string_view system_call, int error_number, std::string detail,
              std::string hint) {
  throw Error(ErrorKind::os, std::move(detail))
      .because_of(system_call, error_number)
      .with_hint(std::move(hint));
}

}  // namespace asylum
