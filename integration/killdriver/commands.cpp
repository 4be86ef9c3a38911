// SPDX-License-Identifier: Apache-2.0
#include "integration/killdriver/commands.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace killdriver {
namespace {

constexpr const char* kId = "victim";
constexpr int kTimeout_s = 20;

}  // namespace

Commands::Commands(const World& world, std::string program, std::vector<std::string> globals,
                   std::vector<std::string> options)
    : world_(world),
      program_(std::move(program)),
      globals_(std::move(globals)),
      options_(std::move(options)) {}

std::vector<std::string> Commands::command(const std::vector<std::string>& rest) const {
  std::vector<std::string> all{program_, "--root", world_.state()};
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

std::vector<std::string> Commands::create() const {
  std::vector<std::string> words = globals_;
  words.insert(words.end(), {"create", "--bundle", world_.bundle()});
  words.insert(words.end(), options_.begin(), options_.end());
  words.push_back(kId);
  return command(words);
}

std::vector<std::string> Commands::exec(const std::string& process_file) const {
  std::vector<std::string> words = globals_;
  words.insert(words.end(), {"exec", "--detach", "--process", process_file});
  words.insert(words.end(), options_.begin(), options_.end());
  words.push_back(kId);
  return command(words);
}

std::string Commands::run_well(const std::vector<std::string>& argv) const {
  const int code = run(argv, world_.output(), kTimeout_s);
  if (code == 0) return "";
  const auto verb = std::find_if(argv.begin(), argv.end(), [](const std::string& word) {
    return word == "create" || word == "start" || word == "delete";
  });
  return *verb + " ended with " + std::to_string(code) + ": " +
         first_line(read_file(world_.output())) + "; ";
}

std::string Commands::remove_by_force() const {
  return run_well(command({"delete", "--force", kId}));
}

std::string Commands::create_and_start() const {
  std::vector<std::string> words{"create", "--bundle", world_.bundle(), kId};
  const std::string problem = run_well(command(words));
  return problem.empty() ? run_well(command({"start", kId})) : problem;
}

std::string Commands::once_more() const {
  const std::string problem = run_well(create());
  return problem + remove_by_force();
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

void Tap::report(const std::string& name, const std::string& problem) {
  ++tests_;
  if (!problem.empty()) ++failures_;
  std::printf("%sok %d %s\n", problem.empty() ? "" : "not ", tests_, name.c_str());
  if (!problem.empty()) std::printf("# %s\n", problem.c_str());
  std::fflush(stdout);
}

int Tap::close() const {
  std::printf("1..%d\n# %d passed, %d failed\n", tests_, tests_ - failures_, failures_);
  std::fflush(stdout);
  return failures_ == 0 ? 0 : 1;
}

}  // namespace killdriver
