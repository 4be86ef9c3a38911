// SPDX-License-Identifier: Apache-2.0
// asylum-runc explain
#include "runtime/plan/explain.h"

#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/output.h"
#include "runtime/container/bundle.h"
#include "runtime/container/probe_host.h"
#include "runtime/plan/host_facts_json.h"
#include "runtime/plan/make_plan.h"
#include "runtime/sys/file.h"

namespace asylum::cli {
namespace {

plan::HostFacts facts_for(const Arguments& arguments, const spec::Spec& spec) {
  const ExplainOptions& options = arguments.explain;
  if (options.facts_file.empty()) {
    return container::probe_host(spec, rootless_of(arguments.global));
  }
  Step step{cat("read the facts ", quote(options.facts_file))};
  return plan::read_host_facts(sys::read_file_at(AT_FDCWD, options.facts_file));
}

std::string text_of(const plan::Planning& planning, const plan::HostFacts& facts,
                    ExplainFormat format) {
  switch (format) {
    case ExplainFormat::text:
      return plan::explain_text(planning, facts);
    case ExplainFormat::json:
      return plan::explain_json(planning, facts);
  }
  return {};
}

}  // namespace

int run_explain(const Arguments& arguments) {
  const ExplainOptions& options = arguments.explain;
  const container::Bundle bundle = container::read_bundle(options.bundle, {});
  container::settle_findings(bundle.warnings, bundle.document);
  const plan::HostFacts facts = facts_for(arguments, bundle.spec);
  plan::Request request;
  request.id = arguments.positional.empty() ? "CONTAINER" : arguments.positional.front();
  request.bundle = bundle.directory;
  request.cgroup_manager = arguments.global.cgroup_manager;
  const plan::Planning planning = plan::make_plan(bundle.spec, facts, request);
  print(text_of(planning, facts, options.format));
  // The text has all findings; the exit code and the one record say that create would fail.
  const auto refusal = std::ranges::find(planning.findings, Severity::error, &Finding::severity);
  if (refusal != planning.findings.end()) throw Error::from_findings({*refusal});
  return 0;
}

}  // namespace asylum::cli
