// SPDX-License-Identifier: Apache-2.0
// The lines of explain's text and its parts, by the place where they happen.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "runtime/base/oci_words.h"

namespace asylum::plan {

struct Plan;

/// Text in sections; a section without lines is not shown.
class Lines {
 public:
  void section(std::string_view title) { title_ = title; }

  /// `pointer` "" is a default of ours.
  void add(std::string_view what, std::string_view pointer) {
    if (!title_.empty()) {
      out_ += title_;
      out_ += '\n';
      title_.clear();
    }
    out_ += "  ";
    out_ += what;
    if (!pointer.empty()) {
      out_ += "  [";
      out_ += pointer;
      out_ += ']';
    }
    out_ += '\n';
  }

  std::string take() { return std::move(out_); }

 private:
  std::string title_;
  std::string out_;
};

void explain_host_side(const Plan& plan, Lines& lines);  // cgroup, clone, first hooks
void explain_root(const Plan& plan, Lines& lines);       // mounts to masked paths
void explain_process(const Plan& plan, Lines& lines);    // identity to execve
void explain_hooks(const Plan& plan, HookStage stage, Lines& lines);

}  // namespace asylum::plan
