// SPDX-License-Identifier: Apache-2.0
// asylum-runc explain
#include "runtime/base/error.h"
#include "runtime/cli/commands.h"

namespace asylum::cli {

int run_explain(const Arguments&) {
  throw Error(ErrorKind::internal, "explain is not linked yet");
}

}  // namespace asylum::cli
