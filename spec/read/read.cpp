// SPDX-License-Identifier: Apache-2.0
#include "spec/read/read.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "spec/check/validate.h"
#include "spec/read/reader.h"

namespace asylum::spec {
namespace {

// Values that could not be read, for questions about what is, or is inside, one of them.
class Unread {
 public:
  explicit Unread(const std::vector<Finding>& findings) {
    for (const Finding& one : findings) {
      if (one.severity == Severity::error) pointers_.insert(one.pointer);
    }
  }

  /// What validate says of such a value is about a default, not about the document.
  bool explains(std::string_view pointer) const {
    if (pointers_.contains(pointer)) return true;
    if (pointer.empty()) return false;  // of the document as a whole it says what it says
    for (std::size_t end = pointer.rfind('/'); end != 0 && end != std::string_view::npos;
         end = pointer.substr(0, end).rfind('/')) {
      if (pointers_.contains(pointer.substr(0, end))) return true;
    }
    const std::string inside = cat(pointer, "/");
    const auto next = pointers_.lower_bound(inside);
    return next != pointers_.end() && next->starts_with(inside);
  }

 private:
  std::set<std::string_view> pointers_;
};

}  // namespace

Reading read(const Document& document) {
  Reading reading;
  read_object(JsonView(document, reading.findings), reading.spec);
  return reading;
}

MountsReading read_mounts(const Document& document) {
  MountsReading reading;
  read_value(JsonView(document, reading.findings), reading.mounts);
  return reading;
}

Reading read_and_validate(const Document& document) {
  Reading reading = read(document);
  std::vector<Finding> further = validate(reading.spec);
  const Unread unread(reading.findings);
  std::erase_if(further, [&](const Finding& finding) { return unread.explains(finding.pointer); });
  std::move(further.begin(), further.end(), std::back_inserter(reading.findings));
  return reading;
}

bool has_errors(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.severity == Severity::error; });
}

}  // namespace asylum::spec
