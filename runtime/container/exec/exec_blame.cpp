// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/exec/exec_blame.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "runtime/base/error.h"
#include "runtime/container/exec/exec.h"
#include "runtime/container/exec/exec_process.h"

namespace asylum::container {
namespace {

constexpr std::string_view kProcess = "/process";

bool is_at_or_below(std::string_view pointer, std::string_view top) {
  return pointer.starts_with(top) && (pointer.size() == top.size() || pointer[top.size()] == '/');
}

// What of /process the command line says instead of the config, as process_to_execute() has it.
bool comes_from_command_line(std::string_view pointer, const ExecOptions& options) {
  struct Said {
    const char* pointer;
    bool here;
  };
  const Said all[] = {
      {"/process/args", true},
      {"/process/terminal", true},
      {"/process/cwd", !options.cwd.empty()},
      {"/process/env", !options.env.empty()},
      {"/process/user/uid", !options.user.empty()},
      {"/process/user/gid", options.user.find(':') != std::string::npos},
      {"/process/user/additionalGids", !options.additional_gids.empty()},
      {"/process/capabilities", !options.capabilities.empty()},
      {"/process/noNewPrivileges", options.no_new_privileges},
      {"/process/apparmorProfile", !options.apparmor_profile.empty()},
      {"/process/selinuxLabel", !options.process_label.empty()},
  };
  return std::any_of(std::begin(all), std::end(all), [&](const Said& one) {
    return one.here && is_at_or_below(pointer, one.pointer);
  });
}

}  // namespace

void blame_source(Error& error, const ExecOptions& options) {
  if (!error.document.empty() || !is_at_or_below(error.pointer, kProcess)) return;
  if (!options.process_file.empty()) {
    error.document = options.process_file;
    error.pointer.erase(0, kProcess.size());
  } else if (comes_from_command_line(error.pointer, options)) {
    error.pointer.clear();
  } else {
    return;
  }
  error.line = error.column = 0;  // they were the config's
}

}  // namespace asylum::container
