// SPDX-License-Identifier: Apache-2.0
// Times several command rows in blocks, A...A B...B C...C A...A ..., so that a noisy machine is noisy
// for all of them, and that none but the first of a block comes after another's tear-down.
// Usage: interleave ROUNDS BLOCK NAME 'COMMAND [; COMMAND...]' [NAME 'COMMAND...']... Words are split
// at blanks, no shell; "%" becomes a number unique to the run. The first row is the unit of the
// ratios. Prints: name, median ms, p99 ms, ratio of the medians, median of the ratios of the blocks'
// medians, round by round. Exit 1 if a command failed.
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

#include <algorithm>
#include <string>
#include <vector>

extern char** environ;

namespace {

using Words = std::vector<std::string>;

struct Row {
  std::string name;
  std::vector<Words> commands;
  std::vector<double> ms;
  std::vector<double> blocks;  // the median of each
};

std::vector<Words> parse(const std::string& text) {
  std::vector<Words> commands(1);
  std::string word;
  auto finish = [&] {
    if (word == ";") {
      commands.emplace_back();
    } else if (!word.empty()) {
      commands.back().push_back(word);
    }
    word.clear();
  };
  for (const char c : text) {
    if (c == ' ') {
      finish();
    } else {
      word += c;
    }
  }
  finish();
  return commands;
}

double now_ms() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

bool run_one(Words words, const std::string& unique) {
  std::vector<char*> argv;
  for (std::string& word : words) {
    for (std::size_t at; (at = word.find('%')) != std::string::npos;) word.replace(at, 1, unique);
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/zero", O_RDONLY,
                                     0);  // never the host's /dev/null
  ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/zero", O_WRONLY, 0);
  pid_t pid = 0;
  const int failed = ::posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  return failed == 0 && ::waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
         WEXITSTATUS(status) == 0;
}

bool time_once(Row& row, const std::string& unique) {
  const double began = now_ms();
  for (const Words& words : row.commands) {
    if (!run_one(words, unique)) {
      std::fprintf(stderr, "interleave: %s: %s failed\n", row.name.c_str(), words.front().c_str());
      return false;
    }
  }
  row.ms.push_back(now_ms() - began);
  return true;
}

double quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1,
                         static_cast<std::size_t>(q * static_cast<double>(values.size())))];
}

bool time_block(Row& row, int round, int block) {
  const std::size_t first = row.ms.size();
  for (int i = 0; i < block; ++i) {
    if (!time_once(row, std::to_string(round * block + i))) return false;
  }
  row.blocks.push_back(
      quantile({row.ms.begin() + static_cast<std::ptrdiff_t>(first), row.ms.end()}, 0.5));
  return true;
}

void print(const Row& row, const Row& unit) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < row.blocks.size(); ++i) {
    ratios.push_back(row.blocks[i] / unit.blocks[i]);
  }
  std::printf("%-28s %8.2f %8.2f %8.2f %8.2f\n", row.name.c_str(), quantile(row.ms, 0.5),
              quantile(row.ms, 0.99), quantile(row.ms, 0.5) / quantile(unit.ms, 0.5),
              quantile(ratios, 0.5));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5 || argc % 2 != 1) return 2;
  const int rounds = std::atoi(argv[1]);
  const int block = std::max(1, std::atoi(argv[2]));
  std::vector<Row> rows;
  for (int i = 3; i + 1 < argc; i += 2) rows.push_back({argv[i], parse(argv[i + 1]), {}, {}});
  for (int round = -1; round < rounds; ++round) {  // the first one to warm up
    for (Row& row : rows) {
      if (!time_block(row, round + 1, block)) return 1;
      if (round < 0) row = {row.name, row.commands, {}, {}};
    }
  }
  std::printf("%-28s %8s %8s %8s %8s\n", "row", "median", "p99", "x unit", "x paired");
  for (const Row& row : rows) print(row, rows.front());
  return 0;
}
