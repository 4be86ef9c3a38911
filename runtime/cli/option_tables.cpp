// SPDX-License-Identifier: Apache-2.0
// The tables themselves. A new option is one row here and one field in arguments.h.
#include <algorithm>
#include <array>

#include "runtime/cli/arguments.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/options.h"
#include "runtime/cli/setters.h"

namespace asylum::cli {
namespace {

using Create = container::CreateOptions;

constexpr Option kHelp{.name = "help",
                       .short_name = 'h',
                       .help = "show this help and exit",
                       .set = set<&Arguments::help>};

constexpr std::array kGlobal{
    Option{.name = "root",
           .argument = "DIR",
           .help = "keep the state of containers in DIR (default: /run/asylum-runc, or "
                   "$XDG_RUNTIME_DIR/asylum-runc when rootless)",
           .section = Section::state,
           .set = set_root},
    Option{.name = "log",
           .argument = "FILE",
           .help = "append the log to FILE as well as writing errors to standard error",
           .section = Section::logging,
           .set = set<&Arguments::global, &GlobalOptions::log_file>},
    Option{.name = "log-format",
           .argument = "text|json",
           .help = "the format of the log (default: text)",
           .section = Section::logging,
           .set = set<&Arguments::global, &GlobalOptions::log_format>,
           .complaint = "unknown log-format"},
    Option{.name = "log-level",
           .argument = "error|warning|info|debug",
           .help = "how much goes into the log (default: warning)",
           .section = Section::logging,
           .set = set<&Arguments::global, &GlobalOptions::log_level>},
    Option{.name = "debug",
           .help = "log every step with its time, and show the details of an error",
           .section = Section::logging,
           .set = set<&Arguments::global, &GlobalOptions::debug>},
    Option{.name = "cgroup-manager",
           .argument = "cgroupfs|systemd|disabled",
           .help = "who makes a container's cgroup: this program (the default), systemd (not "
                   "supported yet), "
                   "or nobody",
           .section = Section::cgroups,
           .set = set<&Arguments::global, &GlobalOptions::cgroup_manager>},
    Option{.name = "systemd-cgroup",
           .help = "the same as --cgroup-manager systemd",
           .section = Section::cgroups,
           .set = set<&Arguments::global, &GlobalOptions::systemd_cgroup>},
    Option{.name = "rootless",
           .argument = "true|false|auto",
           .help = "accepted for compatibility: what the user may do is asked of the kernel",
           .section = Section::cgroups,
           .set = set<&Arguments::global, &GlobalOptions::rootless>},
    Option{.name = "version",
           .short_name = 'v',
           .help = "show the version and exit",
           .set = set<&Arguments::global, &GlobalOptions::version>},
};

constexpr std::array kCreate{
    Option{.name = "bundle",
           .short_name = 'b',
           .argument = "DIR",
           .help = "the bundle: a directory with config.json and the root file system (default: "
                   "the current one)",
           .section = Section::bundle,
           .set = set<&Arguments::create, &Create::bundle>},
    Option{.name = "config",
           .short_name = 'f',
           .argument = "FILE",
           .help = "read FILE instead of config.json of the bundle",
           .section = Section::bundle,
           .set = set<&Arguments::create, &Create::config_file>},
    Option{.name = "console-socket",
           .argument = "SOCKET",
           .help = "send the master side of the container's terminal to this listening AF_UNIX "
                   "stream socket",
           .section = Section::input_output,
           .set = set<&Arguments::create, &Create::console_socket>},
    Option{.name = "pid-file",
           .argument = "FILE",
           .help = "write the process id of the container's init to FILE",
           .section = Section::input_output,
           .set = set<&Arguments::create, &Create::pid_file>},
    Option{.name = "preserve-fds",
           .argument = "N",
           .help = "hand N further file descriptors to the container, from 3 on (after those of "
                   "LISTEN_FDS)",
           .section = Section::input_output,
           .set = set<&Arguments::create, &Create::preserve_fds>},
    Option{
        .name = "no-pivot",
        .help =
            "move the root file system and chroot, where pivot_root is impossible (an initramfs)",
        .section = Section::process,
        .set = set<&Arguments::create, &Create::no_pivot>},
    Option{.name = "no-new-keyring",
           .help = "keep the caller's session keyring instead of making a new one",
           .section = Section::process,
           .set = set<&Arguments::create, &Create::no_new_keyring>},
};

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

constexpr auto kRun = join(kCreate, kRunOnly);

constexpr std::array kKill{
    Option{.name = "all",
           .short_name = 'a',
           .help = "send the signal to every process of the container",
           .section = Section::process,
           .set = set<&Arguments::kill, &KillOptions::all>},
};

constexpr std::array kDelete{
    Option{
        .name = "force",
        .short_name = 'f',
        .help = "kill the container first if it runs; a container that does not exist is no error",
        .section = Section::process,
        .set = set<&Arguments::remove, &DeleteOptions::force>},
};

constexpr std::array kList{
    Option{.name = "format",
           .short_name = 'f',
           .argument = "table|json",
           .help = "how to print (default: table)",
           .section = Section::input_output,
           .set = set<&Arguments::list, &ListOptions::format>,
           .complaint = "invalid format option"},
    Option{.name = "quiet",
           .short_name = 'q',
           .help = "print only the names, one a line",
           .section = Section::input_output,
           .set = set<&Arguments::list, &ListOptions::quiet>},
};

constexpr std::array kSpec{
    Option{.name = "bundle",
           .short_name = 'b',
           .argument = "DIR",
           .help = "write config.json into DIR (default: the current directory)",
           .section = Section::bundle,
           .set = set<&Arguments::spec, &SpecOptions::bundle>},
    Option{.name = "rootless",
           .help = "a config for a container of the calling user, without privileges",
           .section = Section::bundle,
           .set = set<&Arguments::spec, &SpecOptions::rootless>},
};

constexpr std::array kExplain{
    Option{.name = "bundle",
           .short_name = 'b',
           .argument = "DIR",
           .help = "the bundle to explain (default: the current directory)",
           .section = Section::bundle,
           .set = set<&Arguments::explain, &ExplainOptions::bundle>},
    Option{.name = "format",
           .short_name = 'f',
           .argument = "text|json",
           .help = "how to print (default: text)",
           .section = Section::input_output,
           .set = set<&Arguments::explain, &ExplainOptions::format>,
           .complaint = "invalid format option"},
    Option{.name = "facts",
           .argument = "FILE",
           .help = "plan for the host that FILE describes (JSON) instead of this one",
           .section = Section::bundle,
           .set = set<&Arguments::explain, &ExplainOptions::facts_file>},
};

constexpr std::array kCommands{
    Command{
        .name = "create",
        .synopsis = "CONTAINER",
        .help = "create a container, ready to be started",
        .description =
            "Creates the container CONTAINER from a bundle: its namespaces, cgroup, mounts and "
            "devices. Its init "
            "process waits until asylum-runc start lets it execute the program of the config.\n\n"
            "The name may hold letters, digits and the characters _ + . -, and must be unique "
            "below "
            "--root. If "
            "anything fails, nothing remains.",
        .options = kCreate,
        .least = 1,
        .most = 1,
        .run = run_create},
    Command{.name = "start",
            .synopsis = "CONTAINER",
            .help = "execute the program of a created container",
            .description =
                "Lets the init process of a created container execute the configured program, and "
                "returns when the "
                "program is executing. If it cannot be executed the command fails and says why.",
            .least = 1,
            .most = 1,
            .run = run_start},
    Command{.name = "run",
            .synopsis = "CONTAINER",
            .help = "create a container and start it",
            .description = "Creates the container CONTAINER and starts it. In the foreground "
                           "(without --detach) signals and the "
                           "terminal are handed through, and when the program ends the container "
                           "is deleted and the command "
                           "exits with the program's exit code, or with 128 plus the number of the "
                           "signal that ended it.",
            .options = kRun,
            .least = 1,
            .most = 1,
            .run = run_run},
    Command{.name = "state",
            .synopsis = "CONTAINER",
            .help = "print the state of a container as JSON",
            .description =
                "Prints the state of a container as the OCI runtime specification describes it: "
                "id, process id, "
                "status (creating, created, running, paused or stopped), bundle and annotations.",
            .least = 1,
            .most = 1,
            .run = run_state},
    Command{.name = "kill",
            .synopsis = "CONTAINER [SIGNAL]",
            .help = "send a signal to a container",
            .description = "Sends SIGNAL to the init process of the container. A signal is a name "
                           "with or without SIG, or a "
                           "number: TERM (the default), SIGKILL, 9, RTMIN+3.",
            .options = kKill,
            .least = 1,
            .most = 2,
            .run = run_kill},
    Command{.name = "delete",
            .synopsis = "CONTAINER",
            .help = "remove a container and all that belongs to it",
            .description = "Removes a stopped container: its cgroup and its state; its poststop "
                           "hooks run. A created container "
                           "is killed first, a running one only with --force.",
            .options = kDelete,
            .least = 1,
            .most = 1,
            .run = run_delete},
    Command{.name = "list",
            .help = "list the containers below --root",
            .description = "Lists the containers whose state is below --root, with process id, "
                           "status, bundle, time of "
                           "creation and owner.",
            .options = kList,
            .run = run_list},
    Command{.name = "spec",
            .help = "write a config.json to begin with",
            .description = "Writes a config.json for an interactive shell: new namespaces, the "
                           "usual mounts, a read-only root "
                           "file system (the directory rootfs of the bundle), few capabilities. An "
                           "existing file is not replaced.",
            .options = kSpec,
            .run = run_spec},
    Command{.name = "explain",
            .synopsis = "[CONTAINER]",
            .help = "print what create would do, without doing it",
            .description =
                "Prints what create would do with the bundle, in order, each line with the place "
                "in config.json that it "
                "comes from. Needs no privileges and touches nothing. Mistakes in the config are "
                "all shown at "
                "once.\n\nThe first line says for which user and host the plan was made.",
            .options = kExplain,
            .most = 1,
            .shows_details = true,
            .run = run_explain},
    Command{.name = "help",
            .synopsis = "[COMMAND]",
            .help = "show the help of the program or of a command",
            .description = "Shows the same text as COMMAND --help.",
            .most = 1,
            .run = run_help},
    Command{.name = "man",
            .help = "print the manual page asylum-runc(8)",
            .description = "Prints the manual page in roff, made from the option tables.",
            .hidden = true,
            .run = run_man},
    Command{.name = "completion",
            .synopsis = "bash|zsh|fish",
            .help = "print a script of shell completions",
            .description = "Prints the completions for a shell, made from the option tables.",
            .least = 1,
            .most = 1,
            .hidden = true,
            .run = run_completion},
};

}  // namespace

std::span<const Option> global_options() {
  return kGlobal;
}

std::span<const Command> commands() {
  return kCommands;
}

const Option& help_option() {
  return kHelp;
}

}  // namespace asylum::cli
