// SPDX-License-Identifier: Apache-2.0
// Plan: the whole untrusted path of a config.json (bytes → read → validate → make_plan → explain,
// with fixed facts and without a system call), and what update compares with the files of a cgroup.
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/plan/explain/host_facts_json.h"
#include "runtime/plan/explain/json.h"
#include "runtime/plan/explain/text.h"
#include "runtime/plan/make_plan.h"
#include "runtime/plan/mount_parameters.h"
#include "runtime/plan/process_plan.h"
#include "runtime/plan/resources/resource_update.h"
#include "runtime/plan/types/cgroup.h"
#include "runtime/plan/types/root.h"
#include "spec/check/syntax.h"
#include "spec/read/read.h"
#include "spec/write.h"
#include "tests/fuzz/document.h"
#include "tests/fuzz/reader.h"

namespace asylum::fuzz {
namespace {

constexpr std::size_t kHosts = 3;

plan::HostFacts facts_of(std::size_t host) {
  plan::HostFacts facts;
  facts.host = "fuzz";
  facts.cgroup = {"/sys/fs/cgroup", "/a/b", {"cpu", "memory", "pids", "io"}, {}};
  if (host == 1) facts.cgroup.legacy = {{"memory", "/sys/fs/cgroup/memory"}};
  if (host == 2) {
    facts.euid = facts.egid = 1000;
    facts.rootless = true;
    facts.effective_capabilities = 0;
    facts.subuids = facts.subgids = {{100000, 65536}};
    facts.has_newuidmap = true;
  }
  return facts;
}

void plan_for(const spec::Spec& spec, std::size_t host) {
  const plan::HostFacts facts = facts_of(host);
  plan::Request request;
  request.id = "fuzz";
  request.bundle = "/bundle";
  const plan::Planning planning = plan::make_plan(spec, facts, request);
  explain_text(planning, facts);
  // Our own JSON must be JSON, whatever bytes the config had.
  spec::parse_document(explain_json(planning, facts));
}

void check_config(Input input) {
  const auto document = try_document(input.rest());
  if (!document) return;
  const spec::Reading reading = spec::read_and_validate(*document);
  // One kind of host an input, as its length says: three times as many inputs.
  for (std::size_t host = 0; host < kHosts; ++host) {
    if (is_replay() || input.rest().size() % kHosts == host) plan_for(reading.spec, host);
  }
  if (spec::has_errors(reading.findings)) return;
  const spec::Reading again = spec::read(spec::parse_document(spec::write(reading.spec)));
  require(again.spec == reading.spec, "a config is read back as it was");
}

void check_host_facts(Input input) {
  try {
    const std::string written = plan::write_host_facts(plan::read_host_facts(input.rest()));
    require(plan::write_host_facts(plan::read_host_facts(written)) == written,
            "facts are read back as they were");
  } catch (const Error& error) {
    require(error.kind == ErrorKind::invalid_config, "wrong facts are the document's fault");
  }
}

std::optional<spec::Resources> try_resources(std::string_view text) {
  const auto document = try_document(text);
  if (!document) return std::nullopt;
  spec::ResourcesReading reading = spec::read_resources(*document);
  if (spec::has_errors(reading.findings)) return std::nullopt;
  return std::move(reading.resources);
}

// Two documents on a line each: what the container has, and what is asked for.
void check_update(Input input) {
  const auto old = try_resources(input.line());
  const auto change = try_resources(input.rest());
  if (!old || !change) return;
  require(plan::merge_resources(*old, {}) == *old, "no change changes nothing");
  const spec::Resources merged = plan::merge_resources(*old, *change);
  require(plan::merge_resources(merged, *change) == merged, "a change twice is the change");
  plan::Findings findings;
  const plan::ResourceUpdate update = plan::plan_update(*old, *change, findings);
  for (const plan::ControlWrite& write : update.writes) {
    require(!write.file.empty() && !write.value.empty(), "a write has a file and a value");
    require(plan::difference(write, write.value).empty(), "a file that says so does not differ");
  }
}

// A control file, its text, and a write to it.
void check_control_file(Input input) {
  constexpr std::string_view kFiles[] = {"memory.max", "cpuset.cpus", "io.max", "io.weight",
                                         "io.bfq.weight"};
  plan::ControlWrite write;
  write.file = kFiles[input.below(std::size(kFiles))];
  write.value = cat(input.number<std::uint8_t>(), ':', input.number<std::uint8_t>(),
                    " rbps=", input.number<std::uint16_t>(), input.flag() ? " wiops=max" : "");
  if (!write.file.starts_with("io.")) write.value = cat(input.number<std::uint16_t>());
  const std::string_view text = input.rest();
  plan::difference(write, text);
  for (std::string& back : plan::restoring_texts(write, text)) {
    // A line without a value is none of the kernel's; a removal leaves no line to compare.
    const bool is_value = !write.file.starts_with("io.") || back.find(' ') != std::string::npos;
    const bool is_removal = back.ends_with(" default") || back.find("=max") != std::string::npos;
    write.value = std::move(back);
    require(!is_value || is_removal || plan::difference(write, text).empty(),
            "what puts a file back does not differ from it");
  }
}

void check_number_list(Input input) {
  const std::vector<std::uint32_t> numbers = plan::parse_number_list(input.rest());
  std::string written;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    require(numbers[i] <= 65535 && (i == 0 || numbers[i - 1] < numbers[i]),
            "a list is sorted, each number once");
    written += cat(i == 0 ? "" : ",", numbers[i]);
  }
  if (numbers.size() <= 256) {
    require(plan::parse_number_list(written) == numbers, "a list is read back as it was");
  }
}

void check_mount_data(Input input) {
  spec::Mount mount;
  mount.parsed.data.push_back({0, std::string(input.rest())});
  std::vector<plan::FsParameter> parameters;
  plan::add_data(mount, "/mounts/0", parameters);
  std::string rebuilt;
  for (const plan::FsParameter& one : parameters) {
    require(one.pointer == "/mounts/0/options/0", "a parameter knows its word");
    rebuilt +=
        cat(rebuilt.empty() ? "" : ",", one.key, one.value ? "=" : "", one.value.value_or(""));
  }
  if (input.rest().find_first_of("\"\\") != std::string_view::npos) {
    require(rebuilt.size() <= input.rest().size(), "nothing is added to the words");
    return;
  }
  std::string expected;
  for (const std::string_view word : split(input.rest(), ',')) {
    if (!word.empty()) expected += cat(expected.empty() ? "" : ",", word);
  }
  require(rebuilt == expected, "each word between commas is a parameter");
}

constexpr Reader kReaders[] = {
    {"config", check_config},           {"host-facts", check_host_facts},
    {"update", check_update},           {"control-file", check_control_file},
    {"number-list", check_number_list}, {"mount-data", check_mount_data},
};

}  // namespace

std::span<const Reader> readers() {
  return kReaders;
}

}  // namespace asylum::fuzz
