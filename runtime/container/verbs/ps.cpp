// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/verbs/ps.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/container/state/existing.h"
#include "runtime/sys/process/captured_child.h"

namespace asylum::container {
namespace {

constexpr std::size_t kLargestOutput = 64U << 20;

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  while (!(line = trim(line)).empty()) {
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    fields.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return fields;
}

std::string find_program(const std::string& name) {
  const char* path = ::getenv("PATH");
  // What execvp takes without PATH, and where distributions have it.
  for (const std::string_view directory : split(path != nullptr ? path : "/bin:/usr/bin", ':')) {
    std::string candidate = cat(directory.empty() ? "." : directory, "/", name);
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  throw Error(ErrorKind::not_found,
              cat("exec: ", quote(name), ": executable file not found in $PATH"))
      .with_hint("install procps, or ask for --format json");
}

std::string run_ps(std::vector<std::string> args) {
  const Step step{"run ps"};
  sys::CapturedRequest request;
  request.path = find_program(args.front());
  request.args = std::move(args);
  request.keep = kLargestOutput;
  sys::CapturedEnd end = sys::run_captured(request);
  const auto failure = sys::describe_failure(request, end);
  if (!failure) return std::move(end.output);
  const std::string_view words = trim(split(trim(end.errors), '\n').front());  // usage follows
  throw Error(ErrorKind::os,
              cat(quote(request.path), " ", *failure, words.empty() ? "" : ": ", words));
}

}  // namespace

std::vector<pid_t> processes(const Settings& settings, const std::string& id) {
  const Container container(settings, id);
  container.require_whole();
  if (container.status() == Status::stopped && !container.try_cgroup()) return {};
  std::vector<pid_t> pids = container.cgroup(" that would know its processes").pids();
  std::sort(pids.begin(), pids.end());
  return pids;
}

std::string lines_of(std::span<const pid_t> pids, std::string_view output) {
  const std::vector<std::string_view> lines = split(output, '\n');
  const std::vector<std::string_view> heading = fields_of(lines.front());
  const auto column = std::find(heading.begin(), heading.end(), "PID");
  if (column == heading.end()) {
    throw Error(ErrorKind::invalid_usage, "couldn't find PID field in ps output")
        .with_hint("choose ps options that show the column PID");
  }
  const auto index = static_cast<std::size_t>(column - heading.begin());
  std::string out = cat(lines.front(), "\n");
  for (const std::string_view line : std::span(lines).subspan(1)) {
    const std::vector<std::string_view> fields = fields_of(line);
    if (fields.size() <= index) continue;  // threads (-L) of ps have "-" there: no number either
    const std::optional<std::int64_t> pid = parse_i64(fields[index]);
    if (pid && std::binary_search(pids.begin(), pids.end(), *pid)) {
      out += cat(line, "\n");
    }
  }
  return out;
}

std::string process_table(const Settings& settings, const std::string& id,
                          std::vector<std::string> options) {
  const std::vector<pid_t> pids = processes(settings, id);
  if (options.empty()) options.emplace_back("-ef");
  options.insert(options.begin(), "ps");
  return lines_of(pids, run_ps(options));
}

}  // namespace asylum::container
