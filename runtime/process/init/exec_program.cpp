// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/init/exec_program.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>

#include "runtime/base/text.h"
#include "runtime/process/init/environment.h"
#include "runtime/process/init/examine_executable.h"

namespace asylum::process {
namespace {

constexpr char kPointer[] = "/process/args/0";
// What execvp(3) searches without PATH.
constexpr std::string_view kDefaultPath = "/bin:/usr/bin";
constexpr std::size_t kHeaderBytes = 4096;

/// 0, or why it cannot be executed.
int reason_against(const std::string& path) {
  struct ::stat status {};
  if (::stat(path.c_str(), &status) != 0) return errno;
  if (S_ISDIR(status.st_mode)) return EISDIR;
  if (::faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) != 0) return errno;
  return S_ISREG(status.st_mode) ? 0 : EACCES;
}

Error exec_error(std::string detail, std::string_view system_call, int error_number) {
  return Error(ErrorKind::exec_failed, std::move(detail))
      .at(kPointer)
      .because_of(system_call, error_number);
}

[[noreturn]] void refuse_path(const std::string& name, int error_number) {
  // runc's words; what it says after "stat /x: " comes from the errno here.
  if (error_number == EISDIR || error_number == EACCES) {
    throw exec_error(cat("exec: ", quote(name)), "execve", error_number);
  }
  throw exec_error(cat("exec: ", quote(name), ": stat ", name), "stat", error_number);
}

std::string read_head(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) return {};
  std::string bytes(kHeaderBytes, '\0');
  const ssize_t count = ::read(fd, bytes.data(), bytes.size());
  ::close(fd);
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return bytes;
}

bool is_noexec(const std::string& path) {
  struct ::statvfs info {};
  return ::statvfs(path.c_str(), &info) == 0 && (info.f_flag & ST_NOEXEC) != 0;
}

std::string hint_for(const std::string& path, int error_number) {
  const Executable program = examine_executable(read_head(path));
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      if (program.interpreter.empty()) return {};
      return cat(
          "its interpreter ", quote(program.interpreter), " is not in the container (named ",
          program.kind == Executable::Kind::script ? "in its #! line)" : "as its dynamic loader)");
    case ENOEXEC:
      if (program.foreign) return "it is a program for another processor architecture";
      if (program.kind == Executable::Kind::elf) return "its ELF headers are damaged";
      return "it is neither an ELF program nor a script that begins with #!";
    case EACCES:
      if (is_noexec(path)) return "its file system is mounted noexec";
      if (program.interpreter.empty()) return {};
      return cat("it, or its interpreter ", quote(program.interpreter), ", is not executable");
    case ELIBBAD:
      return cat("its interpreter ", quote(program.interpreter), " is no ELF program");
    case EAGAIN:
      return "the user has reached RLIMIT_NPROC";
    case E2BIG:
      return "args and env are too large together";
    default:
      return {};
  }
}

}  // namespace

std::string find_program(const std::string& name, const std::vector<std::string>& environment) {
  if (name.find('/') != std::string::npos) {
    const int reason = reason_against(name);
    if (reason != 0) refuse_path(name, reason);
    return name;
  }
  std::string refused;
  const std::string_view path = find_variable(environment, "PATH").value_or(kDefaultPath);
  if (!name.empty()) {
    for (const std::string_view directory : split(path, ':')) {
      // An empty entry is the working directory, execvp(3).
      std::string candidate = cat(directory.empty() ? "." : directory, "/", name);
      const int reason = reason_against(candidate);
      if (reason == 0) return candidate;
      if (reason == EACCES) refused = candidate;
    }
  }
  throw exec_error(cat("exec: ", quote(name), ": executable file not found in $PATH"), "execve",
                   ENOENT)
      .with_hint(refused.empty() ? cat("PATH is ", quote(path))
                                 : cat(refused, " is not executable"));
}

Error exec_failure(const std::string& path, int error_number) {
  return exec_error(cat("exec ", path), "execve", error_number);
}

Error explain_exec_failure(const std::string& path, int error_number) {
  Error error = exec_failure(path, error_number);
  error.hint = hint_for(path, error_number);
  return error;
}

}  // namespace asylum::process
