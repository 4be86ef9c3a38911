// SPDX-License-Identifier: Apache-2.0
// asylum-runc run
#include <array>
#include <optional>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/commands/create_options.h"
#include "runtime/cli/commands/protect.h"
#include "runtime/cli/commands/settings.h"
#include "runtime/cli/options/arguments.h"
#include "runtime/cli/options/setters.h"
#include "runtime/container/verbs/create_options.h"
#include "runtime/container/verbs/run.h"

namespace asylum::cli {
namespace {

constexpr std::array kRunOnly{
    Option{.name = "detach",
           .short_name = 'd',
           .help = "return as soon as the program is executing",
           .section = Section::process,
           .set = set<&Arguments::create, &Create::detach>},
    Option{.name = "keep",
           .help = "do not delete the container when the program has ended",
           .section = Section::process,
           .set = set<&Arguments::create, &Create::keep>},
    Option{.name = "no-subreaper",
           .help = "do not adopt the orphans of the container's processes",
           .section = Section::process,
           .set = set<&Arguments::create, &Create::no_subreaper>},
};

template <std::size_t First, std::size_t Second>
constexpr std::array<Option, First + Second> join(const std::array<Option, First>& first,
                                                  const std::array<Option, Second>& second) {
  std::array<Option, First + Second> out;
  std::copy(second.begin(), second.end(), std::copy(first.begin(), first.end(), out.begin()));
  return out;
}

constexpr auto kOptions = join(kCreateOptions, kRunOnly);

int run(const Arguments& arguments) {
  container::CreateOptions options = arguments.create;
  options.id = arguments.positional.front();
  if (options.keep && options.detach) {
    throw Error(ErrorKind::invalid_usage,
                "--keep has no meaning with --detach: nobody would delete the container");
  }
  std::optional<container::Bundle> bundle;
  protect_this_program(arguments, [&] {
    bundle = container::read_bundle(options.bundle, options.config_file);
    return std::optional(bundle->spec);
  });
  return container::run(settings_from(arguments.global), options, std::move(bundle));
}

}  // namespace

constinit const Command run_command{
    .name = "run",
    .synopsis = "CONTAINER",
    .help = "create a container and start it",
    .description =
        "Creates the container CONTAINER and starts it. In the foreground "
        "(without --detach) signals and the "
        "terminal are handed through, and when the program ends the container "
        "is deleted and the command "
        "exits with the program's exit code, or with 128 plus the number of the "
        "signal that ended it.",
    .options = kOptions,
    .least = 1,
    .most = 1,
    .run = run};

}  // namespace asylum::cli
