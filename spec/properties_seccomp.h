// SPDX-License-Identifier: Apache-2.0
// The keys of `linux.seccomp`. See properties.h.
#pragma once

#include "spec/properties.h"

namespace asylum::spec {

template <typename Archive>
void describe(Archive& archive, Of<SyscallArgument> auto& argument) {
  archive.required("index", argument.index);
  archive.required("value", argument.value);
  archive.member("valueTwo", argument.value_two);
  archive.required("op", argument.op);
}

template <typename Archive>
void describe(Archive& archive, Of<SyscallRule> auto& rule) {
  archive.required("names", rule.names);
  archive.required("action", rule.action);
  archive.member("errnoRet", rule.errno_ret);
  archive.member("args", rule.args);
}

template <typename Archive>
void describe(Archive& archive, Of<Seccomp> auto& seccomp) {
  archive.required("defaultAction", seccomp.default_action);
  archive.member("defaultErrnoRet", seccomp.default_errno_ret);
  archive.member("architectures", seccomp.architectures);
  archive.member("flags", seccomp.flags);
  archive.member("listenerPath", seccomp.listener_path);
  archive.member("listenerMetadata", seccomp.listener_metadata);
  archive.member("syscalls", seccomp.syscalls);
}

}  // namespace asylum::spec
