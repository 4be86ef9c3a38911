// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/state/record.h"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "runtime/base/clock_text.h"
#include "runtime/base/text.h"
#include "runtime/container/state/words.h"
#include "runtime/plan/cgroup_plan.h"
#include "runtime/plan/types/plan.h"
#include "runtime/sys/own_file.h"

namespace asylum::container {
namespace {

using Words = std::vector<std::string>;
constexpr char kHeader[] = "asylum-record";

std::string time_now() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return rfc3339(now.tv_sec, static_cast<std::uint32_t>(now.tv_nsec), /*digits=*/9);
}

/// The record's lines, at first only their length: into a text that never grows, so that no copy of
/// a hook or annotation is left in memory (forget.h).
class Lines {
 public:
  explicit Lines(std::string* text) : text_(text) {}
  std::size_t size() const { return size_; }

  void word(std::string_view word) {
    if (begun_) put(' ');
    begun_ = true;
    size_ += encoded_size(word);
    if (text_ != nullptr) append_word(*text_, word);
  }
  void end() {
    put('\n');
    begun_ = false;
  }
  void line(std::initializer_list<std::string_view> words) {
    for (const std::string_view one : words) word(one);
    end();
  }

 private:
  void put(char c) {
    ++size_;
    if (text_ != nullptr) *text_ += c;
  }

  std::string* text_;
  std::size_t size_ = 0;
  bool begun_ = false;
};

// hook STAGE PATH POINTER TIMEOUT|"" NARGS ARG... ["env" ENV...]
void write(Lines& out, const plan::Hook& hook, const char* stage) {
  out.word("hook");
  out.word(stage);
  out.word(hook.path);
  out.word(hook.pointer);
  out.word(hook.timeout_s ? cat(*hook.timeout_s) : std::string());
  out.word(cat(hook.args.size()));
  for (const std::string& one : hook.args) out.word(one);
  if (hook.env) {
    out.word("env");
    for (const std::string& one : *hook.env) out.word(one);
  }
  out.end();
}

// A number that does not fit is none: cut off it would be another user, another timeout.
std::optional<std::uint32_t> parse_u32(std::string_view text) {
  const auto number = parse_u64(text);
  if (!number || *number > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

std::optional<plan::Hook> hook_of(const Words& words) {
  constexpr std::size_t kFixed = 6;
  if (words.size() < kFixed) return std::nullopt;
  const auto count = parse_u64(words[5]);
  if (!count || *count > words.size() - kFixed) return std::nullopt;
  plan::Hook hook;
  hook.path = words[2];
  hook.pointer = words[3];
  if (!words[4].empty()) {
    hook.timeout_s = parse_u32(words[4]);
    if (!hook.timeout_s) return std::nullopt;
  }
  const auto args_end = words.begin() + static_cast<std::ptrdiff_t>(kFixed + *count);
  hook.args.assign(words.begin() + kFixed, args_end);
  if (args_end != words.end()) hook.env.emplace(args_end + 1, words.end());
  return hook;
}

// cgroup BOOT MOUNT PATH INODE [PATH INODE]...: the container's own, then its ancestors that we
// made.
void write(Lines& out, const cgroup::Place& place, const std::string& boot_id) {
  out.word("cgroup");
  out.word(boot_id);
  out.word(place.mount_point);
  out.word(place.directory.path);
  out.word(cat(place.directory.inode));
  for (const cgroup::Directory& one : place.ancestors) {
    out.word(one.path);
    out.word(cat(one.inode));
  }
  out.end();
}

bool note_cgroup(Record& record, const Words& words) {
  constexpr std::size_t kFirstPath = 3;
  if (words.size() <= kFirstPath || (words.size() - kFirstPath) % 2 != 0) return false;
  record.boot_id = words[1];
  cgroup::Place& place = record.cgroup.emplace();
  place.mount_point = words[2];
  for (std::size_t i = kFirstPath; i < words.size(); i += 2) {
    const auto inode = parse_u64(words[i + 1]);
    if (!inode || !words[i].starts_with('/')) return false;
    if (i == kFirstPath) {
      place.directory = {words[i], *inode};
    } else {
      place.ancestors.push_back({words[i], *inode});
    }
  }
  return true;
}

bool note(Record& record, const Words& words) {
  const std::string& key = words[0];
  if (key == "hook") {
    auto hook = hook_of(words);
    if (!hook) return false;
    (words[1] == "poststart" ? record.poststart : record.poststop).push_back(std::move(*hook));
    return true;
  }
  if (key == "cgroup") return note_cgroup(record, words);
  if (words.size() < 2) return false;
  const std::string& value = words[1];
  if (key == "annotation" && words.size() > 2)
    record.state.annotations.emplace_back(value, words[2]);
  if (key == "oci-version") record.state.oci_version = value;
  if (key == "id") record.state.id = value;
  if (key == "bundle") record.state.bundle = value;
  if (key == "rootfs") record.rootfs = value;
  if (key == "created") record.created = value;
  if (key == "keyring") record.keyring = value;
  if (key == "owner") {
    const auto owner = parse_u32(value);
    if (!owner) return false;
    record.owner = *owner;
  }
  if (key == "own-pid-namespace") record.own_pid_namespace = value == "yes";
  if (key == "cgroup-manager") {
    const auto manager = value_of<CgroupManager>(value);
    if (!manager) return false;
    record.cgroup_manager = *manager;
  }
  return true;
}

void write(Lines& out, const Record& record) {
  out.line({kHeader, "1"});
  out.line({"oci-version", record.state.oci_version});
  out.line({"id", record.state.id});
  out.line({"bundle", record.state.bundle});
  out.line({"rootfs", record.rootfs});
  out.line({"created", record.created});
  out.line({"owner", cat(record.owner)});
  out.line({"cgroup-manager", word_of(record.cgroup_manager)});
  if (record.keyring) out.line({"keyring", *record.keyring});
  out.line({"own-pid-namespace", record.own_pid_namespace ? "yes" : "no"});
  if (record.cgroup) write(out, *record.cgroup, record.boot_id);
  for (const auto& [key, value] : record.state.annotations) out.line({"annotation", key, value});
  for (const plan::Hook& hook : record.poststart) write(out, hook, "poststart");
  for (const plan::Hook& hook : record.poststop) write(out, hook, "poststop");
}

}  // namespace

Record make_record(const plan::Plan& plan) {
  Record record;
  record.state = plan.state;
  record.rootfs = plan.root.path;
  record.created = time_now();
  record.owner = ::geteuid();
  record.cgroup_manager = plan.cgroup.manager;
  record.keyring = plan.new_session_keyring ? plan.session_keyring : std::string();
  record.own_pid_namespace =
      std::any_of(plan.namespaces.begin(), plan.namespaces.end(), [](const plan::Namespace& one) {
        return one.type == NamespaceType::pid && one.path.empty();
      });
  record.poststart = plan.hooks_of(HookStage::poststart);
  record.poststop = plan.hooks_of(HookStage::poststop);
  return record;
}

std::string write_record(const Record& record) {
  Lines counted(nullptr);
  write(counted, record);
  std::string text;
  text.reserve(counted.size());
  Lines lines(&text);
  write(lines, record);
  return text;
}

std::optional<Record> read_record(std::string_view text) {
  if (!text.starts_with(kHeader) || !text.ends_with('\n')) return std::nullopt;
  Record record;
  for (const std::string_view line : whole_lines(text)) {
    const auto words = decode_line(line);
    if (!words || (words->front() != kHeader && !note(record, *words))) return std::nullopt;
  }
  if (record.cgroup) record.cgroup->manager = record.cgroup_manager;
  return record;
}

SeenRecord load_record(int state_directory, std::string_view id) {
  const sys::OwnFile file = sys::look_at_own_file(state_directory, kRecordName);
  if (!file.fault.empty()) return {std::nullopt, cat("its record cannot be read: ", file.fault)};
  if (!file.text) return {};
  SeenRecord seen{read_record(*file.text), {}};
  if (!seen.record) {
    seen.damage = "its record is damaged";
  } else if (seen.record->state.id != id) {
    // Copied, or the directory renamed: what it names may belong to one that lives.
    seen.damage = cat("its record is that of container ", quote(seen.record->state.id));
    seen.record.reset();
  }
  return seen;
}

}  // namespace asylum::container
