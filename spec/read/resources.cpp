// SPDX-License-Identifier: Apache-2.0
// Reading `resources`: a translation unit of its own, so that they compile side by side.
#include "spec/properties_resources.h"
#include "spec/read/read.h"
#include "spec/read/reader.h"

namespace asylum::spec {

bool read_value(const JsonView& view, Resources& out) {
  return read_object(view, out);
}

ResourcesReading read_resources(const Document& document) {
  ResourcesReading reading;
  read_object(JsonView(document, reading.findings), reading.resources);
  return reading;
}

}  // namespace asylum::spec
