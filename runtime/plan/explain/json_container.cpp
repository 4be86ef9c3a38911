// SPDX-License-Identifier: Apache-2.0
// explain as JSON: what init does. `mounts` is made to be compared with /proc/self/mountinfo
// inside.
#include "runtime/base/text.h"
#include "runtime/plan/explain/describe.h"
#include "runtime/plan/explain/fields.h"
#include "runtime/plan/identity_plan.h"

namespace asylum::plan {
namespace {

template <typename List>
std::vector<std::string> texts_of(const List& list) {
  std::vector<std::string> out;
  out.reserve(list.size());
  for (const auto& one : list) out.push_back(text_of(one));
  return out;
}

void write_texts_if(std::string_view key, const std::vector<std::string>& values, Fields& fields) {
  if (!values.empty()) fields.texts(key, values);
}

void write_mount(const Mount& mount, Fields& fields) {
  fields.text("kind", name_of(mount.kind));
  fields.text("destination", mount.destination);
  fields.text_if("type", mount.fs_type);
  fields.text_if("source", mount.source);
  if (mount.kind == MountKind::bind) fields.flag("recursive", mount.recursive_bind);
  write_texts_if("readonly_below", mount.readonly_below, fields);
  fields.texts("attributes", attribute_words(mount));
  write_texts_if("cleared", cleared_words(mount.attributes), fields);
  const bool sets_atime = (mount.recursive_attributes.clear & attribute::atime_mask) != 0;
  write_texts_if("recursive_attributes",
                 attribute_words(mount.recursive_attributes.set, sets_atime), fields);
  write_texts_if("recursive_cleared", cleared_words(mount.recursive_attributes), fields);
  write_texts_if("parameters", texts_of(mount.parameters), fields);
  write_texts_if("propagation", texts_of(mount.propagation), fields);
  if (mount.idmap) {
    fields.object("idmap", [&] {
      fields.flag("recursive", mount.idmap->recursive);
      fields.texts("uids", texts_of(mount.idmap->uids));
      fields.texts("gids", texts_of(mount.idmap->gids));
    });
  }
  if (mount.copy_up) fields.flag("copy_up", true);
  if (mount.inherit_mode) fields.flag("inherit_mode", true);
  if (mount.readonly_last) fields.flag("readonly_last", true);
  if (mount.source_nofollow) fields.flag("source_nofollow", true);
  if (mount.destination_nofollow) fields.flag("destination_nofollow", true);
  if (mount.copy_symlink) fields.flag("copy_symlink", true);
  fields.text("pointer", mount.pointer);
}

void write_root(const Root& root, Fields& fields) {
  fields.object("root", [&] {
    fields.text("path", root.path);
    fields.text("is", name_of(root.is));
    fields.flag("readonly", root.readonly);
    fields.flag("no_pivot", root.no_pivot);
    fields.text("parent_propagation", text_of(root.parent_propagation));
    if (root.propagation) fields.text("propagation", text_of(*root.propagation));
    write_texts_if("readonly_below", root.readonly_below, fields);
    fields.text_if("mount_label", root.mount_label);
    fields.text("pointer", root.pointer);
  });
}

void write_devices(const Plan& plan, Fields& fields) {
  fields.flag("own_dev", plan.own_dev);
  fields.objects("devices", plan.devices, [&](const DeviceNode& one) {
    fields.text("path", one.path);
    fields.text("type", std::string_view(&one.type, 1));
    fields.number("major", one.major);
    fields.number("minor", one.minor);
    fields.text("mode", octal(one.mode));
    fields.number("uid", one.uid);
    fields.number("gid", one.gid);
    fields.flag("bind_from_host", one.bind_from_host);
    fields.text_if("pointer", one.pointer);
  });
  fields.objects("links", plan.links, [&](const Symlink& one) {
    fields.text("path", one.path);
    fields.text("target", one.target);
  });
}

void write_paths(std::string_view key, const std::vector<PathItem>& items, Fields& fields) {
  fields.objects(key, items, [&](const PathItem& one) {
    fields.text("path", one.path);
    fields.text("pointer", one.pointer);
  });
}

void write_identity(const Identity& identity, Fields& fields) {
  fields.number("uid", identity.uid);
  fields.number("gid", identity.gid);
  fields.numbers("additional_gids", identity.additional_gids);
  fields.flag("set_groups", identity.set_groups);
  fields.object("capabilities", [&] {
    fields.texts("bounding", capability_list(identity.capabilities.bounding));
    fields.texts("effective", capability_list(identity.capabilities.effective));
    fields.texts("permitted", capability_list(identity.capabilities.permitted));
    fields.texts("inheritable", capability_list(identity.capabilities.inheritable));
    fields.texts("ambient", capability_list(identity.capabilities.ambient));
  });
  fields.flag("no_new_privileges", identity.no_new_privileges);
  fields.text_if("apparmor_profile", identity.apparmor_profile);
  fields.text_if("selinux_label", identity.selinux_label);
}

void write_scheduler(const Scheduler& scheduler, Fields& fields) {
  fields.object("scheduler", [&] {
    fields.number("policy", scheduler.policy);
    fields.number("flags", scheduler.flags);
    fields.number("nice", scheduler.nice);
    fields.number("priority", scheduler.priority);
    fields.number("runtime_ns", scheduler.runtime_ns);
    fields.number("deadline_ns", scheduler.deadline_ns);
    fields.number("period_ns", scheduler.period_ns);
  });
}

void write_tuning(const Process& process, Fields& fields) {
  fields.objects("limits", process.limits, [&](const ResourceLimit& one) {
    fields.text("name", one.name);
    fields.number("soft", one.soft);
    fields.number("hard", one.hard);
    fields.text("pointer", one.pointer);
  });
  if (process.oom_score_adj) fields.number("oom_score_adj", *process.oom_score_adj);
  if (process.scheduler) write_scheduler(*process.scheduler, fields);
  if (process.io_priority) {
    fields.object("io_priority", [&] {
      fields.number("class", process.io_priority->io_class);
      fields.number("level", process.io_priority->level);
    });
  }
  if (process.memory_policy) {
    fields.object("memory_policy", [&] {
      fields.number("mode_and_flags", process.memory_policy->mode_and_flags);
      fields.numbers("nodes", process.memory_policy->nodes);
    });
  }
  if (process.personality) fields.number("personality", *process.personality);
}

}  // namespace

void write_root_fields(const Plan& plan, Fields& fields) {
  write_root(plan.root, fields);
  fields.objects("mounts", plan.mounts, [&](const Mount& one) { write_mount(one, fields); });
  write_devices(plan, fields);
  if (plan.hostname) fields.text("hostname", *plan.hostname);
  if (plan.domainname) fields.text("domainname", *plan.domainname);
  fields.objects("sysctls", plan.sysctls, [&](const Sysctl& one) {
    fields.text("name", one.name);
    fields.text("value", one.value);
    fields.text("pointer", one.pointer);
  });
  write_paths("readonly_paths", plan.readonly_paths, fields);
  write_paths("masked_paths", plan.masked_paths, fields);
}

void write_process_fields(const Process& process, Fields& fields) {
  fields.texts("args", process.args);
  fields.texts("env", process.env);
  fields.text("cwd", process.cwd);
  write_identity(process.identity, fields);
  fields.text("umask", octal(process.umask));
  write_tuning(process, fields);
  fields.flag("terminal", process.terminal);
  if (process.console_rows != 0 || process.console_columns != 0) {
    fields.number("console_rows", process.console_rows);
    fields.number("console_columns", process.console_columns);
  }
  fields.number("preserved_fds", process.preserved_fds);
}

void write_seccomp_fields(const Seccomp& seccomp, Fields& fields) {
  fields.text("default_action", seccomp.default_action);
  if (seccomp.default_errno_ret) fields.number("default_errno_ret", *seccomp.default_errno_ret);
  fields.texts("architectures", seccomp.architectures);
  fields.texts("flags", seccomp.flags);
  fields.objects("rules", seccomp.rules, [&](const SeccompRule& rule) {
    fields.texts("names", rule.names);
    fields.text("action", rule.action);
    if (rule.errno_ret) fields.number("errno_ret", *rule.errno_ret);
    fields.objects("args", rule.args, [&](const SeccompArg& one) {
      fields.number("index", one.index);
      fields.number("value", one.value);
      fields.number("value_two", one.value_two);
      fields.text("op", one.op);
    });
    fields.text("pointer", rule.pointer);
  });
  fields.text_if("listener_path", seccomp.listener_path);
  fields.text_if("listener_metadata", seccomp.listener_metadata);
}

}  // namespace asylum::plan
