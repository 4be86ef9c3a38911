// SPDX-License-Identifier: Apache-2.0
// killdriver [--mode main|init|both] [--kind plain|user|hooks|pids|no-cgroup] [--from N]
//            [--step K] PROGRAM BUSYBOX
// Kills `PROGRAM create` at its Nth system call, for every N until it ends unharmed; each time
// `delete --force` must leave cgroups, processes, mounts and state as before, and the id must work
// again.
//
// killdriver --mode refuse --steps FILE [--whole yes] [--config FILE] [--process FILE]
//            [--console yes] [--neighbour yes] PROGRAM BUSYBOX
// Lets system calls of init fail, in each step one after the other until one makes create fail (or
// all, --whole): the error must be about that step, point at its property (steps.h), and nothing
// may be left. --process: of exec's two processes instead, with the process of that file. --config:
// the bundle's config.json; --console: with a console socket;
// --neighbour: beside process 2, which has a mount namespace of its own.
//
// TAP on stdout; 0 = all good.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "integration/killdriver/commands.h"
#include "integration/killdriver/refusing.h"
#include "integration/killdriver/tracer.h"
#include "integration/killdriver/world.h"

namespace {

using killdriver::Kind;
using killdriver::Outcome;
using killdriver::Snapshot;
using killdriver::Victim;
using killdriver::World;

struct Options {
  Victim victim = Victim::main;
  std::string mode = "main";
  Kind kind = Kind::plain;
  long from = 1;
  long step = 1;
  std::string config;
  bool neighbour = false;
  killdriver::RefusingOptions refusing;
  std::string program;
  std::string busybox;
};

[[noreturn]] void usage() {
  ::fprintf(stderr,
            "usage: killdriver [--mode main|init|both] [--kind plain|user|hooks|pids|no-cgroup] "
            "[--from N] [--step K] PROGRAM BUSYBOX\n"
            "       killdriver --mode refuse --steps FILE [--whole yes] [--config FILE] "
            "[--process FILE] [--console yes] [--neighbour yes] PROGRAM BUSYBOX\n");
  ::exit(98);
}

Kind kind_of(const std::string& name) {
  if (name == "plain") return Kind::plain;
  if (name == "user") return Kind::user;
  if (name == "hooks") return Kind::hooks;
  if (name == "pids") return Kind::pids;
  if (name == "no-cgroup") return Kind::no_cgroup;
  usage();
}

void set_option(Options& options, const std::string& name, const std::string& value) {
  if (name == "--mode")
    options.mode = value;
  else if (name == "--kind")
    options.kind = kind_of(value);
  else if (name == "--from")
    options.from = ::atol(value.c_str());
  else if (name == "--step")
    options.step = ::atol(value.c_str());
  else if (name == "--config")
    options.config = value;
  else if (name == "--steps")
    options.refusing.steps = value;
  else if (name == "--process")
    options.refusing.process = value;
  else if (name == "--neighbour")
    options.neighbour = value == "yes";
  else if (name == "--whole")
    options.refusing.whole = value == "yes";
  else if (name == "--console")
    options.refusing.console = value == "yes";
  else
    usage();
}

Options parse(int count, char** values) {
  Options options;
  int i = 1;
  for (; i + 1 < count && values[i][0] == '-'; i += 2) {
    set_option(options, values[i], values[i + 1]);
  }
  if (count - i != 2 || options.from < 1 || options.step < 1) usage();
  if (options.mode == "init")
    options.victim = Victim::init;
  else if (options.mode == "both")
    options.victim = Victim::both;
  else if (options.mode != "main" && options.mode != "refuse")
    usage();
  if ((options.mode == "refuse") == options.refusing.steps.empty()) usage();
  options.program = values[i];
  options.busybox = values[i + 1];
  return options;
}

class Driver {
 public:
  Driver(const Options& options, const World& world)
      : options_(options),
        world_(world),
        commands_(world, options.program,
                  options.kind == Kind::no_cgroup
                      ? std::vector<std::string>{"--cgroup-manager", "disabled"}
                      : std::vector<std::string>{}) {}

  int go() {
    before_ = world_.look();
    tap_.report("an undisturbed create and delete leave nothing",
                commands_.once_more() + world_.difference(before_));
    for (long at = options_.from; !tap_.is_too_much(); at += options_.step) {
      Outcome outcome;
      const std::string problem = attempt(at, outcome);
      if (!outcome.killed && outcome.code != -1) {
        tap_.report(options_.mode + ": create ends by itself after its last call", problem);
        break;
      }
      tap_.report(options_.mode + " killed at system call " + std::to_string(at) + " (number " +
                      outcome.system_call + ")",
                  problem);
    }
    return tap_.close();
  }

 private:
  std::string attempt(long at, Outcome& outcome) const {
    outcome = killdriver::run_and_kill(commands_.create(), world_.output(), options_.victim, at);
    std::string problem;
    if (outcome.code == -1) problem = "create hung; ";
    if (outcome.code > 0 && outcome.code < 128) problem += must_explain();
    problem += commands_.remove_by_force();
    const std::string left = world_.difference(before_);
    if (!left.empty()) problem += "after delete --force: " + left;
    const std::string again = commands_.once_more();
    if (!again.empty()) problem += "the id again: " + again;
    const std::string left_again = world_.difference(before_);
    if (left.empty() && !left_again.empty()) problem += "after the second life: " + left_again;
    return problem;
  }

  // A create that lost its init says so.
  std::string must_explain() const {
    const std::string text = killdriver::read_file(world_.output());
    return text.starts_with("asylum-runc: ")
               ? ""
               : "create failed without a word (" + killdriver::first_line(text) + "); ";
  }

  const Options& options_;
  const World& world_;
  const killdriver::Commands commands_;
  killdriver::Tap tap_;
  Snapshot before_;
};

}  // namespace

int main(int count, char** values) {
  Options options = parse(count, values);
  char* program = ::realpath(options.program.c_str(), nullptr);
  if (program == nullptr) usage();
  options.program = program;
  ::free(program);
  World world = World::enter();
  if (options.neighbour) world.add_neighbour();
  world.make_bundle(options.program, options.busybox, options.kind);
  if (!options.config.empty()) world.use_config(options.config);
  options.refusing.program = options.program;
  if (options.mode == "refuse") ::_exit(refuse_calls(world, options.refusing));
  ::_exit(Driver(options, world).go());
}
