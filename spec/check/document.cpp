// SPDX-License-Identifier: Apache-2.0
// Rules of the top level: version, root, hooks, annotations, and what must be there at all.
#include "runtime/base/text.h"
#include "spec/check/syntax.h"
#include "spec/check/validate.h"

namespace asylum::spec {
namespace {

constexpr std::uint64_t kNewestMinor = 3;

void version_is_known(const Spec& spec, const Report& report) {
  const auto version = parse_version(spec.oci_version);
  if (!version) {
    return report.error("/ociVersion",
                        cat("must be a version such as 1.3.0, found ", quote(spec.oci_version)));
  }
  if (version->major != 1) {
    return report.unsupported("/ociVersion",
                              cat("is ", quote(spec.oci_version), ", this runtime follows 1.x"));
  }
  if (version->minor > kNewestMinor) {
    report.warning("/ociVersion",
                   cat("is newer than 1.", kNewestMinor, ": what it added may have no effect"));
  }
}

void root_is_there(const Spec& spec, const Report& report) {
  if (!spec.root) return report.error("", "the key \"root\" is missing");
  if (spec.root->path.empty()) report.error("/root/path", "must not be empty");
}

void process_is_there(const Spec& spec, const Report& report) {
  if (!spec.process) report.error("", "the key \"process\" is missing");
}

struct Stage {
  std::string_view key;
  std::vector<Hook> Hooks::*hooks;
};

constexpr Stage kStages[] = {
    {"prestart", &Hooks::prestart},
    {"createRuntime", &Hooks::create_runtime},
    {"createContainer", &Hooks::create_container},
    {"startContainer", &Hooks::start_container},
    {"poststart", &Hooks::poststart},
    {"poststop", &Hooks::poststop},
};

template <typename Rule>
void for_each_hook(const Spec& spec, const Rule& rule) {
  for (const Stage& stage : kStages) {
    const auto& hooks = spec.hooks.*stage.hooks;
    for (std::size_t i = 0; i < hooks.size(); ++i)
      rule(hooks[i], cat("/hooks/", stage.key, "/", i));
  }
}

void hook_paths_are_absolute(const Spec& spec, const Report& report) {
  for_each_hook(spec, [&](const Hook& hook, const std::string& pointer) {
    if (!is_absolute(hook.path)) {
      report.error(cat(pointer, "/path"),
                   cat("must be an absolute path, found ", quote(hook.path)));
    }
  });
}

void hook_timeouts_are_positive(const Spec& spec, const Report& report) {
  for_each_hook(spec, [&](const Hook& hook, const std::string& pointer) {
    if (hook.timeout_s && *hook.timeout_s <= 0) {
      report.error(cat(pointer, "/timeout"), cat("must be greater than 0, found ", *hook.timeout_s),
                   "leave it out for no timeout");
    }
  });
}

void annotation_keys_are_not_empty(const Spec& spec, const Report& report) {
  for (const KeyValue& annotation : spec.annotations) {
    if (annotation.key.empty()) report.error("/annotations/", "a key must not be empty");
  }
}

constexpr Check<Spec> kChecks[] = {
    {"version.is_known", version_is_known},
    {"root.is_there", root_is_there},
    {"process.is_there", process_is_there},
    {"hooks.path_is_absolute", hook_paths_are_absolute},
    {"hooks.timeout_is_positive", hook_timeouts_are_positive},
    {"annotations.key_is_not_empty", annotation_keys_are_not_empty},
};

}  // namespace

std::span<const Check<Spec>> document_checks() {
  return kChecks;
}

}  // namespace asylum::spec
