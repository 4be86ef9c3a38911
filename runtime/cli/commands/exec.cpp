// SPDX-License-Identifier: Apache-2.0
// asylum-runc exec
#include "runtime/container/exec/exec.h"
#include "runtime/cli/commands/settings.h"
#include "runtime/cli/options/arguments.h"
#include "runtime/cli/options/setters.h"

#include <array>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/commands/protect.h"
#include "runtime/container/state/saved_config.h"
#include "runtime/container/state/settings.h"

namespace asylum::cli {
namespace {

using Exec = container::ExecOptions;

constexpr std::array kOptions{
    Option{.name = "process",
           .short_name = 'p',
           .argument = "FILE",
           .help = "execute the OCI process object of FILE; every other option about the process "
                   "is then ignored",
           .section = Section::process,
           .set = set<&Arguments::exec, &Exec::process_file>},
    Option{.name = "cwd",
           .argument = "DIR",
           .help = "the working directory in the container (default: the config's)",
           .section = Section::process,
           .set = set<&Arguments::exec, &Exec::cwd>},
    Option{.name = "env",
           .short_name = 'e',
           .argument = "KEY=VALUE",
           .help = "add a variable to the config's environment; the last of a name wins",
           .section = Section::process,
           .set = set_exec_env,
           .repeatable = true},
    Option{.name = "tty",
           .short_name = 't',
           .help = "allocate a terminal",
           .section = Section::input_output,
           .set = set<&Arguments::exec, &Exec::tty>},
    Option{.name = "user",
           .short_name = 'u',
           .argument = "UID[:GID]",
           .help = "run as this user, in numbers (default: the config's)",
           .section = Section::process,
           .set = set<&Arguments::exec, &Exec::user>},
    Option{.name = "additional-gids",
           .short_name = 'g',
           .argument = "GID",
           .help = "add a supplementary group",
           .section = Section::process,
           .set = set<&Arguments::exec, &Exec::additional_gids>,
           .repeatable = true},
    Option{.name = "cap",
           .short_name = 'c',
           .argument = "CAP",
           .help = "add a capability to the bounding, effective and permitted sets",
           .section = Section::process,
           .set = set<&Arguments::exec, &Exec::capabilities>,
           .repeatable = true},
    Option{.name = "no-new-privs",
           .help = "set no_new_privs",
           .section = Section::process,
           .set = set<&Arguments::exec, &Exec::no_new_privileges>},
    Option{.name = "apparmor",
           .argument = "PROFILE",
           .help = "the AppArmor profile",
           .section = Section::process,
           .set = set<&Arguments::exec, &Exec::apparmor_profile>},
    Option{.name = "process-label",
           .argument = "LABEL",
           .help = "the SELinux label",
           .section = Section::process,
           .set = set<&Arguments::exec, &Exec::process_label>},
    Option{.name = "cgroup",
           .argument = "PATH",
           .help = "enter this cgroup below the container's; / is the container's own (default: "
                   "where its init is)",
           .section = Section::cgroups,
           .set = set<&Arguments::exec, &Exec::cgroup>},
    Option{.name = "ignore-paused",
           .help = "enter a paused container too; the process begins when it is resumed",
           .section = Section::process,
           .set = set<&Arguments::exec, &Exec::ignore_paused>},
    Option{.name = "timeout",
           .argument = "DURATION",
           .help = "kill the process and all that it has started if it still runs after this time: "
                   "500ms, 1m30s",
           .section = Section::process,
           .set = set_timeout},
    Option{.name = "detach",
           .short_name = 'd',
           .help = "return as soon as the program is executing",
           .section = Section::process,
           .set = set<&Arguments::exec, &Exec::detach>},
    Option{.name = "pid-file",
           .argument = "FILE",
           .help = "write the process id to FILE",
           .section = Section::input_output,
           .set = set<&Arguments::exec, &Exec::pid_file>},
    Option{.name = "console-socket",
           .argument = "SOCKET",
           .help = "send the master side of the terminal to this listening AF_UNIX stream socket",
           .section = Section::input_output,
           .set = set<&Arguments::exec, &Exec::console_socket>},
    Option{.name = "pidfd-socket",
           .argument = "SOCKET",
           .help = "send a pidfd of the process to this listening AF_UNIX stream socket",
           .section = Section::input_output,
           .set = set<&Arguments::exec, &Exec::pidfd_socket>},
    Option{
        .name = "preserve-fds",
        .argument = "N",
        .help =
            "hand N further file descriptors to the process, from 3 on (after those of LISTEN_FDS)",
        .section = Section::input_output,
        .set = set<&Arguments::exec, &Exec::preserve_fds>},
    Option{.name = "no-subreaper",
           .help = "do not adopt the orphans of the process",
           .section = Section::process,
           .set = set<&Arguments::exec, &Exec::no_subreaper>},
};

int run(const Arguments& arguments) {
  container::ExecOptions options = arguments.exec;
  options.id = arguments.positional.front();
  options.args.assign(arguments.positional.begin() + 1, arguments.positional.end());
  if (options.process_file.empty() && options.args.empty()) {
    throw Error(ErrorKind::invalid_usage, "args must not be empty: name the program to execute");
  }
  if (options.timeout_ns > 0 && options.detach) {
    throw Error(ErrorKind::invalid_usage,
                "--timeout has no meaning with --detach: nobody would be there to end the process");
  }
  container::Settings settings = settings_from(arguments.global);
  protect_this_program(arguments,
                       [&] { return container::try_read_saved_spec(settings, options.id); });
  return container::exec(std::move(settings), options);
}

}  // namespace

constinit const Command exec_command{
    .name = "exec",
    .synopsis = "CONTAINER PROGRAM [ARGUMENT...]",
    .help = "execute a further program in a container",
    .description =
        "Executes PROGRAM in the namespaces and the cgroup of a container, with the seccomp "
        "filter, "
        "capabilities and limits of its config as it was at create. In the foreground the exit "
        "code "
        "is the program's, or 128 plus the number of the signal that ended it; a failure of "
        "asylum-runc itself is 255.",
    .options = kOptions,
    .least = 1,
    .most = ~0U,
    .tail_is_program = true,
    .failure_code = 255,
    .run = run};

}  // namespace asylum::cli
