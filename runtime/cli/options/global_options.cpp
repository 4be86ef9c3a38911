// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/options/global_options.h"

#include <array>

#include "runtime/cli/options/arguments.h"
#include "runtime/cli/options/setters.h"

namespace asylum::cli {
namespace {

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

}  // namespace

std::span<const Option> global_options() {
  return kGlobal;
}

const Option& help_option() {
  return kHelp;
}

}  // namespace asylum::cli
