// SPDX-License-Identifier: Apache-2.0
// Spec: JSON documents, the objects that commands read alone, and the small languages in them.
#include <string>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/json_writer.h"
#include "runtime/base/text.h"
#include "spec/check/syntax.h"
#include "spec/json/find.h"
#include "spec/json/tree.h"
#include "spec/mount_options.h"
#include "spec/read/read.h"
#include "spec/state.h"
#include "spec/write.h"
#include "tests/fuzz/document.h"
#include "tests/fuzz/reader.h"

namespace asylum::fuzz {
namespace {

using spec::JsonType;
using spec::JsonValue;

void write_value(const spec::Document& document, const JsonValue& value, JsonWriter& out) {
  switch (value.type) {
    case JsonType::null:
      return out.raw("null");
    case JsonType::boolean:
      return out.boolean(value.boolean);
    case JsonType::integer:
      return out.number(value.integer);
    case JsonType::unsigned_:
      return out.number(value.unsigned_);
    case JsonType::real:
      return out.raw(document.text_of(value));
    case JsonType::text:
      return out.text(value.text);
    case JsonType::array:
      out.begin_array();
      for (const JsonValue& child : value.children) write_value(document, child, out);
      return out.end_array();
    case JsonType::object:
      out.begin_object();
      for (const JsonValue& child : value.children) {
        out.key(child.key);
        write_value(document, child, out);
      }
      return out.end_object();
  }
}

bool is_same(const JsonValue& a, const JsonValue& b) {
  if (a.type != b.type || a.key != b.key || a.text != b.text || a.boolean != b.boolean ||
      a.integer != b.integer || a.unsigned_ != b.unsigned_ || a.real != b.real ||
      a.children.size() != b.children.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.children.size(); ++i) {
    if (!is_same(a.children[i], b.children[i])) return false;
  }
  return true;
}

// Every value stands in its parent's text, behind its elder sisters, and a pointer leads to it.
void check_places(const spec::Document& document, const JsonValue& value,
                  const std::string& pointer) {
  require(value.begin < value.end && value.end <= document.text.size(), "a value has a text");
  require(spec::find(document.root, pointer) == &value, "a pointer leads to its value");
  std::size_t before = value.begin;
  for (std::size_t i = 0; i < value.children.size(); ++i) {
    const JsonValue& child = value.children[i];
    require(child.begin > before && child.end < value.end, "a value stands within its parent");
    before = child.end;
    check_places(document, child,
                 value.type == JsonType::array
                     ? cat(pointer, '/', i)
                     : cat(pointer, '/', escape_pointer_token(child.key)));
  }
}

void check_json(Input input) {
  const auto document = try_document(input.rest());
  if (!document) return;
  check_places(*document, document->root, "");
  for (const std::string_view indent : {"", "\t"}) {
    JsonWriter writer(indent);
    write_value(*document, document->root, writer);
    require(is_same(spec::parse_document(writer.take()).root, document->root),
            "a document is written as it was read");
  }
}

void check_json_string(Input input) {
  std::string text;
  append_json_string(text, input.rest());
  const auto read = try_document(text);
  // Bytes that are not UTF-8 were replaced, once and for all; NUL is what no document may have.
  const bool has_nul = input.rest().find('\0') != std::string_view::npos;
  require(read.has_value() != has_nul, "any text can be written");
  if (!read) return;
  std::string again;
  append_json_string(again, read->root.text);
  require(again == text, "a text is written as it was read");
}

void check_state(Input input) {
  spec::State state;
  state.id = input.text_without({"\0", 1});
  state.status = input.text_without({"\0", 1});
  state.pid = input.number<std::int32_t>();
  state.bundle = input.text_without({"\0", 1});
  state.annotations.push_back({"key", input.text_without({"\0", 1})});
  const auto document = spec::parse_document(spec::write_state(state));
  const spec::JsonValue* const pid = document.root.member("pid");
  require(pid != nullptr && document.text_of(*pid) == cat(state.pid), "an engine reads the pid");
  const std::string line = spec::write_states({&state, 1});
  require(line.find('\n') == std::string::npos, "what a list prints is one line");
  spec::parse_document(line);
}

// What is read without an error, written, and read again, is the same.
template <typename Reading>
void check_object(Input input, Reading (*read)(const spec::Document&),
                  bool (*is_read_back)(const Reading&)) {
  const auto document = try_document(input.rest());
  if (!document) return;
  const Reading reading = read(*document);
  for (const Finding& finding : reading.findings) {
    require(!finding.text.empty(), "a finding has words");
    const spec::Position place = spec::locate(*document, finding.pointer);
    require(place.line >= 1 && place.column >= 1, "a finding has a place");
  }
  if (!spec::has_errors(reading.findings)) {
    require(is_read_back(reading), "an object is read back as it was");
  }
}

void check_resources(Input input) {
  check_object<spec::ResourcesReading>(input, spec::read_resources, [](const auto& reading) {
    const auto document = spec::parse_document(spec::write(reading.resources));
    return spec::read_resources(document).resources == reading.resources;
  });
}

void check_process(Input input) {
  check_object<spec::ProcessReading>(input, spec::read_process, [](const auto& reading) {
    const auto document = spec::parse_document(spec::write(reading.process));
    return spec::read_process(document).process == reading.process;
  });
}

void check_mounts(Input input) {
  check_object<spec::MountsReading>(input, spec::read_mounts, [](const auto& reading) {
    spec::Spec spec;
    spec.mounts = reading.mounts;
    const auto document = spec::parse_document(spec::write(spec));
    return spec::read(document).spec.mounts == reading.mounts;
  });
}

void check_mount_options(Input input) {
  std::vector<std::string> words;
  for (const std::string_view word : split(input.rest(), '\n')) words.emplace_back(word);
  const spec::MountOptions options = spec::parse_mount_options(words);
  for (const spec::FlagChange& change :
       {spec::FlagChange(options.attributes), spec::FlagChange(options.recursive_attributes),
        options.superblock}) {
    require((change.set & change.cleared) == 0, "the later of two words wins");
  }
  std::vector<std::string> left;
  std::uint32_t least = 0;
  for (const spec::DataOption& one : options.data) {
    require(one.index >= least && one.index < words.size() && words[one.index] == one.text &&
                spec::find_mount_option(one.text) == nullptr,
            "what no table knows stays as it is, where it is");
    least = one.index + 1;
  }
  words.insert(words.end(), {"rw", "suid", "ro", "nosuid"});
  const spec::MountOptions more = spec::parse_mount_options(words);
  constexpr std::uint32_t kBoth = attribute::rdonly | attribute::nosuid;
  require((more.attributes.set & kBoth) == kBoth && (more.attributes.cleared & kBoth) == 0,
          "the last word wins");
  require(more.data == options.data, "words that are known are no data");
}

void check_version(Input input) {
  const auto version = spec::parse_version(input.rest());
  if (!version) return;
  const std::string plain = cat(version->major, '.', version->minor, '.', version->patch);
  const auto again = spec::parse_version(plain);
  require(again && again->major == version->major && again->minor == version->minor &&
              again->patch == version->patch,
          "the numbers of a version are a version");
  require(input.rest().starts_with(plain), "a version begins with its numbers");
}

void check_cpu_list(Input input) {
  const auto cpus = spec::parse_cpu_list(input.rest());
  if (!cpus) return;
  require(!cpus->empty() && cpus->size() <= 2 * 65536, "a list has CPUs, and a limit");
  std::string written;
  for (const std::uint32_t cpu : *cpus) {
    require(cpu <= 65535, "a CPU's number has a limit");
    written += cat(written.empty() ? "" : ",", cpu);
  }
  if (cpus->size() <= 256) {
    require(spec::parse_cpu_list(written) == cpus, "a list is read back as it was");
  }
}

void check_sysctl(Input input) {
  const auto file = spec::sysctl_file(input.rest());
  if (!file) return;
  for (const std::string_view part : split(*file, '/')) {
    require(!part.empty() && part != "." && part != "..", "a sysctl's file is below /proc/sys");
  }
  require(clean_path(cat("/proc/sys/", *file)) == cat("/proc/sys/", *file),
          "a sysctl's file has one spelling");
  require(spec::sysctl_file(*file) == file, "a file's name is the name of its sysctl");
}

void check_names(Input input) {
  const std::string name(input.rest());
  if (spec::is_interface_name(name)) {
    require(clean_path(cat("/sys/class/net/", name)) == cat("/sys/class/net/", name),
            "an interface's name is one component");
    require(name.size() < 16 && trim(name) == name, "an interface's name is short, without blanks");
  }
  if (!spec::climbs(name)) {
    const std::string below = clean_path(cat("/base/", name));
    require(below == "/base" || below.starts_with("/base/"), "what does not climb stays below");
  }
}

constexpr Reader kReaders[] = {
    {"json", check_json},
    {"json-string", check_json_string},
    {"state", check_state},
    {"resources", check_resources},
    {"process", check_process},
    {"mounts", check_mounts},
    {"mount-options", check_mount_options},
    {"version", check_version},
    {"cpu-list", check_cpu_list},
    {"sysctl", check_sysctl},
    {"names", check_names},
};

}  // namespace

std::span<const Reader> readers() {
  return kReaders;
}

}  // namespace asylum::fuzz
