// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/runtime_face.h"

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/exit_code.h"
#include "runtime/cli/options/arguments.h"
#include "runtime/cli/options/help.h"
#include "runtime/cli/options/options.h"
#include "runtime/cli/options/output.h"
#include "runtime/cli/options/parser.h"
#include "runtime/cli/start_up.h"
#include "runtime/cli/version.h"
#include "runtime/sys/process/argument_area.h"
#include "runtime/sys/process/self_exec.h"

namespace asylum::cli {
namespace {

std::string help_for(const Arguments& arguments) {
  return arguments.command != nullptr ? help_of(*arguments.command) : help_of_program(commands());
}

// As runc: the usage on standard output, the error on standard error. A full disk must not replace
// the error.
void show_usage(const Arguments& arguments) {
  try {
    print("Incorrect Usage.\n\n" + help_for(arguments) + "\n");
  } catch (const Error&) {
  }
}

// Only a command that executes a program hands descriptors down.
void guard_descriptors(Arguments& arguments) {
  const bool hands_down = arguments.command != nullptr &&
                          find_option(arguments.command->options, "preserve-fds") != nullptr;
  const ListenFds claimed = hands_down ? read_listen_fds() : ListenFds{};
  const std::uint32_t passed = guard_descriptors(
      claimed, std::max(arguments.create.preserve_fds, arguments.exec.preserve_fds));
  arguments.create.listen_fds = arguments.exec.listen_fds = passed;
  arguments.ignored_listen_fds = claimed.count - passed;
}

// The first mistake, not thrown yet: it belongs into the log, and the log is opened last, because
// the descriptors to be preserved must be looked at before any descriptor of ours exists.
std::optional<Error> understand(std::span<const std::string_view> words, Arguments& arguments) {
  try {
    sys::keep_over_self_exec(descriptors_named_in(words));
    parse(words, commands(), arguments);
    guard_descriptors(arguments);
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

int fail(const Arguments& arguments, const Error& error, int code) {
  log::failure(error);
  const bool tells_its_kind = arguments.global.exit_codes || error.kind == ErrorKind::interrupted;
  return tells_its_kind ? exit_code_of(error) : code;
}

int execute(const Arguments& arguments) {
  if (arguments.global.version) {
    print(version_text());
    return 0;
  }
  if (arguments.help || arguments.command == nullptr) {
    print(help_for(arguments));
    return 0;
  }
  try {
    return arguments.command->run(arguments);
  } catch (const Error& error) {
    return fail(arguments, error, arguments.command->failure_code);
  }
}

}  // namespace

int runtime_face(int argc, char** argv) {
  sys::remember_argument_area(argc, argv, environ);
  open_missing_standard_streams();
  const std::vector<std::string_view> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  Arguments arguments;
  arguments.argv = argv;
  const std::optional<Error> mistake = understand(words, arguments);
  try {
    configure_log(arguments);
    if (!mistake) return execute(arguments);
  } catch (const Error& error) {
    return fail(arguments, error, 1);
  }
  if (mistake->kind == ErrorKind::invalid_usage) show_usage(arguments);
  return fail(arguments, *mistake, 1);
}

}  // namespace asylum::cli
