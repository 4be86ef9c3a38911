// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/verbs/update.h"

#include <fcntl.h>
#include <unistd.h>

#include <limits>
#include <utility>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/cgroup/driver.h"
#include "runtime/container/host/document_file.h"
#include "runtime/container/host/probe_cgroups.h"
#include "runtime/container/host/probe_host.h"
#include "runtime/container/state/cgroup_lock.h"
#include "runtime/container/state/existing.h"
#include "runtime/container/state/saved_config.h"
#include "runtime/container/verbs/update_options.h"
#include "runtime/plan/cgroup_plan.h"
#include "runtime/plan/resources/resource_update.h"
#include "runtime/plan/types/cgroup.h"
#include "runtime/sys/file.h"
#include "spec/check/validate.h"
#include "spec/read/read.h"
#include "spec/write.h"

namespace asylum::container {
namespace {

/// The resources' text has no place in config.json, so the findings become one sentence.
void settle(const std::vector<Finding>& findings, const std::string& origin) {
  std::vector<std::string> errors;
  ErrorKind kind = ErrorKind::invalid_usage;
  std::string hint;
  for (const Finding& one : findings) {
    const std::string text =
        cat(origin, one.pointer.empty() ? "" : cat(" ", one.pointer), ": ", one.text);
    if (one.severity == Severity::warning) {
      log::warning(text);
      continue;
    }
    if (one.kind == ErrorKind::unsupported) kind = ErrorKind::unsupported;
    if (hint.empty()) hint = one.hint;
    errors.push_back(text);
  }
  if (!errors.empty()) throw Error(kind, join(errors, "; ")).with_hint(hint);
}

struct Change {
  spec::Resources resources;
  std::string origin;  // begins what is said of a value
};

/// Nothing if no limit is given.
std::optional<Change> read_change(const UpdateOptions& options) {
  if (options.resources_file.empty()) {
    std::optional<spec::Resources> resources = resources_of(options);
    if (!resources) return std::nullopt;
    return Change{std::move(*resources), "limits"};
  }
  const std::string& file = options.resources_file;
  Change change;
  change.origin = cat("resources ", quote(file));
  const Step step{cat("read the resources from ", file == "-" ? "standard input" : quote(file))};
  const spec::Document document = read_document_file(file);
  spec::ResourcesReading reading = spec::read_resources(document);
  settle(reading.findings, change.origin);
  settle(spec::validate(reading.resources, ""), change.origin);
  change.resources = std::move(reading.resources);
  return change;
}

/// Source: runtime-spec config-linux.md#memory, checkBeforeUpdate.
void check_usage(const spec::Resources& merged, const spec::Resources& change,
                 const cgroup::Cgroup& cgroup) {
  if (!merged.memory.check_before_update.value_or(false)) return;
  const auto text = sys::try_read_file_at(cgroup.fd(), "memory.current");
  const auto usage = text ? parse_i64(trim(*text)) : std::nullopt;
  if (!usage) return;
  for (const auto& limit : {change.memory.limit_bytes, change.memory.swap_bytes}) {
    if (limit.value_or(0) <= 0 || *limit > *usage) continue;
    throw Error(ErrorKind::denied, cat("rejecting memory limit ", *limit, " <= usage ", *usage));
  }
}

/// What no later command could read is not written.
std::string write_config(const spec::Spec& spec) {
  std::string text = spec::write(spec);
  if (text.size() <= spec::kLargestDocument) return text;
  throw Error(ErrorKind::unsupported, cat("the config would have more than ",
                                          spec::kLargestDocument, " bytes with the new limits"));
}

}  // namespace

void update(const Settings& settings, const UpdateOptions& options) {
  const Step step{cat("update container ", options.id)};
  const Container container(settings, options.id);
  container.require(Verb::update);
  const cgroup::Cgroup cgroup = container.cgroup(", and so no limits");
  const std::optional<Change> given = read_change(options);
  if (!given) return log::warning("nothing to update: no limit is given");  // runc ends with 0 too
  const Change& change = *given;
  // Two updates: the second begins with what the first has left.
  const sys::Fd lock = lock_cgroup(container.directory(), options.id);

  const spec::Document document = container.config();
  spec::Spec spec = std::move(spec::read(document).spec);
  plan::Findings findings;
  plan::ResourceUpdate planned =
      plan::plan_update(spec.linux.resources, change.resources, findings);
  plan::check_controllers(planned.writes, probe_cgroups(), findings);
  settle(findings.take(), change.origin);
  check_usage(planned.merged, change.resources, cgroup);

  spec.linux.resources = std::move(planned.merged);
  const std::string config = write_config(spec);
  std::vector<plan::BpfInstruction> devices;
  if (!change.resources.devices.empty()) devices = plan::device_program_of(change.resources);
  const cgroup::Place& place = *container.ledger().cgroup;
  cgroup::make_driver(place.manager)->update(place, cgroup, {planned.writes, devices, [&] {
                                                               sys::replace_file_at(
                                                                   container.directory(),
                                                                   kConfigName, config, 0600);
                                                             }});
}

}  // namespace asylum::container
