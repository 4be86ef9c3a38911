// SPDX-License-Identifier: Apache-2.0
// The whole untrusted path of a config.json as a fuzz target: bytes → read → validate → make_plan →
// explain, with fixed facts and without a system call. clang's libFuzzer drives it; without it,
// main() replays files.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "runtime/base/error.h"
#include "runtime/plan/explain.h"
#include "runtime/plan/make_plan.h"
#include "spec/json_tree.h"
#include "spec/read.h"
#include "spec/write.h"

namespace asylum::plan {
namespace {

HostFacts facts_for(std::uint8_t kind) {
  HostFacts facts;
  facts.host = "fuzz";
  facts.cgroup = {"/sys/fs/cgroup", "/a/b", {"cpu", "memory", "pids", "io"}, {}};
  if (kind == 1) facts.cgroup.legacy = {{"memory", "/sys/fs/cgroup/memory"}};
  if (kind == 2) {
    facts.euid = facts.egid = 1000;
    facts.rootless = true;
    facts.effective_capabilities = 0;
    facts.subuids = facts.subgids = {{100000, 65536}};
    facts.has_newuidmap = true;
  }
  return facts;
}

void plan_one(const spec::Spec& spec, std::uint8_t kind) {
  const HostFacts facts = facts_for(kind);
  Request request;
  request.id = "fuzz";
  request.bundle = "/bundle";
  const Planning planning = make_plan(spec, facts, request);
  explain_text(planning, facts);
  // Our own JSON must be JSON, whatever bytes the config had.
  spec::parse_document(explain_json(planning, facts));
}

void run(const std::string& text) {
  spec::Document document;
  try {
    document = spec::parse_document(text);
  } catch (const Error&) {
    return;
  }
  const spec::Reading reading = spec::read_and_validate(document);
  for (std::uint8_t kind = 0; kind < 3; ++kind) plan_one(reading.spec, kind);
  if (spec::has_errors(reading.findings)) return;
  const spec::Reading again = spec::read(spec::parse_document(spec::write(reading.spec)));
  if (!(again.spec == reading.spec)) std::abort();
}

}  // namespace
}  // namespace asylum::plan

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  asylum::plan::run(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
