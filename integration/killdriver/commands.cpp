// SPDX-License-Identifier: Apache-2.0
#include "integration/killdriver/commands.h"

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

std::string Commands::remove_by_force() const {
  const int code = run(command({"delete", "--force", kId}), world_.output(), kTimeout_s);
  if (code == 0) return "";
  return "delete --force ended with " + std::to_string(code) + ": " +
         first_line(read_file(world_.output())) + "; ";
}

std::string Commands::once_more() const {
  const int code = run(create(), world_.output(), kTimeout_s);
  std::string problem;
  if (code != 0) {
    problem = "create ended with " + std::to_string(code) + ": " +
              first_line(read_file(world_.output())) + "; ";
  }
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
