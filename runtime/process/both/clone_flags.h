// SPDX-License-Identifier: Apache-2.0
// Which CLONE_NEW* flags a plan's namespaces are. Pure.
#pragma once

#include <cstdint>

namespace asylum::plan {
struct Plan;
}

namespace asylum::process {

/// Of all namespaces that the one clone3 makes: the new ones, but a time namespace with offsets,
/// which init makes.
std::uint64_t clone_flags_of(const plan::Plan& plan);

}  // namespace asylum::process
