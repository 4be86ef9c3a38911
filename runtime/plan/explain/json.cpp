// SPDX-License-Identifier: Apache-2.0
// explain as JSON: the frame, the host's side and the findings.
#include "runtime/plan/explain/json.h"

#include "runtime/base/text.h"
#include "runtime/plan/cgroup_plan.h"
#include "runtime/plan/explain/describe.h"
#include "runtime/plan/explain/fields.h"
#include "runtime/plan/explain/host_facts_json.h"
#include "runtime/plan/hook_plan.h"
#include "runtime/plan/namespace_plan.h"

namespace asylum::plan {
namespace {

void write_container(const StateSeed& state, Fields& fields) {
  fields.object("container", [&] {
    fields.text("id", state.id);
    fields.text("bundle", state.bundle);
    fields.text("oci_version", state.oci_version);
    fields.object("annotations", [&] {
      for (const auto& [key, value] : state.annotations) fields.text(key, value);
    });
  });
}

void write_findings(const std::vector<Finding>& findings, Fields& fields) {
  bool accepted = true;
  for (const Finding& one : findings) accepted = accepted && one.severity != Severity::error;
  fields.flag("accepted", accepted);
  fields.objects("findings", findings, [&](const Finding& one) {
    fields.text("severity", one.severity == Severity::error ? "error" : "warning");
    fields.text("pointer", one.pointer);
    fields.text("text", one.text);
    fields.text_if("hint", one.hint);
    if (one.severity == Severity::error) fields.text("code", asylum::name_of(one.kind));
  });
}

/// 16 hexadecimal digits, so that equal programs are seen to be equal.
std::string hex(BpfInstruction instruction) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (int shift = 60; shift >= 0; shift -= 4) out += kDigits[(instruction >> shift) & 15];
  return out;
}

void write_hooks(const Plan& plan, Fields& fields) {
  constexpr HookStage kStages[] = {HookStage::prestart,         HookStage::create_runtime,
                                   HookStage::create_container, HookStage::start_container,
                                   HookStage::poststart,        HookStage::poststop};
  fields.object("hooks", [&] {
    for (const HookStage stage : kStages) {
      fields.objects(name_of(stage), plan.hooks_of(stage), [&](const Hook& hook) {
        fields.text("path", hook.path);
        fields.texts("args", hook.args);
        if (hook.env) fields.texts("env", *hook.env);
        if (hook.timeout_s) fields.number("timeout_s", *hook.timeout_s);
        fields.text("pointer", hook.pointer);
      });
    }
  });
}

}  // namespace

void write_cgroup_fields(const Cgroup& cgroup, Fields& fields) {
  fields.text("manager", name_of(cgroup.manager));
  fields.text("mount_point", cgroup.mount_point);
  fields.text("path", cgroup.path);
  fields.texts("controllers", cgroup.controllers);
  fields.objects("writes", cgroup.writes, [&](const ControlWrite& one) {
    fields.text("file", one.file);
    fields.text("value", one.value);
    if (one.may_be_missing) fields.flag("may_be_missing", true);
    fields.text_if("instead_file", one.instead_file);
    fields.text_if("instead_value", one.instead_value);
    fields.text("pointer", one.pointer);
  });
  if (cgroup.device_filter) {
    fields.object("device_filter", [&] {
      std::vector<std::string> program;
      program.reserve(cgroup.device_filter->program.size());
      for (const BpfInstruction one : cgroup.device_filter->program) program.push_back(hex(one));
      fields.texts("program", program);
      fields.text_if("pointer", cgroup.device_filter->pointer);
    });
  }
  fields.flag("delegate", cgroup.delegate);
  fields.text_if("pointer", cgroup.pointer);
}

void write_clone_fields(const Plan& plan, Fields& fields) {
  fields.objects("namespaces", plan.namespaces, [&](const Namespace& one) {
    fields.text("type", name_of(one.type));
    fields.text_if("path", one.path);
    fields.text("pointer", one.pointer);
  });
  fields.objects("time_offsets", plan.time_offsets, [&](const TimeOffset& one) {
    fields.text("clock", one.clock);
    fields.number("seconds", one.seconds);
    fields.number("nanoseconds", one.nanoseconds);
    fields.text("pointer", one.pointer);
  });
  if (!plan.id_maps) return;
  fields.object("id_maps", [&] {
    const auto texts = [](const std::vector<IdMapping>& maps) {
      std::vector<std::string> out;
      out.reserve(maps.size());
      for (const IdMapping& one : maps) out.push_back(text_of(one));
      return out;
    };
    fields.texts("uids", texts(plan.id_maps->uids));
    fields.texts("gids", texts(plan.id_maps->gids));
    fields.flag("deny_setgroups", plan.id_maps->deny_setgroups);
    fields.flag("through_helpers", plan.id_maps->through_helpers);
    fields.text_if("pointer", plan.id_maps->pointer);
  });
}

std::string explain_json(const Planning& planning, const HostFacts& facts) {
  const Plan& plan = planning.plan;
  JsonWriter writer("  ");
  Fields fields(writer);
  writer.begin_object();
  writer.key("facts");
  write_host_facts(facts, writer);
  write_container(plan.state, fields);
  write_findings(planning.findings, fields);
  fields.object("cgroup", [&] { write_cgroup_fields(plan.cgroup, fields); });
  write_clone_fields(plan, fields);
  write_root_fields(plan, fields);
  fields.object("process", [&] { write_process_fields(plan.process, fields); });
  fields.flag("new_session_keyring", plan.new_session_keyring);
  fields.flag("loopback_up", plan.loopback_up);
  if (plan.seccomp) {
    fields.object("seccomp", [&] { write_seccomp_fields(*plan.seccomp, fields); });
  }
  write_hooks(plan, fields);
  writer.end_object();
  return writer.take() + "\n";
}

}  // namespace asylum::plan
