// SPDX-License-Identifier: Apache-2.0
// The whole of the runtime-spec 1.3 config.json for Linux as plain typed values. read.h makes one,
// write.h prints one.
//
// Absent and empty are kept apart (std::optional) only where they mean something different. Every
// value's JSON pointer follows from its place: spec.mounts[3].options[0] is /mounts/3/options/0.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "spec/linux.h"
#include "spec/mount_options.h"
#include "spec/process.h"
#include "spec/types.h"

namespace asylum::spec {

struct Root {
  std::string path;
  bool readonly = false;
  Unknown unknown;
  bool operator==(const Root&) const = default;
};

struct Mount {
  std::string destination;
  std::string type;                  // "" = not given; "none" and "bind" are as in the document
  std::string source;                // "" = not given
  std::vector<std::string> options;  // verbatim
  MountOptions parsed;               // the same, understood
  std::vector<IdMapping> uid_mappings;
  std::vector<IdMapping> gid_mappings;
  Unknown unknown;
  bool operator==(const Mount&) const = default;
};

struct Hook {
  std::string path;
  std::vector<std::string> args;                // args[0] is the program's name, as execve has it
  std::optional<std::vector<std::string>> env;  // absent differs from []: it inherits
  std::optional<std::int64_t> timeout_s;        // absent: none
  Unknown unknown;
  bool operator==(const Hook&) const = default;
};

struct Hooks {
  std::vector<Hook> prestart;
  std::vector<Hook> create_runtime;
  std::vector<Hook> create_container;
  std::vector<Hook> start_container;
  std::vector<Hook> poststart;
  std::vector<Hook> poststop;
  Unknown unknown;
  bool operator==(const Hooks&) const = default;
};

struct Spec {
  std::string oci_version;
  std::optional<Root> root;
  std::vector<Mount> mounts;
  std::optional<Process> process;
  std::string hostname;    // "" = leave it
  std::string domainname;  // "" = leave it
  Hooks hooks;
  std::vector<KeyValue> annotations;
  Linux linux;
  Unknown other_platforms;  // solaris, windows, vm, zos, freebsd: kept, without effect
  Unknown unknown;
  bool operator==(const Spec&) const = default;
};

}  // namespace asylum::spec
