// SPDX-License-Identifier: Apache-2.0
// What exec executes. Pure but for reading --process.
#include "runtime/container/exec/exec_process.h"

#include <fcntl.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/container/exec/exec.h"
#include "runtime/container/host/bundle.h"
#include "runtime/container/host/document_file.h"
#include "runtime/sys/file.h"
#include "spec/check/syntax.h"
#include "spec/check/validate.h"
#include "spec/read/read.h"

namespace asylum::container {
namespace {

std::uint32_t parse_id(std::string_view text, std::string_view whole) {
  const auto number = parse_u64(text);
  // The last number is (uid_t)-1, which the kernel takes for "unchanged".
  if (number && *number < std::numeric_limits<std::uint32_t>::max()) {
    return static_cast<std::uint32_t>(*number);
  }
  throw Error(ErrorKind::invalid_usage, cat("not a user: ", quote(whole)))
      .with_hint("write --user UID or UID:GID, in numbers");
}

// A file of its own: the pointers of its findings are of that file, not of the container's config.
spec::Process read_process_file(const std::string& path) {
  Step step{cat("read the process of ", quote(path))};
  const spec::Document document = read_document_file(path);
  spec::ProcessReading reading = spec::read_process(document);
  std::vector<Finding> findings = std::move(reading.findings);
  if (!spec::has_errors(findings)) {
    for (Finding& one : spec::validate(reading.process, "")) findings.push_back(std::move(one));
  }
  try {
    settle_findings(std::move(findings), document);
  } catch (Error& error) {
    error.document = path;
    throw;
  }
  return std::move(reading.process);
}

// By their number: what has no name may be a secret whole.
void add_variables(std::vector<std::string>& env, const std::vector<std::string>& added) {
  for (std::size_t i = 0; i < added.size(); ++i) {
    const std::string_view fault = spec::fault_of_variable(added[i]);
    if (fault.empty()) continue;
    throw Error(ErrorKind::invalid_usage,
                cat("--env (number ", i + 1, "): must be NAME=value, ", fault))
        .with_hint("a variable of the caller is not taken over: give its value");
  }
  env.insert(env.end(), added.begin(), added.end());
}

void add(std::vector<std::string>& set, const std::string& capability) {
  if (std::find(set.begin(), set.end(), capability) == set.end()) set.push_back(capability);
}

// Never inheritable, and ambient only where the config has inheritable ones (CVE-2022-29162).
void add_capability(spec::Capabilities& sets, const std::string& capability) {
  add(sets.bounding, capability);
  add(sets.effective, capability);
  add(sets.permitted, capability);
  const auto& inheritable = sets.inheritable;
  if (std::find(inheritable.begin(), inheritable.end(), capability) != inheritable.end()) {
    add(sets.ambient, capability);
  }
}

void change_user(spec::User& user, const ExecOptions& options) {
  if (!options.user.empty()) {
    const UserAndGroup parsed = parse_user(options.user);
    user.uid = parsed.uid;
    if (parsed.gid) user.gid = *parsed.gid;
  }
  user.additional_gids.insert(user.additional_gids.end(), options.additional_gids.begin(),
                              options.additional_gids.end());
}

}  // namespace

UserAndGroup parse_user(std::string_view text) {
  const std::size_t colon = text.find(':');
  UserAndGroup out{parse_id(text.substr(0, colon), text), std::nullopt};
  if (colon != std::string_view::npos) out.gid = parse_id(text.substr(colon + 1), text);
  return out;
}

spec::Process process_to_execute(const spec::Spec& container, const ExecOptions& options) {
  if (!options.process_file.empty()) return read_process_file(options.process_file);
  spec::Process process = container.process.value_or(spec::Process{});
  process.args = options.args;
  process.terminal = options.tty;
  if (!options.cwd.empty()) process.cwd = options.cwd;
  if (process.cwd.empty()) process.cwd = "/";
  if (!process.cwd.starts_with('/')) {
    throw Error(ErrorKind::invalid_usage,
                cat("Cwd must be an absolute path: ", quote(process.cwd)));
  }
  add_variables(process.env, options.env);
  change_user(process.user, options);
  for (const std::string& capability : options.capabilities) {
    if (!process.capabilities) process.capabilities.emplace();
    add_capability(*process.capabilities, capability);
  }
  if (!options.apparmor_profile.empty()) process.apparmor_profile = options.apparmor_profile;
  if (!options.process_label.empty()) process.selinux_label = options.process_label;
  process.no_new_privileges = process.no_new_privileges || options.no_new_privileges;
  return process;
}

}  // namespace asylum::container
