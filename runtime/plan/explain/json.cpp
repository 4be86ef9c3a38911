// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/explain/json.h"

#include "runtime/base/json_writer.h"
#include "runtime/plan/explain/describe_plan.h"
#include "runtime/plan/explain/host_facts_json.h"
#include "runtime/plan/explain/json_archive.h"

namespace asylum::plan {

// Found by the archive through its argument: not in the unnamed namespace.
template <typename Archive>
void describe(Archive& archive, const Finding& finding) {
  const bool is_error = finding.severity == Severity::error;
  archive.always("severity", std::string(is_error ? "error" : "warning"));
  archive.always("pointer", finding.pointer);
  archive.always("text", finding.text);
  archive.if_set("hint", finding.hint);
  if (is_error) archive.always("code", std::string(asylum::name_of(finding.kind)));
}

namespace {

bool is_accepted(const std::vector<Finding>& findings) {
  for (const Finding& one : findings) {
    if (one.severity == Severity::error) return false;
  }
  return true;
}

}  // namespace

std::string explain_json(const Planning& planning, const HostFacts& facts) {
  const Plan& plan = planning.plan;
  JsonWriter writer("  ");
  JsonArchive archive(writer);
  writer.begin_object();
  writer.key("facts");
  write_host_facts(facts, writer);
  archive.always("accepted", is_accepted(planning.findings));
  archive.always("findings", planning.findings);
  describe(archive, static_cast<const CgroupPlan&>(plan));
  describe(archive, static_cast<const NamespacePlan&>(plan));
  describe(archive, static_cast<const RootPlan&>(plan));
  describe(archive, static_cast<const ProcessPlan&>(plan));
  describe(archive, static_cast<const SeccompPlan&>(plan));
  describe(archive, static_cast<const HookPlan&>(plan));
  writer.end_object();
  return writer.take() + "\n";
}

}  // namespace asylum::plan
