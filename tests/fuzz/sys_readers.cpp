// SPDX-License-Identifier: Apache-2.0
// Sys: what files of /proc say, signals and wait statuses.
#include <fcntl.h>
#include <sys/wait.h>

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/passwd.h"
#include "runtime/sys/process/proc_text.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/signals.h"
#include "tests/fuzz/directory.h"
#include "tests/fuzz/reader.h"

namespace asylum::fuzz {
namespace {

void check_cgroup(Input input) {
  constexpr std::string_view kDeleted = " (deleted)";
  const auto entries = sys::parse_cgroup(input.rest());
  std::string written;
  std::optional<std::string> unified;
  for (const sys::CgroupEntry& entry : entries) {
    written += cat(entry.hierarchy, ':', entry.controllers, ':', entry.path, '\n');
    if (entry.hierarchy == 0 && !unified) unified = entry.path;
  }
  const auto again = sys::parse_cgroup(written);
  require(again.size() == entries.size(), "each cgroup has its line");
  for (std::size_t i = 0; i < entries.size(); ++i) {
    require(again[i].hierarchy == entries[i].hierarchy &&
                again[i].controllers == entries[i].controllers && again[i].path == entries[i].path,
            "a cgroup is read back as it was");
  }
  const auto path = sys::cgroup2_path(input.rest());
  require(path.has_value() == unified.has_value(), "cgroup2's line is that of hierarchy 0");
  require(!path || *path == *unified || cat(*path, kDeleted) == *unified,
          "the path of a removed cgroup is the path");
}

// A process may call itself anything.
void check_name(std::string_view comm) {
  const auto named =
      sys::parse_stat(cat("17 (", comm, ") S 1 17 5 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 12345 0 0\n"));
  require(named && named->pid == 17 && named->comm == comm && named->state == 'S' &&
              named->parent == 1 && named->session == 5 && named->start_time_ticks == 12345,
          "a process's name does not reach the other fields");
}

void check_stat(Input input) {
  const std::string_view text = input.rest();
  check_name(text);
  const auto stat = sys::parse_stat(text);
  if (!stat) return;
  require(stat->pid >= 0 && stat->parent >= 0 && stat->session >= 0, "no pid is negative");
  check_name(stat->comm);
}

void check_id_map(Input input) {
  const auto map = sys::parse_id_map(input.rest());
  std::string written;
  for (const sys::IdMapEntry& one : map) {
    written += cat("   ", one.inside, "      ", one.outside, " ", one.count, "\n");
  }
  require(sys::parse_id_map(written) == map, "an id map is read back as it was");
  std::vector<sys::IdMapEntry> any;
  written.clear();
  while (!input.empty()) {
    any.push_back({input.number<std::uint32_t>(), input.number<std::uint32_t>(),
                   input.number<std::uint32_t>()});
    written += cat(any.back().inside, " ", any.back().outside, " ", any.back().count, "\n");
  }
  require(sys::parse_id_map(written) == any, "every line of an id map is read");
}

void check_flat_keyed(Input input) {
  const std::string key = input.text_without(" \n");
  const auto value = input.number<std::uint64_t>();
  const std::string_view text = input.rest();
  const auto found = sys::flat_keyed_value(text, key);
  require(!found || text.find(cat(*found)) != std::string_view::npos, "a value stands in the text");
  require(sys::flat_keyed_value(cat("x", key, " 1\n", key, "x 2\n", key, " ", value, "\n", text),
                                key) == value,
          "a key is found by its whole name");
}

void check_passwd(Input input) {
  static const Directory directory;
  const auto uid = input.number<std::uint32_t>();
  const auto home_in = [&](const std::string& passwd) -> std::optional<std::string> {
    directory.write("passwd", passwd);
    const sys::Fd file = sys::open_at(directory.fd(), "passwd", O_RDONLY);
    const std::optional<sys::Account> account = sys::find_account(file.get(), uid);
    if (!account) return std::nullopt;
    require(account->uid == uid, "an account is that of the user");
    return account->home;
  };
  const std::string text(input.rest());
  const std::string ours = cat("fuzz:x:", uid, ":0:Fuzz,,,:/var/fuzz:/bin/sh\n");
  require(home_in(ours + text) == "/var/fuzz", "the first line counts");
  const auto home = home_in(text);
  require(!home || home->find_first_of(std::string_view(":\n\0", 3)) == std::string::npos,
          "a home is one field");
  require(!home || text.find(cat(":", *home)) != std::string::npos, "a home stands in the file");
  require(home_in(cat(text, "\n", ours)) == home.value_or("/var/fuzz"),
          "broken lines and those of others are skipped");
}

void check_signal(Input input) {
  const auto number = sys::signal_number(input.rest());
  if (!number) return;
  require(*number >= 0 && *number <= 64, "a signal is one of the kernel's");
  if (*number == 0 || *number == 32 || *number == 33) return;  // glibc's own have no name
  const std::string name = sys::signal_name(*number);
  require(sys::signal_number(name) == number, "a signal is found by its name");
  require(sys::signal_number(std::string_view(name).substr(3)) == number, "also without SIG");
}

void check_wait_status(Input input) {
  const auto status = static_cast<int>(input.number<std::uint16_t>());
  const sys::WaitResult end = sys::decode_status(17, status);
  if (WIFEXITED(status)) {
    require(end.exited && end.code == WEXITSTATUS(status) && end.signal == 0, "an exit is one");
  } else if (WIFSIGNALED(status)) {
    require(!end.exited && end.signal == WTERMSIG(status), "a death by signal is one");
  }
  require(!sys::describe(end).empty(), "every end has words");
}

constexpr Reader kReaders[] = {
    {"cgroup", check_cgroup},           {"stat", check_stat},     {"id-map", check_id_map},
    {"flat-keyed", check_flat_keyed},   {"passwd", check_passwd}, {"signal", check_signal},
    {"wait-status", check_wait_status},
};

}  // namespace

std::span<const Reader> readers() {
  return kReaders;
}

}  // namespace asylum::fuzz
