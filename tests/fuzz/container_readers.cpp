// SPDX-License-Identifier: Apache-2.0
// Container: our own files of a container's state, and what ps says.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/container/exec/exec.h"
#include "runtime/container/exec/exec_process.h"
#include "runtime/container/state/journal.h"
#include "runtime/container/state/record.h"
#include "runtime/container/state/state_store.h"
#include "runtime/container/state/words.h"
#include "runtime/container/verbs/event_text.h"
#include "runtime/container/verbs/ps.h"
#include "runtime/plan/types/hooks.h"
#include "runtime/sys/file_tree.h"
#include "spec/json/find.h"
#include "spec/json/tree.h"
#include "tests/fuzz/directory.h"
#include "tests/fuzz/reader.h"

namespace asylum::fuzz {
namespace {

void check_words(Input input) {
  for (const std::string_view line : split(input.rest(), '\n')) {
    const auto words = container::decode_line(line);
    require(!words || container::encode_line(*words) == cat(line, '\n'), "a line has one spelling");
  }
  std::vector<std::string> words{input.text()};
  while (!input.empty()) words.push_back(input.text());
  const std::string line = container::encode_line(words);
  for (const char c : std::string_view(line).substr(0, line.size() - 1)) {
    require(c >= ' ' && c < '\x7f', "a line is printable ASCII");
  }
  require(container::decode_line(std::string_view(line).substr(0, line.size() - 1)) == words,
          "words are read back as they were");
  const std::string torn = line + line.substr(0, input.below(line.size()));
  require(container::whole_lines(torn).size() == 1, "a line that is not whole is left out");
}

void check_record(Input input) {
  const std::string_view text = input.rest();
  // A number that is too large must not become another user, another timeout.
  const auto large = (std::uint64_t{1} << 32) + input.number<std::uint32_t>();
  require(!container::read_record(cat("asylum-record 1\nowner ", large, '\n')), "an owner fits");
  require(!container::read_record(cat("asylum-record 1\nhook poststop / / ", large, " 0\n")),
          "a timeout fits");
  const auto record = container::read_record(text);
  if (!record) return;
  const std::string written = container::write_record(*record);
  const auto again = container::read_record(written);
  require(again && container::write_record(*again) == written, "a record is read back as it was");
}

std::vector<std::string> take_texts(Input& input) {
  std::vector<std::string> texts;
  for (std::size_t n = input.below(4); n > 0; --n) texts.push_back(input.text());
  return texts;
}

std::vector<plan::Hook> take_hooks(Input& input) {
  std::vector<plan::Hook> hooks;
  for (std::size_t n = input.below(3); n > 0; --n) {
    plan::Hook hook{input.text(), take_texts(input), std::nullopt, std::nullopt, input.text()};
    if (input.flag()) hook.env = take_texts(input);
    if (input.flag()) hook.timeout_s = input.number<std::uint32_t>();
    hooks.push_back(std::move(hook));
  }
  return hooks;
}

bool is_same(const std::vector<plan::Hook>& a, const std::vector<plan::Hook>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.path == y.path && x.args == y.args && x.env == y.env && x.timeout_s == y.timeout_s &&
           x.pointer == y.pointer;
  });
}

void check_record_of_values(Input input) {
  container::Record record;
  record.state.oci_version = input.text();
  record.state.id = input.text();
  record.state.bundle = input.text();
  record.rootfs = input.text();
  record.created = input.text();
  record.owner = input.number<std::uint32_t>();
  record.own_pid_namespace = input.flag();
  record.cgroup_manager = static_cast<CgroupManager>(input.below(3));
  for (std::size_t n = input.below(4); n > 0; --n) {
    record.state.annotations.emplace_back(input.text(), input.text());
  }
  if (input.flag()) {
    record.boot_id = input.text();
    record.cgroup =
        cgroup::Place{input.text(), {cat('/', input.text()), input.number<std::uint64_t>()}, {}};
  }
  record.poststart = take_hooks(input);
  record.poststop = take_hooks(input);
  const auto read = container::read_record(container::write_record(record));
  require(read && read->state.oci_version == record.state.oci_version &&
              read->state.id == record.state.id && read->state.bundle == record.state.bundle &&
              read->state.annotations == record.state.annotations &&
              read->rootfs == record.rootfs && read->created == record.created &&
              read->owner == record.owner && read->own_pid_namespace == record.own_pid_namespace &&
              read->cgroup_manager == record.cgroup_manager && read->boot_id == record.boot_id &&
              read->cgroup.has_value() == record.cgroup.has_value(),
          "what does not change in a container's life is read as it was written");
  require(!record.cgroup || (read->cgroup->mount_point == record.cgroup->mount_point &&
                             read->cgroup->directory.path == record.cgroup->directory.path &&
                             read->cgroup->directory.inode == record.cgroup->directory.inode),
          "the cgroup is read as it was written");
  require(is_same(read->poststart, record.poststart) && is_same(read->poststop, record.poststop),
          "hooks are read as they were written");
}

// Everything that a ledger says, to compare it.
std::string text_of(const container::Ledger& ledger) {
  std::string out;
  for (const bool fact : {ledger.is_of_this_boot, ledger.process_intended, ledger.hooks_begun,
                          ledger.committed, !ledger.damage.empty()}) {
    out += fact ? '1' : '0';
  }
  if (const auto& place = ledger.cgroup) {
    out += cat("\ncgroup ", quote(place->mount_point), ' ', quote(place->directory.path), ' ',
               place->directory.inode);
    for (const auto& one : place->ancestors) out += cat(' ', quote(one.path), ' ', one.inode);
  }
  const auto add = [&](std::string_view what, const container::ProcessIdentity& process) {
    out += cat('\n', what, ' ', process.pid, ' ', process.start_time_ticks);
  };
  if (ledger.init) add("init", *ledger.init);
  for (const auto& helper : ledger.helpers) add("helper", helper);
  if (ledger.root) {
    out += cat("\nroot ", quote(ledger.root->mount_namespace), ' ', ledger.root->namespace_id, ' ',
               quote(ledger.root->path), ' ', ledger.root->mount_id);
  }
  if (const auto& file = ledger.pid_file) {
    out += cat("\npid-file ", quote(file->path), ' ', quote(file->temporary));
    if (file->made) out += cat(' ', file->made->dev, ' ', file->made->ino);
  }
  for (const std::string& one : ledger.unknown) out += cat("\nunknown ", quote(one));
  return out;
}

constexpr std::string_view kBoot = "boot";
constexpr std::string_view kId = "web1";

void check_ledger(Input input) {
  const std::string_view text = input.rest();
  const container::Ledger ledger = container::read_ledger(text, kBoot, kId);
  const std::string_view whole = text.substr(0, text.rfind('\n') + 1);
  if (!whole.empty()) {
    require(text_of(container::read_ledger(whole, kBoot, kId)) == text_of(ledger),
            "a line that was being written when its writer died says nothing");
  }
  for (const auto& helper : ledger.helpers) require(helper.pid >= 0, "no pid is negative");
  // A number that is too large must not become another process.
  const auto large = (std::uint64_t{1} << 32) + input.number<std::uint32_t>();
  const container::Ledger wrong = container::read_ledger(
      cat("asylum-journal 1 boot\nmade process ", large, " 5\n"), kBoot, kId);
  require(!wrong.init || wrong.init->pid <= 0, "a pid that is none is nobody's");
}

// What create writes, one effect after the other.
class Story {
 public:
  Story(container::Journal& journal, Input& input) : journal_(journal), input_(input) {}

  void tell() {
    switch (input_.below(9)) {
      case 0:
        return intend_cgroup();
      case 1:
        return made_cgroup();
      case 2:
        ledger_.process_intended = true;
        return journal_.intend_process();
      case 3:
        ledger_.init = take_process();
        return journal_.made_process(*ledger_.init);
      case 4:
        ledger_.helpers.push_back(take_process());
        return journal_.made_helper(ledger_.helpers.back());
      case 5:
        ledger_.root = {input_.text(), input_.number<std::uint64_t>(), input_.text(),
                        input_.number<std::uint64_t>()};
        return journal_.intend_root(*ledger_.root);
      case 6:
        ledger_.pid_file = container::PidFile{input_.text(), input_.text(), std::nullopt};
        return journal_.intend_pid_file(ledger_.pid_file->path, ledger_.pid_file->temporary);
      case 7:
        if (!ledger_.pid_file) return;
        ledger_.pid_file->made =
            sys::FileIdentity{input_.number<std::uint64_t>(), input_.number<std::uint64_t>()};
        return journal_.made_pid_file(*ledger_.pid_file->made);
      default:
        ledger_.hooks_begun = true;
        return journal_.begin_hooks();
    }
  }

  const container::Ledger& ledger() const { return ledger_; }

 private:
  container::ProcessIdentity take_process() {
    return {input_.number<std::int32_t>() & INT32_MAX, input_.number<std::uint64_t>()};
  }

  void intend_cgroup() {
    if (ledger_.cgroup) return;
    cgroup::Place place{input_.text(), {input_.text(), 0}, {}};
    const std::string parent = input_.text();
    std::vector<std::string> paths{place.directory.path};
    if (parent != place.directory.path) {
      place.ancestors.push_back({parent, 0});
      paths.insert(paths.begin(), parent);
    }
    journal_.intend_cgroup(place.mount_point, paths);
    ledger_.cgroup = std::move(place);
  }

  void made_cgroup() {
    if (!ledger_.cgroup) return;
    ledger_.cgroup->directory.inode = input_.number<std::uint64_t>();
    journal_.made_cgroup({&ledger_.cgroup->directory, 1});
    ledger_.process_intended = true;
  }

  container::Journal& journal_;
  Input& input_;
  container::Ledger ledger_;
};

void check_journal(Input input) {
  static const Directory directory;
  (void)sys::try_remove_at(directory.fd(), container::kJournalName);
  container::Journal journal = container::Journal::make(directory.fd(), std::string(kId));
  Story story(journal, input);
  do {
    story.tell();
  } while (!input.empty());
  const std::string told = text_of(story.ledger());
  require(text_of(container::load_ledger(directory.fd(), kId)) == told,
          "what create has done is read as it was written");
  journal.commit();
  require(container::load_ledger(directory.fd(), kId).committed, "a commit is read");
  std::string text = sys::read_file_at(directory.fd(), container::kJournalName);
  text.pop_back();
  directory.write(container::kJournalName, text);
  require(text_of(container::load_ledger(directory.fd(), kId)) == told, "half a commit is none");
}

void check_ps(Input input) {
  std::vector<pid_t> pids;
  for (std::size_t n = input.below(4); n > 0; --n) {
    pids.push_back(static_cast<pid_t>(input.number<std::uint16_t>()));
  }
  std::sort(pids.begin(), pids.end());
  const std::string text(input.rest());
  try {
    const std::string chosen = container::lines_of(pids, text);
    require(cat(text, '\n').starts_with(chosen.substr(0, chosen.find('\n') + 1)),
            "the heading comes first");
    require(container::lines_of(pids, chosen) == chosen, "the lines chosen are chosen again");
    const std::size_t lines =
        static_cast<std::size_t>(std::count(chosen.begin(), chosen.end(), '\n'));
    require(lines >= 1 && (!pids.empty() || lines == 1), "nobody's lines are none");
  } catch (const Error& error) {
    require(error.kind == ErrorKind::invalid_usage, "without a column PID the options are wrong");
  }
  std::string table = "UID   PID CMD\n";
  std::string expected = table;
  const std::string command = input.text_without("\n");
  for (std::uint64_t pid = 1; pid < 4; ++pid) {
    // No process has the second; its number ends in bits that are those of a pid.
    table += cat("root ", pid, ' ', command, "\nroot ", (pid << 32) + pid, " x\n");
    expected += cat("root ", pid, ' ', command, '\n');
  }
  constexpr pid_t kThree[] = {1, 2, 3};
  require(container::lines_of(kThree, table) == expected, "a process has its line, others do not");
}

void check_user(Input input) {
  try {
    const std::string text(input.rest());
    const container::UserAndGroup user = container::parse_user(text);
    const std::string written =
        user.gid ? cat(user.uid, ':', *user.gid) : std::string(cat(user.uid));
    const container::UserAndGroup again = container::parse_user(written);
    require(again.uid == user.uid && again.gid == user.gid, "a user is read back");
    require(text.find_first_not_of("0123456789:") == std::string::npos, "a user is numbers");
    require(user.uid != UINT32_MAX && user.gid != UINT32_MAX, "the last number is nobody's");
  } catch (const Error& error) {
    require(error.kind == ErrorKind::invalid_usage, "what is no user is a mistake of usage");
  }
}

void check_id(Input input) {
  const std::string id(input.rest());
  if (!container::is_valid_id(id)) return;
  require(id.size() <= 255 && clean_path(cat("/run/", id)) == cat("/run/", id),
          "an id is the name of a directory");
  require(container::encode_word(id) == id || id == "-", "an id has no byte that needs care");
}

void check_stats_event(Input input) {
  cgroup::Statistics statistics;
  const std::string id = input.text_without({"\0", 1});
  statistics.memory.memory.limit = input.number<std::uint64_t>();
  statistics.cpu.usage_us = input.number<std::uint64_t>();
  statistics.pids.limit = cgroup::parse_limit(input.line());
  statistics.cpu.pressure = cgroup::parse_pressure(input.line());
  statistics.io = cgroup::parse_io_stat(input.line());
  const auto has_nul = input.rest().find('\0') != std::string_view::npos;
  if (!has_nul) statistics.memory.raw = cgroup::parse_flat_keyed(input.rest());
  for (const auto& event : {container::stats_event(id, statistics), container::oom_event(id)}) {
    require(event.find('\n') == event.size() - 1, "an event is one line");
    spec::parse_document(event);
  }
}

constexpr Reader kReaders[] = {
    {"words", check_words},
    {"record", check_record},
    {"record-of-values", check_record_of_values},
    {"ledger", check_ledger},
    {"journal", check_journal},
    {"ps", check_ps},
    {"user", check_user},
    {"id", check_id},
    {"stats-event", check_stats_event},
};

}  // namespace

std::span<const Reader> readers() {
  return kReaders;
}

}  // namespace asylum::fuzz
