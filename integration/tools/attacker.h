// SPDX-License-Identifier: Apache-2.0
// A hostile process inside a container: it looks at every other process that /proc shows, and at
// everything that can be opened through it. What it finds goes to a report of lines that a test
// reads: `reached` is what no container may reach, `status` are the credentials of a process,
// `noted` is for people.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace attacker {

/// Where tests and attacker meet: a volume with `aim`, the report and the socket.
inline constexpr char kShared[] = "/shared";

/// A word that is known on the host only.
struct Marker {
  std::string name;
  std::string text;
};

/// What the attacker would like to have: words of the host's, and a directory of the host's that
/// is no mount of the container's, with a file `secret`, in which all may write.
struct Aim {
  std::vector<Marker> markers;
  std::string outside;
  std::vector<std::string> host_namespaces;  // inodes
  /// The processes that come belong to another container in our pid namespace: it has a root and
  /// namespaces of its own. Only the host's are out of bounds then.
  bool neighbours = false;
};

/// Read from the shared volume, not from the arguments: those are in the container's config and
/// with it in the runtime's memory, where the attacker would find its own words.
const Aim& aim();

/// One line, once: `KIND PID TEXT`.
void report(std::string_view kind, pid_t pid, const std::string& text);

/// "" if it cannot be read; control characters stay.
std::string read_file(const std::string& path);
std::string proc(pid_t pid, std::string_view name);
std::string error_name();

/// The processes of /proc but this one and its descendants.
std::vector<pid_t> strangers();

/// Everything that can be seen of one process without stopping it.
void look(pid_t pid);
/// The ids, capabilities, no_new_privs and filter mode in /proc/PID/status, as `key=value` words.
std::string credentials(const std::string& pid);
/// Reports every marker in the text, but those that a program of the container's may know.
void search(pid_t pid, const std::string& where, std::string_view text);
/// Reads what can be read of its memory.
void search_memory(pid_t pid);

/// root, cwd, exe, fd/*, ns/*, map_files/*: what they lead to, and what lies above it.
void follow_links(pid_t pid);
/// Whether its program is a file of the container's: it has executed.
bool runs_our_program(pid_t pid);
/// Whether it has not; neither is true of one that is gone, or closed to us.
bool runs_foreign_program(pid_t pid);
/// The numbers of its open descriptors that are directories.
std::vector<int> directories_of(pid_t pid);
/// `outside` by enough steps upwards, from whatever directory.
std::string climbing_path(const std::string& name);

/// Takes the process over where the kernel lets it: seizes it, has it make system calls of ours,
/// and lets it go on as if nothing had happened. The process is stopped meanwhile.
void take_over(pid_t pid);

/// Verbs with an end: each prints lines of its own.
int call_foreign_abis();
int undo_masks();
int use_volume(const std::string& directory);

}  // namespace attacker
