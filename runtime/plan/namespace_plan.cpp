// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/namespace_plan.h"

#include <string>
#include <string_view>

#include "runtime/base/text.h"
#include "spec/check/syntax.h"
#include "spec/names.h"
#include "spec/spec.h"

namespace asylum::plan {
namespace {

void add_offset(const std::optional<spec::TimeOffset>& offset, std::string clock,
                NamespacePlan& plan) {
  // A zero offset is what the kernel has anyway.
  if (!offset || (offset->secs == 0 && offset->nanosecs == 0)) return;
  std::string pointer = cat("/linux/timeOffsets/", clock);
  plan.time_offsets.push_back(
      {std::move(clock), offset->secs, offset->nanosecs, std::move(pointer)});
}

void plan_time_offsets(const spec::Spec& spec, NamespacePlan& plan) {
  if (!spec.linux.time_offsets || !makes_new(plan, NamespaceType::time)) return;
  add_offset(spec.linux.time_offsets->monotonic, "monotonic", plan);
  add_offset(spec.linux.time_offsets->boottime, "boottime", plan);
}

void note_writer(NamespacePlan& plan, NamespaceType type, const std::string& pointer) {
  for (Namespace& one : plan.namespaces) {
    if (one.type == type) one.written_by.push_back(pointer);
  }
}

void note_writers(const spec::Spec& spec, NamespacePlan& plan) {
  if (plan.hostname) note_writer(plan, NamespaceType::uts, "/hostname");
  if (plan.domainname) note_writer(plan, NamespaceType::uts, "/domainname");
  for (const spec::KeyValue& one : spec.linux.sysctl) {
    const auto file = spec::sysctl_file(one.key);
    const auto type = file ? spec::namespace_of_sysctl(*file) : std::nullopt;
    if (type) {
      note_writer(plan, *type, cat("/linux/sysctl/", escape_pointer_token(one.key)));
    }
  }
}

/// The host's own name must never change because of a container.
std::optional<std::string> plan_name(const std::string& name, const NamespacePlan& plan) {
  if (name.empty() || find_namespace(plan, NamespaceType::uts) == nullptr) return std::nullopt;
  return name;
}

}  // namespace

const Namespace* find_namespace(const NamespacePlan& plan, NamespaceType type) {
  for (const Namespace& one : plan.namespaces) {
    if (one.type == type) return &one;
  }
  return nullptr;
}

bool makes_new(const NamespacePlan& plan, NamespaceType type) {
  const Namespace* found = find_namespace(plan, type);
  return found != nullptr && found->path.empty();
}

void plan_namespaces(const spec::Spec& spec, const HostFacts& facts, NamespacePlan& plan,
                     Findings& findings) {
  const auto& entries = spec.linux.namespaces;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    plan.namespaces.push_back({entries[i].type, entries[i].path, cat("/linux/namespaces/", i)});
  }
  if (facts.euid != 0 && find_namespace(plan, NamespaceType::user) == nullptr) {
    findings.unsupported("/linux/namespaces",
                         cat("a user namespace is needed to run as uid ", facts.euid),
                         "add {\"type\": \"user\"} to /linux/namespaces, as `asylum-runc spec "
                         "--rootless` does");
  }
  plan_time_offsets(spec, plan);
  plan.hostname = plan_name(spec.hostname, plan);
  plan.domainname = plan_name(spec.domainname, plan);
  note_writers(spec, plan);
  plan.loopback_up = makes_new(plan, NamespaceType::network);
}

}  // namespace asylum::plan
