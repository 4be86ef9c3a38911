// SPDX-License-Identifier: Apache-2.0
// Verbs that report files: mounts, device nodes, what can be read, written, opened or made.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <vector>

#include "integration/probe/probe.h"

namespace probe {
namespace {

std::string read_all(const std::string& path, bool& good) {
  std::string text;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  good = fd >= 0;
  if (!good) return error_name();
  char part[4096];
  ssize_t count = 0;
  while ((count = ::read(fd, part, sizeof part)) > 0 && text.size() < (1u << 20)) {
    text.append(part, static_cast<std::size_t>(count));
  }
  if (count < 0) {
    good = false;
    text = error_name();
  }
  ::close(fd);
  return text;
}

// The raw mountinfo lines, behind `mount `.
void mounts(Arguments&) {
  bool good = false;
  const std::string text = read_all("/proc/self/mountinfo", good);
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    line("mount " + text.substr(begin, end - begin));
    begin = end + 1;
  }
}

void read(Arguments& arguments) {
  const std::string path(arguments.next());
  bool good = false;
  std::string text = read_all(path, good);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  line("read " + path + " " + (good ? text.empty() ? "empty" : text : text));
}

void write_to(Arguments& arguments) {
  const std::string path(arguments.next());
  const std::string text(arguments.next());
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return line("write " + path + " " + error_name());
  const ssize_t count = ::write(fd, text.data(), text.size());
  line("write " + path + " " + (count < 0 ? error_name() : "ok"));
  ::close(fd);
}

void create(Arguments& arguments) {
  const std::string path(arguments.next());
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  line("create " + path + " " + (fd < 0 ? error_name() : "ok"));
  if (fd >= 0) ::close(fd);
}

void stat_of(Arguments& arguments) {
  const std::string path(arguments.next());
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return line("stat " + path + " " + error_name());
  const char* kind = S_ISREG(status.st_mode)    ? "file"
                     : S_ISDIR(status.st_mode)  ? "directory"
                     : S_ISCHR(status.st_mode)  ? "character"
                     : S_ISBLK(status.st_mode)  ? "block"
                     : S_ISFIFO(status.st_mode) ? "fifo"
                     : S_ISLNK(status.st_mode)  ? "link"
                                                : "other";
  char text[128];
  std::snprintf(text, sizeof text, " %s %04o %u:%u %u:%u", kind, status.st_mode & 07777U,
                status.st_uid, status.st_gid, major(status.st_rdev), minor(status.st_rdev));
  std::string target;
  if (S_ISLNK(status.st_mode)) {
    char name[4096];
    const ssize_t length = ::readlink(path.c_str(), name, sizeof name);
    target = " " + std::string(name, static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
  }
  line("stat " + path + text + target);
}

void list(Arguments& arguments) {
  const std::string path(arguments.next());
  DIR* directory = ::opendir(path.c_str());
  if (directory == nullptr) return line("list " + path + " " + error_name());
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(directory)) names.emplace_back(entry->d_name);
  ::closedir(directory);
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    if (name != "." && name != "..") line("list " + path + " " + name);
  }
  line("list " + path + " end");
}

void filesystem(Arguments& arguments) {
  const std::string path(arguments.next());
  struct statfs status {};
  if (::statfs(path.c_str(), &status) != 0) return line("statfs " + path + " " + error_name());
  line("statfs " + path + " " + hex64(static_cast<unsigned long long>(status.f_type)) + " " +
       std::to_string(static_cast<unsigned long long>(status.f_blocks) *
                      static_cast<unsigned long long>(status.f_bsize)));
}

void make_device(Arguments& arguments) {
  const std::string path(arguments.next());
  const std::string kind(arguments.next());
  const auto major_number = static_cast<unsigned>(arguments.next_number());
  const auto minor_number = static_cast<unsigned>(arguments.next_number());
  const mode_t mode = (kind == "b" ? S_IFBLK : S_IFCHR) | 0666U;
  const int result = ::mknod(path.c_str(), mode, makedev(major_number, minor_number));
  line("mknod " + path + " " + (result != 0 ? error_name() : "ok"));
}

// open PATH r|w|rw
void open_as(Arguments& arguments) {
  const std::string path(arguments.next());
  const std::string mode(arguments.next());
  const int flags = mode == "r" ? O_RDONLY : mode == "w" ? O_WRONLY : O_RDWR;
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  line("open " + path + " " + mode + " " + (fd < 0 ? error_name() : "ok"));
  if (fd >= 0) ::close(fd);
}

void read_fd(Arguments& arguments) {
  char text[256];
  const long fd = arguments.next_number();
  const ssize_t count = ::read(static_cast<int>(fd), text, sizeof text);
  line("readfd " + std::to_string(fd) + " " +
       (count < 0 ? error_name() : std::string(text, static_cast<std::size_t>(count))));
}

}  // namespace

const Verb kFileVerbs[] = {
    {"mounts", mounts, "each line of /proc/self/mountinfo"},
    {"read", read, "PATH: its text"},
    {"write", write_to, "PATH TEXT: ok or the error"},
    {"create", create, "PATH: ok or the error"},
    {"stat", stat_of, "PATH: kind mode uid:gid major:minor [link target]"},
    {"list", list, "PATH: names in a directory"},
    {"statfs", filesystem, "PATH: file system magic and size in bytes"},
    {"mknod", make_device, "PATH c|b MAJOR MINOR: ok or the error"},
    {"open", open_as, "PATH r|w|rw: ok or the error"},
    {"readfd", read_fd, "FD: what one read gives"},
    {nullptr, nullptr, nullptr},
};

}  // namespace probe
