// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/hook_plan.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/text.h"
#include "spec/spec.h"

namespace asylum::plan {
namespace {

Hook plan_hook(const spec::Hook& asked, std::string pointer) {
  Hook out;
  out.path = asked.path;
  out.args = asked.args.empty() ? std::vector<std::string>{asked.path} : asked.args;
  out.env = asked.env;
  if (asked.timeout_s) {
    const std::int64_t seconds = std::clamp<std::int64_t>(*asked.timeout_s, 0, 0xffffffffLL);
    out.timeout_s = static_cast<std::uint32_t>(seconds);
  }
  out.pointer = std::move(pointer);
  return out;
}

void plan_stage(const std::vector<spec::Hook>& asked, HookStage stage, HookPlan& plan) {
  std::vector<Hook>& out = plan.hooks[static_cast<std::size_t>(stage)];
  for (std::size_t i = 0; i < asked.size(); ++i) {
    out.push_back(plan_hook(asked[i], cat("/hooks/", word_of(stage), "/", i)));
  }
}

}  // namespace

void plan_hooks(const spec::Spec& spec, HookPlan& plan) {
  plan_stage(spec.hooks.prestart, HookStage::prestart, plan);
  plan_stage(spec.hooks.create_runtime, HookStage::create_runtime, plan);
  plan_stage(spec.hooks.create_container, HookStage::create_container, plan);
  plan_stage(spec.hooks.start_container, HookStage::start_container, plan);
  plan_stage(spec.hooks.poststart, HookStage::poststart, plan);
  plan_stage(spec.hooks.poststop, HookStage::poststop, plan);
}

void plan_state(const spec::Spec& spec, const Request& request, HookPlan& plan) {
  plan.state.oci_version = spec.oci_version;
  plan.state.id = request.id;
  plan.state.bundle = request.bundle;
  for (const spec::KeyValue& one : spec.annotations) {
    plan.state.annotations.emplace_back(one.key, one.value);
  }
}

}  // namespace asylum::plan
