// SPDX-License-Identifier: Apache-2.0
// Parts of a plan as words, the same in explain's text and JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/oci_words.h"
#include "runtime/plan/types/cgroup.h"
#include "runtime/plan/types/id_mapping.h"
#include "runtime/plan/types/root.h"

namespace asylum::plan {

/// "filesystem", "bind", "remount", "cgroup".
std::string_view name_of(MountKind kind);
std::string_view name_of(RootIs is);

/// The attribute bits that are set, in the words and the order of mountinfo: "ro", "nosuid",
/// "noatime"... `set_atime`: the mode is decided here, so relatime, which is no bit, is said too.
std::vector<std::string> attribute_words(std::uint64_t bits, bool set_atime);
/// Of a mount as mountinfo will show them: of a new file system all ("rw" included), of a bind only
/// what is changed.
std::vector<std::string> attribute_words(const Mount& mount);
/// The bits a bind or remount takes away: "rw", "suid", "dev", "exec", "diratime", "symfollow".
std::vector<std::string> cleared_words(const AttributeChange& change);

/// "mode=755", or "sync" for a flag.
std::string text_of(const FsParameter& parameter);
/// "rslave".
std::string text_of(const PropagationChange& change);
/// "0 100000 65536": one line of uid_map.
std::string text_of(const IdMapping& mapping);
/// Each as such a text.
template <typename One>
std::vector<std::string> texts_of(const std::vector<One>& list) {
  std::vector<std::string> out;
  out.reserve(list.size());
  for (const One& one : list) out.push_back(text_of(one));
  return out;
}
inline constexpr auto& lines_of = texts_of<IdMapping>;
/// Where each parameter comes from.
std::vector<std::string> pointers_of(const std::vector<FsParameter>& parameters);
/// 16 hexadecimal digits each, so that equal programs are seen to be equal.
std::vector<std::string> instruction_words(const std::vector<BpfInstruction>& program);
/// "c 1:3".
std::string numbers_of(const DeviceNode& node);
/// "0755".
std::string octal(std::uint32_t mode);
/// "hard limit" as number or "unlimited".
std::string limit_words(std::uint64_t value);

}  // namespace asylum::plan
