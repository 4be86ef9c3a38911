// SPDX-License-Identifier: Apache-2.0
// Document → Spec: types, ranges and words of every property, all findings in one pass. What needs
// two properties at once is validate.h's.
#pragma once

#include <string>
#include <vector>

#include "runtime/base/error.h"
#include "spec/json/tree.h"
#include "spec/spec.h"

namespace asylum::spec {

struct Reading {
  Spec spec;  // complete only if no finding is an error
  std::vector<Finding> findings;
};

/// A wrong value is a finding and leaves its default. A member that is null counts as absent, as in
/// every runtime written in Go, whose engines write it. An unknown key is kept and warned of.
Reading read(const Document& document);

/// read() and then validate(), without those findings of validate() that only follow from a value
/// that was not read.
Reading read_and_validate(const Document& document);

/// `linux.resources` alone, as `update --resources` gets it. Pointers begin at this object.
struct ResourcesReading {
  Resources resources;
  std::vector<Finding> findings;
};
ResourcesReading read_resources(const Document& document);

/// `process` alone, as `exec --process` gets it. Pointers begin at this object.
struct ProcessReading {
  Process process;
  std::vector<Finding> findings;
};
ProcessReading read_process(const Document& document);

/// An array of mounts alone, as `mounts add` gets it. Pointers begin at this array.
struct MountsReading {
  std::vector<Mount> mounts;
  std::vector<Finding> findings;
};
MountsReading read_mounts(const Document& document);

bool has_errors(const std::vector<Finding>& findings);

}  // namespace asylum::spec
