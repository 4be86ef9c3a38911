// SPDX-License-Identifier: Apache-2.0
// The keys of `linux` but for resources and seccomp. See properties.h.
#pragma once

#include "spec/properties.h"

namespace asylum::spec {

template <typename Archive>
void describe(Archive& archive, Of<Namespace> auto& one) {
  archive.required("type", one.type);
  archive.member("path", one.path);
}

template <typename Archive>
void describe(Archive& archive, Of<TimeOffset> auto& offset) {
  archive.member("secs", offset.secs);
  archive.member("nanosecs", offset.nanosecs);
}

template <typename Archive>
void describe(Archive& archive, Of<TimeOffsets> auto& offsets) {
  archive.member("monotonic", offsets.monotonic);
  archive.member("boottime", offsets.boottime);
}

template <typename Archive>
void describe(Archive& archive, Of<Device> auto& device) {
  archive.required("path", device.path);
  archive.required("type", device.type);
  archive.member("major", device.major);
  archive.member("minor", device.minor);
  archive.member("fileMode", device.file_mode);
  archive.member("uid", device.uid);
  archive.member("gid", device.gid);
}

template <typename Archive>
void describe(Archive& archive, Of<NetDevice> auto& device) {
  archive.member("name", device.name);
}

template <typename Archive>
void describe(Archive& archive, Of<IntelRdt> auto& rdt) {
  archive.member("closID", rdt.clos_id);
  archive.member("schemata", rdt.schemata);
  archive.member("l3CacheSchema", rdt.l3_cache_schema);
  archive.member("memBwSchema", rdt.mem_bw_schema);
  archive.member("enableMonitoring", rdt.enable_monitoring);
}

template <typename Archive>
void describe(Archive& archive, Of<MemoryPolicy> auto& policy) {
  archive.required("mode", policy.mode);
  archive.member("nodes", policy.nodes);
  archive.member("flags", policy.flags);
}

template <typename Archive>
void describe(Archive& archive, Of<Personality> auto& personality) {
  archive.required("domain", personality.domain);
  archive.member("flags", personality.flags);
}

template <typename Archive>
void describe(Archive& archive, Of<Linux> auto& linux_section) {
  archive.member("uidMappings", linux_section.uid_mappings);
  archive.member("gidMappings", linux_section.gid_mappings);
  archive.member("sysctl", linux_section.sysctl);
  archive.member("resources", linux_section.resources);
  archive.member("cgroupsPath", linux_section.cgroups_path);
  archive.member("namespaces", linux_section.namespaces);
  archive.member("devices", linux_section.devices);
  archive.member("netDevices", linux_section.net_devices);
  archive.member("seccomp", linux_section.seccomp);
  archive.member("rootfsPropagation", linux_section.rootfs_propagation);
  archive.member("maskedPaths", linux_section.masked_paths);
  archive.member("readonlyPaths", linux_section.readonly_paths);
  archive.member("mountLabel", linux_section.mount_label);
  archive.member("intelRdt", linux_section.intel_rdt);
  archive.member("memoryPolicy", linux_section.memory_policy);
  archive.member("personality", linux_section.personality);
  archive.member("timeOffsets", linux_section.time_offsets);
}

}  // namespace asylum::spec
