// SPDX-License-Identifier: Apache-2.0
// The documents beside a config that a command is given: resources, mounts, a process.
#pragma once

#include <string>

#include "spec/json/tree.h"

namespace asylum::container {

/// `file`: a path, or "-" for standard input. Throws; of at most spec::kLargestDocument bytes.
spec::Document read_document_file(const std::string& file);

}  // namespace asylum::container
