// SPDX-License-Identifier: Apache-2.0
// asylum-runc ps
#include "runtime/container/ps.h"

#include <vector>

#include "runtime/base/text.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/output.h"
#include "runtime/container/settings.h"

namespace asylum::cli {
namespace {

std::string json_of(const std::vector<pid_t>& pids) {
  if (pids.empty()) return "null\n";  // runc's: a Go slice that nobody has made
  std::string out = "[";
  for (const pid_t pid : pids) out += cat(out.size() > 1 ? "," : "", pid);
  return out + "]\n";
}

}  // namespace

int run_ps(const Arguments& arguments) {
  const container::Settings settings = settings_from(arguments.global);
  const std::string& id = arguments.positional.front();
  switch (arguments.ps.format) {
    case ListFormat::json:
      print(json_of(container::processes(settings, id)));
      return 0;
    case ListFormat::table:
      print(container::process_table(
          settings, id, {arguments.positional.begin() + 1, arguments.positional.end()}));
      return 0;
  }
  return 0;
}

}  // namespace asylum::cli
