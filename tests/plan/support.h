// SPDX-License-Identifier: Apache-2.0
// Hosts to plan for, and ways to ask what plan said.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "runtime/base/text.h"
#include "runtime/plan/make_plan.h"
#include "spec/default_spec.h"
#include "spec/json/tree.h"
#include "spec/read/read.h"
#include "spec/spec.h"

namespace asylum::plan::test {

/// Root on a host with nothing but cgroup2.
inline HostFacts unified_host() {
  HostFacts facts;
  facts.host = "unified";
  facts.uid_ranges = {{0, 0, 4294967295}};
  facts.gid_ranges = {{0, 0, 4294967295}};
  facts.cgroup = {"/sys/fs/cgroup",
                  "/system.slice/engine.service",
                  {"cpuset", "cpu", "io", "memory", "hugetlb", "pids", "rdma"},
                  {}};
  return facts;
}

/// Root where v1 holds the usual controllers.
inline HostFacts hybrid_host() {
  HostFacts facts = unified_host();
  facts.host = "hybrid";
  facts.cgroup = {"/sys/fs/cgroup/unified",
                  "/",
                  {"hugetlb"},
                  {{"memory", "/sys/fs/cgroup/memory"}, {"pids", "/sys/fs/cgroup/pids"}}};
  return facts;
}

/// User 1000 with 65536 subordinate ids.
inline HostFacts rootless_host() {
  HostFacts facts = unified_host();
  facts.host = "rootless";
  facts.euid = 1000;
  facts.egid = 1000;
  facts.rootless = true;
  facts.effective_capabilities = 0;
  facts.subuids = {{100000, 65536}};
  facts.subgids = {{100000, 65536}};
  facts.has_newuidmap = true;
  return facts;
}

inline Request request() {
  Request out;
  out.id = "web1";
  out.bundle = "/bundle";
  return out;
}

/// The default config with /key replaced, as engines would write it: `change` edits the typed spec.
template <typename Change>
spec::Spec changed(Change&& change) {
  spec::Spec out = spec::default_spec();
  change(out);
  return out;
}

inline Planning plan_for(const spec::Spec& spec, const HostFacts& facts = unified_host()) {
  return make_plan(spec, facts, request());
}

/// The text of the finding at `pointer` and its hint in one string; "" if there is none.
inline std::string said_at(const Planning& planning, std::string_view pointer, Severity severity) {
  for (const Finding& one : planning.findings) {
    if (one.pointer == pointer && one.severity == severity) {
      return one.hint.empty() ? one.text : cat(one.text, "; ", one.hint);
    }
  }
  return {};
}
inline std::string error_at(const Planning& planning, std::string_view pointer) {
  return said_at(planning, pointer, Severity::error);
}
inline std::string warning_at(const Planning& planning, std::string_view pointer) {
  return said_at(planning, pointer, Severity::warning);
}

/// All errors, one a line: "" is what a good config gives.
inline std::string errors_of(const Planning& planning) {
  std::string out;
  for (const Finding& one : planning.findings) {
    if (one.severity == Severity::error) out += cat(one.pointer, ": ", one.text, "\n");
  }
  return out;
}

inline std::string warnings_of(const Planning& planning) {
  std::string out;
  for (const Finding& one : planning.findings) {
    if (one.severity == Severity::warning) out += cat(one.pointer, ": ", one.text, "\n");
  }
  return out;
}

inline spec::Mount mount(std::string destination, std::string type, std::string source,
                         std::vector<std::string> options) {
  spec::Mount out;
  out.destination = std::move(destination);
  out.type = std::move(type);
  out.source = std::move(source);
  out.parsed = spec::parse_mount_options(options);
  out.options = std::move(options);
  return out;
}

}  // namespace asylum::plan::test
