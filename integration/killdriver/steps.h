// SPDX-License-Identifier: Apache-2.0
// The rows of init's step tables, and what the words of a failed create have to say of one.
#pragma once

#include <string>
#include <vector>

namespace killdriver {

struct Row {
  std::string name;     // "hostname"
  std::string doing;    // "set the host name"
  std::string pointer;  // "/hostname"; "" for a step that carries out no property
  std::string table;    // "kSteps"
};

/// Those of the given tables, in their order. From a file of lines NAME, DOING, POINTER, TABLE with
/// tabs between, as contrib/list-steps prints them.
std::vector<Row> read_rows(const std::string& file, const std::vector<std::string>& tables);

/// Why a row of init or of exec may go without a failure that is blamed on it, or nullptr.
const char* excuse_of(const Row& row, bool is_exec);

/// What the command said.
struct Said {
  std::string sentence;  // the last line on stderr
  std::string context;   // after "while"
  std::string stage;     // of the JSON record: what was being done
  std::string field;     // of the JSON record: the pointer
};

/// Of the command's stderr with --debug, and its JSON log.
Said said_in(const std::string& words, const std::string& log);

/// Whether the error is about this row: the row, or something within it, was being done.
bool is_about(const Said& said, const Row& row);

/// Whether the command could only tell that the process has ended.
bool is_unexplained(const Said& said);

/// What is wrong with the words of a command that failed within `row` (nullptr: outside of all),
/// "" if nothing is. With a process file the pointers below /process are of that file.
std::string wrong_words(const Said& said, const Row* row, bool has_process_file);

}  // namespace killdriver
