// SPDX-License-Identifier: Apache-2.0
// Which key of config.json is which member: said once, for the reader and the writer alike.
//
// describe(archive, value) names the keys of one object, in the order in which they are written:
//   required  missing is an error, always written
//   always    may be missing, always written
//   member    left out when it equals its absence
//   group     an object without a struct of its own
//   foreign   another platform's key: kept in `unknown` without a warning
// The archives are ObjectReader (reader.h) and ObjectWriter (writer.h); `if constexpr
// (Archive::reading)` marks what is derived after reading.
#pragma once

#include <concepts>
#include <string>
#include <type_traits>

#include "spec/spec.h"

namespace asylum::spec {

template <typename Value, typename Struct>
concept Of = std::same_as<std::remove_const_t<Value>, Struct>;

/// Objects whose keys are names ("netDevices", "rdma") are vectors of structs that carry their key.
inline std::string& key_of(NetDevice& device) {
  return device.host_name;
}
inline std::string& key_of(RdmaLimit& limit) {
  return limit.device;
}
inline const std::string& key_of(const NetDevice& device) {
  return device.host_name;
}
inline const std::string& key_of(const RdmaLimit& limit) {
  return limit.device;
}

template <typename Archive>
void describe(Archive& archive, Of<IdMapping> auto& mapping) {
  archive.required("containerID", mapping.container_id);
  archive.required("hostID", mapping.host_id);
  archive.required("size", mapping.size);
}

template <typename Archive>
void describe(Archive& archive, Of<Root> auto& root) {
  archive.required("path", root.path);
  archive.member("readonly", root.readonly);
}

template <typename Archive>
void describe(Archive& archive, Of<Mount> auto& mount) {
  archive.required("destination", mount.destination);
  archive.member("type", mount.type);
  archive.member("source", mount.source);
  archive.member("options", mount.options);
  archive.member("uidMappings", mount.uid_mappings);
  archive.member("gidMappings", mount.gid_mappings);
  if constexpr (Archive::reading) mount.parsed = parse_mount_options(mount.options);
}

template <typename Archive>
void describe(Archive& archive, Of<Hook> auto& hook) {
  archive.required("path", hook.path);
  archive.member("args", hook.args);
  archive.member("env", hook.env);
  archive.member("timeout", hook.timeout_s);
}

template <typename Archive>
void describe(Archive& archive, Of<Hooks> auto& hooks) {
  archive.member("prestart", hooks.prestart);
  archive.member("createRuntime", hooks.create_runtime);
  archive.member("createContainer", hooks.create_container);
  archive.member("startContainer", hooks.start_container);
  archive.member("poststart", hooks.poststart);
  archive.member("poststop", hooks.poststop);
}

template <typename Archive>
void describe(Archive& archive, Of<Spec> auto& spec) {
  archive.required("ociVersion", spec.oci_version);
  archive.member("process", spec.process);
  archive.member("root", spec.root);
  archive.member("hostname", spec.hostname);
  archive.member("domainname", spec.domainname);
  archive.member("mounts", spec.mounts);
  archive.member("hooks", spec.hooks);
  archive.member("annotations", spec.annotations);
  archive.member("linux", spec.linux);
  for (const char* platform : {"solaris", "windows", "vm", "zos", "freebsd"}) {
    archive.platform(platform, spec.other_platforms);
  }
}

}  // namespace asylum::spec
