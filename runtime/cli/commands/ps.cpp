// SPDX-License-Identifier: Apache-2.0
// asylum-runc ps
#include "runtime/container/verbs/ps.h"
#include "runtime/cli/commands/settings.h"
#include "runtime/cli/options/arguments.h"
#include "runtime/cli/options/setters.h"

#include <array>
#include <vector>

#include "runtime/base/text.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/options/output.h"
#include "runtime/container/state/settings.h"

namespace asylum::cli {
namespace {

constexpr std::array kOptions{
    Option{.name = "format",
           .short_name = 'f',
           .argument = "table|json",
           .help = "how to print: the lines of ps (the default), or only the process ids",
           .section = Section::input_output,
           .set = set<&Arguments::ps, &PsOptions::format>,
           .complaint = "invalid format option"},
};

std::string json_of(const std::vector<pid_t>& pids) {
  if (pids.empty()) return "null\n";  // runc's: a Go slice that nobody has made
  std::string out = "[";
  for (const pid_t pid : pids) out += cat(out.size() > 1 ? "," : "", pid);
  return out + "]\n";
}

int run(const Arguments& arguments) {
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

}  // namespace

constinit const Command ps_command{
    .name = "ps",
    .synopsis = "CONTAINER [PS-OPTION...]",
    .help = "show the processes of a container",
    .description =
        "Runs the host's ps with the given options (default: -ef) and prints its heading "
        "and the lines of the processes that live in the container's cgroup or below it. "
        "The options must leave the column PID in place.",
    .options = kOptions,
    .least = 1,
    .most = ~0U,
    .tail_is_program = true,
    .run = run};

}  // namespace asylum::cli
