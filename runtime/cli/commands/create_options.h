// SPDX-License-Identifier: Apache-2.0
// The options that create and run share.
#pragma once

#include <array>

#include "runtime/cli/options/arguments.h"
#include "runtime/cli/options/options.h"
#include "runtime/cli/options/setters.h"
#include "runtime/container/verbs/create_options.h"

namespace asylum::cli {

using Create = container::CreateOptions;

inline constexpr std::array kCreateOptions{
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

}  // namespace asylum::cli
