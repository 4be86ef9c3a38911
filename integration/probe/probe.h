// SPDX-License-Identifier: Apache-2.0
// The probe runs inside a container and says what is so there, one `key value` line a fact: the
// tests compare with config.json. It asks the kernel by system calls, so that a wrong /proc or /dev
// cannot make it lie.
#pragma once

#include <string>
#include <string_view>

namespace probe {

/// The arguments not yet used. A verb takes its own with next().
struct Arguments {
  int count;
  char** values;
  int position = 1;

  bool left() const { return position < count; }
  /// The next argument; ends the program with code 99 when there is none.
  std::string_view next();
  long next_number();
};

struct Verb {
  const char* name;
  void (*run)(Arguments&);
  const char* help;
};

/// Prints one line to stdout by write(2): nothing is buffered across exec, fork or a kill.
void line(const std::string& text);
/// `text: STRERROR` of the current errno, as one word: ENOENT.
std::string error_name();
std::string quote_list(const std::string& text);
std::string hex64(unsigned long long value);

extern const Verb kProcessVerbs[];
extern const Verb kFileVerbs[];
extern const Verb kActionVerbs[];

}  // namespace probe
