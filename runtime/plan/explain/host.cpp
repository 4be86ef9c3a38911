// SPDX-License-Identifier: Apache-2.0
// explain, first part: what happens on the host before init builds the root file system.
#include "runtime/base/text.h"
#include "runtime/plan/explain/lines.h"
#include "runtime/plan/explain/words.h"
#include "runtime/plan/hook_plan.h"
#include "runtime/plan/namespace_plan.h"
#include "runtime/plan/types/plan.h"

namespace asylum::plan {
namespace {

void explain_write(const ControlWrite& write, Lines& lines) {
  std::string text = cat("write ", quote(write.value), " to ", write.file);
  if (!write.instead_file.empty()) {
    text += cat(", or ", quote(write.instead_value), " to ", write.instead_file,
                " where that is absent");
  } else if (write.may_be_missing) {
    text += ", if it exists";
  }
  lines.add(text, write.pointer);
}

void explain_cgroup(const Cgroup& cgroup, Lines& lines) {
  lines.section("cgroup");
  if (cgroup.manager == CgroupManager::disabled) {
    lines.add("none: the container stays in the caller's", "");
    return;
  }
  lines.add(cat("make ", cgroup.mount_point, cgroup.path), cgroup.pointer);
  if (!cgroup.controllers.empty()) {
    lines.add(cat("enable ", join(cgroup.controllers, " "), " in the directories above"), "");
  }
  for (const ControlWrite& write : cgroup.writes) explain_write(write, lines);
  if (cgroup.device_filter) {
    lines.add(
        cat("attach a device filter of ", cgroup.device_filter->program.size(), " instructions"),
        cgroup.device_filter->pointer);
  }
  if (cgroup.delegate) lines.add("give it to the container's root", "");
}

void explain_maps(const std::vector<IdMapping>& maps, std::string_view noun, const IdMaps& all,
                  Lines& lines) {
  for (const IdMapping& one : maps) {
    lines.add(cat("map ", noun, "s ", text_of(one), all.through_helpers ? " through new" : "",
                  all.through_helpers ? cat(noun, "map") : std::string()),
              all.pointer);
  }
}

void explain_clone(const Plan& plan, Lines& lines) {
  lines.section("namespaces: clone3");
  for (const Namespace& one : plan.namespaces) {
    lines.add(one.path.empty() ? cat("new ", word_of(one.type))
                               : cat("join ", word_of(one.type), " ", one.path),
              one.pointer);
  }
  if (plan.id_maps) {
    explain_maps(plan.id_maps->uids, "uid", *plan.id_maps, lines);
    explain_maps(plan.id_maps->gids, "gid", *plan.id_maps, lines);
    if (plan.id_maps->deny_setgroups) lines.add("deny setgroups", "");
  }
  for (const TimeOffset& one : plan.time_offsets) {
    lines.add(cat("offset ", one.clock, " by ", one.seconds, " s ", one.nanoseconds, " ns"),
              one.pointer);
  }
  if (plan.loopback_up) lines.add("bring lo up", "");
}

}  // namespace

void explain_hooks(const Plan& plan, HookStage stage, Lines& lines) {
  lines.section(cat("hooks: ", word_of(stage)));
  for (const Hook& hook : plan.hooks_of(stage)) {
    std::string text = cat("run ", hook.path);
    for (std::size_t i = 1; i < hook.args.size(); ++i) text += cat(" ", quote(hook.args[i]));
    if (hook.timeout_s) text += cat(", at most ", *hook.timeout_s, " s");
    lines.add(text, hook.pointer);
  }
}

void explain_host_side(const Plan& plan, Lines& lines) {
  explain_cgroup(plan.cgroup, lines);
  explain_clone(plan, lines);
  explain_hooks(plan, HookStage::prestart, lines);
  explain_hooks(plan, HookStage::create_runtime, lines);
}

}  // namespace asylum::plan
