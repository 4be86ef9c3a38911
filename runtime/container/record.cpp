// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/record.h"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "runtime/base/clock_text.h"
#include "runtime/base/text.h"
#include "runtime/container/words.h"
#include "runtime/plan/cgroup_plan.h"
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

// hook STAGE PATH POINTER TIMEOUT|"" NARGS ARG... ["env" ENV...]
Words words_of(const plan::Hook& hook, const char* stage) {
  Words words{"hook",
              stage,
              hook.path,
              hook.pointer,
              hook.timeout_s ? cat(*hook.timeout_s) : std::string(),
              cat(hook.args.size())};
  words.insert(words.end(), hook.args.begin(), hook.args.end());
  if (hook.env) {
    words.emplace_back("env");
    words.insert(words.end(), hook.env->begin(), hook.env->end());
  }
  return words;
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
Words words_of(const cgroup::Place& place, const std::string& boot_id) {
  Words words{"cgroup", boot_id, place.mount_point, place.directory.path,
              cat(place.directory.inode)};
  for (const cgroup::Directory& one : place.ancestors) {
    words.push_back(one.path);
    words.push_back(cat(one.inode));
  }
  return words;
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
    const auto manager = plan::cgroup_manager_named(value);
    if (!manager) return false;
    record.cgroup_manager = *manager;
  }
  return true;
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
        return one.type == plan::NamespaceType::pid && one.path.empty();
      });
  record.poststart = plan.hooks_of(plan::HookStage::poststart);
  record.poststop = plan.hooks_of(plan::HookStage::poststop);
  return record;
}

std::string write_record(const Record& record) {
  std::string text;
  const auto add = [&](const Words& words) { text += encode_line(words); };
  add({kHeader, "1"});
  add({"oci-version", record.state.oci_version});
  add({"id", record.state.id});
  add({"bundle", record.state.bundle});
  add({"rootfs", record.rootfs});
  add({"created", record.created});
  add({"owner", cat(record.owner)});
  add({"cgroup-manager", std::string(plan::name_of(record.cgroup_manager))});
  if (record.keyring) add({"keyring", *record.keyring});
  add({"own-pid-namespace", record.own_pid_namespace ? "yes" : "no"});
  if (record.cgroup) add(words_of(*record.cgroup, record.boot_id));
  for (const auto& [key, value] : record.state.annotations) add({"annotation", key, value});
  for (const plan::Hook& hook : record.poststart) add(words_of(hook, "poststart"));
  for (const plan::Hook& hook : record.poststop) add(words_of(hook, "poststop"));
  return text;
}

std::optional<Record> read_record(std::string_view text) {
  if (!text.starts_with(kHeader) || !text.ends_with('\n')) return std::nullopt;
  Record record;
  for (const std::string_view line : whole_lines(text)) {
    const auto words = decode_line(line);
    if (!words || (words->front() != kHeader && !note(record, *words))) return std::nullopt;
  }
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
