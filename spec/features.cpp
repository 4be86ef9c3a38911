// SPDX-License-Identifier: Apache-2.0
#include "spec/features.h"

#include "runtime/base/json_writer.h"
#include "spec/mount_options.h"
#include "spec/names.h"
#include "spec/state.h"

namespace asylum::spec {
namespace {

constexpr std::string_view kOldestVersion = "1.0.0";

void member(JsonWriter& json, std::string_view key, bool value) {
  json.key(key);
  json.boolean(value);
}

template <typename Words>
void list(JsonWriter& json, std::string_view key, const Words& words) {
  json.key(key);
  json.begin_array();
  for (const auto& word : words) json.text(word);
  json.end_array();
}

template <typename Enum>
std::vector<std::string_view> words_of() {
  std::vector<std::string_view> out;
  for (const auto& row : words<Enum>()) out.push_back(row.word);
  return out;
}

/// Without the words that ask for an id mapping: mountExtensions tells of those, as in runc.
std::vector<std::string_view> mount_words() {
  std::vector<std::string_view> out;
  for (const MountOptionRow& row : mount_option_table()) {
    if (row.kind == MountOptionKind::idmap || row.kind == MountOptionKind::ridmap) continue;
    out.push_back(row.name);
  }
  return out;
}

std::vector<std::string_view> capability_words() {
  std::vector<std::string_view> out;
  for (const auto& row : capability_names()) out.push_back(row.word);
  return out;
}

void write_enabled(JsonWriter& json, std::string_view key, bool enabled) {
  json.key(key);
  json.begin_object();
  member(json, "enabled", enabled);
  json.end_object();
}

void write_cgroup(JsonWriter& json, const Features& features) {
  json.key("cgroup");
  json.begin_object();
  member(json, "v1", false);
  member(json, "v2", features.cgroup_v2);
  member(json, "systemd", features.systemd_cgroup);
  member(json, "systemdUser", features.systemd_cgroup);
  member(json, "rdma", features.cgroup_rdma);
  json.end_object();
}

void write_seccomp(JsonWriter& json, const SeccompFeatures& seccomp) {
  json.key("seccomp");
  json.begin_object();
  member(json, "enabled", seccomp.enabled);
  if (seccomp.enabled) {
    list(json, "actions", words_of<SeccompAction>());
    list(json, "operators", words_of<SeccompOperator>());
    list(json, "archs", seccomp.archs);
    list(json, "knownFlags", words_of<SeccompFlag>());
    list(json, "supportedFlags", seccomp.supported_flags);
  }
  json.end_object();
}

void write_linux(JsonWriter& json, const Features& features) {
  json.key("linux");
  json.begin_object();
  list(json, "namespaces", words_of<NamespaceType>());
  list(json, "capabilities", capability_words());
  write_cgroup(json, features);
  write_seccomp(json, features.seccomp);
  write_enabled(json, "apparmor", features.apparmor);
  write_enabled(json, "selinux", features.selinux);
  write_enabled(json, "intelRdt", features.intel_rdt);
  if (features.memory_policy) {
    json.key("memoryPolicy");
    json.begin_object();
    list(json, "modes", words_of<MemoryPolicyMode>());
    list(json, "flags", words_of<MemoryPolicyFlag>());
    json.end_object();
  }
  json.key("mountExtensions");
  json.begin_object();
  write_enabled(json, "idmap", features.idmapped_mounts);
  json.end_object();
  write_enabled(json, "netDevices", features.net_devices);
  json.end_object();
}

}  // namespace

std::string write_features(const Features& features) {
  JsonWriter json("    ");
  json.begin_object();
  json.key("ociVersionMin");
  json.text(kOldestVersion);
  json.key("ociVersionMax");
  json.text(kOciVersion);
  list(json, "hooks", words_of<HookStage>());
  list(json, "mountOptions", mount_words());
  write_linux(json, features);
  json.key("annotations");
  json.begin_object();
  for (const KeyValue& one : features.annotations) {
    json.key(one.key);
    json.text(one.value);
  }
  json.end_object();
  // No annotation of a config changes what this runtime does.
  list(json, "potentiallyUnsafeConfigAnnotations", std::vector<std::string_view>{});
  json.end_object();
  return json.take();
}

}  // namespace asylum::spec
