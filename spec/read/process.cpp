// SPDX-License-Identifier: Apache-2.0
// Reading `process`: a translation unit of its own, so that they compile side by side.
#include "spec/properties_process.h"
#include "spec/read/read.h"
#include "spec/read/reader.h"

namespace asylum::spec {

bool read_value(const JsonView& view, Process& out) {
  return read_object(view, out);
}

ProcessReading read_process(const Document& document) {
  ProcessReading reading;
  read_object(JsonView(document, reading.findings), reading.process);
  return reading;
}

}  // namespace asylum::spec
