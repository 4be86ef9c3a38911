// SPDX-License-Identifier: Apache-2.0
#include "tests/spec/support.h"

#include "runtime/base/text.h"

namespace asylum::spec {

std::string data_path(std::string_view name) {
  return cat(ASYLUM_TEST_DATA, "/", name);
}

}  // namespace asylum::spec
