// SPDX-License-Identifier: Apache-2.0
#include "spec/check/validate.h"

#include "runtime/base/text.h"

namespace asylum::spec {
namespace {

template <typename Object>
void run(std::span<const Check<Object>> checks, const Object& object, const Report& report) {
  for (const Check<Object>& check : checks) check.run(object, report);
}

}  // namespace

void Report::error(std::string_view pointer, std::string text, std::string hint) const {
  findings_.push_back({Severity::error, cat(prefix_, pointer), std::move(text), std::move(hint),
                       ErrorKind::invalid_config});
}

void Report::warning(std::string_view pointer, std::string text, std::string hint) const {
  findings_.push_back({Severity::warning, cat(prefix_, pointer), std::move(text), std::move(hint),
                       ErrorKind::invalid_config});
}

void Report::unsupported(std::string_view pointer, std::string text, std::string hint) const {
  findings_.push_back({Severity::error, cat(prefix_, pointer), std::move(text), std::move(hint),
                       ErrorKind::unsupported});
}

std::vector<Finding> validate(const Process& process, std::string prefix) {
  std::vector<Finding> findings;
  run(process_checks(), process, Report(findings, std::move(prefix)));
  return findings;
}

std::vector<Finding> validate(const Resources& resources, std::string prefix) {
  std::vector<Finding> findings;
  run(resource_checks(), resources, Report(findings, std::move(prefix)));
  return findings;
}

std::vector<Finding> validate(const Spec& spec) {
  std::vector<Finding> findings;
  const Report report(findings, {});
  for (const auto& checks :
       {document_checks(), namespace_checks(), mount_checks(), linux_checks(), seccomp_checks()}) {
    run(checks, spec, report);
  }
  if (spec.process) run(process_checks(), *spec.process, Report(findings, "/process"));
  run(resource_checks(), spec.linux.resources, Report(findings, "/linux/resources"));
  return findings;
}

std::vector<Finding> validate_mounts(const Spec& spec) {
  std::vector<Finding> findings = validate(spec);
  std::erase_if(findings, [](const Finding& one) { return !one.pointer.starts_with("/mounts/"); });
  return findings;
}

}  // namespace asylum::spec
