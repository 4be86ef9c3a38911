// SPDX-License-Identifier: Apache-2.0
// The rules that need nothing but the document, as a list of named checks. What needs the host is
// plan's.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"
#include "spec/spec.h"

namespace asylum::spec {

struct Check {
  std::string_view name;  // "namespaces.unique"
  void (*run)(const Spec& spec, std::vector<Finding>& findings);
};

std::span<const Check> checks();

/// All checks, all findings.
std::vector<Finding> validate(const Spec& spec);

/// The rules of `linux.resources` alone (update); `pointer` is put in front of each finding's.
std::vector<Finding> validate(const Resources& resources, std::string_view pointer);

/// The rules of `process` alone (exec).
std::vector<Finding> validate(const Process& process, std::string_view pointer);

}  // namespace asylum::spec
