// SPDX-License-Identifier: Apache-2.0
#include "integration/killdriver/steps.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <string_view>

#include "integration/killdriver/world.h"

namespace killdriver {
namespace {

struct Excuse {
  const char* name;
  const char* reason;
  bool of_exec_alone = false;
};
constexpr Excuse kExcuses[] = {
    {"umask_zero", "umask(2) cannot fail"},
    {"umask", "umask(2) cannot fail"},
    {"cwd_as_user", "does nothing unless root was refused"},
    {"self_fd", "serves the environment alone"},
    {"environment", "without the image's /etc/passwd HOME is \"/\""},
    {"wipe_environment", "makes no system call"},
    {"forget", "makes no system call"},
    {"listen_pid", "getpid(2) cannot fail"},
    {"labels", "no config can ask for it yet"},
    {"procfs", "exec needs it for labels alone", true},
    {"committed", "main has stopped to listen: start finds nobody at the gate"},
};

// Where something else of the config's than the row's pointer may be at fault.
struct Within {
  const char* name;
  const char* below;
};
constexpr Within kWithin[] = {
    {"devices", "/linux/devices/"}, {"gate", "/args"}, {"attach", "/linux/namespaces/"}};

constexpr char kUnexplained[] = "the container's init process ended ";  // explain_death.cpp
constexpr std::string_view kProcess = "/process";

bool is_at_or_below(const std::string& field, const std::string& pointer) {
  return field == pointer || field.starts_with(pointer + "/");
}

std::string pointer_of(const Row& row, bool has_process_file) {
  const bool is_moved = has_process_file && is_at_or_below(row.pointer, std::string(kProcess));
  return is_moved ? row.pointer.substr(kProcess.size()) : row.pointer;
}

bool may_point_at(const std::string& field, const Row& row, bool has_process_file) {
  const std::string pointer = pointer_of(row, has_process_file);
  if (pointer.empty() ? field.empty() : is_at_or_below(field, pointer)) return true;
  return std::any_of(std::begin(kWithin), std::end(kWithin), [&](const Within& one) {
    return one.name == row.name && field.starts_with(one.below);
  });
}

// "cannot set the memory policy: set the memory policy: …"
bool says_it_twice(const std::string& sentence) {
  const std::string begin = "asylum-runc: cannot ";
  const std::size_t colon = sentence.find(": ", begin.size());
  if (!sentence.starts_with(begin) || colon == std::string::npos) return false;
  const std::string doing = sentence.substr(begin.size(), colon - begin.size());
  return sentence.compare(colon + 2, doing.size(), doing) == 0;
}

// The value of a text in a JSON record, its escapes left as they are.
std::string text_in(const std::string& record, const std::string& key) {
  const std::string begin = "\"" + key + "\":\"";
  std::size_t at = record.find(begin);
  if (at == std::string::npos) return "";
  std::string text;
  for (at += begin.size(); at < record.size() && record[at] != '"'; ++at) {
    if (record[at] == '\\') text += record[at++];
    text += record[at];
  }
  return text;
}

}  // namespace

std::vector<Row> read_rows(const std::string& file, const std::vector<std::string>& tables) {
  std::map<std::string, std::vector<Row>> all;
  std::stringstream lines(read_file(file));
  for (std::string line; std::getline(lines, line);) {
    std::stringstream parts(line);
    Row row;
    std::getline(parts, row.name, '\t');
    std::getline(parts, row.doing, '\t');
    std::getline(parts, row.pointer, '\t');
    std::getline(parts, row.table, '\t');
    all[row.table].push_back(row);
  }
  std::vector<Row> rows;
  for (const std::string& table : tables) {
    if (all[table].empty()) fail("no steps of " + table + " in " + file);
    rows.insert(rows.end(), all[table].begin(), all[table].end());
  }
  return rows;
}

const char* excuse_of(const Row& row, bool is_exec) {
  for (const Excuse& one : kExcuses) {
    if (row.name == one.name && (is_exec || !one.of_exec_alone)) return one.reason;
  }
  return nullptr;
}

Said said_in(const std::string& words, const std::string& log) {
  Said said;
  std::stringstream lines(words);
  const std::string label = "  while    ";
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(label)) said.context = line.substr(label.size());
    said.sentence = line;
  }
  const std::size_t record = log.find("{\"level\":\"error\"");
  if (record == std::string::npos) return said;
  said.stage = text_in(log.substr(record), "stage");
  said.field = text_in(log.substr(record), "field");
  return said;
}

bool is_about(const Said& said, const Row& row) {
  if (said.stage == row.doing) return true;
  return (said.context + " > ").find(" > " + row.doing + " > ") != std::string::npos;
}

bool is_unexplained(const Said& said) {
  return said.sentence.find(kUnexplained) != std::string::npos;
}

std::string wrong_words(const Said& said, const Row* row, bool has_process_file) {
  std::string problem;
  if (!said.sentence.starts_with("asylum-runc: ")) problem += "no sentence; ";
  if (says_it_twice(said.sentence)) problem += "the same words twice; ";
  if (said.context.find("clone the container's init") != std::string::npos)
    problem += "main's step that was over; ";
  if (row == nullptr) {
    if (!said.field.empty()) problem += "outside of the steps, and points at " + said.field + "; ";
  } else {
    if (!is_about(said, *row)) problem += "it is not about \"" + row->doing + "\"; ";
    if (!may_point_at(said.field, *row, has_process_file))
      problem += "points at \"" + said.field + "\", not \"" + row->pointer + "\"; ";
  }
  return problem.empty() ? "" : problem + "(" + said.sentence + ") ";
}

}  // namespace killdriver
