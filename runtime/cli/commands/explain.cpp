// SPDX-License-Identifier: Apache-2.0
// asylum-runc explain
#include "runtime/cli/commands/settings.h"
#include "runtime/cli/options/arguments.h"
#include "runtime/cli/options/setters.h"
#include "runtime/plan/explain/json.h"
#include "runtime/plan/explain/text.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/options/output.h"
#include "runtime/container/host/bundle.h"
#include "runtime/container/host/probe_host.h"
#include "runtime/plan/explain/host_facts_json.h"
#include "runtime/plan/make_plan.h"
#include "runtime/sys/file.h"

namespace asylum::cli {
namespace {

constexpr std::array kOptions{
    Option{.name = "bundle",
           .short_name = 'b',
           .argument = "DIR",
           .help = "the bundle to explain (default: the current directory)",
           .section = Section::bundle,
           .set = set<&Arguments::explain, &ExplainOptions::bundle>},
    Option{.name = "format",
           .short_name = 'f',
           .argument = "text|json",
           .help = "how to print (default: text)",
           .section = Section::input_output,
           .set = set<&Arguments::explain, &ExplainOptions::format>,
           .complaint = "invalid format option"},
    Option{.name = "facts",
           .argument = "FILE",
           .help = "plan for the host that FILE describes (JSON) instead of this one",
           .section = Section::bundle,
           .set = set<&Arguments::explain, &ExplainOptions::facts_file>},
};

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

int run(const Arguments& arguments) {
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

}  // namespace

constinit const Command explain_command{
    .name = "explain",
    .synopsis = "[CONTAINER]",
    .help = "print what create would do, without doing it",
    .description =
        "Prints what create would do with the bundle, in order, each line with the place "
        "in config.json that it "
        "comes from. Needs no privileges and touches nothing. Mistakes in the config are "
        "all shown at "
        "once.\n\nThe first line says for which user and host the plan was made.",
    .options = kOptions,
    .most = 1,
    .shows_details = true,
    .run = run};

}  // namespace asylum::cli
