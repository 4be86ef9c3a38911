// SPDX-License-Identifier: Apache-2.0
// The rules that need nothing but the document, as lists of named checks. What needs the host is
// plan's.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"
#include "spec/spec.h"

namespace asylum::spec {

/// All checks, all findings.
std::vector<Finding> validate(const Spec& spec);
/// The rules of one object alone: `linux.resources` (update), `process` (exec). `prefix` leads each
/// pointer.
std::vector<Finding> validate(const Resources& resources, std::string prefix);
std::vector<Finding> validate(const Process& process, std::string prefix);
/// The rules of /mounts (`mounts add`): what other checks find there counts too.
std::vector<Finding> validate_mounts(const Spec& spec);

/// Where checks put what they find; pointers are relative to the object checked.
class Report {
 public:
  Report(std::vector<Finding>& findings, std::string prefix)
      : findings_(findings), prefix_(std::move(prefix)) {}
  void error(std::string_view pointer, std::string text, std::string hint = {}) const;
  void warning(std::string_view pointer, std::string text, std::string hint = {}) const;
  void unsupported(std::string_view pointer, std::string text, std::string hint = {}) const;

 private:
  std::vector<Finding>& findings_;
  std::string prefix_;
};

template <typename Object>
struct Check {
  std::string_view name;  // "namespaces.unique"; tests are found by it
  void (*run)(const Object& object, const Report& report);
};

/// Of the whole document: document.cpp, namespaces.cpp, mounts.cpp, linux.cpp, seccomp.cpp.
std::span<const Check<Spec>> document_checks();
std::span<const Check<Spec>> namespace_checks();
std::span<const Check<Spec>> mount_checks();
std::span<const Check<Spec>> linux_checks();
std::span<const Check<Spec>> seccomp_checks();
/// Of one object, which `exec` and `update` read alone: process.cpp, resources.cpp.
std::span<const Check<Process>> process_checks();
std::span<const Check<Resources>> resource_checks();

}  // namespace asylum::spec
