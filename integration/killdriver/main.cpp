// SPDX-License-Identifier: Apache-2.0
// killdriver [--mode main|init|both] [--kind plain|user|hooks|no-cgroup] [--from N] [--step K]
//            PROGRAM BUSYBOX
// Kills `PROGRAM create` at its Nth system call, for every N until it ends unharmed; each time
// `delete --force` must leave cgroups, processes, mounts and state as before, and the id must work
// again. TAP on stdout; 0 = all good.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <string>
#include <vector>

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
  std::string program;
  std::string busybox;
};

[[noreturn]] void usage() {
  ::fprintf(stderr,
            "usage: killdriver [--mode main|init|both] [--kind plain|user|hooks|no-cgroup] "
            "[--from N] [--step K] PROGRAM BUSYBOX\n");
  ::exit(98);
}

Kind kind_of(const std::string& name) {
  if (name == "plain") return Kind::plain;
  if (name == "user") return Kind::user;
  if (name == "hooks") return Kind::hooks;
  if (name == "no-cgroup") return Kind::no_cgroup;
  usage();
}

Options parse(int count, char** values) {
  Options options;
  int i = 1;
  for (; i + 1 < count && values[i][0] == '-'; i += 2) {
    const std::string name = values[i];
    const std::string value = values[i + 1];
    if (name == "--mode")
      options.mode = value;
    else if (name == "--kind")
      options.kind = kind_of(value);
    else if (name == "--from")
      options.from = ::atol(value.c_str());
    else if (name == "--step")
      options.step = ::atol(value.c_str());
    else
      usage();
  }
  if (count - i != 2 || options.from < 1 || options.step < 1) usage();
  if (options.mode == "init")
    options.victim = Victim::init;
  else if (options.mode == "both")
    options.victim = Victim::both;
  else if (options.mode != "main")
    usage();
  options.program = values[i];
  options.busybox = values[i + 1];
  return options;
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

class Driver {
 public:
  Driver(const Options& options, const World& world) : options_(options), world_(world) {}

  int go() {
    int tests = 0, failures = 0;
    before_ = world_.look();
    std::string problem = once_more() + world_.difference(before_);
    report(++tests, "an undisturbed create and delete leave nothing", problem, failures);
    for (long at = options_.from; failures <= kMostFailures; at += options_.step) {
      Outcome outcome;
      problem = attempt(at, outcome);
      const std::string name = options_.mode + " killed at system call " + std::to_string(at) +
                               " (number " + outcome.system_call + ")";
      if (!outcome.killed && outcome.code != -1) {
        report(++tests, options_.mode + ": create ends by itself after its last call", problem,
               failures);
        break;
      }
      report(++tests, name, problem, failures);
    }
    ::printf("1..%d\n# %d passed, %d failed\n", tests, tests - failures, failures);
    ::fflush(stdout);
    return failures == 0 ? 0 : 1;
  }

 private:
  std::vector<std::string> command(std::vector<std::string> rest) const {
    std::vector<std::string> all{options_.program, "--root", world_.state()};
    all.insert(all.end(), rest.begin(), rest.end());
    return all;
  }
  std::vector<std::string> create() const {
    std::vector<std::string> words{"create", "--bundle", world_.bundle(), kId};
    if (options_.kind == Kind::no_cgroup) {
      words.insert(words.begin(), {"--cgroup-manager", "disabled"});
    }
    return command(words);
  }

  std::string remove_by_force() const {
    const int code = killdriver::run(command({"delete", "--force", kId}), world_.output(), 20);
    if (code == 0) return "";
    return "delete --force ended with " + std::to_string(code) + ": " +
           first_line(killdriver::read_file(world_.output())) + "; ";
  }

  std::string once_more() const {
    const int code = killdriver::run(create(), world_.output(), 20);
    std::string problem;
    if (code != 0) {
      problem = "create ended with " + std::to_string(code) + ": " +
                first_line(killdriver::read_file(world_.output())) + "; ";
    }
    return problem + remove_by_force();
  }

  std::string attempt(long at, Outcome& outcome) const {
    outcome = killdriver::run_and_kill(create(), world_.output(), options_.victim, at);
    std::string problem;
    if (outcome.code == -1) problem = "create hung; ";
    if (outcome.code > 0 && outcome.code < 128) problem += must_explain();
    problem += remove_by_force();
    const std::string left = world_.difference(before_);
    if (!left.empty()) problem += "after delete --force: " + left;
    const std::string again = once_more();
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
               : "create failed without a word (" + first_line(text) + "); ";
  }

  static void report(int number, const std::string& name, const std::string& problem,
                     int& failures) {
    if (!problem.empty()) ++failures;
    ::printf("%sok %d %s\n", problem.empty() ? "" : "not ", number, name.c_str());
    if (!problem.empty()) ::printf("# %s\n", problem.c_str());
    ::fflush(stdout);
  }

  static constexpr const char* kId = "victim";
  static constexpr int kMostFailures = 20;
  const Options& options_;
  const World& world_;
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
  world.make_bundle(options.program, options.busybox, options.kind);
  ::_exit(Driver(options, world).go());
}
