// SPDX-License-Identifier: Apache-2.0
// Collects what plan has to say; the parts share one, so that all of it is said in one pass.
// What the document alone tells is validate's (spec/check/validate.h) and is not said twice: here such a
// value is left out of the plan in silence, so that a config which was not validated is no danger,
// only worse explained.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "runtime/base/error.h"

namespace asylum::plan {

class Findings {
 public:
  void error(std::string pointer, std::string text, std::string hint = {},
             ErrorKind kind = ErrorKind::invalid_config) {
    all_.push_back({Severity::error, std::move(pointer), std::move(text), std::move(hint), kind});
  }

  /// Right by the specification, but this host or this version cannot do it.
  void unsupported(std::string pointer, std::string text, std::string hint = {}) {
    error(std::move(pointer), std::move(text), std::move(hint), ErrorKind::unsupported);
  }

  void warning(std::string pointer, std::string text, std::string hint = {}) {
    all_.push_back({Severity::warning, std::move(pointer), std::move(text), std::move(hint),
                    ErrorKind::unsupported});
  }

  bool any_error() const {
    for (const Finding& one : all_) {
      if (one.severity == Severity::error) return true;
    }
    return false;
  }

  std::vector<Finding> take() { return std::move(all_); }
  const std::vector<Finding>& all() const { return all_; }

 private:
  std::vector<Finding> all_;
};

}  // namespace asylum::plan
