// SPDX-License-Identifier: Apache-2.0
// The words of a plan as the kernel's numbers. Pure.
#pragma once

#include <cstdint>

#include "runtime/plan/types/plan.h"

namespace asylum::process {

/// MS_PRIVATE and so on.
std::uint64_t propagation_flag(plan::Propagation propagation);

/// CLONE_NEWUSER and so on.
std::uint64_t clone_flag_of(plan::NamespaceType type);

/// Of all namespaces that the one clone3 makes: the new ones, but a time namespace with offsets,
/// which init makes.
std::uint64_t clone_flags_of(const plan::Plan& plan);

}  // namespace asylum::process
