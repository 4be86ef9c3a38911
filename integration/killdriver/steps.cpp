// SPDX-License-Identifier: Apache-2.0
#include "integration/killdriver/steps.h"

#include <algorithm>
#include <sstream>

#include "integration/killdriver/world.h"

namespace killdriver {
namespace {

struct Excuse {
  const char* name;
  const char* reason;
};
constexpr Excuse kExcuses[] = {
    {"umask_zero", "umask(2) cannot fail"},
    {"umask", "umask(2) cannot fail"},
    {"cwd_as_user", "does nothing unless root was refused"},
    {"ready", "one write(2); without it main explains init's end"},
};

// Rows without a pointer in which something of the config's may still be at fault.
constexpr Row kWithin[] = {{"devices", "", "/linux/devices/"}};

constexpr char kUnexplained[] = "while it set the container up";  // explain_death.cpp

bool is_at_or_below(const std::string& field, const std::string& pointer) {
  return field == pointer || field.starts_with(pointer + "/");
}

bool may_point_at(const std::string& field, const Row& row) {
  if (!row.pointer.empty()) return is_at_or_below(field, row.pointer);
  return field.empty() || std::any_of(std::begin(kWithin), std::end(kWithin), [&](const Row& one) {
           return one.name == row.name && field.starts_with(one.pointer);
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

std::vector<Row> read_rows(const std::string& file) {
  std::vector<Row> rows;
  std::stringstream lines(read_file(file));
  for (std::string line; std::getline(lines, line);) {
    std::stringstream parts(line);
    Row row;
    std::getline(parts, row.name, '\t');
    std::getline(parts, row.doing, '\t');
    std::getline(parts, row.pointer, '\t');
    rows.push_back(row);
  }
  if (rows.empty()) fail("no steps in " + file);
  return rows;
}

const char* excuse_of(const Row& row) {
  for (const Excuse& one : kExcuses) {
    if (row.name == one.name) return one.reason;
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

std::string wrong_words(const Said& said, const Row* row) {
  std::string problem;
  if (!said.sentence.starts_with("asylum-runc: ")) problem += "no sentence; ";
  if (says_it_twice(said.sentence)) problem += "the same words twice; ";
  if (said.context.find("clone the container's init") != std::string::npos)
    problem += "main's step that was over; ";
  if (said.sentence.find(kUnexplained) != std::string::npos) {
    // Init could not even say so: main explains its end, which no property has caused.
    if (!said.field.empty()) problem += "an unexplained end points at " + said.field + "; ";
  } else if (row == nullptr) {
    if (!said.field.empty()) problem += "outside of the steps, and points at " + said.field + "; ";
  } else {
    if (!is_about(said, *row)) problem += "it is not about \"" + row->doing + "\"; ";
    if (!may_point_at(said.field, *row))
      problem += "points at \"" + said.field + "\", not \"" + row->pointer + "\"; ";
  }
  return problem.empty() ? "" : problem + "(" + said.sentence + ") ";
}

}  // namespace killdriver
