// SPDX-License-Identifier: Apache-2.0
#include "spec/validate.h"

namespace asylum::spec {
std::span<const Check> checks() {
  return {};
}
std::vector<Finding> validate(const Spec&) {
  return {};
}
}  // namespace asylum::spec
