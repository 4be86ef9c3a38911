// SPDX-License-Identifier: Apache-2.0
#include "contrib/docs-tool/man.h"

#include <algorithm>
#include <array>

#include "runtime/base/text.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/options/global_options.h"
#include "runtime/cli/options/options.h"
#include "runtime/cli/options/output.h"

namespace asylum::cli {
namespace {

constexpr std::array kSections{Section::general, Section::logging, Section::state,
                               Section::cgroups, Section::bundle,  Section::input_output,
                               Section::process};

std::string_view name_of(Section section) {
  switch (section) {
    case Section::general:
      return "General";
    case Section::logging:
      return "Logging";
    case Section::state:
      return "State";
    case Section::cgroups:
      return "Control groups";
    case Section::bundle:
      return "Bundle";
    case Section::input_output:
      return "Input and output";
    case Section::process:
      return "Process";
  }
  return "";
}

// In roff a plain minus is a hyphen, and a line that begins with a dot or a quote is a request.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool line_start = out.empty() || out.back() == '\n';
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string sentence(std::string_view text) {
  std::string out(text);
  out.front() = static_cast<char>(out.front() >= 'a' && out.front() <= 'z' ? out.front() - 'a' + 'A'
                                                                           : out.front());
  return out + ".";
}

std::string entry(const Option& option) {
  std::string name =
      option.short_name != 0 ? cat("\\fB\\-", option.short_name, "\\fR, ") : std::string();
  name += cat("\\fB\\-\\-", roff(option.name), "\\fR");
  if (!option.argument.empty()) name += cat(" \\fI", roff(option.argument), "\\fR");
  std::string help = sentence(option.help);
  if (option.repeatable) help += " May be given several times.";
  return cat(".TP\n", name, "\n", roff(wrap(help, 0)), "\n");
}

std::string entries(std::span<const Option> options, Section section) {
  std::string out;
  for (const Option& option : options) {
    if (!option.hidden && option.section == section) out += entry(option);
  }
  return out;
}

std::string global_section() {
  std::string out = ".SH GLOBAL OPTIONS\nThey stand before the command.\n";
  for (const Section section : kSections) {
    std::string rows = entries(global_options(), section);
    if (section == Section::general) rows += entry(help_option());
    if (!rows.empty()) out += cat(".SS ", name_of(section), "\n", rows);
  }
  return out;
}

// Each sentence begins a line, as roff wants it, so that the blanks after it are roff's.
std::string lines_of(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(". "), text.size() - 1) + 1;
    out += cat(roff(wrap(text.substr(0, end), 0)), "\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string paragraphs(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\n\n"), text.size());
    out += cat(".PP\n", lines_of(text.substr(0, end)));
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return out;
}

std::string command_section(const Command& command) {
  std::string out =
      cat(".SS ", command.name, command.options.empty() ? "" : " [options]",
          command.synopsis.empty() ? "" : " ", roff(command.synopsis), "\n",
          roff(wrap(sentence(command.help), 0)), "\n", paragraphs(command.description));
  for (const Section section : kSections) out += entries(command.options, section);
  return out;
}

std::string commands_section() {
  std::string out = ".SH COMMANDS\n";
  for (const Command& command : commands()) out += command_section(command);
  return out;
}

}  // namespace

std::string man_page(std::string_view prose) {
  std::string out =
      ".\\\" Made by asylum-docs from the option tables and contrib/man/asylum-runc.8.in. Do not "
      "edit.\n";
  for (const std::string_view line : split(prose, '\n')) {
    if (line == "@GLOBAL OPTIONS@") {
      out += global_section();
    } else if (line == "@COMMANDS@") {
      out += commands_section();
    } else if (!line.empty()) {
      out += cat(line, "\n");
    }
  }
  return out;
}

}  // namespace asylum::cli
