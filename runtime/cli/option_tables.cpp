// SPDX-License-Identifier: Apache-2.0
// The tables themselves. A new option is one row here and one field of its
// command's options (arguments.h, runtime/container).
#include <algorithm>
#include <array>

#include "runtime/cli/arguments.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/options.h"
#include "runtime/cli/options_of_update.h"
#include "runtime/cli/setters.h"
#include "runtime/container/create_options.h"

namespace asylum::cli {
namespace {

using Create = container::CreateOptions;
using Exec = container::ExecOptions;

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
           .help =
               "whether a container without limits and /linux/cgroupsPath goes without a cgroup "
               "where this user may make none (default: auto, for users other than root)",
           .section = Section::cgroups,
           .set = set<&Arguments::global, &GlobalOptions::rootless>},
    Option{.name = "exit-codes",
           .help = "exit with a code that tells the kind of a failure, as the manual page lists "
                   "them (default: 1, and 255 from exec)",
           .section = Section::logging,
           .set = set<&Arguments::global, &GlobalOptions::exit_codes>},
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
    Option{.name = "pidfd-socket",
           .argument = "SOCKET",
           .help = "send a pidfd of the container's init to this listening AF_UNIX stream socket",
           .section = Section::input_output,
           .set = set<&Arguments::create, &Create::pidfd_socket>},
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

constexpr std::array kExec{
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

constexpr std::array kPs{
    Option{.name = "format",
           .short_name = 'f',
           .argument = "table|json",
           .help = "how to print: the lines of ps (the default), or only the process ids",
           .section = Section::input_output,
           .set = set<&Arguments::ps, &PsOptions::format>,
           .complaint = "invalid format option"},
};

constexpr std::array kEvents{
    Option{.name = "interval",
           .argument = "DURATION",
           .help = "the time between two records of figures: 500ms, 1m30s (default: 5s)",
           .section = Section::general,
           .set = set_interval},
    Option{.name = "stats",
           .help = "print the figures once and exit",
           .section = Section::general,
           .set = set<&Arguments::events, &container::EventsOptions::once>},
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
    Command{
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
        .options = kExec,
        .least = 1,
        .most = ~0U,
        .tail_is_program = true,
        .failure_code = 255,
        .run = run_exec},
    Command{.name = "pause",
            .synopsis = "CONTAINER",
            .help = "freeze all processes of a container",
            .description = "Freezes every process of a running container through its cgroup, and "
                           "returns when all are frozen.",
            .least = 1,
            .most = 1,
            .run = run_pause},
    Command{.name = "resume",
            .synopsis = "CONTAINER",
            .help = "let the processes of a paused container run on",
            .description = "Lets the processes of a paused container run on.",
            .least = 1,
            .most = 1,
            .run = run_resume},
    Command{.name = "ps",
            .synopsis = "CONTAINER [PS-OPTION...]",
            .help = "show the processes of a container",
            .description =
                "Runs the host's ps with the given options (default: -ef) and prints its heading "
                "and the lines of the processes that live in the container's cgroup or below it. "
                "The options must leave the column PID in place.",
            .options = kPs,
            .least = 1,
            .most = ~0U,
            .tail_is_program = true,
            .run = run_ps},
    Command{.name = "update",
            .synopsis = "CONTAINER",
            .help = "change the limits of a container",
            .description =
                "Changes the limits of a container that exists; what is not named stays. Either "
                "all is changed or nothing. Where the kernel rounds a value, a warning says to "
                "what.\n\nDevice rules, in a file given with --resources, replace those of the "
                "config.",
            .options = kUpdate,
            .least = 1,
            .most = 1,
            .run = run_update},
    Command{.name = "mounts",
            .synopsis = "add|remove CONTAINER FILE",
            .help = "add or remove mounts of a running container",
            .description =
                "Makes the mounts of FILE in a container that was created or runs: an array of "
                "mounts as /mounts of config.json, or - for standard input. Either all are made "
                "or none. Sources are paths of the host; relative ones begin at the bundle. They "
                "end with the container.\n\nmounts remove takes away what is mounted on the "
                "destinations of FILE, the last one first.",
            .least = 3,
            .most = 3,
            .run = run_mounts},
    Command{.name = "events",
            .synopsis = "CONTAINER",
            .help = "print what a container uses, at intervals",
            .description =
                "Prints records of JSON, one a line: the container's use of CPU, memory, "
                "processes and devices at every interval, and each process that the kernel kills "
                "for want of memory. Ends with the container's last process.",
            .options = kEvents,
            .least = 1,
            .most = 1,
            .run = run_events},
    Command{.name = "delete",
            .synopsis = "CONTAINER",
            .help = "remove a container and all that belongs to it",
            .description = "Removes a stopped container: its cgroup and its state; its poststop "
                           "hooks run. A created container "
                           "is killed first, a running one only with --force, which also "
                           "removes one whose state is damaged and says what it could not know.",
            .options = kDelete,
            .least = 1,
            .most = 1,
            .run = run_delete},
    Command{.name = "list",
            .help = "list the containers below --root",
            .description = "Lists the containers whose state is below --root, with process id, "
                           "status, bundle, time of "
                           "creation and owner. The status damaged means that its files "
                           "cannot be believed: delete --force removes it.",
            .options = kList,
            .run = run_list},
    Command{.name = "features",
            .help = "print what this program supports as JSON",
            .description = "Prints the features structure of the OCI runtime specification: "
                           "versions, hooks, mount options, and which parts of the kernel's "
                           "interfaces a config may use.",
            .run = run_features},
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
