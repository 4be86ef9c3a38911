// SPDX-License-Identifier: Apache-2.0
// A bundle: a directory with a config.json in it. Source: runtime-spec bundle.md.
#pragma once

#include <string>
#include <vector>

#include "runtime/base/error.h"
#include "spec/json/tree.h"
#include "spec/spec.h"

namespace asylum::container {

struct Bundle {
  std::string directory;  // absolute
  spec::Document document;
  spec::Spec spec;
  std::vector<Finding> warnings;  // not said yet
};

/// Reads and validates. `config_file`: "" = config.json in the directory. Throws not_found: "JSON
/// specification file config.json not found"; or all errors of the document in one Error, with line
/// and column.
Bundle read_bundle(const std::string& directory, const std::string& config_file);

/// Throws what has errors among them, else warns. Returns normally only if none is an error.
void settle_findings(std::vector<Finding> findings, const spec::Document& document);

/// Fills line and column of an Error that points into the document and has none.
void locate_error(Error& error, const spec::Document& document);

/// `path` made absolute by the current directory, lexically clean.
std::string absolute_path(std::string_view path);

}  // namespace asylum::container
