// SPDX-License-Identifier: Apache-2.0
// What /proc tells of a process in words: its tables, command line, environment, memory.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "integration/tools/attacker.h"

namespace attacker {
namespace {

// More than any mapping of ours that could hold a word.
constexpr std::size_t kLargestMapping = 64u << 20;
constexpr char kInitName[] = "asylum:[init]\n";  // start_gate.h

std::set<std::string> lines_of(const std::string& text) {
  std::set<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.insert(line);
  return lines;
}

// A mount that is not in our own table is somebody else's; ours is read twice, for mounts may come
// and go meanwhile.
void compare_mounts(pid_t pid) {
  auto ours = lines_of(read_file("/proc/self/mountinfo"));
  const auto theirs = lines_of(read_file(proc(pid, "mountinfo")));
  ours.merge(lines_of(read_file("/proc/self/mountinfo")));
  for (const std::string& line : theirs) {
    if (ours.count(line) != 0) continue;
    search(pid, "mountinfo", line);
    if (!aim().neighbours) report("reached", pid, "mountinfo is another one than the container's");
  }
}

// A process that is in another cgroup shows the way to it.
void compare_cgroup(pid_t pid) {
  const std::string theirs = read_file(proc(pid, "cgroup"));
  if (theirs.find("/..") != std::string::npos && !aim().neighbours)
    report("reached", pid, "cgroup " + theirs);
}

std::string field(const std::string& status, std::string_view name) {
  const std::string key = std::string("\n") + std::string(name) + ":";
  std::size_t begin = status.find(key);
  if (begin == std::string::npos) return "?";
  begin = status.find_first_not_of(" \t", begin + key.size());
  std::string value = status.substr(begin, status.find('\n', begin) - begin);
  while (!value.empty() && value.back() == ' ') value.pop_back();
  std::replace_if(
      value.begin(), value.end(), [](char byte) { return byte == ' ' || byte == '\t'; }, ',');
  return value;
}

}  // namespace

std::string credentials(const std::string& pid) {
  const std::string status = read_file("/proc/" + pid + "/status");
  if (status.empty()) return "";
  static constexpr std::string_view kFields[] = {"Uid",        "Gid",    "Groups", "CapInh",
                                                 "CapPrm",     "CapEff", "CapBnd", "CapAmb",
                                                 "NoNewPrivs", "Seccomp"};
  std::string words;
  for (const std::string_view name : kFields)
    words += (words.empty() ? "" : " ") + std::string(name) + "=" + field(status, name);
  return words;
}

void search(pid_t pid, const std::string& where, std::string_view text) {
  for (const Marker& marker : aim().markers) {
    if (text.find(marker.text) == std::string_view::npos) continue;
    // `env` is what the program that is being started may know: it is in its memory on the way
    // there, and in its environment afterwards. It may have executed since the text was read, but
    // not the other way round.
    if (marker.name == "env" && where == "mem") continue;
    if (marker.name == "env" && where == "environ" && !runs_foreign_program(pid)) continue;
    report("reached", pid, where + " has the word " + marker.name);
  }
}

void search_memory(pid_t pid) {
  const int memory = ::open(proc(pid, "mem").c_str(), O_RDONLY | O_CLOEXEC);
  if (memory < 0) return report("noted", pid, "mem " + error_name());
  report("noted", pid, "mem opened");
  std::istringstream maps(read_file(proc(pid, "maps")));
  std::string part;
  for (std::string line; std::getline(maps, line);) {
    unsigned long begin = 0;
    unsigned long end = 0;
    char rights[8] = "";
    if (::sscanf(line.c_str(), "%lx-%lx %7s", &begin, &end, rights) != 3) continue;
    // What cannot be written holds the program's text only.
    if (rights[0] != 'r' || rights[1] != 'w' || end - begin > kLargestMapping) continue;
    part.resize(end - begin);
    const ssize_t count = ::pread(memory, part.data(), part.size(), static_cast<off_t>(begin));
    if (count > 0) search(pid, "mem", {part.data(), static_cast<std::size_t>(count)});
  }
  ::close(memory);
}

// What the kernel keeps from those who may not trace a process that is not dumpable: of one that
// still bears the runtime's name afterwards, since the program that it executes is dumpable.
void open_private_files(pid_t pid) {
  for (const char* name : {"root", "cwd", "fd", "environ", "mem", "maps"}) {
    const int fd = ::open(proc(pid, name).c_str(), O_RDONLY | O_CLOEXEC);
    const std::string error = fd < 0 ? error_name() : "";
    if (fd >= 0) ::close(fd);
    if (read_file(proc(pid, "comm")) != kInitName) return;
    report(fd >= 0 ? "opened" : "closed", pid, name + (" " + error));
  }
}

void look(pid_t pid) {
  open_private_files(pid);
  compare_mounts(pid);
  search(pid, "cmdline", read_file(proc(pid, "cmdline")));
  const std::string words = credentials(std::to_string(pid));
  // A zombie has no groups and no memory left.
  if (!words.empty() && read_file(proc(pid, "stat")).find(") Z ") == std::string::npos)
    report("status", pid, words);
  compare_cgroup(pid);
  search(pid, "environ", read_file(proc(pid, "environ")));
  search(pid, "maps", read_file(proc(pid, "maps")));
  follow_links(pid);
  search_memory(pid);
}

}  // namespace attacker
