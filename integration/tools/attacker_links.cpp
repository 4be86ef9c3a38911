// SPDX-License-Identifier: Apache-2.0
// Where the magic links of a process lead, and what can be reached from there.
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <sstream>

#include "integration/tools/attacker.h"

namespace attacker {
namespace {

std::vector<std::string> entries(const std::string& path) {
  std::vector<std::string> names;
  DIR* directory = ::opendir(path.c_str());
  if (directory == nullptr) return names;
  while (const dirent* entry = ::readdir(directory)) {
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  }
  ::closedir(directory);
  return names;
}

std::set<unsigned long long> read_mount_ids() {
  std::set<unsigned long long> ids;
  std::istringstream table(read_file("/proc/self/mountinfo"));
  for (std::string line; std::getline(table, line);)
    ids.insert(::strtoull(line.c_str(), nullptr, 10));
  return ids;
}

// Files of the container's lie on a mount of its table.
bool is_of_container(unsigned long long mount) {
  static std::set<unsigned long long> ids = read_mount_ids();
  if (ids.count(mount) != 0) return true;
  ids = read_mount_ids();
  return ids.count(mount) != 0;
}

struct Target {
  bool open = false;
  bool ours = false;
  mode_t type = 0;
  std::string words;  // type, device:inode, name
};

const char* type_name(mode_t type) {
  switch (type) {
    case S_IFDIR:
      return "directory";
    case S_IFREG:
      return "file";
    case S_IFCHR:
      return "character-device";
    case S_IFBLK:
      return "block-device";
    case S_IFIFO:
      return "fifo";
    case S_IFSOCK:
      return "socket";
    default:
      return "object";
  }
}

Target target_of(const std::string& path) {
  Target target;
  const int fd = ::open(path.c_str(), O_PATH | O_CLOEXEC);
  if (fd < 0) return target;
  struct statx facts {};
  if (::statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_MNT_ID, &facts) == 0) {
    char name[PATH_MAX];
    const ssize_t length = ::readlink(path.c_str(), name, sizeof name);
    target.open = true;
    target.type = facts.stx_mode & S_IFMT;
    target.ours = is_of_container(facts.stx_mnt_id);
    target.words = std::string(type_name(target.type)) + " " +
                   std::to_string(makedev(facts.stx_dev_major, facts.stx_dev_minor)) + ":" +
                   std::to_string(facts.stx_ino) + " " +
                   std::string(name, length > 0 ? static_cast<std::size_t>(length) : 0);
  }
  ::close(fd);
  return target;
}

void try_from(pid_t pid, const std::string& link, int directory, const std::string& path) {
  const int secret = ::openat(directory, (path + "/secret").c_str(), O_RDONLY | O_CLOEXEC);
  if (secret >= 0) {
    report("reached", pid, link + " leads to a file of the host's, which is read");
    ::close(secret);
  }
  const std::string name = path + "/proof-of-link-" + std::to_string(pid);
  const int proof = ::openat(directory, name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (proof < 0) return;
  report("reached", pid, link + " leads to a file of the host's, which is written");
  ::close(proof);
}

// Upwards from a directory: the way out, if it is one that our root is not above. And downwards
// from it, if it is a root.
void climb(pid_t pid, const std::string& link) {
  const int directory = ::open(proc(pid, link).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;
  try_from(pid, link, directory, climbing_path(""));
  try_from(pid, link, directory, aim().outside.substr(1));
  ::close(directory);
}

void follow_directory(pid_t pid, const std::string& link) {
  const Target target = target_of(proc(pid, link));
  if (!target.open) return report("noted", pid, link + " " + error_name());
  report(target.ours || aim().neighbours ? "noted" : "reached", pid, link + " " + target.words);
  climb(pid, link);
}

// The file that runs may be seen, as everybody's; it must not be written, not even when nobody runs
// it any more: the kernel guards it for as long as somebody does.
void follow_program(pid_t pid) {
  const Target target = target_of(proc(pid, "exe"));
  if (!target.open) return report("noted", pid, "exe " + error_name());
  report("noted", pid, "exe " + target.words);
  if (target.ours) return;
  const int writable = ::open(proc(pid, "exe").c_str(), O_RDWR | O_CLOEXEC);
  if (writable >= 0) {
    report("reached", pid, "exe is opened for writing");
    ::close(writable);
    return;
  }
  const bool guarded_for_now = errno == ETXTBSY;
  struct statvfs facts {};
  if (guarded_for_now && ::statvfs(proc(pid, "exe").c_str(), &facts) == 0 &&
      (facts.f_flag & ST_RDONLY) == 0 && !aim().neighbours)
    report("reached", pid, "exe is on a writable mount");
}

// Standard streams are the caller's to give, pipes and sockets are how the runtime talks to its
// child. Everything else must be a file of the container's.
bool is_proper(const std::string& name, const Target& target) {
  if (target.ours || target.type == S_IFIFO || target.type == S_IFSOCK) return true;
  return name.size() == 1 && name[0] <= '2' && target.type != S_IFDIR;
}

void follow_descriptors(pid_t pid) {
  for (const std::string& name : entries(proc(pid, "fd"))) {
    const std::string link = "fd/" + name;
    const Target target = target_of(proc(pid, link));
    if (!target.open) continue;
    report(is_proper(name, target) ? "noted" : "reached", pid, link + " " + target.words);
    search(pid, "fd", target.words);
    if (target.type == S_IFDIR) climb(pid, link);
  }
}

// A neighbour has namespaces of its own, and of the host's those that we have as well.
bool is_out_of_bounds(const std::string& inode, const std::string& ours) {
  if (inode == ours) return false;
  const auto& host = aim().host_namespaces;
  return !aim().neighbours || std::find(host.begin(), host.end(), inode) != host.end();
}

std::string namespace_inode(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 ? std::to_string(facts.st_ino) : "";
}

void follow_namespaces(pid_t pid) {
  for (const std::string& name : entries("/proc/self/ns")) {
    const std::string theirs = namespace_inode(proc(pid, "ns/" + name));
    if (!theirs.empty() && is_out_of_bounds(theirs, namespace_inode("/proc/self/ns/" + name)))
      report("reached", pid, "ns/" + name + " " + theirs);
  }
}

void follow_mappings(pid_t pid) {
  for (const std::string& name : entries(proc(pid, "map_files"))) {
    const Target target = target_of(proc(pid, "map_files/" + name));
    if (target.open && !target.ours && !aim().neighbours)
      report("reached", pid, "map_files " + target.words);
  }
}

}  // namespace

std::string climbing_path(const std::string& name) {
  std::string path;
  for (int level = 0; level < 24; ++level) path += "../";
  return path + aim().outside.substr(1) + (name.empty() ? "" : "/" + name);
}

bool runs_our_program(pid_t pid) {
  const Target target = target_of(proc(pid, "exe"));
  return target.open && target.ours;
}

bool runs_foreign_program(pid_t pid) {
  const Target target = target_of(proc(pid, "exe"));
  return target.open && !target.ours;
}

std::vector<int> directories_of(pid_t pid) {
  std::vector<int> numbers;
  for (const std::string& name : entries(proc(pid, "fd"))) {
    if (target_of(proc(pid, "fd/" + name)).type == S_IFDIR) numbers.push_back(::atoi(name.c_str()));
  }
  return numbers;
}

void follow_links(pid_t pid) {
  follow_directory(pid, "root");
  follow_directory(pid, "cwd");
  follow_program(pid);
  follow_descriptors(pid);
  follow_namespaces(pid);
  follow_mappings(pid);
}

}  // namespace attacker
