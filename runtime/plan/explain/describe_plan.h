// SPDX-License-Identifier: Apache-2.0
// Every member of the plan's structs, once, under the key that explain's JSON has for it. What writes
// is an archive:
//   always(key, member)  shown whatever it is; an optional one only where it is there
//   if_set(key, member)  left out when it is empty, zero or false
//   object(key, write)   keys that have no struct of their own
// A further argument turns the member into words (a text or a list of texts). That no member is
// forgotten is proven by tests/plan/describe_plan_test.cpp.
#pragma once

#include <string>

#include "runtime/base/oci_words.h"
#include "runtime/plan/explain/words.h"
#include "runtime/plan/identity_plan.h"
#include "runtime/plan/types/plan.h"

namespace asylum::plan {

// ---- namespaces ---------------------------------------------------------------------------------

template <typename Archive>
void describe(Archive& archive, const Namespace& one) {
  archive.always("type", one.type);
  archive.if_set("path", one.path);
  archive.always("pointer", one.pointer);
  archive.if_set("written_by", one.written_by);
}

template <typename Archive>
void describe(Archive& archive, const TimeOffset& one) {
  archive.always("clock", one.clock);
  archive.always("seconds", one.seconds);
  archive.always("nanoseconds", one.nanoseconds);
  archive.always("pointer", one.pointer);
}

template <typename Archive>
void describe(Archive& archive, const IdMaps& maps) {
  archive.always("uids", maps.uids, lines_of);
  archive.always("gids", maps.gids, lines_of);
  archive.always("deny_setgroups", maps.deny_setgroups);
  archive.always("through_helpers", maps.through_helpers);
  archive.if_set("pointer", maps.pointer);
}

template <typename Archive>
void describe(Archive& archive, const Sysctl& one) {
  archive.always("name", one.name);
  archive.always("value", one.value);
  archive.always("pointer", one.pointer);
}

template <typename Archive>
void describe(Archive& archive, const NamespacePlan& plan) {
  archive.always("namespaces", plan.namespaces);
  archive.always("time_offsets", plan.time_offsets);
  archive.always("id_maps", plan.id_maps);
  archive.always("hostname", plan.hostname);
  archive.always("domainname", plan.domainname);
  archive.always("sysctls", plan.sysctls);
  archive.always("loopback_up", plan.loopback_up);
}

// ---- root file system ---------------------------------------------------------------------------

template <typename Archive>
void describe(Archive& archive, const IdmapRequest& idmap) {
  archive.always("recursive", idmap.recursive);
  archive.always("uids", idmap.uids, lines_of);
  archive.always("gids", idmap.gids, lines_of);
}

// `attributes` and what mountinfo shows inside can be compared.
template <typename Archive>
void describe(Archive& archive, const Mount& mount) {
  const bool is_bind = mount.kind == MountKind::bind;
  const AttributeChange& recursive = mount.recursive_attributes;
  const bool sets_atime = (recursive.clear & attribute::atime_mask) != 0;
  archive.always("kind", mount.kind);
  archive.always("destination", mount.destination);
  archive.if_set("type", mount.fs_type);
  archive.if_set("source", mount.source);
  archive.only_if(is_bind, "recursive", mount.recursive_bind);
  archive.if_set("readonly_below", mount.readonly_below);
  archive.always("attributes", mount.attributes,
                 [&](const auto&) { return attribute_words(mount); });
  archive.if_set("cleared", mount.attributes, cleared_words);
  archive.if_set("recursive_attributes", recursive,
                 [&](const auto&) { return attribute_words(recursive.set, sets_atime); });
  archive.if_set("recursive_cleared", recursive, cleared_words);
  archive.if_set("parameters", mount.parameters, texts_of<FsParameter>);
  archive.if_set("parameter_pointers", mount.parameters, pointers_of);
  archive.if_set("propagation", mount.propagation, texts_of<PropagationChange>);
  archive.always("idmap", mount.idmap);
  archive.if_set("copy_up", mount.copy_up);
  archive.if_set("inherit_mode", mount.inherit_mode);
  archive.if_set("readonly_last", mount.readonly_last);
  archive.if_set("source_nofollow", mount.source_nofollow);
  archive.if_set("destination_nofollow", mount.destination_nofollow);
  archive.if_set("copy_symlink", mount.copy_symlink);
  archive.always("pointer", mount.pointer);
}

template <typename Archive>
void describe(Archive& archive, const DeviceNode& node) {
  archive.always("path", node.path);
  archive.always("type", node.type, [](char type) { return std::string(1, type); });
  archive.always("major", node.major);
  archive.always("minor", node.minor);
  archive.always("mode", node.mode, octal);
  archive.always("uid", node.uid);
  archive.always("gid", node.gid);
  archive.always("bind_from_host", node.bind_from_host);
  archive.if_set("pointer", node.pointer);
}

template <typename Archive>
void describe(Archive& archive, const Symlink& link) {
  archive.always("path", link.path);
  archive.always("target", link.target);
}

template <typename Archive>
void describe(Archive& archive, const PathItem& item) {
  archive.always("path", item.path);
  archive.always("pointer", item.pointer);
}

template <typename Archive>
void describe(Archive& archive, const Root& root) {
  archive.always("path", root.path);
  archive.always("is", root.is);
  archive.always("readonly", root.readonly);
  archive.always("no_pivot", root.no_pivot);
  archive.always("parent_propagation", root.parent_propagation);
  archive.always("propagation", root.propagation);
  archive.if_set("readonly_below", root.readonly_below);
  archive.if_set("mount_label", root.mount_label);
  archive.always("pointer", root.pointer);
  archive.if_set("propagation_pointer", root.propagation_pointer);
}

template <typename Archive>
void describe(Archive& archive, const RootPlan& plan) {
  archive.always("root", plan.root);
  archive.always("mounts", plan.mounts);
  archive.always("own_dev", plan.own_dev);
  archive.always("devices", plan.devices);
  archive.always("links", plan.links);
  archive.always("readonly_paths", plan.readonly_paths);
  archive.always("masked_paths", plan.masked_paths);
}

// ---- process ------------------------------------------------------------------------------------

template <typename Archive>
void describe(Archive& archive, const CapabilitySets& sets) {
  archive.always("bounding", sets.bounding, capability_list);
  archive.always("effective", sets.effective, capability_list);
  archive.always("permitted", sets.permitted, capability_list);
  archive.always("inheritable", sets.inheritable, capability_list);
  archive.always("ambient", sets.ambient, capability_list);
}

template <typename Archive>
void describe(Archive& archive, const Identity& identity) {
  archive.always("uid", identity.uid);
  archive.always("gid", identity.gid);
  archive.always("additional_gids", identity.additional_gids);
  archive.always("set_groups", identity.set_groups);
  archive.always("capabilities", identity.capabilities);
  archive.always("has_capabilities", identity.has_capabilities);
  archive.always("no_new_privileges", identity.no_new_privileges);
  archive.if_set("apparmor_profile", identity.apparmor_profile);
  archive.if_set("selinux_label", identity.selinux_label);
}

template <typename Archive>
void describe(Archive& archive, const ResourceLimit& limit) {
  archive.always("name", limit.name);
  archive.always("number", limit.resource);
  archive.always("soft", limit.soft);
  archive.always("hard", limit.hard);
  archive.always("pointer", limit.pointer);
}

template <typename Archive>
void describe(Archive& archive, const Scheduler& scheduler) {
  archive.always("policy", scheduler.policy);
  archive.always("flags", scheduler.flags);
  archive.always("nice", scheduler.nice);
  archive.always("priority", scheduler.priority);
  archive.always("runtime_ns", scheduler.runtime_ns);
  archive.always("deadline_ns", scheduler.deadline_ns);
  archive.always("period_ns", scheduler.period_ns);
}

template <typename Archive>
void describe(Archive& archive, const IoPriority& priority) {
  archive.always("class", priority.io_class);
  archive.always("level", priority.level);
}

template <typename Archive>
void describe(Archive& archive, const MemoryPolicy& policy) {
  archive.always("mode_and_flags", policy.mode_and_flags);
  archive.always("nodes", policy.nodes);
}

template <typename Archive>
void describe(Archive& archive, const Process& process) {
  archive.always("args", process.args);
  archive.always("env", process.env);
  archive.always("cwd", process.cwd);
  archive.inlined(process.identity);
  archive.always("umask", process.umask, octal);
  archive.always("limits", process.limits);
  archive.always("oom_score_adj", process.oom_score_adj);
  archive.always("scheduler", process.scheduler);
  archive.always("io_priority", process.io_priority);
  archive.always("memory_policy", process.memory_policy);
  archive.always("personality", process.personality);
  archive.if_set("exec_affinity_initial", process.exec_affinity_initial);
  archive.if_set("exec_affinity_final", process.exec_affinity_final);
  archive.always("terminal", process.terminal);
  archive.always("detached", process.detached);
  archive.if_set("console_rows", process.console_rows);
  archive.if_set("console_columns", process.console_columns);
  archive.if_set("listen_fds", process.listen_fds);
  archive.always("preserved_fds", process.preserved_fds);
}

template <typename Archive>
void describe(Archive& archive, const ProcessPlan& plan) {
  archive.always("process", plan.process);
  archive.always("new_session_keyring", plan.new_session_keyring);
  archive.if_set("session_keyring", plan.session_keyring);
}

// ---- seccomp ------------------------------------------------------------------------------------

template <typename Archive>
void describe(Archive& archive, const SeccompArg& arg) {
  archive.always("index", arg.index);
  archive.always("value", arg.value);
  archive.always("value_two", arg.value_two);
  archive.always("op", arg.op);
}

template <typename Archive>
void describe(Archive& archive, const SeccompRule& rule) {
  archive.always("names", rule.names);
  archive.always("action", rule.action);
  archive.always("errno_ret", rule.errno_ret);
  archive.always("args", rule.args);
  archive.always("pointer", rule.pointer);
}

template <typename Archive>
void describe(Archive& archive, const Seccomp& seccomp) {
  archive.always("default_action", seccomp.default_action);
  archive.always("default_errno_ret", seccomp.default_errno_ret);
  archive.always("architectures", seccomp.architectures);
  archive.always("flags", seccomp.flags);
  archive.always("rules", seccomp.rules);
  archive.if_set("listener_path", seccomp.listener_path);
  archive.if_set("listener_metadata", seccomp.listener_metadata);
  archive.always("pointer", seccomp.pointer);
}

template <typename Archive>
void describe(Archive& archive, const SeccompPlan& plan) {
  archive.always("seccomp", plan.seccomp);
}

// ---- host side ----------------------------------------------------------------------------------

template <typename Archive>
void describe(Archive& archive, const ControlWrite& write) {
  archive.always("file", write.file);
  archive.always("value", write.value);
  archive.if_set("controller", write.controller);
  archive.if_set("may_be_missing", write.may_be_missing);
  archive.if_set("instead_file", write.instead_file);
  archive.if_set("instead_value", write.instead_value);
  archive.always("pointer", write.pointer);
}

template <typename Archive>
void describe(Archive& archive, const DeviceFilter& filter) {
  archive.always("program", filter.program, instruction_words);
  archive.if_set("pointer", filter.pointer);
}

template <typename Archive>
void describe(Archive& archive, const Cgroup& cgroup) {
  archive.always("manager", cgroup.manager);
  archive.always("mount_point", cgroup.mount_point);
  archive.always("path", cgroup.path);
  archive.always("controllers", cgroup.controllers);
  archive.always("writes", cgroup.writes);
  archive.always("device_filter", cgroup.device_filter);
  archive.always("delegate", cgroup.delegate);
  archive.if_set("pointer", cgroup.pointer);
}

template <typename Archive>
void describe(Archive& archive, const CgroupPlan& plan) {
  archive.always("cgroup", plan.cgroup);
}

template <typename Archive>
void describe(Archive& archive, const Hook& hook) {
  archive.always("path", hook.path);
  archive.always("args", hook.args);
  archive.always("env", hook.env);
  archive.always("timeout_s", hook.timeout_s);
  archive.always("pointer", hook.pointer);
}

template <typename Archive>
void describe(Archive& archive, const StateSeed& state) {
  archive.always("id", state.id);
  archive.always("bundle", state.bundle);
  archive.always("oci_version", state.oci_version);
  archive.keyed("annotations", state.annotations);
}

template <typename Archive>
void describe(Archive& archive, const HookPlan& plan) {
  archive.always("container", plan.state);
  archive.by_stage("hooks", plan.hooks);
}

}  // namespace asylum::plan
