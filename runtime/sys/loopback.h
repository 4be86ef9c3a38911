// SPDX-License-Identifier: Apache-2.0
// The one network device that a new network namespace has.
#pragma once

namespace asylum::sys {

/// Brings `lo` of the current network namespace up. Throws.
void bring_loopback_up();

}  // namespace asylum::sys
