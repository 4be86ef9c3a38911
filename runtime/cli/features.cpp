// SPDX-License-Identifier: Apache-2.0
// asylum-runc features
#include "runtime/container/features.h"

#include "runtime/cli/commands.h"
#include "runtime/cli/output.h"

namespace asylum::cli {

int run_features(const Arguments&) {
  print(spec::write_features(container::features()) + "\n");
  return 0;
}

}  // namespace asylum::cli
