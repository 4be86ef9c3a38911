// SPDX-License-Identifier: Apache-2.0
// Reading `seccomp`: a translation unit of its own, so that they compile side by side.
#include "spec/properties_seccomp.h"
#include "spec/read/read.h"
#include "spec/read/reader.h"

namespace asylum::spec {

bool read_value(const JsonView& view, Seccomp& out) {
  return read_object(view, out);
}

}  // namespace asylum::spec
