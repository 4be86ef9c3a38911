// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/version.h"

#include <seccomp.h>

#include "runtime/base/text.h"
#include "spec/state.h"

namespace asylum::cli {
namespace {

#ifdef ASYLUM_COMMIT
constexpr const char* kCommit = ASYLUM_COMMIT;  // cmake/version.cmake
#else
constexpr const char* kCommit = "";
#endif

}  // namespace

std::string version_text() {
  std::string out = cat("asylum-runc version ", ASYLUM_VERSION, "\n");
  if (*kCommit != '\0') out += cat("commit: ", kCommit, "\n");
  out += cat("spec: ", spec::kOciVersion, "\n");
  // Linked statically, so the header's version is the library's.
  return out + cat("libseccomp: ", SCMP_VER_MAJOR, ".", SCMP_VER_MINOR, ".", SCMP_VER_MICRO, "\n");
}

}  // namespace asylum::cli
