// SPDX-License-Identifier: Apache-2.0
// Process, hooks and seccomp: what init, the container and its files say to us.
#include <elf.h>

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/late/both/words.h"
#include "runtime/plan/types/id_mapping.h"
#include "runtime/process/attach/notify_socket.h"
#include "runtime/process/both/message.h"
#include "runtime/process/init/environment.h"
#include "runtime/process/init/examine_executable.h"
#include "runtime/process/init/exec_program.h"
#include "runtime/process/main/dialogue.h"
#include "runtime/process/main/explain_death.h"
#include "runtime/process/main/id_maps.h"
#include "runtime/seccomp/cache.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/process/captured_child.h"
#include "runtime/sys/process/proc_text.h"
#include "runtime/sys/socket.h"
#include "tests/fuzz/directory.h"
#include "tests/fuzz/reader.h"

namespace asylum::fuzz {
namespace {

using process::MessageType;

constexpr auto kMessageTypes = static_cast<std::size_t>(MessageType::debug) + 1;

void check_message(Input input) {
  const std::string_view bytes = input.rest();
  process::Message message;
  try {
    message = process::decode(bytes);
  } catch (const Error& error) {
    require(error.kind == ErrorKind::internal, "what is no message is a fault of ours");
    return;
  }
  require(process::encode(message) == bytes, "a message has one encoding");
  require(!process::name_of(message.type).empty(), "a message has a name");
}

void check_error(Input input) {
  const auto error = process::decode_error(input.rest());
  require(!error || process::encode_error(*error) == input.rest(), "an error has one encoding");
}

void check_late_message(Input input) {
  late::Message message;
  try {
    message = late::decode(input.rest());
  } catch (const Error& error) {
    require(error.kind == ErrorKind::internal, "what is no message is a fault of ours");
    return;
  }
  require(late::encode(message) == input.rest(), "a late message has one encoding");
}

// Whatever main is told, the datagram fits the socket and says the same on the other side.
void check_message_of_values(Input input) {
  process::Message message;
  message.type = static_cast<MessageType>(input.below(kMessageTypes));
  message.number = input.number<std::int64_t>();
  message.text = input.text();
  message.pointer = input.text();
  if (input.flag()) {
    const auto kinds = static_cast<std::size_t>(ErrorKind::internal) + 1;
    Error error(static_cast<ErrorKind>(input.below(kinds)), input.text());
    error.doing = input.text();
    error.pointer = input.text();
    error.hint = input.text();
    error.err = input.number<std::int32_t>();
    for (std::size_t n = input.number<std::uint8_t>(); n > 0; --n) {
      error.context.push_back(input.text());
      error.findings.push_back({Severity::warning, input.text(), input.text(), input.text()});
    }
    error.detail += input.rest();
    message.error = std::move(error);
  }
  message.text += input.rest();
  const std::string bytes = process::encode(message);
  require(bytes.size() <= sys::kMaxMessageBytes, "a message fits its datagram");
  const process::Message read = process::decode(bytes);
  require(read.type == message.type && read.number == message.number &&
              message.text.starts_with(read.text) && read.pointer == message.pointer &&
              read.error.has_value() == message.error.has_value(),
          "a message is read as it was sent");
  require(read.text.size() >= std::min<std::size_t>(message.text.size(), 1024),
          "only a long text is cut");
  if (!message.error) return;
  require(read.error->kind == message.error->kind && read.error->doing == message.error->doing &&
              read.error->pointer == message.error->pointer &&
              read.error->hint == message.error->hint && read.error->err == message.error->err &&
              message.error->detail.starts_with(read.error->detail),
          "an error is read as it was sent");
  require(process::encode(read) == bytes, "a message has one encoding");
}

void check_dialogue(Input input) {
  process::Expect expect;
  std::map<process::Act, bool> owed;
  const auto expects = [&](bool& field, process::Act act) {
    field = input.flag();
    owed[act] = field;
  };
  expects(expect.mount_sources, process::Act::send_mount_source);
  expects(expect.hooks, process::Act::run_hooks);
  expects(expect.console, process::Act::take_console);
  expects(expect.attachment, process::Act::note_attachment);
  expects(expect.filter, process::Act::send_filter);
  expects(expect.listener, process::Act::take_listener);
  constexpr process::Birth kBirths[] = {process::Birth::cloned, process::Birth::bridged_first,
                                        process::Birth::bridged_last};
  expect.birth = kBirths[input.below(std::size(kBirths))];
  owed[process::Act::meet_child] = expect.birth != process::Birth::cloned;
  process::Dialogue dialogue(expect);
  bool finished = false;
  while (!input.empty()) {
    const auto type = static_cast<MessageType>(input.below(kMessageTypes));
    const process::Act act = dialogue.on(type);
    if (act == process::Act::fail) {
      require(type == MessageType::failed, "only an error fails");
      continue;
    }
    if (act == process::Act::out_of_order) return;
    require(!finished, "after the end there is nothing but an error");
    if (act == process::Act::finish) {
      finished = true;
      owed[process::Act::send_mount_source] = false;  // any number, none too
      for (const auto& [one, is_owed] : owed) {
        require(!is_owed, "the end comes when all that was expected has");
      }
      continue;
    }
    require(owed[act], "what was not expected, or has come, is out of order");
    if (act != process::Act::send_mount_source) owed[act] = false;
  }
}

// fs/binfmt_script.c, load_script(): the interpreter ends at a blank, a tab or NUL; the line's
// own blanks are blanks and tabs, so that a carriage return belongs to the name.
std::string script_interpreter(std::string_view bytes) {
  std::string_view line = bytes.substr(2);
  line = line.substr(0, line.find('\n'));
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  return std::string(line.substr(0, line.find_first_of(std::string_view(" \t\0", 3))));
}

void check_executable(Input input) {
  const std::string_view bytes = input.rest();
  const process::Executable program = process::examine_executable(bytes);
  using Kind = process::Executable::Kind;
  require((program.kind == Kind::script) == bytes.starts_with("#!"), "a script begins with #!");
  require((program.kind == Kind::elf) == bytes.starts_with(ELFMAG), "an ELF begins with its magic");
  require(bytes.find(program.interpreter) != std::string_view::npos &&
              program.interpreter.find('\0') == std::string::npos,
          "an interpreter stands in the file");
  if (program.kind == Kind::script) {
    require(program.interpreter == script_interpreter(bytes), "the interpreter is the kernel's");
    require(!program.foreign, "a script is for any machine");
  }
  if (program.kind == Kind::unknown) require(program.interpreter.empty(), "else there is none");
}

void check_exec_trace(Input input) {
  const std::string_view text = input.rest();
  const auto trace = process::parse_exec_trace(text);
  require(!trace || !trace->is_dead || trace->is_ending, "who is dead has ended");
  require(!trace || (trace->exit_status >= 0 && trace->exit_status <= 0xffff),
          "an exit status is one of wait's");
  // A process may call itself anything; a zombie that SIGSEGV killed without a dump.
  const auto named = process::parse_exec_trace(
      cat("17 (", text,
          ") Z 1 17 5 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 9 0 0 "
          "18446744073709551615 4096 1 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 11\n"));
  require(named && named->comm == text && named->is_dead && named->is_mapped &&
              !named->dumped_core && named->exit_status == 11,
          "a process's name does not reach the other fields");
}

void check_variable(Input input) {
  const std::string key = input.text_without("=");
  std::vector<std::string> environment;
  while (!input.empty()) environment.push_back(input.text());
  const auto found = process::find_variable(environment, key);
  const auto value = found ? std::optional<std::string>(*found) : std::nullopt;
  if (value) {
    require(std::find(environment.begin(), environment.end(), cat(key, "=", *value)) !=
                environment.end(),
            "a variable stands in the environment");
  }
  environment.push_back(key + "=last");
  require(process::find_variable(environment, key) == value.value_or("last"),
          "a variable that is there is found, the first of it");
}

void check_notification(Input input) {
  const std::string ready = process::ready_lines(input.rest());
  for (const std::string_view line : split(ready, '\n')) {
    require(line.empty() || line.starts_with("READY="), "nothing but READY goes through");
    require(input.rest().find(line) != std::string_view::npos, "and nothing that was not said");
  }
  require(ready.empty() || ready.ends_with('\n'), "each line is whole");
  require(process::ready_lines(ready) == ready, "what goes through goes through again");
  require(process::ready_lines(cat("MAINPID=1\nREADY=1\n", input.rest())) == "READY=1\n" + ready,
          "READY is passed on");
}

void check_last_words(Input input) {
  sys::CapturedEnd end;
  if (input.flag()) end.output = input.text();
  end.errors = input.rest();
  const std::string words = sys::last_words(end);
  require(words.size() <= 512, "last words are few");
  require(words.find('\n') == std::string::npos, "last words are one line");
  require(words.empty() == (trim(end.errors).empty() && trim(end.output).empty()),
          "who said something has last words");
}

void check_id_map_text(Input input) {
  std::vector<plan::IdMapping> mappings;
  while (!input.empty()) {
    mappings.push_back({input.number<std::uint32_t>(), input.number<std::uint32_t>(),
                        input.number<std::uint32_t>()});
  }
  const auto read = sys::parse_id_map(process::id_map_text(mappings));
  require(read.size() == mappings.size(), "each mapping has its line");
  for (std::size_t i = 0; i < read.size(); ++i) {
    require(read[i].inside == mappings[i].container_id && read[i].outside == mappings[i].host_id &&
                read[i].count == mappings[i].count,
            "a map is read back as it was written");
  }
}

// A file of the filter cache: what is loaded as a filter is what was stored, whole instructions.
void check_filter_cache(Input input) {
  static constexpr std::string_view kKey = "rules";
  static const Directory directory;
  static const std::string name = [] {
    seccomp::store_cached(directory.fd(), kKey, "12345678");
    require(seccomp::find_cached(directory.fd(), kKey) == "12345678", "what is stored is found");
    return sys::list_directory(directory.fd()).front();
  }();
  directory.write(name, input.rest());
  const auto program = seccomp::find_cached(directory.fd(), kKey);
  if (!program) return;
  require(!program->empty() && program->size() % 8 == 0, "a filter is whole instructions");
  require(input.rest() == cat(kKey, "\n", *program), "a filter stands behind its own key");
}

constexpr Reader kReaders[] = {
    {"message", check_message},
    {"message-of-values", check_message_of_values},
    {"error", check_error},
    {"late-message", check_late_message},
    {"dialogue", check_dialogue},
    {"executable", check_executable},
    {"exec-trace", check_exec_trace},
    {"variable", check_variable},
    {"notification", check_notification},
    {"last-words", check_last_words},
    {"id-map-text", check_id_map_text},
    {"filter-cache", check_filter_cache},
};

}  // namespace

std::span<const Reader> readers() {
  return kReaders;
}

}  // namespace asylum::fuzz
