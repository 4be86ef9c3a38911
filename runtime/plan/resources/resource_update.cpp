// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/resources/resource_update.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "runtime/base/text.h"
#include "runtime/plan/resources/resource_writes.h"
#include "runtime/plan/types/cgroup.h"
#include "spec/check/syntax.h"
#include "spec/check/validate.h"

namespace asylum::plan {
namespace {

template <typename T>
void take(std::optional<T>& old, const std::optional<T>& change) {
  if (change) old = change;
}

/// Engines write 0 for "not given", except where 0 is a value (pids, idle, burst).
template <typename T>
void take_unless_zero(std::optional<T>& old, const std::optional<T>& change) {
  if (change.value_or(0) != 0) old = change;
}

void take(std::string& old, const std::string& change) {
  if (!change.empty()) old = change;
}

/// Replaces the element that is of the same thing (has the same key), or adds.
template <typename T, typename KeyOf>
void take(std::vector<T>& old, const std::vector<T>& change, KeyOf key_of) {
  std::map<decltype(key_of(std::declval<const T&>())), std::size_t> places;
  for (std::size_t i = 0; i < old.size(); ++i) places.try_emplace(key_of(old[i]), i);
  for (const T& one : change) {
    const auto [place, is_new] = places.try_emplace(key_of(one), old.size());
    if (is_new) {
      old.push_back(one);
    } else {
      old[place->second] = one;
    }
  }
}

constexpr auto kDevice = [](const auto& one) { return std::pair(one.major, one.minor); };

void take_memory(spec::Memory& old, const spec::Memory& change) {
  take_unless_zero(old.limit_bytes, change.limit_bytes);
  take_unless_zero(old.reservation_bytes, change.reservation_bytes);
  take_unless_zero(old.swap_bytes, change.swap_bytes);
  take_unless_zero(old.kernel_bytes, change.kernel_bytes);
  take_unless_zero(old.kernel_tcp_bytes, change.kernel_tcp_bytes);
  take(old.swappiness, change.swappiness);
  take(old.disable_oom_killer, change.disable_oom_killer);
  take(old.use_hierarchy, change.use_hierarchy);
  take(old.check_before_update, change.check_before_update);
  if (change.limit_bytes == -1 && !change.swap_bytes) old.swap_bytes = -1;
}

void take_cpu(spec::Cpu& old, const spec::Cpu& change) {
  take_unless_zero(old.shares, change.shares);
  take_unless_zero(old.quota_us, change.quota_us);
  take(old.burst_us, change.burst_us);
  take_unless_zero(old.period_us, change.period_us);
  take_unless_zero(old.realtime_runtime_us, change.realtime_runtime_us);
  take_unless_zero(old.realtime_period_us, change.realtime_period_us);
  take(old.cpus, change.cpus);
  take(old.mems, change.mems);
  take(old.idle, change.idle);
}

void take_block_io(spec::BlockIo& old, const spec::BlockIo& change) {
  take_unless_zero(old.weight, change.weight);
  take_unless_zero(old.leaf_weight, change.leaf_weight);
  take(old.weight_device, change.weight_device, kDevice);
  take(old.throttle_read_bps_device, change.throttle_read_bps_device, kDevice);
  take(old.throttle_write_bps_device, change.throttle_write_bps_device, kDevice);
  take(old.throttle_read_iops_device, change.throttle_read_iops_device, kDevice);
  take(old.throttle_write_iops_device, change.throttle_write_iops_device, kDevice);
}

std::set<std::string> files_of(const std::vector<ControlWrite>& writes) {
  std::set<std::string> files;
  for (const ControlWrite& write : writes) files.insert(write.file);
  return files;
}

/// A file that old resources named under unified and the change sets by a property: the later word
/// wins.
void drop_replaced_files(spec::Resources& merged, const spec::Resources& change,
                         const std::set<std::string>& files) {
  std::set<std::string_view> named;
  for (const spec::KeyValue& one : change.unified) named.insert(one.key);
  std::erase_if(merged.unified, [&](const spec::KeyValue& one) {
    return !named.contains(one.key) && files.contains(one.key);
  });
}

/// What the kernel knows by device within one file: the rest of the file stays as it is.
bool is_by_device(std::string_view file) {
  return file == "io.max" || file == "rdma.max" || file == "io.bfq.weight" || file == "io.weight";
}

std::string_view first_word(std::string_view line) {
  return line.substr(0, line.find(' '));
}

/// What a write changes: a file, or a device's line of it. With the pointer of what asks for it.
using Targets = std::map<std::pair<std::string_view, std::string_view>, std::string_view>;

Targets::key_type target_of(const ControlWrite& write) {
  return {write.file, is_by_device(write.file) ? write.value : std::string_view{}};
}

Targets targets_of(const std::vector<ControlWrite>& named) {
  Targets targets;  // of several the first
  for (const ControlWrite& one : named) targets.try_emplace(target_of(one), one.pointer);
  return targets;
}

/// A limit that is not in the change but depends on what is: memory.swap.max on memory.max, cpu.max
/// has quota and period. For devices, only the lines that the change itself has.
bool is_touched(const ControlWrite& write, const Targets& named,
                const std::set<std::string>& files) {
  return is_by_device(write.file) ? named.contains(target_of(write)) : files.contains(write.file);
}

/// The kernel refuses a burst above the quota at any moment: a burst that the change names goes
/// after the quota, and down to nothing before it.
void let_burst_shrink_first(std::vector<ControlWrite>& writes) {
  const auto quota = std::find_if(writes.begin(), writes.end(),
                                  [](const auto& one) { return one.file == "cpu.max"; });
  const auto burst = std::find_if(writes.begin(), writes.end(),
                                  [](const auto& one) { return one.file == "cpu.max.burst"; });
  if (quota == writes.end() || burst == writes.end()) return;
  ControlWrite none = *burst;
  none.value = "0";
  none.may_be_missing = true;
  writes.insert(quota, std::move(none));
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (const std::string_view line : split(text, '\n')) {
    if (!trim(line).empty()) out.push_back(trim(line));
  }
  return out;
}

std::string_view line_of(std::string_view text, std::string_view first) {
  for (const std::string_view line : lines_of(text)) {
    if (first_word(line) == first) return line;
  }
  return {};
}

bool has_word(std::string_view line, std::string_view wanted) {
  const auto words = split(line, ' ');
  return std::find(words.begin(), words.end(), wanted) != words.end();
}

/// "8:0 rbps=1048576" against the line of 8:0; a limit that was taken away may leave no line.
std::string difference_by_device(const ControlWrite& write, std::string_view after) {
  const std::string_view first = first_word(write.value);
  if (write.value.find(' ') == std::string::npos) {  // io.weight of the cgroup itself
    const std::string_view line = line_of(after, "default");
    const bool same = after.empty() || trim(after) == write.value || has_word(line, write.value);
    return same ? std::string{} : std::string(line.empty() ? trim(after) : line);
  }
  const std::string_view line = line_of(after, first);
  for (const std::string_view word :
       split(std::string_view(write.value).substr(first.size() + 1), ' ')) {
    if (line.empty() && word.ends_with("=max")) continue;
    if (!has_word(line, word)) return std::string(line.empty() ? "without a line of it" : line);
  }
  return {};
}

}  // namespace

spec::Resources merge_resources(const spec::Resources& old, const spec::Resources& change) {
  spec::Resources out = old;
  take(out.unified, change.unified, [](const auto& one) { return one.key; });
  if (!change.devices.empty()) out.devices = change.devices;
  take(out.pids_limit, change.pids_limit);
  take_memory(out.memory, change.memory);
  take_cpu(out.cpu, change.cpu);
  take_block_io(out.block_io, change.block_io);
  take(out.hugepage_limits, change.hugepage_limits, [](const auto& one) { return one.page_size; });
  take(out.rdma, change.rdma, [](const auto& one) { return one.device; });
  return out;
}

ResourceUpdate plan_update(const spec::Resources& old, const spec::Resources& change,
                           Findings& findings) {
  ResourceUpdate out;
  out.merged = merge_resources(old, change);
  const std::vector<ControlWrite> named =
      resource_writes(change, "", CgroupAge::existing, findings);
  std::set<std::string> files = files_of(named);
  if (change.memory.limit_bytes || change.memory.swap_bytes) files.insert("memory.swap.max");
  if (change.cpu.quota_us || change.cpu.period_us) {
    files.insert("cpu.max");
    if (out.merged.cpu.burst_us) files.insert("cpu.max.burst");
  }
  // A cgroup that is idle no more gets the kernel's default weight.
  if (change.cpu.idle) files.insert("cpu.weight");
  drop_replaced_files(out.merged, change, files);
  for (Finding& finding : spec::validate(out.merged, "")) {
    if (finding.severity == Severity::error) findings.error(finding.pointer, finding.text);
  }
  Findings said_at_create;
  const Targets targets = targets_of(named);
  for (ControlWrite& write : resource_writes(out.merged, "", CgroupAge::existing, said_at_create)) {
    if (!is_touched(write, targets, files)) continue;
    const auto asking = targets.find(target_of(write));
    if (asking != targets.end()) write.pointer = asking->second;
    out.writes.push_back(std::move(write));
  }
  let_burst_shrink_first(out.writes);
  return out;
}

std::vector<std::string> restoring_texts(const ControlWrite& write, std::string_view before) {
  std::vector<std::string> out;
  if (!is_by_device(write.file)) {
    if (!trim(before).empty()) out.emplace_back(trim(before));
    return out;
  }
  const std::string_view first = first_word(write.value);
  const bool has_device = write.value.find(' ') != std::string::npos;
  const std::string_view line = line_of(before, has_device ? first : "default");
  if (!line.empty()) return {std::string(line)};
  if (!has_device) return {std::string(trim(before))};
  std::string none(first);
  if (write.file == "io.bfq.weight" || write.file == "io.weight") return {none + " default"};
  for (const std::string_view word :
       split(std::string_view(write.value).substr(first.size() + 1), ' ')) {
    none += cat(" ", word.substr(0, word.find('=')), "=max");
  }
  return {none};
}

std::string difference(const ControlWrite& write, std::string_view after) {
  const std::string_view text = trim(after);
  if (text == write.value) return {};
  if (is_by_device(write.file)) return difference_by_device(write, text);
  if (write.file.starts_with("cpuset.")) {
    if (spec::parse_cpu_list(std::string(text)) == spec::parse_cpu_list(write.value)) return {};
  }
  return std::string(text);
}

}  // namespace asylum::plan
