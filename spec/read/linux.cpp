// SPDX-License-Identifier: Apache-2.0
// Reading `linux`: a translation unit of its own, so that they compile side by side.
#include "spec/properties_linux.h"
#include "spec/read/read.h"
#include "spec/read/reader.h"

namespace asylum::spec {

bool read_value(const JsonView& view, Linux& out) {
  return read_object(view, out);
}

}  // namespace asylum::spec
