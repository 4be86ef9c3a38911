// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/options/parser.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/cli/options/global_options.h"

namespace asylum::cli {
namespace {

Error usage_error(std::string text) {
  return Error(ErrorKind::invalid_usage, std::move(text));
}

// "text|json" → "text or json"
std::string words_of(std::string_view argument) {
  const std::vector<std::string_view> words = split(argument, '|');
  std::string out(words.front());
  for (std::size_t i = 1; i < words.size(); ++i) {
    out += cat(i + 1 == words.size() ? " or " : ", ", words[i]);
  }
  return out;
}

std::string expectation_of(const Option& option) {
  if (option.argument.empty()) return "must be true or false";
  if (option.argument.find('|') != std::string_view::npos) {
    return cat("must be ", words_of(option.argument));
  }
  if (option.argument == "N") return "must be a whole number";
  if (option.argument == "BYTES") return "must be a size such as 512m, or -1";
  if (option.argument == "DURATION") return "must be a duration such as 5s or 1m30s";
  return cat("must be ", option.argument, ", not empty");
}

/// One pass over the words with one table; the command begins another.
class Parser {
 public:
  Parser(std::span<const std::string_view> words, CommandTable commands, Arguments& arguments)
      : words_(words), commands_(commands), arguments_(arguments) {}

  void parse_all() {
    parse_options(/*stop_at_argument=*/true);
    if (at_end() || arguments_.help || arguments_.global.version) return;
    name_command(take());
    parse_options(arguments_.command->tail_is_program);
    for (; !at_end(); ++next_) arguments_.positional.emplace_back(words_[next_]);
    if (!arguments_.help) check_count();
  }

 private:
  bool at_end() const { return next_ == words_.size(); }
  std::string_view take() { return words_[next_++]; }

  std::span<const Option> table() const {
    return arguments_.command != nullptr ? arguments_.command->options : global_options();
  }

  void parse_options(bool stop_at_argument) {
    while (!at_end()) {
      const std::string_view word = words_[next_];
      if (word == "--") {
        ++next_;
        return;
      }
      if (word.size() < 2 || word.front() != '-') {
        if (stop_at_argument) return;
        arguments_.positional.emplace_back(take());
        continue;
      }
      ++next_;
      if (word.starts_with("--")) {
        parse_long(word.substr(2), word);
      } else {
        parse_dash(word.substr(1), word);
      }
    }
  }

  const Option* find(std::string_view name) const {
    return name == help_option().name ? &help_option() : find_option(table(), name);
  }

  const Option* find(char name) const {
    return name == help_option().short_name ? &help_option() : find_option(table(), name);
  }

  void parse_long(std::string_view text, std::string_view word) {
    const std::size_t equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    const Option* option = find(name);
    if (option == nullptr) fail_unknown(name, word);
    if (equals != std::string_view::npos) return store(*option, text.substr(equals + 1));
    store_next(*option);
  }

  // -bundle, -b, -bDIR, -b=DIR, -fq: a long name with one dash wins, as runc users may write it.
  void parse_dash(std::string_view text, std::string_view word) {
    if (find(text.substr(0, text.find('='))) != nullptr) return parse_long(text, word);
    for (std::size_t i = 0; i < text.size(); ++i) {
      const Option* option = find(text[i]);
      if (option == nullptr) fail_unknown(i == 0 ? text : text.substr(i, 1), word);
      std::string_view rest = text.substr(i + 1);
      if (rest.starts_with('=')) return store(*option, rest.substr(1));
      if (option->argument.empty()) {
        store(*option, "true");
        continue;
      }
      return rest.empty() ? store_next(*option) : store(*option, rest);
    }
  }

  void store_next(const Option& option) {
    if (option.argument.empty()) return store(option, "true");
    if (at_end()) throw usage_error(cat("flag needs an argument: --", option.name));
    store(option, take());
  }

  void store(const Option& option, std::string_view value) {
    // As if it were not there: scripts write --cwd "$DIR", and runc takes it so.
    if (value.empty() && !option.argument.empty()) return;
    if (option.set(arguments_, value)) return;
    const std::string begin = option.complaint.empty()
                                  ? cat("invalid value ", quote(value), " for flag --", option.name)
                                  : cat(option.complaint, " ", quote(value));
    throw usage_error(cat(begin, ": ", expectation_of(option)));
  }

  void name_command(std::string_view name) {
    arguments_.command = find_command(commands_, name);
    if (arguments_.command != nullptr) return;
    std::vector<std::string_view> names;
    for (const Command& command : commands_) names.push_back(command.name);
    const auto near = closest_match(name, names);
    throw usage_error(cat("unknown command ", quote(name),
                          near ? cat(" (did you mean ", quote(*near), "?)") : std::string()));
  }

  [[noreturn]] void fail_unknown(std::string_view name, std::string_view word) const {
    const bool is_global =
        arguments_.command != nullptr && (find_option(global_options(), name) != nullptr);
    std::vector<std::string_view> names{help_option().name};
    for (const Option& option : table()) {
      if (!option.hidden) names.push_back(option.name);
    }
    const auto near = word.size() > 3 ? closest_match(name, names) : std::nullopt;
    std::string advice;
    if (is_global) {
      advice = cat(" (write --", name, " before ", quote(arguments_.command->name), ")");
    } else if (arguments_.command != nullptr && parse_u64(name)) {  // kill -9 web1
      advice = cat(" (write: ", arguments_.command->name, " ", arguments_.command->synopsis, ")");
    } else if (near) {
      advice = cat(" (did you mean --", *near, "?)");
    }
    throw usage_error(cat("flag provided but not defined: -", name, advice));
  }

  void check_count() const {
    const Command& command = *arguments_.command;
    const std::size_t count = arguments_.positional.size();
    if (count >= command.least && count <= command.most) return;
    const char* const rule = command.least == command.most ? "exactly "
                             : count < command.least       ? "a minimum of "
                                                           : "a maximum of ";
    throw usage_error(cat(quote(command.name), " requires ", rule,
                          count < command.least ? command.least : command.most, " argument(s)"));
  }

  std::span<const std::string_view> words_;
  CommandTable commands_;
  Arguments& arguments_;
  std::size_t next_ = 0;
};

}  // namespace

void parse(std::span<const std::string_view> words, CommandTable commands, Arguments& arguments) {
  Parser(words, commands, arguments).parse_all();
}

}  // namespace asylum::cli
