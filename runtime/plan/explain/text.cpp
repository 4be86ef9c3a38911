// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/explain/text.h"

#include "runtime/base/text.h"
#include "runtime/plan/explain/lines.h"
#include "runtime/plan/types/plan.h"

namespace asylum::plan {
namespace {

std::string facts_line(const HostFacts& facts) {
  std::string out = cat(
      "facts of host ", facts.host.empty() ? std::string("(unnamed)") : facts.host, ": uid ",
      facts.euid, facts.initial_user_namespace ? ", initial user namespace" : ", a user namespace",
      facts.rootless ? " (rootless)" : "", ", kernel ", facts.kernel_major, ".",
      facts.kernel_minor);
  out += facts.cgroup.mount_point.empty()
             ? std::string(", no cgroup2")
             : cat(", cgroup2 at ", facts.cgroup.mount_point, " (",
                   facts.cgroup.controllers.empty() ? std::string("no controllers")
                                                    : join(facts.cgroup.controllers, " "),
                   ")");
  return out + "\n";
}

void explain_findings(const std::vector<Finding>& findings, Lines& lines) {
  for (const Severity severity : {Severity::error, Severity::warning}) {
    lines.section(severity == Severity::error ? "errors: create would refuse this" : "warnings");
    for (const Finding& one : findings) {
      if (one.severity != severity) continue;
      lines.add(one.hint.empty() ? one.text : cat(one.text, "; ", one.hint), one.pointer);
    }
  }
}

}  // namespace

std::string explain_text(const Planning& planning, const HostFacts& facts) {
  const Plan& plan = planning.plan;
  Lines lines;
  explain_host_side(plan, lines);
  explain_root(plan, lines);
  explain_process(plan, lines);
  explain_findings(planning.findings, lines);
  return cat(facts_line(facts), "container ", plan.state.id, " of bundle ", plan.state.bundle, "\n",
             lines.take());
}

}  // namespace asylum::plan
