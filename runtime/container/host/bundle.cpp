// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/host/bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <memory>
#include <utility>

#include "runtime/base/log.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "spec/json/find.h"
#include "spec/read/read.h"

namespace asylum::container {
namespace {

std::string path_of_config(const std::string& directory, const std::string& config_file) {
  if (config_file.empty()) return cat(directory, "/config.json");
  return absolute_path(config_file);
}

std::string read_config(const std::string& path) {
  const auto file = sys::try_open_at(AT_FDCWD, path, O_RDONLY);
  if (!file) {
    const std::string name = path.substr(path.rfind('/') + 1);
    throw Error(ErrorKind::not_found,
                cat("JSON specification file ", name, " not found: open ", quote(path)))
        .because_of("openat", ENOENT)
        .with_hint(
            "make one with `asylum-runc spec --bundle DIR`, or name the bundle with --bundle");
  }
  return sys::read_all(file->get(), spec::kLargestDocument);
}

}  // namespace

std::string absolute_path(std::string_view path) {
  if (path.starts_with('/')) return clean_path(path);
  const std::unique_ptr<char, decltype(&::free)> here(::getcwd(nullptr, 0), &::free);
  if (here == nullptr) throw_os("getcwd", errno, "find the current directory");
  return clean_path(cat(here.get(), '/', path));
}

void locate_error(Error& error, const spec::Document& document) {
  if (error.pointer.empty() || error.line != 0) return;
  const spec::Position position = spec::locate(document, error.pointer);
  error.line = position.line;
  error.column = position.column;
}

void settle_findings(std::vector<Finding> findings, const spec::Document& document) {
  if (spec::has_errors(findings)) {
    Error error = Error::from_findings(std::move(findings));
    locate_error(error, document);
    throw Error(std::move(error));
  }
  for (const Finding& finding : findings) {
    const std::string& hint = finding.hint;
    log::warning(hint.empty() ? finding.text : cat(finding.text, " (", hint, ")"), finding.pointer);
  }
}

Bundle read_bundle(const std::string& directory, const std::string& config_file) {
  Bundle bundle;
  bundle.directory = absolute_path(directory);
  const std::string path = path_of_config(bundle.directory, config_file);
  std::string text = read_config(path);
  {
    Step step(cat("read ", quote(path)));  // a syntax error has no pointer that would name the file
    bundle.document = spec::parse_document(std::move(text));
  }
  spec::Reading reading = spec::read_and_validate(bundle.document);
  if (spec::has_errors(reading.findings)) {
    settle_findings(std::move(reading.findings), bundle.document);
  }
  bundle.warnings = std::move(reading.findings);
  bundle.spec = std::move(reading.spec);
  return bundle;
}

}  // namespace asylum::container
