// SPDX-License-Identifier: Apache-2.0
// What the command line says, as typed values: the parser fills it, the commands read it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/log.h"
#include "runtime/base/oci_words.h"
#include "runtime/container/exec/exec.h"
#include "runtime/container/verbs/create_options.h"
#include "runtime/container/verbs/events.h"
#include "runtime/container/verbs/update.h"

namespace asylum::cli {

struct Command;

enum class Rootless : std::uint8_t { automatic, yes, no };
enum class ListFormat : std::uint8_t { table, json };
enum class ExplainFormat : std::uint8_t { text, json };

// Paths of the host are the words of argv themselves: a copy would be in the memory of what we
// clone into a container, which overwrites argv (sys::wipe_argument_area()).
struct GlobalOptions {
  std::string_view root;  // "" = container::default_root()
  bool root_given = false;
  std::string_view log_file;  // "" = stderr; ends with a NUL
  log::Format log_format = log::Format::text;
  log::Level log_level = log::Level::warning;
  bool debug = false;
  bool systemd_cgroup = false;
  CgroupManager cgroup_manager = CgroupManager::cgroupfs;
  Rootless rootless = Rootless::automatic;
  bool exit_codes = false;
  bool version = false;
};

struct KillOptions {
  bool all = false;
};

struct DeleteOptions {
  bool force = false;
};

struct ListOptions {
  ListFormat format = ListFormat::table;
  bool quiet = false;
};

struct PsOptions {
  ListFormat format = ListFormat::table;
};

struct SpecOptions {
  std::string bundle = ".";
  bool rootless = false;
};

struct ExplainOptions {
  std::string bundle = ".";
  ExplainFormat format = ExplainFormat::text;
  std::string facts_file;  // "" = ask this host
};

struct Arguments {
  char* const* argv = nullptr;  // as main got it, for executing the program again
  // The parts of argv that nobody else is to read: values of variables.
  std::vector<std::string_view> confidential;
  GlobalOptions global;
  const Command* command = nullptr;  // null: none was named
  bool help = false;
  std::uint32_t ignored_listen_fds = 0;  // LISTEN_FDS says so many, and they were not passed
  std::vector<std::string> positional;
  // One part for each command that has options of its own; create and run share theirs.
  container::CreateOptions create;
  KillOptions kill;
  DeleteOptions remove;
  ListOptions list;
  SpecOptions spec;
  ExplainOptions explain;
  container::ExecOptions exec;
  PsOptions ps;
  container::UpdateOptions update;
  container::EventsOptions events;
};

}  // namespace asylum::cli
