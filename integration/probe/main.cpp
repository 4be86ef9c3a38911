// SPDX-License-Identifier: Apache-2.0
// probe VERB [ARGUMENTS] [VERB…]: runs the verbs in order. `probe help` lists them.
#include <string.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "integration/probe/probe.h"

namespace probe {

std::string_view Arguments::next() {
  if (!left()) {
    line("usage: a verb lacks its argument");
    ::_exit(99);
  }
  return values[position++];
}

long Arguments::next_number() {
  const std::string text(next());
  char* end = nullptr;
  const long value = ::strtol(text.c_str(), &end, 0);
  if (end == text.c_str() || *end != '\0') {
    line("usage: " + text + " is not a number");
    ::_exit(99);
  }
  return value;
}

void line(const std::string& text) {
  const std::string all = text + "\n";
  std::size_t done = 0;
  while (done < all.size()) {
    const ssize_t count = ::write(1, all.data() + done, all.size() - done);
    if (count <= 0) ::_exit(98);
    done += static_cast<std::size_t>(count);
  }
}

std::string error_name() {
  const char* name = ::strerrorname_np(errno);
  return name == nullptr ? std::to_string(errno) : name;
}

std::string hex64(unsigned long long value) {
  char text[24];
  std::snprintf(text, sizeof text, "%016llx", value);
  return text;
}

namespace {

const Verb* find(const Verb* table, std::string_view name) {
  for (; table->name != nullptr; ++table) {
    if (name == table->name) return table;
  }
  return nullptr;
}

void print_help() {
  for (const Verb* table : {kProcessVerbs, kFileVerbs, kActionVerbs}) {
    for (; table->name != nullptr; ++table) line(std::string(table->name) + " " + table->help);
  }
}

}  // namespace
}  // namespace probe

int main(int count, char** values) {
  probe::Arguments arguments{count, values};
  while (arguments.left()) {
    const std::string_view name = arguments.next();
    const probe::Verb* verb = nullptr;
    for (const probe::Verb* table :
         {probe::kProcessVerbs, probe::kFileVerbs, probe::kActionVerbs}) {
      if (verb == nullptr) verb = probe::find(table, name);
    }
    if (verb != nullptr) {
      verb->run(arguments);
    } else {
      if (name != "help") probe::line("usage: unknown verb " + std::string(name));
      probe::print_help();
      return 99;
    }
  }
  return 0;
}
