// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/protect.h"

#include "runtime/base/step.h"
#include "runtime/sys/self_exec.h"

namespace asylum::cli {

void protect_this_program(const Arguments& arguments) {
  Step step{"protect the program's own file"};
  // Nothing is claimed of the container: the config is read after this, once, by the program that
  // goes on.
  sys::protect_own_executable({}, arguments.argv);
}

}  // namespace asylum::cli
