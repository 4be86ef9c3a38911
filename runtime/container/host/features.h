// SPDX-License-Identifier: Apache-2.0
// What this build on this kernel can do, for engines that ask before they rely on it.
#pragma once

#include "spec/features.h"

namespace asylum::container {

/// Nothing that create would refuse is promised: the answers come from the list of refusals.
spec::Features features();

}  // namespace asylum::container
