// SPDX-License-Identifier: Apache-2.0
#include "runtime/cgroup/limits_change.h"

#include <fcntl.h>

#include <algorithm>
#include <optional>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/report.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/cgroup/device_filter.h"
#include "runtime/cgroup/subtree.h"
#include "runtime/plan/resources/resource_update.h"
#include "runtime/plan/types/cgroup.h"
#include "runtime/sys/file.h"

namespace asylum::cgroup {
namespace {

std::optional<std::string> read(const Cgroup& cgroup, const std::string& file) {
  const auto open = sys::try_open_beneath(cgroup.fd(), file, O_RDONLY);
  if (!open) return std::nullopt;
  return sys::read_all(open->get());
}

}  // namespace

/// The write itself, or its stand-in where only that file exists.
plan::ControlWrite LimitsChange::existing(const plan::ControlWrite& write) const {
  if (write.instead_file.empty() ||
      sys::try_open_beneath(cgroup_.fd(), write.file, O_PATH).has_value()) {
    return write;
  }
  plan::ControlWrite out = write;
  out.file = write.instead_file;
  out.value = write.instead_value;
  out.instead_file.clear();
  out.instead_value.clear();
  return out;
}

void LimitsChange::write(std::span<const plan::ControlWrite> writes) {
  if (writes.empty()) return;
  const sys::Fd root = open_root(mount_point_);
  const std::vector<std::string> needed = controllers_of(writes);
  enable_controllers(root.get(), cgroup_.path(), needed, needed, "");
  for (const plan::ControlWrite& wanted : writes) {
    plan::ControlWrite write = existing(wanted);
    write.pointer.clear();  // of the resources, not of config.json
    if (auto before = read(cgroup_, write.file)) done_.push_back({write, std::move(*before)});
    cgroup_.write(write);
  }
}

void LimitsChange::replace_devices(std::span<const plan::BpfInstruction> program) {
  auto [old_program, new_program] = replace_device_filter(cgroup_, program);
  old_program_ = std::move(old_program);
  new_program_ = std::move(new_program);
}

void LimitsChange::restore(const Done& done) const {
  plan::ControlWrite write = done.write;
  for (std::string& text : plan::restoring_texts(done.write, done.before)) {
    write.value = std::move(text);
    cgroup_.write(write);
  }
}

void LimitsChange::roll_back() noexcept {
  try {
    restore_device_filter(cgroup_, old_program_, new_program_);
  } catch (const Error& error) {
    log::warning(cat("the old device filter is not back: ", sentence_of(error)));
  }
  for (auto done = done_.rbegin(); done != done_.rend(); ++done) {
    try {
      restore(*done);
    } catch (const Error& error) {
      log::warning(cat("not put back: ", sentence_of(error)));
    }
  }
}

void LimitsChange::warn_of_differences() const {
  for (std::size_t i = 0; i < done_.size(); ++i) {
    const plan::ControlWrite& write = done_[i].write;
    const bool is_last = std::none_of(
        done_.begin() + static_cast<std::ptrdiff_t>(i) + 1, done_.end(), [&](const Done& later) {
          return later.write.file == write.file && write.value.find('=') == std::string::npos;
        });
    if (!is_last) continue;
    const std::string found = plan::difference(write, read(cgroup_, write.file).value_or(""));
    if (found.empty()) continue;
    log::warning(cat(write.file, " of cgroup ", cgroup_.path(), " is ", quote(found),
                     " after writing ", quote(write.value)));
  }
}

}  // namespace asylum::cgroup
