// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/explain/host_facts_json.h"

#include <concepts>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/json_writer.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/id_mapping.h"
#include "spec/json/tree.h"
#include "spec/json/view.h"

namespace asylum::plan {
namespace {

// The fields by name, once for reading and writing: `visit(name, field)` for each.

template <typename T, typename Visitor>
requires std::same_as<std::remove_const_t<T>, IdMapping>
void for_each_field(T& mapping, Visitor&& visit) {
  visit("container_id", mapping.container_id);
  visit("host_id", mapping.host_id);
  visit("count", mapping.count);
}

template <typename T, typename Visitor>
requires std::same_as<std::remove_const_t<T>, SubordinateIds>
void for_each_field(T& range, Visitor&& visit) {
  visit("first", range.first);
  visit("count", range.count);
}

template <typename T, typename Visitor>
requires std::same_as<std::remove_const_t<T>, LegacyController>
void for_each_field(T& legacy, Visitor&& visit) {
  visit("name", legacy.name);
  visit("mount_point", legacy.mount_point);
}

template <typename T, typename Visitor>
requires std::same_as<std::remove_const_t<T>, CgroupFacts>
void for_each_field(T& cgroup, Visitor&& visit) {
  visit("mount_point", cgroup.mount_point);
  visit("own_path", cgroup.own_path);
  visit("controllers", cgroup.controllers);
  visit("legacy", cgroup.legacy);
  visit("may_make", cgroup.may_make);
}

template <typename T, typename Visitor>
requires std::same_as<std::remove_const_t<T>, HostFacts>
void for_each_field(T& facts, Visitor&& visit) {
  visit("host", facts.host);
  visit("euid", facts.euid);
  visit("egid", facts.egid);
  visit("initial_user_namespace", facts.initial_user_namespace);
  visit("rootless", facts.rootless);
  visit("uid_ranges", facts.uid_ranges);
  visit("gid_ranges", facts.gid_ranges);
  visit("subuids", facts.subuids);
  visit("subgids", facts.subgids);
  visit("has_newuidmap", facts.has_newuidmap);
  visit("cgroup", facts.cgroup);
  visit("kernel_major", facts.kernel_major);
  visit("kernel_minor", facts.kernel_minor);
  visit("last_capability", facts.last_capability);
  visit("bounding_capabilities", facts.bounding_capabilities);
  visit("effective_capabilities", facts.effective_capabilities);
  visit("apparmor", facts.apparmor);
  visit("selinux", facts.selinux);
  visit("architectures", facts.architectures);
}

// ---- reading ----------------------------------------------------------------------------------

using spec::JsonValue;
using spec::JsonView;

template <typename T>
concept Scalar = std::integral<T> || std::same_as<T, std::string>;

template <typename T>
void read_object(const JsonView& view, T& out);

template <typename T>
void read_value(const JsonView& view, T& out) {
  if constexpr (Scalar<T>) {
    view.get(out);
  } else {
    read_object(view, out);
  }
}

template <typename T>
void read_value(const JsonView& view, std::vector<T>& out) {
  if (!view.is_array()) return;
  for (const JsonValue& child : view.value().children) {
    read_value(JsonView(view, child), out.emplace_back());
  }
}

template <typename T>
void read_object(const JsonView& view, T& out) {
  if (!view.is_object()) return;
  for (const JsonValue& child : view.value().children) {
    const JsonView member(view, child);
    std::vector<std::string_view> known;
    bool found = false;
    for_each_field(out, [&](std::string_view name, auto& field) {
      known.push_back(name);
      if (name != child.key) return;
      found = true;
      read_value(member, field);
    });
    if (found) continue;
    const auto near = closest_match(child.key, known);
    member.error("unknown key", near ? cat("did you mean ", quote(*near), "?") : std::string());
  }
}

// ---- writing ----------------------------------------------------------------------------------

void write_value(JsonWriter& writer, const std::string& value) {
  writer.text(value);
}
void write_value(JsonWriter& writer, bool value) {
  writer.boolean(value);
}
void write_value(JsonWriter& writer, std::uint32_t value) {
  writer.number(std::uint64_t{value});
}
void write_value(JsonWriter& writer, std::uint64_t value) {
  writer.number(value);
}

template <typename T>
void write_value(JsonWriter& writer, const std::vector<T>& list);

template <typename T>
requires std::is_class_v<T>
void write_value(JsonWriter& writer, const T& object) {
  writer.begin_object();
  for_each_field(object, [&](std::string_view name, const auto& field) {
    writer.key(name);
    write_value(writer, field);
  });
  writer.end_object();
}

template <typename T>
void write_value(JsonWriter& writer, const std::vector<T>& list) {
  writer.begin_array();
  for (const T& one : list) write_value(writer, one);
  writer.end_array();
}

}  // namespace

HostFacts read_host_facts(std::string_view json) {
  const spec::Document document = spec::parse_document(std::string(json));
  std::vector<Finding> findings;
  HostFacts facts;
  read_object(JsonView(document, findings), facts);
  if (!findings.empty()) throw Error::from_findings(std::move(findings));
  return facts;
}

void write_host_facts(const HostFacts& facts, JsonWriter& writer) {
  write_value(writer, facts);
}

std::string write_host_facts(const HostFacts& facts) {
  JsonWriter writer("  ");
  write_value(writer, facts);
  return writer.take() + "\n";
}

}  // namespace asylum::plan
