// SPDX-License-Identifier: Apache-2.0
// asylum-runc update
#include <array>

#include "runtime/cli/commands/settings.h"
#include "runtime/cli/options/arguments.h"
#include "runtime/cli/options/setters.h"
#include "runtime/container/verbs/update.h"

#include "runtime/cli/commands/commands.h"

namespace asylum::cli {
namespace {

using Update = container::UpdateOptions;

constexpr std::array kOptions{
    Option{.name = "resources",
           .short_name = 'r',
           .argument = "FILE",
           .help = "take the limits from FILE, an OCI linux.resources object in JSON (-: standard "
                   "input); every other option is then ignored",
           .section = Section::bundle,
           .set = set<&Arguments::update, &Update::resources_file>},
    Option{.name = "memory",
           .argument = "BYTES",
           .help = "limit memory: 512m, 1g, or -1 for no limit",
           .section = Section::cgroups,
           .set = set<&Arguments::update, &Update::memory>},
    Option{.name = "memory-reservation",
           .argument = "BYTES",
           .help = "protect this much memory from being reclaimed",
           .section = Section::cgroups,
           .set = set<&Arguments::update, &Update::memory_reservation>},
    Option{.name = "memory-swap",
           .argument = "BYTES",
           .help = "limit memory and swap together; -1 for no limit of swap",
           .section = Section::cgroups,
           .set = set<&Arguments::update, &Update::memory_swap>},
    Option{.name = "kernel-memory",
           .argument = "BYTES",
           .help = "accepted without effect: cgroup2 has no such limit",
           .section = Section::cgroups,
           .set = set<&Arguments::update, &Update::kernel_memory>,
           .hidden = true},
    Option{.name = "kernel-memory-tcp",
           .argument = "BYTES",
           .help = "accepted without effect: cgroup2 has no such limit",
           .section = Section::cgroups,
           .set = set<&Arguments::update, &Update::kernel_memory_tcp>,
           .hidden = true},
    Option{.name = "cpu-share",
           .argument = "N",
           .help = "the weight of the CPU time, in the units of cgroup v1: 2 to 262144",
           .section = Section::cgroups,
           .set = set<&Arguments::update, &Update::cpu_shares>},
    Option{.name = "cpu-quota",
           .argument = "N",
           .help = "microseconds of CPU time in each period; -1 for no limit",
           .section = Section::cgroups,
           .set = set<&Arguments::update, &Update::cpu_quota_us>},
    Option{.name = "cpu-period",
           .argument = "N",
           .help = "the period of the quota in microseconds",
           .section = Section::cgroups,
           .set = set<&Arguments::update, &Update::cpu_period_us>},
    Option{.name = "cpu-burst",
           .argument = "N",
           .help = "microseconds that a period may use beyond the quota",
           .section = Section::cgroups,
           .set = set<&Arguments::update, &Update::cpu_burst_us>},
    Option{.name = "cpu-idle",
           .argument = "N",
           .help = "1: run only when nothing else wants to; 0: as usual",
           .section = Section::cgroups,
           .set = set<&Arguments::update, &Update::cpu_idle>},
    Option{.name = "cpu-rt-period",
           .argument = "N",
           .help = "accepted without effect: cgroup2 has no such limit",
           .section = Section::cgroups,
           .set = set<&Arguments::update, &Update::cpu_realtime_period_us>},
    Option{.name = "cpu-rt-runtime",
           .argument = "N",
           .help = "accepted without effect: cgroup2 has no such limit",
           .section = Section::cgroups,
           .set = set<&Arguments::update, &Update::cpu_realtime_runtime_us>},
    Option{.name = "cpuset-cpus",
           .argument = "LIST",
           .help = "the CPUs to run on: 0-3,7",
           .section = Section::cgroups,
           .set = set<&Arguments::update, &Update::cpuset_cpus>},
    Option{.name = "cpuset-mems",
           .argument = "LIST",
           .help = "the memory nodes to allocate from",
           .section = Section::cgroups,
           .set = set<&Arguments::update, &Update::cpuset_mems>},
    Option{.name = "blkio-weight",
           .argument = "N",
           .help = "the weight of input and output: 10 to 1000",
           .section = Section::cgroups,
           .set = set<&Arguments::update, &Update::blkio_weight>},
    Option{.name = "pids-limit",
           .argument = "N",
           .help = "limit the number of processes; -1 for no limit",
           .section = Section::cgroups,
           .set = set<&Arguments::update, &Update::pids_limit>},
    Option{.name = "l3-cache-schema",
           .argument = "TEXT",
           .help = "the schema of the L3 cache, for a container with Intel RDT",
           .section = Section::cgroups,
           .set = set<&Arguments::update, &Update::l3_cache_schema>},
    Option{.name = "mem-bw-schema",
           .argument = "TEXT",
           .help = "the schema of the memory bandwidth, for a container with Intel RDT",
           .section = Section::cgroups,
           .set = set<&Arguments::update, &Update::memory_bandwidth_schema>},
};

int run(const Arguments& arguments) {
  container::UpdateOptions options = arguments.update;
  options.id = arguments.positional.front();
  container::update(settings_from(arguments.global), options);
  return 0;
}

}  // namespace

constinit const Command update_command{
    .name = "update",
    .synopsis = "CONTAINER",
    .help = "change the limits of a container",
    .description =
        "Changes the limits of a container that exists; what is not named stays. Either "
        "all is changed or nothing. Where the kernel rounds a value, a warning says to "
        "what.\n\nDevice rules, in a file given with --resources, replace those of the "
        "config.",
    .options = kOptions,
    .least = 1,
    .most = 1,
    .run = run};

}  // namespace asylum::cli
