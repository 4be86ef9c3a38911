// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/state/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/container/state/words.h"
#include "runtime/plan/cgroup_plan.h"
#include "runtime/sys/own_file.h"

namespace asylum::container {
namespace {

constexpr char kHeader[] = "asylum-journal";
constexpr char kVersion[] = "1";
constexpr std::size_t kIdInHeader = 3;  // journals of the first version have none
constexpr mode_t kMode = 0600;

constexpr std::size_t kManagerInIntent = 4;  // of a cgroup; left out for cgroupfs

using Words = std::vector<std::string>;

std::uint64_t number_at(const Words& words, std::size_t index) {
  return index < words.size() ? parse_u64(words[index]).value_or(0) : 0;
}

ProcessIdentity identity_at(const Words& words, std::size_t index) {
  const std::uint64_t pid = number_at(words, index);
  // What no pid can be is nobody, not the process that its lower bits name.
  return {pid <= INT32_MAX ? static_cast<pid_t>(pid) : 0, number_at(words, index + 1)};
}

void note_cgroup_intent(Ledger& ledger, const Words& words, bool is_leaf) {
  if (words.size() < 4) return;
  if (!ledger.cgroup) ledger.cgroup.emplace();
  cgroup::Place& place = *ledger.cgroup;
  place.mount_point = words[2];
  if (words.size() > kManagerInIntent) {
    place.manager =
        value_of<CgroupManager>(words[kManagerInIntent]).value_or(CgroupManager::cgroupfs);
  }
  if (is_leaf) {
    place.directory.path = words[3];
    return;
  }
  const auto known = std::find_if(place.ancestors.begin(), place.ancestors.end(),
                                  [&](const auto& one) { return one.path == words[3]; });
  if (known == place.ancestors.end()) place.ancestors.push_back({words[3], 0});
}

void note_cgroup_made(Ledger& ledger, const Words& words) {
  if (words.size() < 4 || !ledger.cgroup) return;
  cgroup::Place& place = *ledger.cgroup;
  if (place.directory.path == words[2]) place.directory.inode = number_at(words, 3);
  for (cgroup::Directory& one : place.ancestors) {
    if (one.path == words[2]) one.inode = number_at(words, 3);
  }
}

void note_pid_file(Ledger& ledger, const Words& words) {
  if (words.size() < 4) return;
  if (words[0] == "intent") ledger.pid_file = PidFile{words[2], words[3], std::nullopt};
  if (words[0] == "made" && ledger.pid_file) {
    ledger.pid_file->made = sys::FileIdentity{number_at(words, 2), number_at(words, 3)};
  }
}

void note_root(Ledger& ledger, const Words& words) {
  if (words.size() < 6) return;
  ledger.root = {words[2], number_at(words, 3), words[4], number_at(words, 5)};
}

void note(Ledger& ledger, const Words& words) {
  const std::string& phase = words[0];
  const std::string type = words.size() > 1 ? words[1] : std::string();
  if (phase == "intent" && (type == "cgroup" || type == "cgroup-parent")) {
    note_cgroup_intent(ledger, words, type == "cgroup");
  } else if (phase == "made" && type == "cgroup") {
    note_cgroup_made(ledger, words);
  } else if (phase == "abandoned" && type == "cgroup") {
    if (ledger.cgroup) ledger.cgroup->directory = {};
  } else if (phase == "intent" && type == "process") {
    ledger.process_intended = true;
  } else if (phase == "made" && type == "process") {
    ledger.init = identity_at(words, 2);
  } else if (phase == "made" && type == "builder") {
    ledger.builder = identity_at(words, 2);
  } else if (phase == "made" && type == "helper") {
    ledger.helpers.push_back(identity_at(words, 2));
  } else if (phase == "intent" && type == "root") {
    note_root(ledger, words);
  } else if (type == "pid-file") {
    note_pid_file(ledger, words);
  } else if (phase == "hooks") {
    ledger.hooks_begun = true;
  } else if (phase == "committed") {
    ledger.committed = true;
  } else {
    ledger.unknown.push_back(cat(phase, ' ', type));
  }
}

}  // namespace

std::string boot_id() {
  return std::string(trim(sys::read_file_at(AT_FDCWD, "/proc/sys/kernel/random/boot_id")));
}

Ledger read_ledger(std::string_view text, std::string_view boot, std::string_view id) {
  Ledger ledger;
  if (text.empty()) return ledger;
  ledger.is_empty = false;
  if (!text.starts_with(kHeader)) {
    ledger.damage = "its journal is none";
    return ledger;
  }
  for (const std::string_view line : whole_lines(text)) {
    const auto words = decode_line(line);
    if (!words) {
      ledger.damage = "a line of its journal is damaged";
    } else if (words->front() != kHeader) {
      note(ledger, *words);
    } else if (words->size() > kIdInHeader && (*words)[kIdInHeader] != id) {
      // Copied, or the directory renamed: what it names may belong to one that lives.
      Ledger none;
      none.is_empty = false;
      none.damage = cat("its journal is that of container ", quote((*words)[kIdInHeader]));
      return none;
    } else {
      ledger.is_of_this_boot = words->size() > 2 && (*words)[2] == boot;
    }
  }
  if (ledger.committed && !ledger.init && ledger.damage.empty()) {
    ledger.damage = "its journal names no process";
  }
  return ledger;
}

Ledger load_ledger(int state_directory, std::string_view id) {
  const sys::OwnFile file = sys::look_at_own_file(state_directory, kJournalName);
  if (file.text && !file.text->empty()) return read_ledger(*file.text, boot_id(), id);
  Ledger ledger;
  if (!file.fault.empty()) {
    ledger.is_empty = false;
    ledger.damage = cat("its journal cannot be read: ", file.fault);
  }
  return ledger;
}

Journal Journal::make(int state_directory, const std::string& id) {
  Journal journal(sys::open_at(state_directory, kJournalName,
                               O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW, kMode));
  journal.add({kHeader, kVersion, boot_id(), id});  // goes with the first record
  return journal;
}

void Journal::add(const Words& words) {
  pending_ += encode_line(words);
}

void Journal::write() {
  // One write: a reader after our death sees all of the lines, or whole ones up to a torn one.
  const ssize_t written = ::write(file_.get(), pending_.data(), pending_.size());
  if (written < 0) throw_os("write", errno, "write the container's journal");
  if (static_cast<std::size_t>(written) != pending_.size()) {
    throw_os("write", ENOSPC, "write the container's journal");
  }
  pending_.clear();
}

void Journal::intend_cgroup(const std::string& mount_point, std::span<const std::string> paths,
                            CgroupManager manager) {
  for (const std::string& path : paths) {
    Words words{"intent", &path == &paths.back() ? "cgroup" : "cgroup-parent", mount_point, path};
    if (manager != CgroupManager::cgroupfs) words.emplace_back(word_of(manager));
    add(words);
  }
  write();
}

void Journal::made_cgroup(std::span<const cgroup::Directory> directories) {
  for (const cgroup::Directory& one : directories) {
    add({"made", "cgroup", one.path, cat(one.inode)});
  }
  intend_process();
}

void Journal::abandon_cgroup(const std::string& path) {
  add({"abandoned", "cgroup", path});
  write();
}

void Journal::intend_process() {
  add({"intent", "process"});
  write();
}

void Journal::made_process(const ProcessIdentity& init) {
  add({"made", "process", cat(init.pid), cat(init.start_time_ticks)});
  write();
}

void Journal::made_builder(const ProcessIdentity& builder) {
  add({"made", "builder", cat(builder.pid), cat(builder.start_time_ticks)});
  write();
}

void Journal::made_helper(const ProcessIdentity& helper) {
  add({"made", "helper", cat(helper.pid), cat(helper.start_time_ticks)});
  write();
}

void Journal::intend_root(const process::AttachedRoot& root) {
  add({"intent", "root", root.mount_namespace, cat(root.namespace_id), root.path,
       cat(root.mount_id)});
  write();
}

void Journal::begin_hooks() {
  add({"hooks"});
  write();
}

void Journal::intend_pid_file(const std::string& path, const std::string& temporary) {
  add({"intent", "pid-file", path, temporary});
  write();
}

void Journal::made_pid_file(const sys::FileIdentity& identity) {
  add({"made", "pid-file", cat(identity.dev), cat(identity.ino)});
  write();
}

void Journal::commit() {
  add({"committed"});
  write();
}

}  // namespace asylum::container
